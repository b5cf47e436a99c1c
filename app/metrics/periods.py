"""The windows that figures are published for: whole ISO weeks, months, quarters and years in UTC, once they are over.

Others are refused. Whoever could choose the ends could ask for a day more and a day less, and subtract.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from app.kit.errors import Unprocessable

FIRST_YEAR, LAST_YEAR = 1990, 2999
LONGER = "Ask for a month (2025-10), a quarter (2025-Q4) or a year (2025)."
"""What to do where there are no weeks."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_NAME = re.compile(r"(?P<year>[0-9]{4})(?:-(?:W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})))?", re.ASCII)


class PeriodNotPublished(Unprocessable):
    """Figures are published for whole weeks, months, quarters and years in UTC only."""

    code = "period-not-published"
    fix = "Ask for one of these: a week (2025-W43), a month (2025-10), a quarter (2025-Q4) or a year (2025)."


class PeriodNotOver(Unprocessable):
    """Figures of a period are published when it is over."""

    code = "period-not-over"
    fix = "Ask for an earlier period, or again when this one is over."


class Kind(StrEnum):
    """How long a published period is; shorter ones first."""

    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


@dataclass(frozen=True, order=True)
class Window:
    """From `start` to just before `end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    @property
    def seconds(self) -> tuple[int, int]:
        """Both ends as whole seconds since 1970."""
        return instant(self.start), instant(self.end)

    @property
    def days(self) -> int:
        """How many days it has, part of one counting as one."""
        start, end = self.seconds
        return -(-(end - start) // 86_400)

    def to_dict(self) -> dict[str, str]:
        """As it is told."""
        return {"from": _written(self.start), "to": _written(self.end)}


def instant(when: datetime) -> int:
    """Whole seconds since 1970; parts of a second are cut, so that nothing moves into the next window.

    Raises:
        ValueError: it has no time zone.
    """
    if when.tzinfo is None:
        raise ValueError("a time without a time zone is no instant")
    return (when - _EPOCH) // _SECOND


def parse(name: str, *, fix: str = PeriodNotPublished.fix) -> Window:
    """The period of a name such as `2026-W43`, `2026-10`, `2026-Q4`, `2026`.

    Raises `PeriodNotPublished`, with `fix`: what to do where not all of them can be had.
    """
    found = _NAME.fullmatch(name)
    if found is None or not FIRST_YEAR < int(found["year"]) <= LAST_YEAR:
        said = f"{name[:20]!r} is no name of a period after {FIRST_YEAR} and before {LAST_YEAR + 1}."
        raise PeriodNotPublished(said, fix=fix)
    year = int(found["year"])
    try:
        if found["week"]:
            return _of(Kind.week, date.fromisocalendar(year, int(found["week"]), 1))
        if found["quarter"]:
            return _of(Kind.quarter, date(year, 3 * int(found["quarter"]) - 2, 1))
        return (
            _of(Kind.month, date(year, int(found["month"]), 1)) if found["month"] else _of(Kind.year, date(year, 1, 1))
        )
    except ValueError:
        raise PeriodNotPublished(f"There is no {name[:20]}: that year has no such week or month.", fix=fix) from None


def containing(kind: Kind, when: datetime) -> Window:
    """The period of a kind in which an instant is."""
    day = when.astimezone(UTC).date()
    match kind:
        case Kind.week:
            return _of(kind, day - timedelta(days=day.weekday()))
        case Kind.month:
            return _of(kind, day.replace(day=1))
        case Kind.quarter:
            return _of(kind, day.replace(month=day.month - (day.month - 1) % 3, day=1))
        case Kind.year:
            return _of(kind, day.replace(month=1, day=1))


def kind_of(window: Window) -> Kind | None:
    """Which kind of published period a window is; None of any other."""
    if not FIRST_YEAR <= window.start.year <= LAST_YEAR:
        return None
    return next((kind for kind in Kind if containing(kind, window.start) == window), None)


def name_of(window: Window) -> str:
    """What a published period is called. Raises `PeriodNotPublished` of any other window."""
    start = window.start.astimezone(UTC)
    match kind_of(window):
        case Kind.week:
            year, week, _ = start.isocalendar()
            return f"{year:04}-W{week:02}"
        case Kind.month:
            return f"{start.year:04}-{start.month:02}"
        case Kind.quarter:
            return f"{start.year:04}-Q{(start.month + 2) // 3}"
        case Kind.year:
            return f"{start.year:04}"
        case None:
            raise PeriodNotPublished(f"{label(window)} is no published period.")


def label(window: Window) -> str:
    """What a window is called: its name if it is published, else both ends."""
    return _written(window.start) + "/" + _written(window.end) if kind_of(window) is None else name_of(window)


def previous(window: Window) -> Window:
    """The period before; of a window that is none, as much time as it has, before it."""
    kind = kind_of(window)
    if kind is None:
        return Window(window.start - (window.end - window.start), window.start)
    return containing(kind, window.start - _SECOND)


def back(window: Window, count: int) -> tuple[Window, ...]:
    """So many periods up to this one, oldest first, this one being the last."""
    found = [window]
    while len(found) < count:
        found.append(previous(found[-1]))
    return tuple(reversed(found))


def within(kind: Kind, window: Window) -> Iterator[Window]:
    """The periods of a kind that lie wholly in a window, in order."""
    each = containing(kind, window.start)
    while each.end <= window.end:
        if each.start >= window.start:
            yield each
        each = containing(kind, each.end)


def whole(start: datetime, end: datetime, *, out: Collection[Window], now: datetime) -> Window:
    """The published period with just these ends.

    Raises:
        PeriodNotPublished: there is none; says which one is nearest of those that are `out`.
        PeriodNotOver: it is not over at `now`.
    """
    if end <= start:
        raise PeriodNotPublished("It ends before it starts, or as it starts.")
    window = Window(start, end)
    if kind_of(window) is None:
        near = nearest(window, out)
        if near is None:
            raise PeriodNotPublished("No period has these ends, and none is out yet.")
        said = f"The nearest is {name_of(near)}, from {_written(near.start)} to {_written(near.end)}."
        raise PeriodNotPublished(said, nearest=name_of(near))
    return over(window, now=now)


def ended(since: datetime, *, now: datetime) -> tuple[Window, ...]:
    """Every period from those that contain `since` on that is over, in the order in which they are published.

    Those that end first come first, and of those that end together the shorter ones.
    """
    found = []
    for kind in Kind:
        each = containing(kind, since)
        while each.end <= now:
            found.append(each)
            each = containing(kind, each.end)
    return tuple(sorted(found, key=lambda window: (window.end, window.end - window.start)))


def over(window: Window, *, now: datetime) -> Window:
    """The window itself, if it is over. Raises `PeriodNotOver`."""
    if window.end > now:
        raise PeriodNotOver(f"It is over at {_written(window.end)}.")
    return window


def last(kind: Kind, *, now: datetime) -> Window:
    """The last period of a kind that is over."""
    return previous(containing(kind, now))


def nearest(window: Window, among: Collection[Window]) -> Window | None:
    """The one whose ends are least far from this one's; of equally near ones the shorter, then the earlier."""

    def far(one: Window) -> tuple[timedelta, timedelta, datetime]:
        return abs(one.start - window.start) + abs(one.end - window.end), one.end - one.start, one.start

    return min(among, key=far, default=None)


def _of(kind: Kind, first: date) -> Window:
    """The period that begins on a day."""
    match kind:
        case Kind.week:
            after = first + timedelta(days=7)
        case Kind.month:
            after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        case Kind.quarter:
            after = date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)
        case Kind.year:
            after = first.replace(year=first.year + 1)
        case _:
            assert_never(kind)
    return Window(_midnight(first), _midnight(after))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _written(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
