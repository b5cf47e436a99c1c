"""Who recognises whom in return: what is usual, and what somebody should look at. None of it accuses anybody.

People who work together, mentors above all, recognise each other; real communities differ a hundredfold in how much.
Rings, bursts and the weight of those who always endorse together are in `app.nominations.rings`, which is asked when
somebody nominates.
"""

from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from app.metrics.arrays import Flags, Ints, distinct_pairs
from app.metrics.formulas.graphs import Net


def reciprocity(net: Net) -> float | None:
    """Which share of the ties goes both ways; None where there are none."""
    return float(net.mutual().mean()) if len(net.source) else None


def beyond_chance(net: Net) -> float | None:
    """Reciprocity less what as many ties drawn at random would have (Garlaschelli and Loffredo 2004)."""
    found = reciprocity(net)
    if found is None:
        return None
    chance = len(net.source) / (net.people * (net.people - 1))
    return (found - chance) / (1 - chance) if chance < 1 else None


class Return(NamedTuple):
    """How soon two people did the same for each other."""

    one: int
    other: int
    median_seconds: float
    acts: int


def returns(giver: Ints, receiver: Ints, at: Ints, people: int) -> list[Return]:
    """For each two who gave to each other: how long, in the middle, the next act the other way took."""
    others = giver != receiver
    low, high = np.minimum(giver, receiver)[others], np.maximum(giver, receiver)[others]
    from_low, when = (giver < receiver)[others], at[others]
    order = np.lexsort((from_low, when, high, low))
    pair, from_low, when = (low * people + high)[order], from_low[order], when[order]
    turned = np.flatnonzero((np.diff(pair) == 0) & (from_low[1:] != from_low[:-1]))
    both, starts = np.unique(pair[turned], return_index=True)
    gaps = np.split(when[turned + 1] - when[turned], starts[1:])
    acts = np.searchsorted(pair, both, side="right") - np.searchsorted(pair, both)
    return [
        Return(int(two) // people, int(two) % people, float(np.median(each)), int(count))
        for two, each, count in zip(both, gaps, acts, strict=False)  # of no pairs there is one empty piece
    ]


def is_quick(each: Return, *, within: int = 86_400, acts: int = 3) -> bool:
    """Whether two thank each other at once, and often: more a habit than two recognitions."""
    return each.median_seconds < within and each.acts >= acts


class Agreement(NamedTuple):
    """Of so many pairs who rated each other, which share did so with the same sign, and with the same value."""

    pairs: int
    same_sign: float | None
    same_value: float | None


def agreement(net: Net) -> Agreement:
    """How alike the weights are of ties that go both ways."""
    key, back = net.source * net.people + net.target, net.target * net.people + net.source
    mine = (net.source < net.target) & net.mutual()
    there, here = net.weight[np.searchsorted(key, back[mine])], net.weight[mine]
    if not len(here):
        return Agreement(0, None, None)
    return Agreement(len(here), float((np.sign(here) == np.sign(there)).mean()), float((here == there).mean()))


def insularity(net: Net, members: Flags) -> float | None:
    """Which share of the ties from members of a group stays in it; None where there are none."""
    theirs = members[net.source]
    return float(members[net.target[theirs]].mean()) if theirs.any() else None


def matched(votes: float, others: float, together: float, *, threshold: float = 25.0) -> float:
    """What a pair adds to a match: sqrt(v1 v2) / (T/threshold + 1), `together` being what both gave to the same.

    The pairwise-bounded form of quadratic funding that Gitcoin used (Buterin 2019).
    """
    return sqrt(votes * others) / (together / threshold + 1)


def likeness(clusters: Flags, person: int, cluster: int) -> float:
    """How near somebody is to a cluster: 1 in it, else which share of those they are with elsewhere is in it.

    `clusters` has a row per person and a column per cluster. Connection-oriented cluster match (Miller, Weyl, Erichsen
    2022), by which three supporters of one employer count as the square root of three.
    """
    if clusters[person, cluster]:
        return 1.0
    beside = np.flatnonzero((clusters & clusters[person]).any(axis=1))
    beside = beside[beside != person]
    return float(clusters[beside, cluster].mean()) if len(beside) else 0.0


def by_cluster(supporters: Ints) -> float:
    """What supporters weigh who come from clusters in such numbers: of each the square root."""
    return float(np.sqrt(supporters).sum())


def diverse_enough(givers: Ints, days: Ints, *, window_days: int) -> bool:
    """Whether so many recognitions come from enough different people, on enough different days.

    A quarter of their number in people; in days a third of it, or three quarters of the window where that is less
    (Discourse, trust level 3).
    """
    people, on = ceil(len(givers) / 4), min(ceil(len(givers) / 3), ceil(0.75 * window_days))
    return len(np.unique(givers)) >= people and len(np.unique(days)) >= on


def distinct_helped(giver: Ints, receiver: Ints, people: int) -> Ints:
    """For each person how many different people they helped: more often is not more people."""
    others = giver != receiver
    who, _ = distinct_pairs(giver[others], receiver[others], people)
    return np.bincount(who, minlength=people)
