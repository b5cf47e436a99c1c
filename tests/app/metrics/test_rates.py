"""Of few people no shares and rates are told: each of them would weigh too much in one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.metrics.facts import NEVER
from app.metrics.families import Family
from app.metrics.metric import as_told_of, measure
from app.metrics.periods import parse
from app.metrics.policy import Policy
from app.metrics.rates import rates, without_rates
from app.metrics.results import Reason, Result
from app.metrics.telling import Json
from app.metrics.views import method
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.metrics.generated import community
from tests.app.metrics.test_methods import ALL, QUARTER
from tests.app.metrics.test_publishing import settle
from tests.stand_ins import SettableClock

NO_RATES = {
    "among_contributors", "assortativity", "corrected", "difference", "evenness", "gini", "gini_of_giving", "gravity",
    "median", "median_days", "median_days_since_last", "median_helped", "median_seconds", "of_halves_of_the_sample",
    "p90_seconds", "raw_change", "rho",
}  # fmt: skip
"""Numbers that need not be whole, and are parts of nothing: of concentration, of time, of how things go together."""


def parts(value: Json, name: str = "") -> Iterator[str]:
    """The names of all numbers that are not counts."""
    match value:
        case float():
            yield name
        case dict():
            for each, part in value.items():
                yield from parts(part, each)
        case list():
            for part in value:
                yield from parts(part, name)


@pytest.mark.parametrize("seed", range(4))
def test_every_number_that_is_no_count_is_known_as_a_rate_or_as_none(seed: int) -> None:
    """Whoever adds a figure says which it is: else one would be told of few people, for nobody thought of it."""
    facts = community(70, 2000, 400, seed=seed)
    for told in measure(ALL, facts, QUARTER, Policy()):
        assert {*parts(without_rates(told.value))} <= NO_RATES, told.metric


def test_each_page_explains_of_whom_rates_are_told() -> None:
    for metric in ALL:
        assert f"fewer than {Policy().rates_from} members" in str(method(metric, "https://laurels.example").told)


@pytest.mark.parametrize("seed", range(4))
def test_of_a_small_community_the_same_is_told_without_them(seed: int) -> None:
    facts = community(12, 300, 60, seed=seed)
    some = measure(ALL, facts, QUARTER, Policy(rates_from=1))
    for with_rates, told in zip(some, measure(ALL, facts, QUARTER, Policy()), strict=True):
        left_out = tuple(rates(with_rates.value))
        assert (told.rates_withheld, told.value) == (left_out, without_rates(with_rates.value))
        assert told.reason is (Reason.too_few_for_rates if left_out else with_rates.reason)
        assert (told.n, told.suppressed, told.withheld) == (with_rates.n, with_rates.suppressed, with_rates.withheld)
        assert not [*rates(told.value)]
    assert sum(bool(each.value) for each in some) > 10


@pytest.mark.parametrize(("members", "rate"), [(0, None), (19, None), (20, 0.5)])
def test_twenty_members_are_enough(members: int, rate: float | None) -> None:
    one = Result("P1", "growth", 1, parse("2026-10"), 20, 5, {"end": 20, "over_a_year": {"rate": 0.5, "start": 8}})
    told = as_told_of(members, one, Policy())
    assert told.value == {"end": 20, "over_a_year": {"rate": rate, "start": 8}}
    assert told.rates_withheld == (("/over_a_year/rate",) if rate is None else ())


def test_what_has_no_rates_is_told_as_it_is() -> None:
    one = Result("R12", "lag", 1, parse("2026-10"), 6, 5, {"median_days": 3.5})
    assert as_told_of(6, one, Policy()) == one


def test_members_are_counted_at_the_end_of_the_period() -> None:
    facts = community(40, 800, 100, seed=1)
    facts.members.left[5:] = QUARTER.seconds[1] - 1
    [told] = measure([metric for metric in ALL if metric.id == "P1"], facts, QUARTER, Policy())
    assert (facts.members.left == NEVER).sum() == 5
    assert (told.rates_withheld[0], told.reason) == ("/rate", Reason.too_few_for_rates)


@pytest.mark.parametrize(("members", "told"), [(12, False), (20, True)])
def test_of_twelve_members_no_door_tells_a_percentage(
    guild: Guild, clock: SettableClock, members: int, told: bool
) -> None:
    handles = [f"p{number}" for number in range(members)]
    for handle in handles:
        guild.member(handle)
        for days in (3, 5):
            of(guild, handle, occurred_at=f"{clock.now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(days=40)
    settle(guild, clock)
    found = [
        one
        for family in Family
        for one in done(guild.get(guild.in_guild(f"metrics/{family}"), token=guild.token("p1")), 200)["items"]
    ]
    small = [one for one in found if one["reason"] == "too-few-for-rates"]
    assert bool(small) is not told
    assert any([*rates(one["value"])] for one in found) is told
    assert all(bool(one["rates_withheld"]) == (one in small) for one in found)
    [growth] = [one for one in found if one["metric"] == "P1"]
    assert growth["value"]["end"] == members - members % 5, "counts remain"
