"""That no figure can be computed from those of other windows.

A count that adds up over time is the difference of two readings of one counter: of a window, the reading at its end
less that at its start. Told windows are thus lines between instants, and what was between two instants follows if and
only if a way of told lines leads from the one to the other: October and November, told, and the fourth quarter, told,
give December; June, told, and the four weeks with which it began give its last two days, which are no period at all.
So a window is told only if it closes no way round a hidden one, and none round any span in which few people did it.

What was told stays told. The past changes: people do not want to be counted any more, or leave something out, or report
late. Read anew, a longer period would differ from its parts by just that. So of whatever was told it is the sum, and
only what no told window covers is counted now.

A window in which nobody did anything is known to have nothing in each of its parts: it joins every instant within.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias

from app.kit.suppression import enough
from app.metrics.periods import Window, instant

Between: TypeAlias = Callable[[int, int], int]
"""Of what was from one second on and before another: on how many people it rests, or how much it was."""
Span: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True)
class Counter:
    """Something that adds up over time, as it is known now."""

    count: int
    """How much of it there is in the window that is asked for."""
    people: Between
    many: Between
    """How much of it there is in any span."""
    apart: bool = False
    """Whether there may be some of it where a figure says that there is nobody."""


@dataclass(frozen=True)
class Other:
    """What was told of a figure for another window: places of numbers, as JSON pointers."""

    window: Window
    told: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    """Of a place in which nobody says which names were withheld, all below it that was not told."""
    suppressed: bool = False
    empty: frozenset[str] = frozenset()
    """Places in which it was told that there was nothing."""
    nothing: bool = False
    """Whether it was told that there was nothing at all."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What was told, by its place."""

    def is_empty(self, place: str) -> bool:
        """Whether it was told that there was nothing in that place."""
        return self.nothing or place in self.empty

    def hides(self, place: str) -> bool:
        """Whether the number in that place was not told."""
        if self.suppressed or place in self.withheld:
            return True
        return place not in self.told and any(place.startswith(f"{each}/") for each in self.withheld)


@dataclass(frozen=True)
class Ledger:
    """What was told of one figure for other windows. Shorter windows are told before longer ones that end with them."""

    others: tuple[Other, ...] = ()

    def tells(self, place: str, window: Window, of: Counter, *, k: int, number: str = "") -> int | None:
        """What is told of a window: what was told of its parts, and what is counted now of all else.

        None where it cannot be told without giving away that of a hidden window, or of few people, or that the past
        is no longer what it was when it was told. `number` is where in that place the count stands.
        """
        hidden = [other for other in self.others if other.hides(place) or (of.apart and other.nothing)]
        told = [other for other in self.others if other not in hidden]
        empty = [other.window for other in told if other.is_empty(place)]
        lines = [(other.window, round(other.numbers.get(place + number, 0))) for other in told]
        before = _Ways(lines, empty)
        count, left = before.reading(window, of.many)
        if left == [(window.start, window.end)]:
            count = of.count
        after = _Ways([*lines, (window, count)], [*empty, *([] if count else [window])])
        if any(after.known(each.window.start, each.window.end) is not None for each in hidden):
            return None
        if not self._enough(left, of, k=k):
            return None
        for start, end in after.spans() - before.spans():
            span = Window(start, end)
            if not self._enough([(start, end)], of, k=k):
                return None
            if span != window and after.known(start, end) != before.reading(span, of.many)[0]:
                return None
        return count

    def _enough(self, spans: Iterable[Span], of: Counter, *, k: int) -> bool:
        """Whether the spans together are known to rest on k people, or on nobody."""
        most = max((of.people(instant(start), instant(end)) for start, end in spans), default=0)
        return most == 0 or enough(most, k=k)

    def told_of(self, place: str, window: Window) -> tuple[bool, float | None]:
        """Whether anything was said of that very window, and the number that was told."""
        said = next((other for other in self.others if other.window == window), None)
        if said is None:
            return False, None
        if said.hides(place):
            return True, None
        return True, said.numbers.get(place, 0 if said.is_empty(place) else None)

    def last_told(self) -> Window | None:
        """The last window of which there was something to tell."""
        return next((other.window for other in reversed(self.others) if other.told), None)

    def may_group(self, place: str, window: Window, *, in_part: bool) -> bool:
        """Whether groups in that place may be told of a window, in part or all of them.

        In part only where no window that overlaps told of any; all of them where none told in part.
        """
        for other in self.others:
            if other.window.start < window.end and window.start < other.window.end:
                any_told = any(each.startswith((f"{place}/groups/", f"{place}/other")) for each in other.told)
                any_hidden = any(f"{each}/".startswith(f"{place}/groups/") for each in other.withheld)
                if any_told and (in_part or any_hidden):
                    return False
        return True


class _Ways:
    """Which instants told windows connect, and what was told to be between them."""

    def __init__(self, told: Iterable[tuple[Window, int]], empty: Iterable[Window] = ()) -> None:
        lines = list(told)
        self._edges = sorted({edge for window, _ in lines for edge in (window.start, window.end)})
        near = defaultdict[datetime, list[tuple[datetime, int]]](list)
        inner = [(one.start, edge, 0) for one in empty for edge in self._edges if one.start < edge < one.end]
        for start, end, count in [*((window.start, window.end, count) for window, count in lines), *inner]:
            near[start].append((end, count))
            near[end].append((start, -count))
        self._read = dict[datetime, tuple[int, int]]()
        """Of each instant, which others it is connected with, and how far the counter had come."""
        for number, first in enumerate(self._edges):
            waiting = [] if first in self._read else [(first, 0)]
            while waiting:
                edge, read = waiting.pop()
                if edge not in self._read:
                    self._read[edge] = number, read
                    waiting += [(other, read + count) for other, count in near[edge]]

    def known(self, start: datetime, end: datetime) -> int | None:
        """What follows of a span from all that was told; None where nothing does."""
        one, other = self._read.get(start), self._read.get(end)
        return None if one is None or other is None or one[0] != other[0] else other[1] - one[1]

    def reading(self, window: Window, now: Between) -> tuple[int, list[Span]]:
        """What is known of a window and, of what is not, what is counted now; and the spans that are counted now."""
        at, count, left = window.start, 0, list[Span]()
        inside = [edge for edge in self._edges if window.start < edge <= window.end]
        while at < window.end:
            until = next((edge for edge in reversed(inside) if edge > at and self.known(at, edge) is not None), None)
            if until is not None:
                count += self.known(at, until) or 0
            else:
                until = next((edge for edge in inside if edge > at), window.end)
                left = [*left[:-1], (left[-1][0], until)] if left and left[-1][1] == at else [*left, (at, until)]
            at = until
        return count + sum(now(instant(start), instant(end)) for start, end in left), left

    def spans(self) -> set[Span]:
        """From each instant to the next that it is connected with: what is known of longer spans are their sums."""
        found = defaultdict[int, list[datetime]](list)
        for edge in self._edges:
            found[self._read[edge][0]].append(edge)
        return {pair for edges in found.values() for pair in pairwise(edges)}
