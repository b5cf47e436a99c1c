"""A figure: what it is called, how it is computed, and the page that explains it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.kit import suppression
from app.metrics.facts import Facts
from app.metrics.periods import Kind, Window, kind_of
from app.metrics.policy import Policy
from app.metrics.population import here
from app.metrics.rates import rates, without_rates
from app.metrics.results import Reason, Result
from app.metrics.telling import Teller, Tree


@dataclass(frozen=True)
class Found:
    """What was computed: on how many people it rests, and its value, or why there is none."""

    n: int
    value: Tree = None
    reason: Reason | None = None


Compute: TypeAlias = Callable[[Facts, Window, Policy], Found]


def by_quarter(compute: Compute) -> Compute:
    """A figure over a year that ends with the window, which is told of quarters and years alone: two weeks or months
    of it are nearly the same year twice."""

    def computed(facts: Facts, window: Window, policy: Policy) -> Found:
        if kind_of(window) in {Kind.week, Kind.month}:
            return Found(0, reason=Reason.told_by_quarter)
        return compute(facts, window, policy)

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


def measure(metrics: Iterable[Metric], facts: Facts, window: Window, policy: Policy) -> tuple[Result, ...]:
    """The figures of one window, as they may be told."""
    known = facts.until(window.seconds[1])
    members = int(here(known, window.seconds[1] - 1).sum())
    told = (tell(metric, metric.compute(known, window, policy), window, policy) for metric in metrics)
    return tuple(as_told_of(members, one, policy) for one in told)


def as_told_of(members: int, one: Result, policy: Policy) -> Result:
    """A figure of a community of so many members: of few, without shares and rates. Counts remain."""
    withheld = tuple(rates(one.value))
    if members >= policy.rates_from or not withheld:
        return one
    return replace(one, value=without_rates(one.value), reason=Reason.too_few_for_rates, rates_withheld=withheld)


def tell(metric: Metric, found: Found, window: Window, policy: Policy) -> Result:
    """A figure with everything taken out that would tell of fewer than k people."""

    def result(n: int | None, **also: object) -> Result:
        return Result(metric.id, metric.name, metric.version, window, n, policy.k, **also)  # type: ignore[arg-type]

    if found.reason is Reason.told_by_quarter:
        return result(None, value=None, reason=found.reason)
    if not suppression.enough(found.n, k=policy.k):
        return result(None, value=None, suppressed=True, reason=Reason.fewer_than_k)
    n = suppression.at_least(found.n, k=policy.k)
    if found.reason is not None:
        return result(n, value=None, reason=found.reason)
    teller = Teller(policy.k, found.n)
    value, withheld = teller.tell(found.value), tuple(teller.withheld)
    reason = Reason.fewer_than_k if withheld else None
    return result(n, value=value, suppressed=bool(withheld) and not teller.told, reason=reason, withheld=withheld)
