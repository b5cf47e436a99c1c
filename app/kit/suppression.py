"""What may be said of groups of people without telling of the few who are in a small one.

A group below k is hidden. Often that is not enough: of 22 in groups of 12, 7 and 3, whoever is told of the 22, the 12
and the 7 knows of the 3. So groups are hidden until those that are cannot be told apart by subtraction, nor by whoever
knows this very rule (Sweeney 2002 on k; Willenborg and de Waal 2001 on hiding further cells; Wong et al. 2007 on
conclusions drawn from the rule).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import floor, log10

LEAST_K, USUAL_K = 3, 5
FINE_FROM = 50
"""People: of fewer, a share is told in whole percent, since finer digits tell how many there are and who moved."""

STEPS = (2, 4, 10, 20, 50, 100, 200, 500, 1000)
"""In so many parts shares are told that must not say of how many they are. They are even, so that half is one."""
IN_A_STEP = 2
"""People at least, in each step of a share."""


@dataclass(frozen=True)
class Shown:
    """The groups that may be told of, with their sizes; all others are in `hidden` and `other` is how many they are.

    `other` is None where even they together are fewer than k. Where groups are named only because somebody is in them
    (employers, say), the names in `hidden` are not to be told either.
    """

    groups: Mapping[str, int]
    other: int | None
    hidden: frozenset[str]


def threshold(k: int) -> int:
    """k itself, which is never under three.

    Raises:
        ValueError: it is.
    """
    if k < LEAST_K:
        raise ValueError(f"groups of {k} are too small to tell of: k is at least {LEAST_K}")
    return k


def enough(people: int, *, k: int) -> bool:
    """Whether something may be told of so many people."""
    return people >= threshold(k)


def at_least(people: int, *, k: int) -> int:
    """The multiple of k below: how many they are, when other numbers beside it must not tell of the few between."""
    return people - people % threshold(k)


def shown(sizes: Mapping[str, int], *, k: int = USUAL_K) -> Shown:
    """Which of the groups may be told of when their sum is known: 12, 7 and 3 leave 12, and 10 others.

    Hidden is every group below k; then, smallest first and equal ones together, others, until those that are hidden
    are k people at least and differ in size. That they differ makes the rule safe against those who know it: it looks
    at sizes only, so exchanging two hidden sizes shows the same, and none has only one size that it could have. Empty
    groups are hidden with small ones, so that those are not known to have anybody, and shown where there are none.
    """
    small = {name for name, size in sizes.items() if 0 < size < threshold(k)}
    hidden = _with_others(small, sizes, k) if small else set[str]()
    other = sum(sizes[name] for name in hidden)
    left = {name: size for name, size in sizes.items() if name not in hidden}
    return Shown(left, other if not hidden or other >= k else None, frozenset(hidden))


def _with_others(small: Collection[str], sizes: Mapping[str, int], k: int) -> set[str]:
    """These groups, and those that are to be hidden with them."""
    hidden = {*small, *(name for name, size in sizes.items() if size == 0)}
    larger = sorted((name for name in sizes if name not in hidden), key=sizes.__getitem__)
    for _, alike in groupby(larger, key=sizes.__getitem__):
        if sum(sizes[name] for name in hidden) >= k and len({sizes[name] for name in hidden} - {0}) > 1:
            break
        hidden.update(alike)
    return hidden


def share(part: int, whole: int) -> float | None:
    """`part` of `whole` people as it may be told: in whole percent, half up, of fewer than fifty; None of nobody."""
    if whole == 0:
        return None
    return part / whole if whole >= FINE_FROM else _nearest(100 * part, whole) / 100


def in_steps(part: int, whole: int, *, k: int) -> float | None:
    """`part` of `whole` people where they are told as `at_least` so many; None of fewer than k.

    In steps of a half, a quarter, a tenth and so on, the finest of which each is two people at least of the number that
    is told: tenths of twenty, twentieths of forty. Where k are on either side, no nearer to nobody or all than k of
    that number are. So with each share that is told, every number of people that has the same multiple of k below is
    possible, and mostly one person more or fewer.
    """
    told = at_least(whole, k=k)
    if told == 0:
        return None
    steps = _steps(told)
    near, least = _nearest(part * steps, whole), max(1, _nearest(k * steps, told))
    if k <= part <= whole - k:
        near = min(max(near, least), steps - least)
    return near / steps


def _steps(people: int) -> int:
    return max(each for each in STEPS if each * IN_A_STEP <= people or each == STEPS[0])


def coarsely(count: int, *, k: int) -> int:
    """How often something happened that people did: to two digits and multiples of k, downwards."""
    digits = max(0, len(str(count)) - 2)
    return at_least(count - count % 10**digits, k=k)


def roughly(span: float) -> float:
    """How long something took, to the half of a power of ten: 13 as 15, 27 as 25, 130 as 150."""
    if span <= 0:
        return 0.0
    step = 10.0 ** floor(log10(span)) / 2
    return round(span / step) * step


def _nearest(part: int, whole: int) -> int:
    """A quotient as a whole number, half up."""
    return (2 * part + whole) // (2 * whole)
