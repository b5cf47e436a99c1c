"""How evenly something is spread among people."""

from typing import NamedTuple

import numpy as np

from app.metrics.arrays import Floats, Ints

Numbers = Ints | Floats


def gini(of: Numbers) -> float:
    """The Gini coefficient of what each person has, 0 where all have the same or nothing (Gini 1912).

    2 sum_i i x_(i) / (n sum x) - (n+1)/n over x in ascending order. At most (n-1)/n; see `corrected`. Nothing in `of`
    is negative. Whether people with nothing are among them changes everything: say so.
    """
    total = of.sum()
    if len(of) == 0 or total == 0:
        return 0.0
    ranks = np.arange(1, len(of) + 1)
    raw = 2 * float(ranks @ np.sort(of)) / (len(of) * float(total)) - (len(of) + 1) / len(of)
    return max(0.0, raw)


def corrected(coefficient: float, people: int) -> float | None:
    """Gini times n/(n-1), which reaches 1 where one has all, however many others there are; None of one person."""
    return min(1.0, coefficient * people / (people - 1)) if people > 1 else None


class Point(NamedTuple):
    """The `people` (a share) who have least have this share of everything."""

    people: float
    share: float


def lorenz(of: Numbers, at: int) -> float | None:
    """Which share of everything the `at` people who have least have (Lorenz 1905); None where there is nothing."""
    total = float(of.sum())
    return float(np.sort(of)[:at].sum()) / total if total > 0 else None


def top_share(of: Numbers, part: float) -> float | None:
    """Which share of everything the top `part` of the people have, rounded up to whole people; None of nothing."""
    return share_of_largest(of, head_count(part, len(of)))


def share_of_largest(of: Numbers, count: int) -> float | None:
    """Which share of everything the `count` people have who have most."""
    below = lorenz(of, len(of) - count)
    return None if below is None else 1 - below


def head_count(part: float, people: int) -> int:
    """So many people are the top `part`, rounded up; computed so that 0.1 of 430 is 43 and not 44."""
    return min(people, -int(-round(part * people, 6) // 1))


def absence_factor(of: Numbers) -> int:
    """How few people could leave and take half of it with them; 0 where there is nothing (CHAOSS, bus factor)."""
    total = of.sum()
    if total == 0:
        return 0
    so_far = np.cumsum(np.sort(of)[::-1])
    return int(np.searchsorted(so_far, total / 2)) + 1


def entropy_bits(counts: Ints) -> float:
    """Shannon's entropy of how many there are of each kind, in bits; 0 where there is nothing."""
    total = counts.sum()
    if total == 0:
        return 0.0
    shares = counts[counts > 0] / total
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def evenness(counts: Ints) -> float | None:
    """Entropy as a share of the most there could be among so many kinds (Pielou 1966); None of fewer than two kinds."""
    return entropy_bits(counts) / float(np.log2(len(counts))) if len(counts) > 1 and counts.sum() > 0 else None


def h_index(of: Ints) -> int:
    """The largest h so that h of the numbers are h at least (Hirsch 2005)."""
    ordered = np.sort(of)[::-1]
    return int((ordered >= np.arange(1, len(ordered) + 1)).sum())
