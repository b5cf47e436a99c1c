"""The course of a community: its size, and trust beside it, from nothing that was not told. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.kit.suppression import USUAL_K
from app.metrics.formulas.changes import Change, changes

LESS: Final = 0.05
"""By so much of an option a mean of trust has fallen."""
MORE: Final = 0.05
"""Growth from which on it is set beside trust that falls."""
SURE_FROM: Final = 50
"""Members; of fewer, each who comes or goes turns the trend."""


@dataclass(frozen=True)
class Size:
    """How many members there were at the end of a period, and by how much that grew; None where it is not told."""

    period: str
    ends_on: date
    members: int | None
    rate: float | None
    acceleration: float | None


@dataclass(frozen=True)
class Step(Size):
    """A period of the trend."""

    turns: bool
    """Whether growth began to slow down, or to quicken: acceleration has another sign than the last that had any."""
    sure: bool
    """Whether there were enough members for that to say something."""


def trend(sizes: Sequence[Size]) -> tuple[Step, ...]:
    """Each period, oldest first, and whether it turns."""
    found, last = [], 0.0
    for each in sizes:
        now = each.acceleration or 0.0
        turns = now * last < 0
        last = now or last
        sure = each.members is not None and each.members >= SURE_FROM
        found.append(Step(each.period, each.ends_on, each.members, each.rate, each.acceleration, turns, sure))
    return tuple(found)


@dataclass(frozen=True)
class Trust:
    """What was answered about trust in one wave."""

    wave: str
    closed_on: date
    item: str
    """The question's exact words and options, as an id: only the same are compared."""
    n: int
    mean: float
    top_two: float | None
    members: int | None = None
    """How many there were when it closed, as it was last told."""


def beside(waves: Iterable[Trust], sizes: Sequence[Size]) -> tuple[Trust, ...]:
    """Waves, oldest first, each with the size of the community as of the last period that had ended."""
    found = []
    for wave in waves:
        known = [each.members for each in sizes if each.ends_on <= wave.closed_on]
        members = known[-1] if known else None
        found.append(Trust(wave.wave, wave.closed_on, wave.item, wave.n, wave.mean, wave.top_two, members))
    return tuple(found)


@dataclass(frozen=True)
class Divergence:
    """That a community grew while trust in it fell."""

    since: str
    until: str
    """The two waves."""
    growth: float
    change: float


def divergence(waves: Sequence[Trust]) -> Divergence | None:
    """Between the newest wave and the last before it that asked the same: growth with less trust, else None."""
    if not waves:
        return None
    now = waves[-1]
    before = next((each for each in reversed(waves[:-1]) if each.item == now.item), None)
    if before is None or not before.members or now.members is None:
        return None
    # Sizes are told downwards in steps of k: so much it has grown at least.
    most = before.members + USUAL_K - 1
    growth, change = (now.members - most) / most, now.mean - before.mean
    # Means are told in hundredths, and their difference is one.
    if growth >= MORE and round(change, 2) <= -LESS:
        return Divergence(before.wave, now.wave, growth, round(change, 2))
    return None


def turning_points(counts: Sequence[tuple[str, int | None]]) -> tuple[tuple[str, Change], ...]:
    """From which periods on there were more or fewer for good; what is not told is left out."""
    told = [(period, float(count)) for period, count in counts if count is not None]
    return tuple((told[each.place][0], each) for each in changes([count for _, count in told]))
