"""Breaks that members take, and what they make of their standing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.members.person import Standing, standing_at
from app.members.tables import Absence, Member

Interval = tuple[datetime, datetime]


def begun(
    session: Session, community_id: UUID, among: Collection[UUID] | None, *, now: datetime
) -> dict[UUID, tuple[Interval, ...]]:
    """By member, the breaks that have begun, oldest first. Of the members `among`, or of all."""
    known = select(Absence).where(
        Absence.community_id == community_id,
        col(Absence.since) <= now,
        col(Absence.since) < col(Absence.until),
    )
    if among is not None:
        known = known.where(col(Absence.member_id).in_(among))
    found: defaultdict[UUID, list[Interval]] = defaultdict(list)
    for absence in session.exec(known.order_by(col(Absence.since))).all():
        found[absence.member_id].append((absence.since, absence.until))
    return {member: tuple(intervals) for member, intervals in found.items()}


def standings(session: Session, members: Sequence[Member], *, now: datetime) -> dict[UUID, Standing]:
    """How members of one community stand, by id."""
    if not members:
        return {}
    absences = begun(session, members[0].community_id, [member.id for member in members], now=now)
    return {member.id: standing_of(member, absences.get(member.id, ()), now=now) for member in members}


def standing_of(member: Member, absences: Sequence[Interval], *, now: datetime) -> Standing:
    """How a member stands who took these breaks."""
    left, emeritus = member.left_at is not None, member.emeritus_at is not None
    return standing_at(left=left, emeritus=emeritus, absences=absences, now=now)
