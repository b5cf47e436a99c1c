"""How much people take part, how often and how deep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import DAY, ints
from app.metrics.facts import NEVER, Depth
from app.metrics.formulas import activity

WEIGHTS = ints(1, 4, 7, 10)


def test_growth_counts_those_who_left_too() -> None:
    found = activity.Growth(start=339, end=430, joined=100, left=9)
    assert found.rate == pytest.approx(0.2684, abs=5e-5)
    assert activity.Growth(0, 4, 4, 0).rate is None


def test_whoever_comes_or_goes_on_the_edge_does_so_in_the_later_window() -> None:
    joined, left = ints(0, 10, 10, 19, 20, 5), ints(NEVER, NEVER, 10, 20, NEVER, 10)
    assert activity.growth(joined, left, 10, 20) == activity.Growth(start=2, end=3, joined=3, left=2)
    assert activity.growth(joined, left, 20, 30) == activity.Growth(start=3, end=3, joined=1, left=1)


@given(some.lists(some.tuples(some.integers(0, 60), some.integers(0, 60)), max_size=20))
def test_windows_that_follow_each_other_add_up(spells: list[tuple[int, int]]) -> None:
    """Whoever is said to have left before they joined left when they joined."""
    joined, left = ints(*(each for each, _ in spells)), ints(*(each for _, each in spells))
    first, second = activity.growth(joined, left, 10, 30), activity.growth(joined, left, 30, 50)
    both = activity.growth(joined, left, 10, 50)
    assert first.end == second.start
    assert both == activity.Growth(first.start, second.end, first.joined + second.joined, first.left + second.left)
    assert min(both) >= 0


def test_constant_growth_does_not_accelerate() -> None:
    assert activity.acceleration(0.1, 0.1) == 0
    assert activity.acceleration(0.1, None) is None


def test_to_have_so_many_active_there_have_to_be_so_many() -> None:
    assert activity.people_needed(43, 0.1) == 430
    assert activity.people_needed(44, 0.1) == 440
    assert activity.people_needed(1, 0.3) == 4
    assert activity.people_needed(1, 0.0) is None


def test_the_deepest_counts_however_much_else_there_is() -> None:
    person = ints(0, *[1] * 9, *[2] * 50, 2)
    depth = ints(Depth.create, *[Depth.respond] * 9, *[Depth.consume] * 50, Depth.create)
    assert activity.deepest(person, depth, 4).tolist() == [Depth.create, Depth.respond, Depth.create, Depth.none]


def test_the_mix_is_what_share_of_acts_goes_how_deep() -> None:
    assert activity.mode_mix(ints(1, 1, 1, 3), 4).tolist() == [0, 0.75, 0, 0.25]
    assert activity.mode_mix(ints(), 4).tolist() == [0, 0, 0, 0]


def test_of_ten_who_consumed_two_went_on_to_respond() -> None:
    found = activity.transitions(ints(*[1] * 10), ints(*[1] * 8, 2, 2), 4)
    assert (found[1] / found[1].sum()).tolist() == [0, 0.8, 0.2, 0]


def daily_and_once() -> tuple[list[int], list[int]]:
    """One member on each of thirty days, twice, and ten others once each."""
    person = [0] * 60 + list(range(1, 11))
    at = [day * DAY + 5 * part for day in range(30) for part in (0, 1)] + [3 * DAY] * 10
    return person, at


def test_stickiness_of_one_daily_and_ten_once() -> None:
    person, at = (ints(*each) for each in daily_and_once())
    who, day = activity.daily(person, at)
    monthly = activity.active(person, at, 0, 30 * DAY)
    assert (len(who), len(monthly)) == (40, 11)
    assert day[who == 0].tolist() == [number * DAY for number in range(30)]
    assert activity.stickiness(len(who), 30, len(monthly)) == pytest.approx(0.121212, abs=5e-7)
    assert activity.stickiness(0, 30, 0) is None


def test_somebody_is_active_once_a_window_which_ends_before_its_end() -> None:
    person, at = ints(1, 1, 2, 3, 4), ints(10, 11, 19, 20, 9)
    assert activity.active(person, at, 10, 20).tolist() == [1, 2]


def test_days_on_which_people_were_active() -> None:
    person, at = ints(0, 0, 0, 1), ints(0, DAY - 1, 6 * DAY, 7 * DAY)
    assert activity.active_days(person, at, 0, 7, 3).tolist() == [2, 0, 0]


def test_two_of_three_stayed() -> None:
    assert activity.kept(ints(1, 2, 3), ints(2, 3, 4)) == pytest.approx(2 / 3)
    assert activity.kept(ints(), ints(1)) is None


def test_an_act_weighs_half_after_ninety_days() -> None:
    ages = ints(0, 90, 180, 45)
    found = activity.decayed(ints(0, 1, 2, 3), (1000 - ages) * DAY, 1000 * DAY, 90, 4)
    assert found == pytest.approx([1, 0.5, 0.25, 0.707107], abs=5e-7)
    weighed = activity.decayed(ints(0, 0), ints(0, 0), 0, 90, 1, np.array([2.0, 3.0]))
    assert weighed.tolist() == [5]


def test_a_clock_is_not_bursty() -> None:
    assert activity.burstiness(ints(5, 5, 5, 5)) == -1
    bursts = activity.burstiness(ints(*[1] * 99, 10_000))
    assert bursts is not None
    assert bursts > 0.5
    assert activity.burstiness(ints(5)) is None
    assert activity.burstiness(ints(0, 0, 0)) is None


def test_gravity_of_the_orbit_model() -> None:
    january, february, march = ints(17, 8, 4, 1), ints(15, 9, 5, 1), ints(12, 10, 6, 2)
    assert [int((each * WEIGHTS**2).sum()) for each in (january, february, march)] == [441, 504, 666]
    assert activity.gravity_of_counts(february, january, WEIGHTS, 30) == pytest.approx(2.1)
    assert activity.gravity_of_counts(march, february, WEIGHTS, 30) == pytest.approx(5.4)
    people = [np.repeat(np.arange(4), each) for each in (january, february)]
    assert activity.gravity(people[1], people[0], WEIGHTS) == pytest.approx(2.1)
    assert activity.gravity(ints(), ints(), WEIGHTS) is None


def test_an_announced_break_is_no_absence() -> None:
    last, paused = ints(0, 0, 50), ints(0, 30, 0)
    assert activity.absent(last, 60, 60, paused).tolist() == [True, False, False]


def test_each_absence_ends_once() -> None:
    at = ints(0, 10, 70, 71, 200, 259)
    assert activity.ends_gap(at, 60).tolist() == [False, False, True, False, True, False]
    assert activity.ends_gap(ints(), 60).tolist() == []
