"""Who recognises whom, and whether that looks like a ring: pure functions over acts of recognition.

An act goes from a giver to a receiver; a tie is there once there is an act, however often it was repeated. Nobody gives
to themself: such acts are passed over. All of this is advice for a steward who looks, and accuses nobody: people who
work together, mentors above all, recognise each other.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, islice, pairwise
from math import ceil
from typing import Generic, NamedTuple, TypeVar

import networkx as nx

P = TypeVar("P", bound=Hashable)
N = TypeVar("N", bound=Hashable)

SMALLEST_RING, LARGEST_RING = 3, 8
INSULAR = 0.5
"""The least share of its members' ties that a ring keeps among themselves.

Where mutual groups are compared with random ones instead, thousands of honest groups look unusual: in a sparse graph
random groups have no ties inside at all.
"""
MOST_TIES = 50_000
"""Of mutual ties; where there are more, nothing is known of anybody."""
GROUPS_PER_TIE = 10
"""Looked at among people who are connected; where there are more, nothing is known of these. Real networks have one."""

QUICK = timedelta(hours=24)
QUICK_ANSWERS = 3
BURST = 5
BURST_WITHIN = timedelta(hours=24)


class Act(NamedTuple, Generic[P]):
    """One recognition: a thanks, a second, a nomination."""

    giver: P
    receiver: P
    at: datetime


@dataclass(frozen=True)
class Ring(Generic[P]):
    """A small group of people who all recognise each other, and few others."""

    members: frozenset[P]
    insularity: float


@dataclass(frozen=True)
class Findings(Generic[P]):
    """The rings there are, and whom nothing can be said of: `unknown` is not innocent."""

    rings: frozenset[Ring[P]]
    unknown: frozenset[P]


def ties(pairs: Iterable[tuple[P, P]]) -> frozenset[tuple[P, P]]:
    """The ties that these (giver, receiver) make."""
    return frozenset((giver, receiver) for giver, receiver in pairs if giver != receiver)


def reciprocity(pairs: Iterable[tuple[P, P]]) -> float | None:
    """The share of ties whose reverse is there; None where there are no ties."""
    known = ties(pairs)
    return sum((b, a) in known for a, b in known) / len(known) if known else None


def reciprocity_beyond_chance(pairs: Iterable[tuple[P, P]], people: int) -> float | None:
    """Reciprocity compared with that of as many ties among so many people by chance: 0 is as much, below 0 is less.

    rho = (r - a) / (1 - a), a being the density (Garlaschelli and Loffredo, Phys. Rev. Lett. 93, 268701). None where
    it is undefined: without ties, or where everybody has one with everybody.
    """
    known = ties(pairs)
    share = reciprocity(known)
    if share is None or len(known) >= people * (people - 1):
        return None
    density = len(known) / (people * (people - 1))
    return (share - density) / (1 - density)


def quick_pairs(acts: Iterable[Act[P]]) -> frozenset[frozenset[P]]:
    """The pairs that answer each other quickly: at least three answers, half of them within less than a day.

    An answer is an act that goes the other way than the one before it between the two.
    """
    between: dict[frozenset[P], list[tuple[datetime, P]]] = defaultdict(list)
    for giver, receiver, at in acts:
        if giver != receiver:
            between[frozenset({giver, receiver})].append((at, giver))
    return frozenset(pair for pair, given in between.items() if _quick(given))


def _quick(given: list[tuple[datetime, P]]) -> bool:
    # Of several at one instant none answers the other, so who is named first must not matter.
    givers: dict[datetime, set[P]] = defaultdict(set)
    for at, giver in given:
        givers[at].add(giver)
    in_order = sorted(givers)
    taken = [
        (later - earlier).total_seconds() for earlier, later in pairwise(in_order) if givers[later] - givers[earlier]
    ]
    return len(taken) >= QUICK_ANSWERS and statistics.median(taken) < QUICK.total_seconds()


def insularity(pairs: Iterable[tuple[P, P]], members: Collection[P]) -> float | None:
    """The share of the ties from these members that lead to other members; None where they have none."""
    known = ties(pairs)
    inside = sum(giver in members and receiver in members for giver, receiver in known)
    leaving = sum(giver in members for giver, _ in known)
    return inside / leaving if leaving else None


def rings(pairs: Iterable[tuple[P, P]]) -> Findings[P]:
    """Groups of three to eight who all recognise each other, could not take in anybody more, and keep to themselves.

    At least half of the ties that members have lead to members. That there are two acts inside for each member follows:
    each has given to every other. How many groups there are can grow exponentially with the people (Moon and Moser
    1965), so the work is bounded by the ties: people who are connected in too many groups are `unknown`.
    """
    known = ties(pairs)
    mutual: nx.Graph[P] = nx.Graph((a, b) for a, b in known if (b, a) in known)
    if mutual.number_of_edges() > MOST_TIES:
        return Findings(frozenset(), frozenset(mutual))
    given = Counter(giver for giver, _ in known)
    found: set[Ring[P]] = set()
    unknown: set[P] = set()
    for connected in nx.connected_components(mutual):
        among = mutual.subgraph(connected)
        most = GROUPS_PER_TIE * among.number_of_edges()
        groups = list(islice(nx.find_cliques(among), most + 1))
        if len(groups) > most:
            unknown |= connected
        else:
            found |= {ring for group in groups if (ring := _ring(group, given)) is not None}
    return Findings(frozenset(found), frozenset(unknown))


def _ring(group: Collection[P], given: Mapping[P, int]) -> Ring[P] | None:
    """The ring that a group is, whose members all have ties with each other and `given` ties in all."""
    size = len(group)
    if not SMALLEST_RING <= size <= LARGEST_RING:
        return None
    share = size * (size - 1) / sum(given[member] for member in group)
    return Ring(frozenset(group), share) if share >= INSULAR else None


def surroundings(pairs: Iterable[tuple[P, P]], person: P) -> frozenset[tuple[P, P]]:
    """The ties from `person` and from everybody with whom they recognise each other.

    The rings that `person` is in are the same among these as among all, and cost no more than their own circle does.
    """
    known = ties(pairs)
    near = {person} | {other for giver, other in known if giver == person and (other, person) in known}
    return frozenset((giver, receiver) for giver, receiver in known if giver in near)


def stands_out(ring: Collection[P], *, people: int) -> bool:
    """Whether a ring among so many people keeps to itself: where there is hardly anybody else, everybody does."""
    return len(ring) - 1 < INSULAR * (people - 1)


def bounded_weight(nominee: N, endorsers: Mapping[N, Collection[P]], *, bound: float = 1.0) -> float:
    """What the endorsements of a nominee weigh when those who endorse together count for less.

    `endorsers` has those of every nominee. The sum over all endorsers, plus for each two of them 2 M/(M + c), c being
    how many nominees both endorse and M the `bound` (pairwise-bounded quadratic funding, Buterin 2019).
    """
    mine = frozenset(endorsers.get(nominee, ()))
    together = Counter(
        frozenset(two) for each in endorsers.values() for two in combinations(mine.intersection(each), 2)
    )
    return len(mine) + sum(2 * bound / (bound + count) for count in together.values())


def is_diverse(received: Iterable[tuple[P, date]], *, days: int) -> bool:
    """Whether recognitions, each from somebody on a day, come from enough people on enough days of so many.

    n of them need n/4 people and n/3 days, but never more than three quarters of the days there were (trust level 3 of
    Discourse).
    """
    known = list(received)
    people, on = {giver for giver, _ in known}, {day for _, day in known}
    return len(people) >= ceil(len(known) / 4) and len(on) >= min(ceil(len(known) / 3), ceil(0.75 * days))


def is_burst(earlier: Iterable[datetime], now: datetime) -> bool:
    """Whether one more act from one giver to one receiver is more than five within 24 hours."""
    return sum(now - BURST_WITHIN < at <= now for at in earlier) >= BURST
