"""Lists of contributions, for those who may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions import naming
from app.contributions.reading import of_persons
from app.contributions.tables import Contribution, Credit
from app.kit.errors import NotFound
from app.kit.paging import Slice, Window, page
from app.members.links import accounts_of
from app.members.service import member_named
from app.members.tables import Address, Community, Identity


class NoSuchContribution(NotFound):
    """There is no such contribution in this community."""

    code = "no-such-contribution"
    fix = "GET …/contributions lists them."


def effective(community: UUID) -> SelectOfScalar[Contribution]:
    """Those in force: neither corrected nor taken back."""
    return select(Contribution).where(
        Contribution.community_id == community,
        col(Contribution.superseded_at).is_(None),
        col(Contribution.retracted_at).is_(None),
    )


@dataclass(frozen=True)
class Wanted:
    """Which contributions somebody wants to see."""

    type: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    unclaimed: bool = False
    """Only those that credit an account that is nobody's."""
    ended: bool = False
    """Those too that are not in force."""


def listed(
    session: Session, community: UUID, those: Wanted, persons: Collection[UUID] | None, window: Window
) -> Slice[Contribution]:
    """Contributions of a community, newest first; with `persons`, those that credit these members or accounts of
    theirs. Raises `BadCursor`.
    """
    if persons is not None or those.unclaimed:
        return _by_credit(session, community, those, persons, window)
    rows = select(Contribution).where(Contribution.community_id == community) if those.ended else effective(community)
    if those.type is not None:
        rows = rows.where(Contribution.type == those.type)
    if those.source is not None:
        rows = rows.where(Contribution.source == those.source)
    if those.since is not None:
        rows = rows.where(Contribution.occurred_at >= those.since)
    if those.until is not None:
        rows = rows.where(Contribution.occurred_at < those.until)
    by = [col(Contribution.occurred_at), col(Contribution.id)]
    return page(session, rows, window, by=by, newest_first=True)


def _by_credit(
    session: Session, community: UUID, those: Wanted, persons: Collection[UUID] | None, window: Window
) -> Slice[Contribution]:
    """The same, from the credits. Which those are is found first and by itself: a database that has not counted its
    rows yet may look through a person's credits anew for each contribution otherwise, and never end.
    """
    by: list[Any] = [col(Credit.occurred_at), col(Credit.contribution_id)]
    chosen: Any = select(*by).where(Credit.community_id == community).distinct()
    if persons is not None:
        chosen = chosen.where(of_persons(session, community, persons))
    if those.unclaimed:
        chosen = chosen.where(_is_unclaimed())
    if not those.ended:
        chosen = chosen.where(col(Credit.in_force).is_(True))
    if those.type is not None:
        chosen = chosen.where(Credit.type == those.type)
    if those.source is not None:
        its = (col(Contribution.id) == col(Credit.contribution_id), col(Contribution.source) == those.source)
        chosen = chosen.where(sa.exists().where(*its))
    if those.since is not None:
        chosen = chosen.where(Credit.occurred_at >= those.since)
    if those.until is not None:
        chosen = chosen.where(Credit.occurred_at < those.until)
    found: Slice[Any] = page(session, chosen, window, by=by, newest_first=True)
    ids = [each.contribution_id for each in found.items]
    rows = {row.id: row for row in session.exec(select(Contribution).where(col(Contribution.id).in_(ids))).all()}
    return Slice([rows[id] for id in ids], found.next)


def memberships(session: Session, community: Community, named: str) -> frozenset[UUID]:
    """All members who are the one person that a handle or id names. Raises `NoSuchMember`."""
    member = member_named(session, community, named).id
    return frozenset(accounts_of(session, community.id, [member]))


def contribution_by_id(session: Session, community: UUID, id: UUID, *, lock: bool = False) -> Contribution:
    """One, in force or not. Raises `NoSuchContribution`."""
    chosen = select(Contribution).where(Contribution.id == id, Contribution.community_id == community)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchContribution(f"There is no contribution {id}.")
    return found


def _is_unclaimed() -> sa.ColumnElement[bool]:
    """Of a credit: that its account is nobody's here."""
    linked = sa.exists().where(
        col(Identity.community_id) == col(Credit.community_id),
        col(Identity.platform) == col(Credit.platform),
        col(Identity.canonical) == col(Credit.account),
    )
    held = sa.exists().where(
        col(Address.community_id) == col(Credit.community_id),
        col(Address.key) == col(Credit.account),
        col(Address.valid_since).is_not(None),
        col(Credit.platform) == naming.EMAIL,
    )
    return sa.and_(col(Credit.account).is_not(None), ~linked, ~held)
