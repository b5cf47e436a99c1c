"""Use-case: what was found of one person in a period is read, by them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.contributions.tables import Uncounted
from app.kit.suppression import USUAL_K, at_least
from app.members.links import accounts_of
from app.members.service import id_of_community
from app.members.tables import Community, Member
from app.metrics import periods
from app.metrics.bringing import contributing
from app.metrics.keeping import KEPT_FOR
from app.metrics.noting import is_out
from app.metrics.periods import Kind, PeriodNotOver, PeriodNotPublished, Window
from app.metrics.service import FiguresNotThere
from app.metrics.tables import OwnFigures, Published


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


def asked_window(session: Session, community: Community, period: str | None, *, now: datetime) -> Window:
    """The month, quarter or year that is meant; by default the newest month that is out, or else what is.

    Raises `PeriodNotPublished` of a week, `PeriodNotOver`, `FiguresNotThere`: each names the nearest that can be had.
    """
    out = _out(session, community, now=now)
    if period is None:
        if not out:
            raise FiguresNotThere(f"Of {community.slug} nothing is out yet.")
        return max(out, key=lambda each: (periods.kind_of(each) is Kind.month, each.end))
    window = periods.parse(period, fix=periods.LONGER)
    if window in out:
        return window
    near = _nearest(window, out)
    check_kept(window, near)
    if window.end > now:
        raise PeriodNotOver(f"{period} is not over. {_said(near)}", **_named(near))
    if window.end <= now - KEPT_FOR:
        kept = f"What was found of single people is kept for {KEPT_FOR.days} days, and {period} is longer ago."
        raise FiguresNotThere(f"{kept} {_said(near)}", **_named(near))
    raise FiguresNotThere(f"{community.slug} has no figures of {period}. {_said(near)}", **_named(near))


def check_joined(session: Session, community: Community, member: UUID, window: Window, *, now: datetime) -> None:
    """Whether the member was one before the window's end, under any membership. Raises `FiguresNotThere`."""
    same = accounts_of(session, community.id, [member])
    joined = session.exec(select(func.min(Member.joined_at)).where(col(Member.id).in_(same))).one()
    if joined >= window.end:
        near = _nearest(window, [each for each in _out(session, community, now=now) if each.end > joined])
        said = f"You joined on {joined:%Y-%m-%d}, when {periods.name_of(window)} was over."
        raise FiguresNotThere(f"{said} {_said(near)}", **_named(near))


def _out(session: Session, community: Community, *, now: datetime) -> list[Window]:
    """The periods of which something of single people can be had."""
    told = select(Published.starts_at, Published.ends_at).where(
        Published.community_id == community.id, Published.ends_at > now - KEPT_FOR
    )
    windows = [Window(start, end) for start, end in session.exec(told.distinct()).all()]
    return [window for window in windows if periods.kind_of(window) is not Kind.week]


def _nearest(window: Window, out: Collection[Window]) -> Window | None:
    """The one that ends least far from it, of its kind if there is any; of equally near ones the shorter."""
    kind = periods.kind_of(window)

    def far(each: Window) -> tuple[bool, timedelta, timedelta]:
        return periods.kind_of(each) is not kind, abs(each.end - window.end), each.end - each.start

    return min(out, key=far, default=None)


def _said(near: Window | None) -> str:
    return "None that you could have is out yet." if near is None else f"The nearest is {periods.name_of(near)}."


def _named(near: Window | None) -> dict[str, Any]:
    return {} if near is None else {"nearest": periods.name_of(near)}


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


def check_kept(window: Window, near: Window | None = None) -> None:
    """Raises `PeriodNotPublished` of a week; `near` is what can be had instead."""
    if periods.kind_of(window) is Kind.week:
        raise PeriodNotPublished(
            f"{periods.name_of(window)} is a week: of one person it would be a diary. {_said(near)}",
            fix=periods.LONGER,
            **_named(near),
        )


def check_out(session: Session, community: Community, window: Window) -> None:
    """Raises `FiguresNotThere`."""
    if not is_out(session, community.id, window):
        raise FiguresNotThere(f"{community.slug} has no figures of {periods.name_of(window)}.")


def not_counted(session: Session, members: Collection[UUID]) -> bool:
    """Whether any of these memberships of one person does not want to be counted."""
    return session.exec(select(Uncounted).where(col(Uncounted.member_id).in_(members))).first() is not None
