"""Whether somebody meets a milestone's rule, and what is missing: a pure decision over what is known of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from app.milestones.rules import (
    AcrossAffiliations,
    Anniversary,
    Count,
    Criterion,
    First,
    Holds,
    Kinds,
    PeopleHelped,
    Returned,
    Rule,
    Weeks,
)


class Kind(NamedTuple):
    """What a type of contribution is."""

    mode: str
    cycles: frozenset[int]
    care_areas: frozenset[str]
    loop: str


@dataclass(frozen=True)
class Deed:
    """One contribution of the person who is weighed."""

    id: UUID
    type: str
    loop: str
    at: datetime
    others: frozenset[UUID]
    """People for whom or with whom it was done, each by the one id of the person."""
    abroad: bool | None
    """Whether one of them has another affiliation; None where that cannot be told."""


@dataclass(frozen=True)
class Facts:
    """What is known of one person at `now`."""

    joined_at: datetime
    now: datetime
    deeds: Callable[[], Sequence[Deed]]
    """Everything they did that counts, oldest first. Asked only if cheaper things do not decide."""
    held: Mapping[UUID, UUID] = field(default_factory=dict)
    """Badges in force, by achievement."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """What each type of the community is."""
    met_at: datetime | None = None
    """When they met this rule the last time."""
    counts: bool = True
    """Whether they want what they do, and hold, to be counted: else they meet nothing."""


@dataclass(frozen=True)
class Part:
    """How far one criterion is."""

    place: int
    """In the rule's `all_of`."""
    have: float
    need: float
    deeds: tuple[UUID, ...] = ()
    """The contributions that were counted."""

    @property
    def met(self) -> bool:
        """Whether there is as much as is needed."""
        return self.have >= self.need


@dataclass(frozen=True)
class Shortfall:
    """A gate that is not passed."""

    gate: str
    have: float
    need: float


@dataclass(frozen=True)
class Progress:
    """How far somebody is with a rule."""

    parts: tuple[Part, ...]
    """In the rule's order; of those that were not asked any more there is none."""
    shortfalls: tuple[Shortfall, ...]
    resting_until: datetime | None
    """They met it and cannot again before then: `FOR_EVER` for never. None if they can."""
    met: bool
    deeds: tuple[UUID, ...]
    """Every contribution that any criterion counted, oldest first."""
    counts: bool = True
    """Whether they want to be counted."""


FOR_EVER = datetime.max.replace(tzinfo=UTC)
"""Until when somebody rests who cannot meet a rule again."""


def weigh(rule: Rule, facts: Facts, *, whole: bool = True) -> Progress:
    """How far somebody is. Without `whole` it ends at the first criterion that is not met: enough to say no."""
    resting = _resting(rule, facts)
    if (resting is not None or not facts.counts) and not whole:
        return Progress((), (), resting, met=False, deeds=())
    parts: list[Part] = []
    for place, criterion in rule.cheapest_first:
        parts.append(_part(place, criterion, rule, facts))
        if not (whole or parts[-1].met):
            return Progress(tuple(parts), (), resting, met=False, deeds=())
    counted = {id for part in parts for id in part.deeds}
    deeds = [deed for deed in facts.deeds() if deed.id in counted] if counted else []
    shortfalls = tuple(_shortfalls(rule, deeds))
    met = facts.counts and resting is None and not shortfalls and all(part.met for part in parts)
    parts.sort(key=lambda part: part.place)
    return Progress(tuple(parts), shortfalls, resting, met, tuple(deed.id for deed in deeds), facts.counts)


