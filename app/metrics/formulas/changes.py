"""When something changed for good, rather than went up and down."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Change(NamedTuple):
    """From one place of a series on it is otherwise than before."""

    place: int
    """The first of those that are otherwise."""
    before: float
    after: float
    """Means of what lies on either side, as far as the neighbouring changes."""
    p: float
    """How likely so much would be if nothing had changed; an approximation."""


def pettitt(series: Sequence[float]) -> tuple[int, float]:
    """Where a series parts best into two, as the first place of the second, and how likely that is by chance.

    Pettitt 1979, doi:10.2307/2346729: by ranks alone, so that one odd month is no change.
    """
    values, count = np.asarray(series, dtype=np.float64), len(series)
    if count < 2:
        return 0, 1.0
    signs = np.sign(values[:, None] - values[None, :])
    statistic = [abs(float(signs[:place, place:].sum())) for place in range(1, count)]
    best = int(np.argmax(statistic))
    p = 2.0 * float(np.exp(-6.0 * statistic[best] ** 2 / (count**3 + count**2)))
    return best + 1, min(1.0, p)


def changes(series: Sequence[float], *, p: float = 0.05, least: int = 4) -> tuple[Change, ...]:
    """Every place from which on it is otherwise, in order, at least so many after the one before (by halves)."""
    places = sorted(_places(series, 0, p, least).items())
    ends = [0, *(place for place, _ in places), len(series)]
    return tuple(
        Change(place, _mean(series[ends[n] : place]), _mean(series[place : ends[n + 2]]), chance)
        for n, (place, chance) in enumerate(places)
    )


def _places(series: Sequence[float], offset: int, p: float, least: int) -> dict[int, float]:
    place, chance = pettitt(series)
    if chance > p or place < least or len(series) - place < least:
        return {}
    before = _places(series[:place], offset, p, least)
    return before | {offset + place: chance} | _places(series[place:], offset + place, p, least)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
