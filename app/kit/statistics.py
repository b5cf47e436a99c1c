"""What few answers allow to say: how sure a share is, and whether questions ask about one thing."""

from collections.abc import Sequence
from math import sqrt
from statistics import variance
from typing import NamedTuple

Z95 = 1.959963984540054
"""The normal deviate that 95 % of all draws keep within."""

ENOUGH_ANSWERS, ENOUGH_ITEMS = 10, 3
"""Below either, Cronbach's alpha says more about chance than about the questions and is not to be shown."""


class Interval(NamedTuple):
    """From `low` to `high`, both included."""

    low: float
    high: float


def wilson(part: int, whole: int, *, z: float = Z95) -> Interval:
    """Where a share may lie of which `part` of `whole` were seen (Wilson 1927): never below 0 nor above 1.

    Of nothing seen, nothing is known: 0 to 1, which is also the formula's limit.

    Raises:
        ValueError: `part` is not between 0 and `whole`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is not a part of {whole}")
    if whole == 0:
        return Interval(0.0, 1.0)
    share, square = part / whole, z * z
    middle = share + square / (2 * whole)
    reach = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    # The ends are exact where everybody or nobody was seen; rounding would pass them by a hair.
    low = 0.0 if part == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if part == whole else min(1.0, (middle + reach) / scale)
    return Interval(low, high)


def cronbach_alpha(answers: Sequence[Sequence[int]]) -> float | None:
    """How much the items of a scale go together (Cronbach 1951), from one row of scores per person.

    k/(k-1) (1 - sum of the items' variances / variance of the totals), with sample variances. It can be negative. None
    where it does not exist: fewer than two people or two items, or totals that are all equal. Whether there are
    `ENOUGH_ANSWERS` and `ENOUGH_ITEMS` to show it is for the caller to ask.

    Raises:
        ValueError: a row is longer or shorter than another.
    """
    items = list(zip(*answers, strict=True))
    if len(answers) < 2 or len(items) < 2:
        return None
    of_totals = variance(map(sum, answers))
    if of_totals == 0:
        return None
    return len(items) / (len(items) - 1) * (1 - float(sum(map(variance, items))) / of_totals)
