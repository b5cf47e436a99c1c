"""Use-cases: members list what they made together, others look at it, and all see what builds on what."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import journal
from app.kit.errors import FieldError, Forbidden, Invalid, NotFound, Unprocessable
from app.kit.occasions import Occasion
from app.members.links import accounts_of
from app.members.service import member_named
from app.members.tables import Community
from app.stories.artefacts.rules import Base, Node, Picture, Review, in_words, told_of
from app.stories.artefacts.tables import Artefact, ArtefactBase, ArtefactContributor
from app.stories.reaching import reached


class NoSuchArtefact(NotFound):
    """There is no such artefact in this community."""

    code = "no-such-artefact"
    fix = "GET …/artefacts lists them."


class NotYourArtefact(Forbidden):
    """An artefact is changed by those who made it, by who added it, or by a steward."""

    code = "not-your-artefact"
    fix = "Ask one of its contributors, or a steward."


class OwnArtefact(Forbidden):
    """Nobody reviews what they made or added themself."""

    code = "own-artefact"
    fix = "Let another steward look at it."


class ArtefactsInCircle(Unprocessable):
    """By this the artefact would build on itself."""

    code = "artefacts-in-a-circle"
    fix = "Leave out what builds on this one."


Ids = Collection[UUID] | sa.Select[Any]
"""Of some artefacts, or what selects them: of very many, the ids are more than a statement takes."""


@dataclass(frozen=True)
class Made:
    """What is said of an artefact."""

    title: str
    url: str
    licence: str | None
    description: str | None
    contributors: Sequence[tuple[str, str]]
    """Each a handle or id, and the role."""
    builds_on: Sequence[Base]


@dataclass(frozen=True)
class By:
    """Who acts: as the journal names them, which member, and whether they look after the community."""

    actor: str
    member: UUID | None
    steward: bool


def add(session: Session, community: Community, made: Made, *, on: Occasion) -> Artefact:
    """A new artefact. Raises `NoSuchMember`, `Invalid`, `NoSuchArtefact`."""
    artefact = Artefact(id=on.ids.row(), community_id=community.id, added_by=on.actor, added_at=on.now, **_said(made))
    session.add(artefact)
    session.flush()
    _fill(session, community, artefact, made)
    _changed(session, artefact, "added", on=on)
    return artefact


def change(session: Session, community: Community, artefact: Artefact, made: Made, by: By, *, on: Occasion) -> None:
    """Says otherwise what an artefact is; whoever looked at it looked at the one before. The row is locked.

    Raises `NotYourArtefact`, `ArtefactsInCircle`, and what `add` raises.
    """
    _require(session, artefact, by)
    for name, value in _said(made).items():
        setattr(artefact, name, value)
    artefact.review, artefact.reviewed_by, artefact.reviewed_at = Review.unreviewed, None, None
    artefact.review_note = None
    _empty(session, artefact)
    _fill(session, community, artefact, made)
    _changed(session, artefact, "changed", on=on)


def review(session: Session, artefact: Artefact, verdict: Review, note: str | None, by: By, *, on: Occasion) -> None:
    """Somebody who did not make it says what they think of it. The row is locked. Raises `OwnArtefact`."""
    if artefact.added_by == by.actor or by.member in _makers(session, artefact):
        raise OwnArtefact("You had a part in it.")
    artefact.review, artefact.review_note = verdict, note
    artefact.reviewed_by, artefact.reviewed_at = on.actor, on.now
    _changed(session, artefact, "reviewed", on=on, verdict=verdict.value)


def remove(session: Session, artefact: Artefact, by: By, *, on: Occasion) -> None:
    """Takes an artefact out; what builds on it stays. The row is locked. Raises `NotYourArtefact`."""
    _require(session, artefact, by)
    artefact.removed_at = on.now
    artefact.title = artefact.url = artefact.licence = artefact.description = artefact.review_note = None
    _empty(session, artefact)
    session.exec(delete(ArtefactBase).where(col(ArtefactBase.base_id) == artefact.id))
    _changed(session, artefact, "removed", on=on)


def artefacts(community: Community, review: Review | None = None) -> SelectOfScalar[Artefact]:
    """Those of a community."""
    rows = select(Artefact).where(Artefact.community_id == community.id, col(Artefact.removed_at).is_(None))
    return rows if review is None else rows.where(Artefact.review == review)


def artefact_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Artefact:
    """Raises `NoSuchArtefact`."""
    chosen = artefacts(community).where(Artefact.id == id)
    locked = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.exec(locked if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchArtefact(f"{community.slug} has no artefact {id}.")
    return found


def contributors_of(session: Session, ids: Ids) -> dict[UUID, list[ArtefactContributor]]:
    """Who had which part in each of these."""
    chosen = select(ArtefactContributor).where(col(ArtefactContributor.artefact_id).in_(ids))
    found = defaultdict[UUID, list[ArtefactContributor]](list)
    for row in session.exec(chosen.order_by(col(ArtefactContributor.position))).all():
        found[row.artefact_id].append(row)
    return found


def bases_of(session: Session, ids: Ids) -> dict[UUID, list[Base]]:
    """What each of these builds on."""
    chosen = select(ArtefactBase).where(col(ArtefactBase.artefact_id).in_(ids)).order_by(col(ArtefactBase.position))
    found = defaultdict[UUID, list[Base]](list)
    for row in session.exec(chosen).all():
        found[row.artefact_id].append(Base(row.base_id, row.url, row.title))
    return found


def picture(session: Session, community: Community) -> Picture:
    """All artefacts of a community, and what builds on what.

    Of each there are as many people as it names: were those left out who do not want to be counted, or were several
    memberships of one person one, whoever reads the names would know of how many that is so.
    """
    rows = session.exec(artefacts(community).order_by(col(Artefact.id))).all()
    ids, of_them = [row.id for row in rows], artefacts(community).with_only_columns(col(Artefact.id))
    parts = contributors_of(session, of_them)
    people = {id: {each.member_id for each in parts[id]} for id in ids}
    nodes = [Node(row.id, row.title or "", row.licence, row.review, told_of(len(people[row.id]))) for row in rows]
    builds_on = {id: [base.artefact for base in bases if base.artefact is not None]
                 for id, bases in bases_of(session, of_them).items()}  # fmt: skip
    edges = [(id, base) for id in ids for base in builds_on.get(id, ())]
    return Picture(nodes, edges, in_words(nodes, builds_on))


def _said(made: Made) -> dict[str, Any]:
    return {"title": made.title, "url": made.url, "licence": made.licence, "description": made.description}


def _fill(session: Session, community: Community, artefact: Artefact, made: Made) -> None:
    named = [(member_named(session, community, who).id, role) for who, role in made.contributors]
    if len(set(named)) < len(named):
        message = "somebody is named twice in one role"
        raise Invalid(errors=[FieldError(pointer="/contributors", message=message)])
    bases = [base.artefact for base in made.builds_on if base.artefact is not None]
    for base in bases:
        artefact_by_id(session, community, base)
    session.add_all(
        ArtefactContributor(artefact_id=artefact.id, position=n, member_id=member, role=role)
        for n, (member, role) in enumerate(named)
    )
    session.add_all(
        ArtefactBase(artefact_id=artefact.id, position=n, base_id=base.artefact, url=base.url, title=base.title)
        for n, base in enumerate(made.builds_on)
    )
    session.flush()
    # Who writes waits for rows before they take the journal; of two that build on each other the later one sees it.
    journal.hold(session, community.id)
    started = select(Artefact.id).where(col(Artefact.id).in_(bases))
    behind = reached(started, col(ArtefactBase.artefact_id), col(ArtefactBase.base_id))
    if session.execute(sa.select(behind.c.id).where(behind.c.id == artefact.id)).first() is not None:
        raise ArtefactsInCircle("Something that it builds on builds on it.")


def _empty(session: Session, artefact: Artefact) -> None:
    for table in (ArtefactContributor, ArtefactBase):
        session.exec(delete(table).where(col(table.artefact_id) == artefact.id))


def _makers(session: Session, artefact: Artefact) -> set[UUID]:
    """Those who had a part in it, in all their memberships."""
    members = {each.member_id for each in contributors_of(session, [artefact.id])[artefact.id]}
    return set(accounts_of(session, artefact.community_id, members))


def _require(session: Session, artefact: Artefact, by: By) -> None:
    if not by.steward and artefact.added_by != by.actor and by.member not in _makers(session, artefact):
        raise NotYourArtefact("You had no part in it.")


def _changed(session: Session, artefact: Artefact, happened: str, *, on: Occasion, **said: journal.Datum) -> None:
    artefact.version += happened != "added"
    session.add(artefact)
    session.flush()
    on.record(session, artefact.community_id, f"artefact.{happened}", artefact.id, said)
