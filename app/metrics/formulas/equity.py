"""Whether recognition goes where the work is done."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from app.kit.statistics import Interval, wilson
from app.metrics.arrays import Flags, Floats, Ints, quantiles


def coverage(points: Ints, recognised: Flags, least: int) -> tuple[Flags, Flags]:
    """Those with at least so many contributions, and who of them was recognised."""
    expected = points >= least
    return expected, expected & recognised


class Unsung(NamedTuple):
    """By person: how many recognitions their part of the work would have, how many more they have, how unusual."""

    expected: Floats
    gap: Floats
    residual: Floats


def unsung(points: Ints | Floats, recognitions: Ints) -> Unsung:
    """E_i = R c_i / sum c; gap r_i - E_i; residual (r_i - E_i)/sqrt(E_i), Pearson's: the lowest are most unsung.

    The residual is 0 where nothing is expected.
    """
    total = float(points.sum())
    expected: Floats = points.astype(np.float64) * (float(recognitions.sum()) / total if total > 0 else 0.0)
    gap: Floats = recognitions.astype(np.float64) - expected
    residual: Floats = np.where(expected > 0, gap / np.sqrt(np.where(expected > 0, expected, 1.0)), 0.0)
    return Unsung(expected, gap, residual)


def parity(theirs: float, of_all: float, done: float, done_by_all: float) -> float | None:
    """A group's share of recognitions by its share of the work: 1 is parity. None where either has no share."""
    if not of_all or not done or not done_by_all:
        return None
    return (theirs / of_all) / (done / done_by_all)


def head_start(recognised: Flags, before: Flags, activity: Ints | Floats, strata: int = 4) -> float | None:
    """How much likelier those are recognised who were before, among people as active (Mantel and Haenszel 1959).

    The common risk ratio over quantiles of activity; None where no quantile has both, or nobody new was recognised.
    """
    stratum = quantiles(activity, strata)
    again, anew = 0.0, 0.0
    for one in range(strata):
        here = stratum == one
        old, new = here & before, here & ~before
        in_all = int(here.sum())
        if old.any() and new.any():
            again += int((recognised & old).sum()) * int(new.sum()) / in_all
            anew += int((recognised & new).sum()) * int(old.sum()) / in_all
    return again / anew if anew > 0 else None


class Fairness(StrEnum):
    """What two rates of approval allow to say."""

    insufficient = "insufficient"
    even = "even"
    look = "look"
    """They differ by more than a fifth, which somebody should look at; it proves nothing."""


class Rate(NamedTuple):
    """How many of how many were approved, and between which rates the true one may lie."""

    approved: int
    decided: int
    interval: Interval


def rate(approved: Flags) -> Rate:
    """Of these decisions."""
    yes = int(approved.sum())
    return Rate(yes, len(approved), wilson(yes, len(approved)))


def ratio(one: Rate, other: Rate) -> float | None:
    """The lower rate by the higher one; None where one has no decisions or nobody was approved."""
    if not one.decided or not other.decided:
        return None
    low, high = sorted((one.approved / one.decided, other.approved / other.decided))
    return low / high if high > 0 else None


def fairness(one: Rate, other: Rate, *, least: float, enough: int) -> Fairness:
    """What to make of the two."""
    found = ratio(one, other)
    if found is None or min(one.decided, other.decided) < enough:
        return Fairness.insufficient
    # 16 of 25 by 20 of 25 is four fifths, though the processor misses it by a hair.
    return Fairness.look if found < least - 1e-9 else Fairness.even
