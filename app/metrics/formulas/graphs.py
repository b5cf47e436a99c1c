"""Where people stand in a net of ties. A net is columns of from, to and weight over people counted from 0.

Ties to oneself are left out, and several from one to another are one of their weights together.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import rustworkx as rx

from app.metrics.arrays import Flags, Floats, Ints, summed

STEADY = 1e-10
"""Ranks are found when a further step moves less than this in all."""
ALL_PATHS_UP_TO = 1_500
"""People, of whom all shortest paths are walked; among more, those from a sample."""
SAMPLE = 128


@dataclass(frozen=True, eq=False)
class Net:
    """Ties from some people to others, each once, in order."""

    source: Ints
    target: Ints
    weight: Floats
    people: int

    @classmethod
    def of(cls, source: Ints, target: Ints, people: int, weight: Floats | None = None) -> "Net":
        """From any ties, `weight` being 1 where it is not given."""
        given = np.ones(len(source)) if weight is None else weight
        others = source != target
        ties, place = np.unique(source[others] * max(people, 1) + target[others], return_inverse=True)
        return cls(ties // max(people, 1), ties % max(people, 1), summed(place, given[others], len(ties)), people)

    def mutual(self) -> Flags:
        """Of which ties there is the reverse too."""
        return np.isin(self.target * self.people + self.source, self.source * self.people + self.target)

    @cached_property
    def both_ways(self) -> "Net":
        """The same without directions: each tie once in each."""
        source, target = np.concatenate((self.source, self.target)), np.concatenate((self.target, self.source))
        return Net.of(source, target, self.people, np.concatenate((self.weight, self.weight)))

    @cached_property
    def undirected(self) -> rx.PyGraph[int, float]:
        """For the library."""
        net = self.both_ways
        graph: rx.PyGraph[int, float] = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(self.people))
        once = net.source < net.target
        graph.add_edges_from(
            list(zip(net.source[once].tolist(), net.target[once].tolist(), net.weight[once].tolist(), strict=True))
        )
        return graph

    @cached_property
    def directed(self) -> rx.PyDiGraph[int, float]:
        """For the library."""
        graph: rx.PyDiGraph[int, float] = rx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(range(self.people))
        graph.add_edges_from(list(zip(self.source.tolist(), self.target.tolist(), self.weight.tolist(), strict=True)))
        return graph


def pagerank(net: Net, *, damping: float = 0.85, towards: Ints | None = None) -> Floats:
    """Where a walk along ties is found that starts anew now and then (Brin and Page 1998); all together are 1.

    Whoever has no tie to go along starts anew. It starts anywhere or, personalised, with the people `towards`.
    """
    if net.people == 0:
        return np.zeros(0)
    start = None if towards is None or len(towards) == 0 else {int(one): 1.0 for one in towards}
    ranks = rx.pagerank(
        net.directed,
        alpha=damping,
        weight_fn=float,
        personalization=start,
        tol=STEADY / net.people,
        max_iter=1_000,
    )
    return np.array([ranks[person] for person in range(net.people)])


def betweenness(net: Net, *, seed: int) -> Floats:
    """On which share of the shortest ways between two others each person lies (Freeman 1977), without directions.

    Among more than `ALL_PATHS_UP_TO` people it is estimated from a sample of starts (Brandes and Pich 2007).
    """
    halves = sampled_betweenness(net, seed=seed)
    if halves is not None:
        return (halves[0] + halves[1]) / 2
    if net.people < 3:
        return np.zeros(net.people)
    # One processor after the other adds in one order, so that the last digits stay the same.
    exact = rx.graph_betweenness_centrality(net.undirected, normalized=True, parallel_threshold=net.people + 1)
    return np.array([exact[person] for person in range(net.people)])


def sampled_betweenness(net: Net, *, seed: int) -> tuple[Floats, Floats] | None:
    """The same as estimated by either half of the sample: by how much they differ shows how sure it is.

    None where nothing is estimated.
    """
    if net.people <= ALL_PATHS_UP_TO:
        return None
    starts = np.argsort(np.random.Generator(np.random.PCG64(seed)).random(net.people))[:SAMPLE]
    halves = np.zeros((2, net.people))
    for place, start in enumerate(starts.tolist()):
        halves[place % 2] += _passed(net.both_ways, start)
    halves *= net.people / (SAMPLE / 2) / ((net.people - 1) * (net.people - 2))
    return halves[0], halves[1]


def _passed(net: Net, start: int) -> Floats:
    """How much each person lies on shortest ways from `start` to all others (Brandes 2001), one ring at a time."""
    far = np.full(net.people, -1, dtype=np.int64)
    ways = np.zeros(net.people)
    far[start], ways[start] = 0, 1.0
    rings: list[tuple[Ints, Ints]] = []
    while True:
        out = np.flatnonzero(far[net.source] == len(rings))
        out = out[far[net.target[out]] < 0]
        if len(out) == 0:
            break
        source, target = net.source[out], net.target[out]
        ways += summed(target, ways[source], net.people)
        far[target] = len(rings) + 1
        rings.append((source, target))
    passed = np.zeros(net.people)
    for source, target in reversed(rings):
        passed += summed(source, ways[source] / ways[target] * (1 + passed[target]), net.people)
    passed[start] = 0.0
    return passed


def eigenvector(net: Net) -> Floats | None:
    """x = A x / lambda, without directions, of length 1 (Bonacich 1972); None where it does not settle or is no net."""
    if len(net.source) == 0:
        return None
    try:
        found = rx.graph_eigenvector_centrality(net.undirected, max_iter=10_000, tol=STEADY)
    except rx.FailedToConverge:
        return None
    return np.array([found[person] for person in range(net.people)])


def katz(net: Net, *, alpha: float, beta: float = 1.0) -> Floats | None:
    """x = alpha A^T x + beta, not normalised (Katz 1953); None unless alpha is below 1/lambda_max."""
    found = np.full(net.people, beta)
    for _ in range(10_000):
        further = alpha * summed(net.target, found[net.source], net.people) + beta
        if not np.isfinite(further).all() or np.abs(further).sum() > 1 / STEADY:
            return None
        if np.abs(further - found).sum() < STEADY:
            return further
        found = further
    return None


def cores(net: Net) -> Ints:
    """For each person the largest k so that they keep k ties among those who all keep k (Seidman 1983)."""
    found = cast("dict[int, int]", rx.core_number(net.undirected))  # its annotation says one number
    return np.array([found[person] for person in range(net.people)], dtype=np.int64)


def density(ties: int, people: int) -> float | None:
    """Which share of all ties there could be, without directions, there is; None of fewer than two people."""
    return ties / (people * (people - 1) / 2) if people > 1 else None


def homophily(net: Net, group: Ints) -> float | None:
    """Newman's assortativity by group (2003): 1 where ties stay within, 0 as if drawn, below where they go across.

    Without directions. People in no group (negative) are left out with their ties. None where there is no tie, or only
    one group.
    """
    both = net.both_ways
    known = (group[both.source] >= 0) & (group[both.target] >= 0)
    ends, others = group[both.source[known]], group[both.target[known]]
    if len(ends) == 0:
        return None
    share = np.bincount(ends) / len(ends)
    expected, within = float((share**2).sum()), float((ends == others).mean())
    return None if expected >= 1 else (within - expected) / (1 - expected)


def bridging(net: Net, across: Flags) -> Floats:
    """For each person the share of their ties that are `across`; not a number of whom there is none."""
    ties = np.bincount(net.source, minlength=net.people).astype(np.float64)
    over = np.bincount(net.source[across], minlength=net.people).astype(np.float64)
    return np.where(ties > 0, over / np.maximum(ties, 1), np.nan)


def reach(net: Net, idle_months: Floats, *, month: float = 0.9) -> Floats:
    """For each person the strength of their ties together, each idle month leaving `month` of a tie (Orbit model)."""
    return summed(net.source, net.weight * month**idle_months, net.people)
