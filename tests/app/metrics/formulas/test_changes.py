"""When something changed for good."""

import pytest

from app.metrics.formulas.changes import changes, pettitt

STEADY = [20, 21, 19, 20, 22, 18, 20, 21, 19, 20, 21, 20]


def test_what_goes_up_and_down_does_not_change() -> None:
    assert changes(STEADY) == ()
    assert changes([]) == changes([3]) == changes([5.0] * 24) == ()


def test_a_step_is_found_where_it_is() -> None:
    [change] = changes([10] * 8 + [16] * 8)
    assert (change.place, change.before, change.after) == (8, 10, 16)
    assert change.p == pytest.approx(2 * 2.718281828 ** (-6 * 64**2 / (16**3 + 16**2)), rel=1e-6)


def test_one_odd_month_is_no_change() -> None:
    assert changes([*STEADY[:6], 400, *STEADY[6:]]) == ()


def test_two_steps_are_two() -> None:
    found = changes([10] * 12 + [20] * 12 + [5] * 12)
    assert [each.place for each in found] == [12, 24]
    assert [(each.before, each.after) for each in found] == [(10, 20), (20, 5)]


def test_of_one_value_nothing_parts() -> None:
    assert pettitt([4.0]) == (0, 1.0)
