"""Somebody who keeps all that is told of a community and subtracts: how exactly do numbers of few follow from it?

Of everything that adds up (contributions, joins, recognitions by type and by way) there is an unknown for each span of
time between any two ends of periods. Each number that is told says between which two a sum of them lies, since the
attacker knows how numbers are told; and so does each that is not told. Between which two each number of few people
then has to lie, a linear program says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil, floor, inf
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import linprog

from app.metrics.arrays import Floats, Ints
from app.metrics.facts import NEVER, NONE, Facts, Path
from app.metrics.formulas import activity
from app.metrics.periods import Window

Item = Mapping[str, Any]
"""A figure, as the door tells it."""
Said: TypeAlias = tuple[list[str], float, float]
"""Groups, none being all of them, and between which two numbers theirs is."""
AT_MOST = 60
"""Numbers of few people of each thing that are looked for: each asks for two linear programs."""


def of_acts(told: int, k: int = 5) -> tuple[float, float]:
    """Between which two a count of what people did is that is told as this."""
    return told, told + max(k, 10 ** (len(str(told)) - 2)) - 1


def of_people(told: int, k: int = 5) -> tuple[float, float]:
    """Likewise of people."""
    return told, told + k - 1


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
    """All that is known of one thing that adds up."""

    counted: Counted
    edges: Ints
    rows: list[Floats] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def _row(self, span: tuple[int, int], groups: Sequence[int]) -> Floats:
        row = np.zeros((len(self.edges) - 1, len(self.counted.groups)))
        first, last = np.searchsorted(self.edges, span)
        row[first:last, list(groups)] = 1.0
        return row.ravel()

    def told(self, window: Window, groups: Sequence[int], least: float, most: float) -> None:
        """That in a window there were between so and so many of these groups."""
        self.rows.append(self._row(window.seconds, groups))
        self.least.append(least)
        self.most.append(most)

    def bounds(self, span: tuple[int, int], groups: Sequence[int]) -> tuple[float, float]:
        """Between which two the number of these groups in a span lies."""
        aim, rows = self._row(span, groups), np.array(self.rows)
        sides = np.vstack([rows, -rows]), np.array([*self.most, *(-each for each in self.least)])
        limited = np.isfinite(sides[1])
        ends = [
            linprog(sign * aim, A_ub=sides[0][limited], b_ub=sides[1][limited], bounds=(0, None)) for sign in (1, -1)
        ]
        low, high = (
            sign * end.fun if end.status == 0 else sign * -inf for sign, end in zip((1, -1), ends, strict=True)
        )
        assert {end.status for end in ends} <= {0, 3}, "what was told contradicts itself"
        return ceil(low - 1e-6), high if high == inf else floor(high + 1e-6)

    def known(self, spans: Iterable[tuple[int, int]], k: int, *, within: int) -> Iterator[str]:
        """The spans and groups of few people of which the number is known to be one of so many, or fewer."""
        every = range(len(self.counted.groups))
        sought = [
            (span, groups)
            for span in spans
            for groups in (tuple(every), *(((each,) for each in every) if len(every) > 1 else ()))
            if self.counted.few(span, groups, k)
        ]
        for span, groups in sought[:: ceil(len(sought) / AT_MOST)] if sought and self.rows else ():
            low, high = self.bounds(span, groups)
            if high - low < within:
                which = [self.counted.groups[each] for each in groups]
                yield f"{self.counted.name} {which} from {span[0]} to {span[1]}: {low} to {high}"


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

    def read(self, item: Item) -> Iterator[Said]:
        """What a figure says of it."""
        if item["metric"] != self.metric:
            return
        found = within(item["value"], self.place)
        heads = self.place[0] == "changes"
        if isinstance(found, int):
            yield [], *(of_people if heads else of_acts)(found)
        elif "/" + "/".join(self.place) in item["withheld"]:
            yield [], 0, item["k"] - 1 if heads else inf


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

    def read(self, item: Item) -> Iterator[Said]:
        """What a figure says of it."""
        if item["metric"] not in self.metrics:
            return
        total = within(item["value"], ("accepted",))
        if isinstance(total, int):
            yield [], *of_acts(total)
        groups, other = (within(item["value"], (self.place, part)) for part in ("groups", "other"))
        for each, said in (groups or {}).items():
            if said["recognitions"] is not None:
                yield [each], *of_acts(said["recognitions"])
        if other and other["recognitions"] is not None:
            yield [each for each in self.counted.groups if each not in groups], *of_acts(other["recognitions"])


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


def follows(items: Iterable[tuple[Window, Item]], facts: Facts, *, k: int, within: int) -> list[str]:
    """Every number of few people that is known to be one of so many, or fewer, by all that was told."""
    told = list(items)
    edges = np.unique(np.array([edge for window, _ in told for edge in window.seconds]))
    spans = [(int(a), int(b)) for place, a in enumerate(edges) for b in edges[place + 1 :]]
    found = list[str]()
    for each in counters(facts):
        attack, all = Attack(each.counted, edges), each.counted.groups
        for window, item in told:
            for names, least, most in each.read(item):
                groups = [all.index(name) for name in names] or [*range(len(all))]
                attack.told(window, groups, least, most)
        found += attack.known(spans, k, within=within)
    return found
