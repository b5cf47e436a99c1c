"""Somebody who keeps all that is told of a community and subtracts: which numbers of few people follow from it.

Of everything that adds up (contributions, joins, recognitions by type and by way) there is an unknown for each span of
time between any two ends of periods. Each number that is told is an equation. What is solved, is known.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from app.metrics.arrays import Floats, Ints
from app.metrics.facts import NEVER, NONE, Facts, Path
from app.metrics.formulas import activity
from app.metrics.periods import Window

Item = Mapping[str, Any]
"""A figure, as the door tells it."""


@dataclass(frozen=True, eq=False)
class Counted:
    """What adds up: when each was, whose it was, and in which group it is."""

    name: str
    at: Ints
    person: Ints
    group: Ints
    groups: tuple[str, ...]

    def few(self, window: tuple[int, int], groups: Sequence[int], k: int) -> bool:
        """Whether it rests on somebody, and on fewer than k."""
        inside = (self.at >= window[0]) & (self.at < window[1]) & np.isin(self.group, list(groups))
        return 0 < len(np.unique(self.person[inside])) < k


@dataclass
class Attack:
    """All equations about one thing that adds up."""

    counted: Counted
    edges: Ints
    rows: list[Floats] = field(default_factory=list)
    apart: set[tuple[int, ...]] = field(default_factory=set)
    """Groups of which something was told together, and all others."""

    def _row(self, window: Window, groups: Sequence[int]) -> Floats:
        start, end = window.seconds
        row = np.zeros((len(self.edges) - 1, len(self.counted.groups)))
        first, last = np.searchsorted(self.edges, (start, end))
        row[first:last, list(groups)] = 1.0
        return row.ravel()

    def told(self, window: Window, groups: Sequence[int], count: int) -> None:
        """That in a window there were so many of these groups; of none, that each part of it had none."""
        row = self._row(window, groups)
        self.apart.add(tuple(sorted(groups)))
        self.apart.add(tuple(each for each in range(len(self.counted.groups)) if each not in groups))
        if count == 0:
            self.rows.extend(np.eye(len(row))[row > 0])
        else:
            self.rows.append(row)

    def solved(self, spans: Iterable[tuple[int, int]], k: int) -> Iterator[str]:
        """The spans and groups of few people of which the number follows."""
        if not self.rows:
            return
        _, size, known = np.linalg.svd(np.array(self.rows), full_matrices=False)
        known = known[size > 1e-9]
        every = range(len(self.counted.groups))
        for start, end in spans:
            for groups in sorted({tuple(every), *((each,) for each in every), *self.apart}):
                if not self.counted.few((start, end), groups, k):
                    continue
                row = np.zeros((len(self.edges) - 1, len(every)))
                row[np.searchsorted(self.edges, start) : np.searchsorted(self.edges, end), groups] = 1.0
                left = row.ravel() - known.T @ (known @ row.ravel())
                if float(np.abs(left).max()) < 1e-7:
                    which = [self.counted.groups[each] for each in groups]
                    yield f"{self.counted.name} {which} from {start} to {end}"


def of_few(people: Mapping[str, Collection[str]], told: Iterable[Collection[str]], *, k: int) -> list[set[str]]:
    """Sets of groups in which there are fewer than k people, and whose sum follows from sums that are told.

    `people` are in each group; `told` are the groups of each sum.
    """
    names = list(people)
    rows = np.array([[float(name in groups) for name in names] for groups in told]).reshape(-1, len(names))
    rank = np.linalg.matrix_rank(rows) if len(rows) else 0
    found = []
    for size in range(1, len(names) + 1):
        for some in combinations(names, size):
            few = 0 < len({one for name in some for one in people[name]}) < k
            if few and np.linalg.matrix_rank(np.vstack([rows, [float(name in some) for name in names]])) == rank:
                found.append(set(some))
    return found


@dataclass(frozen=True, eq=False)
class Whole:
    """Something that adds up, of which one number is told."""

    counted: Counted
    metric: str
    place: tuple[str, ...]

    @classmethod
    def of(cls, name: str, at: Ints, person: Ints, metric: str, *place: str) -> "Whole":
        known = at < NEVER
        alike = np.zeros(int(known.sum()), dtype=np.int64)
        return cls(Counted(name, at[known], person[known], alike, ("",)), metric, place)

    def read(self, item: Item) -> Iterator[tuple[list[str], int]]:
        """What a figure says of it: groups and their count; no groups are all of them."""
        if item["metric"] != self.metric:
            return
        found = within(item["value"], self.place)
        if isinstance(found, int):
            yield [], found
        elif item["reason"] in {"nobody", "nothing-happened"} and self.counted.name != "refused":
            yield [], 0


@dataclass(frozen=True, eq=False)
class Parts:
    """Recognitions that stand, in groups."""

    counted: Counted
    metrics: tuple[str, ...]
    place: str

    @classmethod
    def of(cls, facts: Facts, group: Ints, groups: tuple[str, ...], place: str, *metrics: str) -> "Parts":
        given = facts.recognitions
        standing = (given.revoked == NEVER) & (given.accepted < NEVER)
        counted = Counted(place, given.accepted[standing], given.receiver[standing], group[standing], groups)
        return cls(counted, metrics, place)

    def read(self, item: Item) -> Iterator[tuple[list[str], int]]:
        """What a figure says of it: groups and their count; no groups are all of them."""
        if item["metric"] not in self.metrics:
            return
        total = within(item["value"], ("accepted",))
        if item["n"] == 0 or isinstance(total, int):
            yield [], total or 0
        groups, other = (within(item["value"], (self.place, part)) for part in ("groups", "other"))
        for each, said in (groups or {}).items():
            yield [each], said["recognitions"]
        if other:
            yield [each for each in self.counted.groups if each not in groups], other["recognitions"]


def within(value: Any, place: Sequence[str]) -> Any:
    """What stands in a place; None where nothing does."""
    for part in place:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def counters(facts: Facts) -> tuple[Whole | Parts, ...]:
    """What adds up."""
    given, everybody = facts.recognitions, np.arange(facts.people)
    kinds = (*(kind.key for kind in facts.kinds), "")
    kind = np.where(given.kind == NONE, len(facts.kinds), given.kind)
    daily, day = activity.daily(facts.acts.person, facts.acts.at)
    return (
        Whole.of("person-days", day, daily, "P5", "person_days"),
        Whole.of("person-days", day, daily, "P6", "person_days"),
        Whole.of("contributions", facts.output.at, facts.output.person, "P3", "contributions"),
        Whole.of("joined", facts.members.joined, everybody, "P1", "changes", "joined"),
        Whole.of("left", facts.members.left, everybody, "P1", "changes", "left"),
        Whole.of("questions", facts.questions.asked, facts.questions.asker, "P12", "questions"),
        Whole.of("refused", given.refused, given.receiver, "R0", "refused"),
        Whole.of("issued", given.issued, given.receiver, "R0", "issued"),
        Parts.of(facts, kind, kinds, "kinds", "R0", "R7"),
        Parts.of(facts, given.path, tuple(each.name for each in Path), "paths", "R0"),
    )


def _exact_sizes(told: Sequence[tuple[Window, Item]], k: int) -> Iterator[str]:
    """Where a community's size is told exactly: two of them give away who came and went between."""
    for window, item in told:
        for size in (item["n"], *(within(item["value"], (edge,)) for edge in ("start", "end"))):
            if item["metric"] == "P1" and size is not None and size % k:
                yield f"the size in {window}"


def follows(items: Iterable[tuple[Window, Item]], facts: Facts, *, k: int) -> list[str]:
    """Every number of few people that follows from all that was told."""
    told = list(items)
    edges = np.unique(np.array([edge for window, _ in told for edge in window.seconds]))
    spans = [(int(a), int(b)) for place, a in enumerate(edges) for b in edges[place + 1 :]]
    found = [*_exact_sizes(told, k)]
    for each in counters(facts):
        attack, all = Attack(each.counted, edges), each.counted.groups
        for window, item in told:
            for names, count in each.read(item):
                groups = [all.index(name) for name in names] or [*range(len(all))]
                attack.told(window, groups, count)
        found += attack.solved(spans, k)
    return found
