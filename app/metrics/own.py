"""Use-case: what was found of one person in a period is read, by them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from app.contributions.tables import Uncounted
from app.kit.suppression import USUAL_K, at_least
from app.members.links import accounts_of
from app.members.service import id_of_community
from app.members.tables import Community, Member
from app.metrics import periods
from app.metrics.bringing import contributing
from app.metrics.noting import is_out
from app.metrics.periods import Kind, PeriodNotPublished, Window
from app.metrics.service import FiguresNotThere
from app.metrics.tables import OwnFigures


class WhyNot(StrEnum):
    """Why nothing is told of somebody."""

    not_counted = "not-counted"
    """They do not want to be counted, so nothing is worked out of them."""
    not_there = "not-there"
    """They were not there in that period, or paused all through it."""


@dataclass(frozen=True)
class Found:
    """What was found of somebody in a period, or why there is nothing."""

    window: Window
    row: OwnFigures | None
    why_not: WhyNot | None = None


def community_of(session: Session, member: UUID, slug: str | None) -> Community | None:
    """The member's community; None where `slug` names another. Raises `NoSuchCommunity`."""
    mine = session.get_one(Member, member).community_id
    if slug is not None and id_of_community(session, slug) != mine:
        return None
    return session.get_one(Community, mine)


def found_of(session: Session, community: Community, member: UUID, window: Window) -> Found:
    """Of a member, under whichever of their memberships. Raises `PeriodNotPublished` of a week, `FiguresNotThere`."""
    check_kept(window)
    check_out(session, community, window)  # before all else: rows are written before a period is out, and whoever is
    # refused for not being counted is to be refused in the words in which everybody is
    same = accounts_of(session, community.id, [member])
    if not_counted(session, same):
        return Found(window, None, WhyNot.not_counted)
    period = periods.name_of(window)
    row = session.get(OwnFigures, (member, period)) or session.get(OwnFigures, (same[member], period))
    return Found(window, row, WhyNot.not_there if row is None else None)


def brought_by(session: Session, community: Community, member: UUID, found: Found) -> int | None:
    """How many of those whom a member brought did something, at least: the multiple of k below, or whoever brought one
    would see that one opt out. None if the member does not want to be counted."""
    if found.why_not is WhyNot.not_counted:
        return None
    same = accounts_of(session, community.id, [member])
    return at_least(contributing(session, community.id, same, until=found.window.end), k=USUAL_K)


def check_kept(window: Window) -> None:
    """Raises `PeriodNotPublished` of a week."""
    if periods.kind_of(window) is Kind.week:
        raise PeriodNotPublished(
            f"{periods.name_of(window)} is a week: of one person it would be a diary.",
            fix="Ask for a month (2026-10), a quarter (2026-Q4) or a year (2026).",
        )


def check_out(session: Session, community: Community, window: Window) -> None:
    """Raises `FiguresNotThere`."""
    if not is_out(session, community.id, window):
        raise FiguresNotThere(f"{community.slug} has no figures of {periods.name_of(window)}.")


def not_counted(session: Session, members: Collection[UUID]) -> bool:
    """Whether any of these memberships of one person does not want to be counted."""
    return session.exec(select(Uncounted).where(col(Uncounted.member_id).in_(members))).first() is not None
