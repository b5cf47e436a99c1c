"""Use-case: not wanting to be counted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, delete

from app.contributions.tables import Uncounted
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
        _record(session, member, on)
    return uncounted_since(session, member) or on.now


def opt_in(session: Session, member: UUID, *, on: Occasion) -> None:
    """All that they have done counts again."""
    if session.exec(delete(Uncounted).where(Uncounted.member_id == member)).rowcount:  # type: ignore[arg-type]
        _record(session, member, on)


def _record(session: Session, member: UUID, on: Occasion) -> None:
    """Says that somebody has decided about it, and neither who nor what: that is nobody's business."""
    community = session.get_one(Member, member).community_id
    replace(on, actor="somebody").record(session, community, "counting.changed", community)
