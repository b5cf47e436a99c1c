"""Columns of numbers."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY = 86_400
"""Seconds."""


class Places:
    """Where each of `among` is in a column, found without looking through all of it."""

    def __init__(self, who: Ints, among: int) -> None:
        self._order = np.argsort(who, kind="stable")
        self._starts = np.searchsorted(who[self._order], np.arange(among + 1))

    def of(self, each: int) -> Ints:
        """The rows of one, in order."""
        return self._order[self._starts[each] : self._starts[each + 1]]


def ints(*values: int) -> Ints:
    """These, as a column."""
    return np.array(values, dtype=np.int64)


def chosen(numbers: Ints, among: int) -> Flags:
    """Of `among` rows, which are named by number; each number below `among`."""
    flags = np.zeros(among, dtype=np.bool_)
    flags[numbers] = True
    return flags


def distinct_pairs(first: Ints, second: Ints, among: int) -> tuple[Ints, Ints]:
    """Each pair once, in order; the second numbers being below `among`."""
    both = np.unique(first * max(among, 1) + second)
    return both // max(among, 1), both % max(among, 1)


def firsts(who: Ints, at: Ints, among: int, never: int) -> Ints:
    """For each of `among` the earliest instant, `never` of whom there is none."""
    found = np.full(among, never, dtype=np.int64)
    np.minimum.at(found, who, at)
    return found


def lasts(who: Ints, at: Ints, among: int, before: int) -> Ints:
    """For each of `among` the latest instant, `before` of whom there is none."""
    found = np.full(among, before, dtype=np.int64)
    np.maximum.at(found, who, at)
    return found


def summed(who: Ints, weight: Floats, among: int) -> Floats:
    """For each of `among` what their rows weigh together."""
    return np.bincount(who, weights=weight, minlength=among).astype(np.float64)


def quantiles(of: Floats | Ints, parts: int) -> Ints:
    """In which of so many equal parts, by size, each value is; equal values are in the same."""
    if len(of) == 0:
        return np.zeros(0, dtype=np.int64)
    inner = np.quantile(of, np.arange(1, parts) / parts)
    return np.searchsorted(inner, of, side="left").astype(np.int64)
