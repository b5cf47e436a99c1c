"""Who recognises whom in return."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas import ties
from app.nominations.rings import bounded_weight
from tests.app.metrics.formulas.test_graphs import net


def test_half_of_four_ties_go_both_ways() -> None:
    toy = net([(1, 2), (2, 1), (1, 3), (3, 4)], 5)
    assert ties.reciprocity(toy) == 0.5
    four = net([(0, 1), (1, 0), (0, 2), (2, 3)], 4)
    assert ties.beyond_chance(four) == pytest.approx(0.25)


def test_without_ties_or_with_all_there_is_nothing_beyond_chance() -> None:
    assert ties.reciprocity(net([], 3)) is None
    assert ties.beyond_chance(net([(0, 0)], 1)) is None
    assert ties.beyond_chance(net([(0, 1), (1, 0)], 2)) is None


def test_how_soon_two_did_the_same_for_each_other() -> None:
    hours = 3600
    giver, receiver = ints(0, 1, 0, 2, 3, 0), ints(1, 0, 1, 3, 2, 0)
    at = ints(0, 2 * hours, 5 * hours, 0, 48 * hours, 9)
    quick, slow = ties.returns(giver, receiver, at, 4)
    assert quick == ties.Return(0, 1, 2.5 * hours, 3)
    assert slow == ties.Return(2, 3, 48 * hours, 2)
    assert ties.is_quick(quick)
    assert not ties.is_quick(slow)
    assert not ties.is_quick(quick._replace(acts=2))
    assert ties.returns(ints(0, 0), ints(1, 1), ints(0, 1), 2) == []


def test_how_alike_two_rate_each_other() -> None:
    rated = net([(0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4), (0, 5)], 6, [3.0, 3.0, 2.0, -1.0, 1.0, 4.0, 9.0])
    found = ties.agreement(rated)
    assert (found.pairs, found.same_sign, found.same_value) == pytest.approx((3, 2 / 3, 1 / 3))
    assert ties.agreement(net([(0, 1)], 2)) == ties.Agreement(0, None, None)


def test_three_who_have_one_tie_outside_keep_to_themselves() -> None:
    triad = [(one, other) for one in range(3) for other in range(3) if one != other]
    members = np.array([True, True, True, False])
    assert ties.insularity(net([*triad, (0, 3)], 4), members) == pytest.approx(0.857143, abs=1e-6)
    assert ties.insularity(net([(3, 0)], 4), members) is None


def test_those_who_always_endorse_together_weigh_less() -> None:
    ring = {f"p{number}": {"a", "b", "c"} for number in range(1, 5)}
    assert bounded_weight("p1", ring) == pytest.approx(4.2)
    assert bounded_weight("q1", {"q1": {"d", "e", "f"}}) == pytest.approx(6.0)


def test_a_pair_adds_less_to_a_match_the_more_they_do_together() -> None:
    assert ties.matched(4, 9, 25) == pytest.approx(3)
    assert ties.matched(4, 9, 0) == pytest.approx(6)


def test_three_of_one_employer_weigh_as_the_root_of_three() -> None:
    assert ties.by_cluster(ints(3)) == pytest.approx(3**0.5)
    assert ties.by_cluster(ints(1, 1, 1)) == 3


def test_somebody_is_as_near_a_cluster_as_those_beside_them() -> None:
    clusters = np.array([[True, False], [True, True], [True, False], [False, True], [False, False]])
    assert ties.likeness(clusters, 0, 0) == 1
    assert ties.likeness(clusters, 0, 1) == 0.5
    assert ties.likeness(clusters, 4, 1) == 0


def test_twenty_recognitions_come_from_five_people_on_seven_days() -> None:
    five, seven = ints(*(each % 5 for each in range(20))), ints(*(each % 7 for each in range(20)))
    assert ties.diverse_enough(five, seven, window_days=100)
    assert not ties.diverse_enough(five % 4, seven, window_days=100)
    assert not ties.diverse_enough(five, seven % 6, window_days=100)
    assert ties.diverse_enough(five, seven % 6, window_days=8)
    assert ties.diverse_enough(ints(), ints(), window_days=100)


def test_to_help_somebody_often_is_to_help_one_person() -> None:
    assert ties.distinct_helped(ints(0, 0, 0, 1, 1), ints(1, 1, 2, 1, 2), 3).tolist() == [2, 1, 0]


PAIRS = some.lists(some.tuples(some.integers(0, 6), some.integers(0, 6)), max_size=30)


@given(PAIRS)
def test_reciprocity_is_the_same_from_the_other_side(pairs: list[tuple[int, int]]) -> None:
    turned = [(other, one) for one, other in pairs]
    assert ties.reciprocity(net(pairs, 7)) == ties.reciprocity(net(turned, 7))
    assert ties.reciprocity(net(pairs + turned, 7)) in {None, 1}
