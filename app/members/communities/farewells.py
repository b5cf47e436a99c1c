"""Use-cases: before a community ends stewards prepare what people are said when it does; all of it is said at once."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Conflict, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.communities.tables import Farewell
from app.members.people import require_present
from app.members.phases import Phase
from app.members.service import member_named
from app.members.tables import Community, Member

AT_ONCE = 200
"""Farewells that are said in one transaction."""


class NoSuchFarewell(NotFound):
    """There is no such farewell in this community, or none that you may read."""

    code = "no-such-farewell"
    fix = "GET …/farewells lists those that you may read: your own, from the day on which it is said."


class FarewellPrepared(Conflict):
    """Somebody has prepared a farewell for this member."""

    code = "farewell-prepared"
    fix = "Take that one back first, or leave it: everybody is said one."


class FarewellSaid(Conflict):
    """This farewell has been said."""

    code = "farewell-said"
    fix = "What was said cannot be taken back."


def prepare(session: Session, community: Community, to: str, text: str, *, on: Occasion) -> Farewell:
    """What a member, named by handle or id, is to be said. Raises `NoSuchMember`, `MemberLeft`, `FarewellPrepared`."""
    member = member_named(session, community, to, lock=True)
    require_present(member)
    row = Farewell(
        id=on.ids.row(), community_id=community.id, member_id=member.id, text=text, prepared_by=on.actor, said_at=None
    )
    if not insert_if_absent(session, row):
        raise FarewellPrepared(f"{member.handle} is thanked for already.")
    on.record(session, community.id, "farewell.prepared", row.id)
    return row


def farewells(community: Community, *, said_to: UUID | None = None) -> SelectOfScalar[Farewell]:
    """All of a community's, for its stewards; or of those that were said the ones to a member."""
    rows = select(Farewell).where(Farewell.community_id == community.id)
    return rows if said_to is None else rows.where(Farewell.member_id == said_to, col(Farewell.said_at).is_not(None))


def farewell_by_id(
    session: Session, community: Community, id: UUID, *, said_to: UUID | None = None, lock: bool = False
) -> Farewell:
    """Raises `NoSuchFarewell`."""
    chosen = farewells(community, said_to=said_to).where(Farewell.id == id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchFarewell(f"{community.slug} has no farewell {id} for you.")
    return found


def take_back(session: Session, row: Farewell, *, on: Occasion) -> None:
    """Takes away what was prepared. The row is locked. Raises `FarewellSaid`."""
    if row.said_at is not None:
        raise FarewellSaid(f"It was said on {row.said_at:%Y-%m-%d}.")
    session.delete(row)
    session.flush()
    on.record(session, row.community_id, "farewell.taken_back", row.id)


def waiting(session: Session, *, now: datetime) -> list[UUID]:
    """The communities that have ended and have not said everything that was prepared for it."""
    ended = sa.or_(col(Community.phase) == Phase.archived, col(Community.ends_at) <= now)
    found = select(Farewell.community_id).join(Community, col(Community.id) == Farewell.community_id)
    return list(session.exec(found.where(ended, col(Farewell.said_at).is_(None)).distinct()).all())


def say(session: Session, community: UUID, *, on: Occasion) -> int:
    """Says some of what was prepared, to those who are still there; how many were looked at."""
    theirs = select(Farewell).where(Farewell.community_id == community, col(Farewell.said_at).is_(None))
    rows = session.exec(theirs.order_by(col(Farewell.id)).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    happened: list[tuple[str, UUID, dict[str, Datum]]] = []
    for row in rows:
        row.said_at = on.now
        session.add(row)
        if session.get_one(Member, row.member_id).left_at is None:
            happened.append(("farewell.said", row.id, {}))
    session.flush()
    if happened:
        on.record_all(session, community, happened)
    return len(rows)
