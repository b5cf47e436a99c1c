"""A figure: what it is called, how it is computed, and the page that explains it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TypeAlias

from app.kit import suppression
from app.metrics.arrays import Flags
from app.metrics.differencing import Ledger, Other
from app.metrics.facts import Facts
from app.metrics.periods import Kind, Window, kind_of
from app.metrics.policy import Policy
from app.metrics.population import here
from app.metrics.rates import rates, without_rates
from app.metrics.results import Reason, Result
from app.metrics.telling import Json, Teller, Tree, nothings, numbers, places


@dataclass(frozen=True)
class Found:
    """What was computed: on how many people it rests, and its value, or why there is none."""

    n: int
    value: Tree = None
    reason: Reason | None = None
    who: "Who | None" = None
    """If it looks back further than its window: the people on whom it rests, for any."""


Who: TypeAlias = Callable[[Facts, Window, Policy], Sequence[Flags]]
"""Those on whom a figure rests, and if it is a share, those on one side of it."""
Compute: TypeAlias = Callable[[Facts, Window, Policy], Found]


def by_quarter(compute: Compute, who: Who) -> Compute:
    """A figure over a year that ends with the window, which is told of quarters and years alone.

    From one week or month to the next it differs by single people, who would be told of by subtraction.
    """

    def computed(facts: Facts, window: Window, policy: Policy) -> Found:
        if kind_of(window) in {Kind.week, Kind.month}:
            return Found(0, reason=Reason.told_by_quarter)
        return replace(compute(facts, window, policy), who=who)

    return computed


@dataclass(frozen=True)
class Method:
    """The text of a figure's public page."""

    what: str
    """What it says, for people who know no statistics."""
    how: str
    """How it is computed, so that anybody could."""
    misleads: str
    """How it is misread, and what it cannot say."""
    sources: tuple[str, ...]
    """Where it is from."""


@dataclass(frozen=True)
class Explained:
    """Something that is computed and has a public page."""

    id: str
    name: str
    version: int
    about: Method


@dataclass(frozen=True)
class Metric(Explained):
    """One figure. `compute` sees nothing that happened after the window, and nobody's name."""

    compute: Compute


def measure(
    metrics: Iterable[Metric],
    facts: Facts,
    window: Window,
    policy: Policy,
    *,
    ledgers: Callable[[str], Ledger] = lambda _: Ledger(),
) -> tuple[Result, ...]:
    """The figures of one window, as they may be told. `ledgers` has, by metric, what was told of other windows."""
    known = facts.until(window.seconds[1])
    members = int(here(known, window.seconds[1] - 1).sum())
    told = (
        tell(metric, _found(metric, known, window, policy, ledgers(metric.id)), window, policy, ledgers(metric.id))
        for metric in metrics
    )
    return tuple(as_told_of(members, one, policy) for one in told)


def as_told_of(members: int, one: Result, policy: Policy) -> Result:
    """A figure of a community of so many members: of few, without shares and rates. Counts remain."""
    withheld = tuple(rates(one.value))
    if members >= policy.rates_from or not withheld:
        return one
    return replace(one, value=without_rates(one.value), reason=Reason.too_few_for_rates, rates_withheld=withheld)


def _found(metric: Metric, known: Facts, window: Window, policy: Policy, ledger: Ledger) -> Found:
    """A figure; of a year, if those on whom it rests are others than those on whom what was told last rested by nobody,
    or by k people at least."""
    found, last = metric.compute(known, window, policy), ledger.last_told()
    if found.who is None or last is None:
        return found
    then = known.until(last.seconds[1])
    both = zip(found.who(known, window, policy), found.who(then, last, policy), strict=True)
    moved = [len({*compress(known.ids, now)} ^ {*compress(then.ids, before)}) for now, before in both]
    return found if suppression.apart(*moved, k=policy.k) else replace(found, reason=Reason.gives_another_away)


def tell(metric: Metric, found: Found, window: Window, policy: Policy, ledger: Ledger) -> Result:
    """A figure with everything taken out that would tell of fewer than k people."""

    def result(n: int | None, **also: object) -> Result:
        return Result(metric.id, metric.name, metric.version, window, n, policy.k, **also)  # type: ignore[arg-type]

    if found.reason is Reason.told_by_quarter:
        return result(None, value=None, reason=found.reason)
    if found.n == 0:
        return result(0, value=None, reason=found.reason or Reason.nobody)
    if not suppression.enough(found.n, k=policy.k):
        return result(None, value=None, suppressed=True, reason=Reason.fewer_than_k)
    if found.reason is Reason.gives_another_away:
        return result(None, value=None, suppressed=True, reason=Reason.gives_another_away)
    n = suppression.at_least(found.n, k=policy.k)
    if found.reason is not None:
        return result(n, value=None, reason=found.reason)
    teller = Teller(policy.k, window, ledger)
    value = teller.tell(found.value)
    return result(n, value=_coarse(value, digits(found.n)), withheld=tuple(teller.withheld))


def digits(people: int) -> int:
    """How many digits behind the point are told of a number that rests on so many people.

    Further ones tell how many they are, and so whether one came or went: an unevenness among n people and what it is
    when corrected for small samples differ by about 1 / n.
    """
    return 2 if people < 500 else 3 if people < 5_000 else 4


def _coarse(value: Json, places: int) -> Json:
    """With no part that is finer."""
    match value:
        case float():
            return round(value, places)
        case list():
            return [_coarse(each, places) for each in value]
        case dict():
            return {name: _coarse(each, places) for name, each in value.items()}
        case _:
            return value


def ledger(told: Iterable[Result]) -> Ledger:
    """What was told of one figure before, for those of further windows."""
    return Ledger(
        tuple(
            Other(
                each.window,
                frozenset(places(each.value)),
                frozenset(each.withheld),
                each.suppressed,
                frozenset(nothings(each.value)),
                each.reason in {Reason.nobody, Reason.nothing_happened},
                dict(numbers(each.value)),
            )
            for each in told
        )
    )
