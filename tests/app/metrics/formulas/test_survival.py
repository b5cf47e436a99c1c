"""How long it takes until something happens, when some of it has not happened yet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas.survival import kaplan_meier

WATCHED = some.lists(some.tuples(some.integers(0, 30), some.booleans()), max_size=40)


def flags(*values: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.array(values, dtype=np.bool_)


def test_those_who_still_wait_make_the_median_longer() -> None:
    curve = kaplan_meier(ints(2, 5, 5, 9, 12), flags(1, 1, 0, 1, 0))
    assert curve.times.tolist() == [2, 5, 9]
    assert curve.waiting == pytest.approx([0.8, 0.6, 0.3])
    assert curve.median == 9  # of the three who waited no longer it is 5
    assert [curve.at(time) for time in (0, 2, 4, 5, 12)] == pytest.approx([1, 0.8, 0.8, 0.6, 0.3])
    assert curve.at(13) is None, "for which nobody was watched"
    assert curve.reached(0.9) is None


def test_where_nothing_happened_or_nobody_waited_everybody_still_does() -> None:
    for curve in (kaplan_meier(ints(), flags()), kaplan_meier(ints(3, 4), flags(0, 0))):
        assert curve.median is None
        assert curve.at(10) is None
    assert kaplan_meier(ints(30, 40), flags(0, 0)).at(10) == 1


def test_half_is_half_though_fractions_miss_it_by_a_hair() -> None:
    assert kaplan_meier(ints(*range(1, 11)), flags(*[1] * 10)).median == 5


@given(WATCHED)
def test_ever_fewer_are_waiting_and_never_less_than_nobody(watched: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(ints(*(time for time, _ in watched)), flags(*(happened for _, happened in watched)))
    steps = np.concatenate((np.ones(1), curve.waiting))
    assert (np.diff(steps) < 0).all()
    assert (steps >= 0).all()


@given(WATCHED.map(lambda each: [(time, True) for time, _ in each]).filter(bool))
def test_where_all_happened_it_is_the_share_that_came_later(watched: list[tuple[int, bool]]) -> None:
    times = ints(*(time for time, _ in watched))
    curve = kaplan_meier(times, np.ones(len(times), dtype=np.bool_))
    for time in range(31):
        assert curve.at(time) == pytest.approx((times > time).mean(), abs=1e-9)
    assert curve.median == np.sort(times)[(len(times) - 1) // 2]
