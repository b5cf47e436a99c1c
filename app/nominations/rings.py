"""Who recognises whom, and whether that looks like a ring: pure functions over acts of recognition.

An act goes from a giver to a receiver; a tie is there once there is an act, however often it was repeated. Nobody gives
to themself: such acts are passed over. All of this is advice for a steward who looks, and accuses nobody: people who
work together, mentors above all, recognise each other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, islice
from typing import Generic, TypeVar

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

BURST = 5
BURST_WITHIN = timedelta(hours=24)


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


def rings(pairs: Iterable[tuple[P, P]]) -> Findings[P]:
    """Groups of three to eight who all recognise each other, could not take in anybody more, and keep to themselves.

    At least half of the ties that members have lead to members. That there are two acts inside for each member follows:
    each has given to every other. How many groups there are can grow exponentially with the people (Moon and Moser
    1965), so the work is bounded by the ties: people who are connected in too many groups are `unknown`.
    """
    known = ties(pairs)
    near: defaultdict[P, set[P]] = defaultdict(set)
    for giver, receiver in known:
        if (receiver, giver) in known:
            near[giver].add(receiver)
    if _mutual(near) > MOST_TIES:
        return Findings(frozenset(), frozenset(near))
    given = Counter(giver for giver, _ in known)
    found: set[Ring[P]] = set()
    unknown: set[P] = set()
    for connected in _connected(near):
        most = GROUPS_PER_TIE * _mutual(connected)
        groups = list(islice(_groups(connected), most + 1))
        if len(groups) > most:
            unknown |= connected.keys()
        else:
            found |= {ring for group in groups if (ring := _ring(group, given)) is not None}
    return Findings(frozenset(found), frozenset(unknown))


def _mutual(near: Mapping[P, Collection[P]]) -> int:
    """How many mutual ties there are, each being with both."""
    return sum(map(len, near.values())) // 2


def _connected(near: Mapping[P, set[P]]) -> Iterator[dict[P, set[P]]]:
    """By person, with whom they recognise each other: apart for those between whom there is no way."""
    left = set(near)
    while left:
        edge = {left.pop()}
        reached = set(edge)
        while edge:
            edge = set[P]().union(*(near[person] for person in edge)) - reached
            reached |= edge
        left -= reached
        yield {person: near[person] for person in reached}


def _groups(near: Mapping[P, set[P]]) -> Iterator[frozenset[P]]:
    """Each group of people who all recognise each other and could not take in anybody more, once.

    Bron and Kerbosch 1973, with the pivot of Tomita, Tanaka and Takahashi 2006; without recursion, whatever the size.
    """
    todo = [(frozenset[P](), set(near), set[P]())]
    while todo:
        group, others, seen = todo.pop()
        if not others and not seen:
            yield group
            continue
        pivot = max(others | seen, key=lambda person: len(others & near[person]))
        for person in others - near[pivot]:
            todo.append((group | {person}, others & near[person], seen & near[person]))
            others.remove(person)
            seen.add(person)


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


def is_burst(earlier: Iterable[datetime], now: datetime) -> bool:
    """Whether one more act from one giver to one receiver is more than five within 24 hours."""
    return sum(now - BURST_WITHIN < at <= now for at in earlier) >= BURST
