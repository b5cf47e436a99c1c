"""Whether recognition goes where the work is done."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas import equity
from app.metrics.formulas.equity import Fairness

POINTS, RECOGNITIONS = ints(40, 30, 20, 10), ints(6, 4, 0, 0)


def test_the_third_did_much_and_is_the_most_unsung() -> None:
    found = equity.unsung(POINTS, RECOGNITIONS)
    assert found.expected.tolist() == [4, 3, 2, 1]
    assert found.gap.tolist() == [2, 1, -2, -1]
    assert found.residual == pytest.approx([1, 0.57735, -1.414214, -1], abs=1e-6)
    assert int(found.residual.argmin()) == 2


def test_where_nobody_did_or_got_anything_nobody_is_unsung() -> None:
    for points, recognitions in ((ints(0, 0), ints(3, 1)), (ints(5, 5), ints(0, 0)), (ints(), ints())):
        assert not equity.unsung(points, recognitions).residual.any()


def test_two_of_three_who_did_much_were_recognised() -> None:
    expected, covered = equity.coverage(POINTS, RECOGNITIONS > 0, 20)
    assert (expected.sum(), covered.sum()) == (3, 2)
    assert [len(each) for each in equity.coverage(ints(), np.zeros(0, dtype=np.bool_), 20)] == [0, 0]


def test_newcomers_have_less_recognition_than_work() -> None:
    assert equity.parity(12, 100, 30, 100) == pytest.approx(0.4)
    assert equity.parity(0, 10, 3, 10) == 0
    assert equity.parity(1, 10, 0, 10) is None
    assert equity.parity(0, 0, 3, 10) is None


def test_who_was_recognised_before_is_six_times_as_likely_to_be() -> None:
    """Whatever the level of activity; and though those who were recognised before are mostly the more active ones."""
    before, recognised, activity = [], [], []
    for level, (old, old_again, new, new_anew) in enumerate([(10, 6, 50, 5), (50, 30, 10, 1)]):
        before += [True] * old + [False] * new
        recognised += [each < old_again for each in range(old)] + [each < new_anew for each in range(new)]
        activity += [level] * (old + new)
    found = equity.head_start(np.array(recognised), np.array(before), ints(*activity), strata=2)
    assert found == pytest.approx(6)


def test_without_two_groups_there_is_no_head_start() -> None:
    everybody, nobody = np.ones(4, dtype=np.bool_), np.zeros(4, dtype=np.bool_)
    assert equity.head_start(everybody, everybody, ints(1, 2, 3, 4)) is None
    assert equity.head_start(everybody, nobody, ints(1, 2, 3, 4)) is None
    assert equity.head_start(nobody[:0], nobody[:0], ints()) is None


def decisions(approved: int, of: int) -> equity.Rate:
    return equity.rate(np.arange(of) < approved)


def test_half_the_rate_is_worth_a_look_once_there_are_enough_decisions() -> None:
    eight, four = decisions(8, 10), decisions(4, 10)
    assert equity.ratio(eight, four) == 0.5
    assert equity.fairness(eight, four, least=0.8, enough=20) is Fairness.insufficient
    assert equity.fairness(decisions(16, 20), decisions(8, 20), least=0.8, enough=20) is Fairness.look
    assert equity.fairness(decisions(20, 25), decisions(16, 25), least=0.8, enough=20) is Fairness.even
    assert eight.interval.low < 0.8 < eight.interval.high


def test_no_decisions_are_neither_fair_nor_unfair() -> None:
    assert equity.ratio(decisions(0, 0), decisions(5, 9)) is None
    assert equity.fairness(decisions(0, 30), decisions(0, 30), least=0.8, enough=20) is Fairness.insufficient


@given(some.lists(some.tuples(some.integers(0, 50), some.integers(0, 9)), min_size=1, max_size=30))
def test_what_some_have_too_much_others_have_too_little(people: list[tuple[int, int]]) -> None:
    points, recognitions = ints(*(each for each, _ in people)), ints(*(each for _, each in people))
    found = equity.unsung(points, recognitions)
    if points.sum():
        assert found.gap.sum() == pytest.approx(0, abs=1e-9)
        assert found.expected.sum() == pytest.approx(recognitions.sum())
