"""Use-cases: which types of contributions a community knows, and types of its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.rules import CareArea, Loop, Mode, Potential
from app.contributions.tables import ContributionType
from app.contributions.taxonomy import Kind, shipped
from app.kit.errors import Conflict, NotFound
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows, insert_if_absent
from app.members.tables import Community

MOST = 200
"""Types that a community may have of its own: more would be tags."""


class NoSuchType(NotFound):
    """There is no such type of contribution in this community."""

    code = "no-such-contribution-type"
    fix = "GET …/contribution-types lists them."


class TypeExists(Conflict):
    """This community has a type of contribution with that key."""

    code = "contribution-type-exists"
    fix = "Use the one that exists, or another key: a key never comes to mean something else, deprecated or not."


class TooManyTypes(Conflict):
    """This community has as many types of contributions of its own as it may."""

    code = "too-many-contribution-types"
    fix = "Use one that exists; what is finer than a type goes into the title or the channel."


class TypeShipped(Conflict):
    """This type of contribution is the same in every community."""

    code = "contribution-type-shipped"
    fix = "Add a type of your own that says what you mean: POST …/contribution-types."


@dataclass(frozen=True)
class Meaning:
    """What a type means; stays as it was said first."""

    key: str
    mode: Mode
    cycles: tuple[int, ...]
    potential: Potential
    care_areas: tuple[CareArea, ...]
    loop: Loop
    all_contributors: tuple[str, ...]


def known(session: Session, community: Community) -> Mapping[str, Kind]:
    """Every type, by key: those that come along first, then the community's own as they were added."""
    return {**shipped(), **own(session, community.id)}


def own(session: Session, community: UUID) -> Mapping[str, Kind]:
    """The types that a community has besides those that come along, by key, as they were added."""
    return {row.key: kind_of(row) for row in _OWN.all(session, {"of": community})}


_OWN = PreparedRows(
    ContributionType,
    select(ContributionType)
    .where(ContributionType.community_id == sa.bindparam("of", type_=sa.Uuid()))
    .order_by(col(ContributionType.id)),
)


def in_use(session: Session, community: Community) -> Mapping[str, datetime | None]:
    """The keys of all types, each with since when it is not used any more."""
    return {key: kind.deprecated_at for key, kind in known(session, community).items()}


def kind_of(row: ContributionType) -> Kind:
    """A community's own type, as those that come along are said."""
    return Kind.model_validate({name: getattr(row, name) for name in Kind.model_fields})


def own_type(session: Session, community: Community, key: str, *, lock: bool = False) -> ContributionType:
    """A type of the community's own. Raises `TypeShipped`, `NoSuchType`."""
    if key in shipped():
        raise TypeShipped(f"{key!r} comes along.")
    chosen = select(ContributionType).where(ContributionType.community_id == community.id, ContributionType.key == key)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchType(f"{community.slug} has no type of contribution {key!r}.")
    return found


def add(
    session: Session, community: Community, meaning: Meaning, wording: Mapping[str, Any], *, on: Occasion
) -> ContributionType:
    """A type of the community's own. `wording` is what may be changed later, but for its end.

    Raises `TypeExists`, `TooManyTypes`.
    """
    said: dict[str, Any] = asdict(meaning) | dict(wording)
    said |= {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    row = ContributionType(id=on.ids.row(), community_id=community.id, created_at=on.now, created_by=on.actor, **said)
    # 1. Who adds one counts them alone: the journal is what a community's changes line up for.
    on.record(session, community.id, "contribution_type.added", row.id, {"type": row.key})
    mine = select(ContributionType.key).where(ContributionType.community_id == community.id)
    if len(session.exec(mine).all()) >= MOST:
        raise TooManyTypes(f"There are {MOST} already.")
    # 2. The unique constraint says whether it is new.
    if row.key in shipped() or not insert_if_absent(session, row):
        raise TypeExists(f"There is a type {row.key!r} already.")
    return row


def change(session: Session, row: ContributionType, changes: Mapping[str, Any], *, on: Occasion) -> ContributionType:
    """Says a type anew; `deprecated` ends its use for what is done from now on, or not any more. The row is locked."""
    wording = {name: value for name, value in changes.items() if name != "deprecated"}
    for name, value in wording.items():
        setattr(row, name, value)
    if "deprecated" in changes:
        row.deprecated_at = (row.deprecated_at or on.now) if changes["deprecated"] else None
    row.version += 1
    session.add(row)
    session.flush()
    on.record(session, row.community_id, "contribution_type.changed", row.id, {"fields": sorted(changes)})
    return row
