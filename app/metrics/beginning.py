"""Use-case: from when on a community's figures are published, so that its history can be brought along before.

What is published never changes. Who begins here has often been together for years, and brings members and contributions
along step by step; so nothing is published in the first days, and stewards may say sooner or later.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session, select

from app.kit.errors import Conflict, FieldError, Invalid
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.metrics.tables import Beginning, Published

BEGINS_AFTER: Final = timedelta(days=7)
"""How long after a community was founded here nothing is published, unless its stewards say another day."""
AT_MOST: Final = timedelta(days=366)


class FiguresAreOut(Conflict):
    """Figures of this community have been published already."""

    code = "figures-are-out"
    fix = "What is published does not change. What you record of a time that is out counts in what follows from now on."


def begins_at(session: Session, community: Community) -> datetime:
    """Before this nothing is published."""
    said = session.get(Beginning, community.id)
    return community.created_at + BEGINS_AFTER if said is None else said.begins_at


def has_begun(session: Session, community: Community) -> bool:
    """Whether anything was published."""
    there = select(Published.id).where(Published.community_id == community.id).limit(1)
    return session.exec(there).first() is not None


def begin(session: Session, community: Community, day: date, *, on: Occasion) -> datetime:
    """Says from which day on; when that begins. Raises `FiguresAreOut`, `Invalid` of a day more than a year ahead."""
    at = datetime.combine(day, time(), UTC)
    if at > on.now + AT_MOST:
        raise Invalid(errors=[FieldError(pointer="/on", message="is more than a year ahead")])
    if has_begun(session, community):
        raise FiguresAreOut(f"Figures of {community.slug} have been published since {begins_at(session, community)}.")
    row = session.get(Beginning, community.id) or Beginning(community_id=community.id, begins_at=at)
    row.begins_at = at
    session.add(row)
    on.record(session, community.id, "figures.beginning_set", community.id, {"begins_at": at.isoformat()})
    return at