def concerns(rule: Rule, type: str, loop: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether a contribution of this type can make any difference to the rule."""
    return any(_fits(kind, type, loop, kinds) for kind in rule.kinds)


def types_of(rules: Iterable[Rule], kinds: Mapping[str, Kind]) -> set[str]:
    """The types of contributions that make any difference to some of these rules, in whichever loop they are done."""
    asked = {of.model_copy(update={"loops": ()}) for rule in rules for of in rule.kinds}
    return {type for type in kinds if any(_fits(of, type, "", kinds) for of in asked)}


def since_when(rules: Iterable[Rule], now: datetime) -> datetime | None:
    """From when on contributions make any difference to some of these rules; None for ever."""
    windows = [rule.window_days if rule.is_within_its_window() else None for rule in rules if rule.kinds]
    longest = [days for days in windows if days is not None]
    return now - timedelta(days=max(longest, default=0)) if len(longest) == len(windows) else None


def _resting(rule: Rule, facts: Facts) -> datetime | None:
    if facts.met_at is None:
        return None
    if rule.cooldown_days is None:
        return None if rule.meets_again() else FOR_EVER
    until = facts.met_at + timedelta(days=rule.cooldown_days)
    return until if facts.now < until else None


def _fits(of: Kinds, type: str, loop: str, kinds: Mapping[str, Kind]) -> bool:
    kind = kinds.get(type)
    return (
        (not of.types or type in of.types)
        and (not of.loops or loop in of.loops)
        and (not of.modes or (kind is not None and kind.mode in of.modes))
        and (not of.cycles or (kind is not None and not kind.cycles.isdisjoint(of.cycles)))
        and (not of.care_areas or (kind is not None and not kind.care_areas.isdisjoint(of.care_areas)))
    )


def _fitting(of: Kinds, facts: Facts, *, after: datetime | None = None) -> list[Deed]:
    return [
        deed
        for deed in facts.deeds()
        if deed.at <= facts.now and (after is None or deed.at > after) and _fits(of, deed.type, deed.loop, facts.kinds)
    ]


def _since(rule: Rule, facts: Facts) -> datetime | None:
    """After when contributions count: within the window, and none that counted the last time."""
    starts = [facts.now - timedelta(days=rule.window_days)] if rule.window_days is not None else []
    return max([*starts, facts.met_at] if facts.met_at is not None else starts, default=None)


def _part(place: int, criterion: Criterion, rule: Rule, facts: Facts) -> Part:
    match criterion:
        case Anniversary():
            return Part(place, *_anniversary(criterion, facts))
        case Holds():
            return Part(place, sum(held in facts.held for held in set(criterion.achievements)), criterion.at_least)
        case First():
            first = _fitting(criterion.of, facts)[:1]
            return Part(place, len(first), 1, _ids(first))
        case Returned():
            back = _back(criterion, facts)
            return Part(place, len(back), 1, _ids(back))
    counted = _fitting(criterion.of, facts, after=_since(rule, facts))
    match criterion:
        case Count():
            return Part(place, len(counted), criterion.at_least, _ids(counted))
        case Weeks():
            return Part(place, len({_week(deed.at) for deed in counted}), criterion.at_least, _ids(counted))
        case PeopleHelped():
            helping = [deed for deed in counted if deed.others]
            people = {other for deed in helping for other in deed.others}
            return Part(place, len(people), criterion.at_least, _ids(helping))
        case AcrossAffiliations():
            return _across(place, criterion, counted)


def _anniversary(criterion: Anniversary, facts: Facts) -> tuple[float, float]:
    """Whole years of membership, and the number of them that is due next: every so many after the last time."""
    before = 0 if facts.met_at is None else _whole_years(facts.joined_at, facts.met_at) // criterion.years
    return _whole_years(facts.joined_at, facts.now), (before + 1) * criterion.years


def _whole_years(since: datetime, until: datetime) -> int:
    """Birthdays between two instants. Who joined on 29 February has theirs on 1 March in other years."""
    had = (until.month, until.day, until.timetz()) >= (since.month, since.day, since.timetz())
    return max(0, until.year - since.year - (not had))


def _back(criterion: Returned, facts: Facts) -> list[Deed]:
    """The newest contribution that came after so long a silence, if that was not welcomed before."""
    done = _fitting(criterion.of, facts)
    silence = timedelta(days=criterion.after_days)
    returns = [deed for before, deed in pairwise(done) if deed.at - before.at >= silence]
    newest = returns[-1:]
    return newest if newest and (facts.met_at is None or newest[0].at > facts.met_at) else []


def _across(place: int, criterion: AcrossAffiliations, counted: Sequence[Deed]) -> Part:
    told = [deed for deed in counted if deed.abroad is not None]
    share = sum(deed.abroad is True for deed in told) / len(told) if len(told) >= criterion.of_at_least else 0.0
    return Part(place, share, criterion.share, _ids(told))


def _shortfalls(rule: Rule, deeds: Sequence[Deed]) -> list[Shortfall]:
    """The gates that what was counted does not pass."""
    found = []
    per_person = Counter(other for deed in deeds for other in deed.others)
    if len(per_person) < rule.gates.distinct_people:
        found.append(Shortfall("distinct_people", len(per_person), rule.gates.distinct_people))
    weeks = len({_week(deed.at) for deed in deeds})
    if weeks < rule.gates.distinct_weeks:
        found.append(Shortfall("distinct_weeks", weeks, rule.gates.distinct_weeks))
    largest = max(per_person.values(), default=0) / len(deeds) if deeds else 0.0
    if largest > rule.gates.most_for_one:
        found.append(Shortfall("most_for_one", largest, rule.gates.most_for_one))
    return found


def _week(at: datetime) -> tuple[int, int]:
    year, week, _ = at.isocalendar()
    return year, week


def _ids(deeds: Sequence[Deed]) -> tuple[UUID, ...]:
    return tuple(deed.id for deed in deeds)
