"""Use-case: not wanting to be counted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete

from app.contributions.tables import CountedAgain, Uncounted
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.tables import Member


def uncounted_since(session: Session, member: UUID) -> datetime | None:
    """Since when a member does not want to be counted; None if they do not mind."""
    row = session.get(Uncounted, member)
    return row.since if row is not None else None


def opt_out(session: Session, member: UUID, *, on: Occasion) -> datetime:
    """Nothing that they do is counted from now on, nor what they have done; since when that is so."""
    if insert_if_absent(session, Uncounted(member_id=member, since=on.now)):
        session.exec(delete(CountedAgain).where(col(CountedAgain.member_id) == member))
        _record(session, member, on)
    return uncounted_since(session, member) or on.now


def opt_in(session: Session, member: UUID, *, on: Occasion) -> None:
    """All that they have done counts again."""
    if session.exec(delete(Uncounted).where(col(Uncounted.member_id) == member)).rowcount:
        community = session.get_one(Member, member).community_id
        insert_if_absent(session, CountedAgain(member_id=member, community_id=community))
        _record(session, member, on)


def take_counted_again(session: Session, community: UUID) -> list[UUID]:
    """The members whose doings count again since this was asked last; from now on nothing remembers that."""
    theirs = delete(CountedAgain).where(col(CountedAgain.community_id) == community)
    return sorted(session.exec(theirs.returning(col(CountedAgain.member_id))).scalars())


def _record(session: Session, member: UUID, on: Occasion) -> None:
    """Says that somebody has decided about it, and neither who nor what: that is nobody's business."""
    community = session.get_one(Member, member).community_id
    replace(on, actor="somebody").record(session, community, "counting.changed", community)
