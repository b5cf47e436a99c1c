"""Who recognises whom, as numbers: the worked examples, planted rings, and what no order of telling may change."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, permutations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.rings import (
    Act,
    Ring,
    bounded_weight,
    insularity,
    is_burst,
    is_diverse,
    quick_pairs,
    reciprocity,
    reciprocity_beyond_chance,
    rings,
    stands_out,
    surroundings,
)

THEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FOUR = [(1, 2), (2, 1), (1, 3), (3, 4)]


def all_of(*group: int) -> list[tuple[int, int]]:
    """Everybody of a group to everybody."""
    return list(permutations(group, 2))


def members_of_rings(pairs: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    return {ring.members for ring in rings(pairs).rings}


# --- Reciprocity


def test_half_of_the_ties_are_answered() -> None:
    assert reciprocity(FOUR) == 0.5


def test_what_is_answered_beyond_chance_is_what_garlaschelli_and_loffredo_say() -> None:
    assert reciprocity_beyond_chance(FOUR, 4) == pytest.approx(0.25)  # density 1/3: (1/2 - 1/3) / (1 - 1/3)
    assert reciprocity_beyond_chance([(1, 2), (2, 3), (3, 1)], 3) == pytest.approx(-1)


def test_without_ties_or_with_all_of_them_there_is_nothing_to_say() -> None:
    assert reciprocity([]) is None
    assert reciprocity([(1, 1)]) is None
    assert reciprocity_beyond_chance([], 4) is None
    assert reciprocity_beyond_chance(all_of(1, 2, 3), 3) is None


@pytest.mark.parametrize(
    ("graph", "ties"),
    [(nx.karate_club_graph, 156), (nx.florentine_families_graph, 40), (nx.les_miserables_graph, 508)],
)
def test_where_all_ties_are_mutual_all_are_answered(graph: Callable[[], Any], ties: int) -> None:
    pairs = list(nx.DiGraph(graph()).edges)
    assert len(pairs) == ties
    assert reciprocity(pairs) == 1


# --- Answers


def between(*givers_at_hours: tuple[str, float]) -> list[Act[str]]:
    other = {"a": "b", "b": "a"}
    return [Act(giver, other[giver], THEN + timedelta(hours=hours)) for giver, hours in givers_at_hours]


def test_three_quick_answers_are_noticed() -> None:
    assert quick_pairs(between(("a", 0), ("b", 1), ("a", 2), ("b", 3))) == {frozenset("ab")}


@pytest.mark.parametrize(
    "acts",
    [
        between(("a", 0), ("b", 1), ("a", 2)),  # two answers
        between(("a", 0), ("b", 24), ("a", 48), ("b", 72)),  # a day each
        between(("a", 0), ("a", 1), ("a", 2), ("a", 3), ("a", 4)),  # no answer
        between(("a", 0), ("b", 0), ("a", 0), ("b", 0)),  # all at once
    ],
)
def test_few_slow_and_no_answers_are_not(acts: list[Act[str]]) -> None:
    assert quick_pairs(acts) == frozenset()


def test_half_of_the_answers_have_to_be_quick() -> None:
    assert quick_pairs(between(("a", 0), ("b", 1), ("a", 2), ("b", 90))) == {frozenset("ab")}
    assert quick_pairs(between(("a", 0), ("b", 40), ("a", 80), ("b", 81))) == frozenset()


# --- Rings


def test_a_triad_with_one_tie_beyond_keeps_six_of_seven_inside() -> None:
    pairs = [*all_of(1, 2, 3), (1, 9), (9, 1)]
    assert insularity(pairs, {1, 2, 3}) == pytest.approx(0.857143, abs=1e-6)
    assert rings(pairs).rings == {Ring(frozenset({1, 2, 3}), 6 / 7)}
    assert insularity([(9, 1)], {1, 2, 3}) is None


def planted(seed: int) -> list[tuple[int, int]]:
    """Sixty people who each give to two others, whoever they are; six pairs who thank each other; a ring of four."""
    chance = random.Random(seed)  # noqa: S311
    pairs = [(giver, receiver) for giver in range(60) for receiver in chance.sample(range(60), 2)]
    for first in range(20, 32, 2):
        pairs += [(first, first + 1), (first + 1, first)]
    pairs += all_of(0, 1, 2, 3)
    chance.shuffle(pairs)
    return pairs


def test_a_ring_of_four_in_a_crowd_is_found_and_nobody_else_is_suspected() -> None:
    for seed in range(50):
        found = rings(planted(seed))
        assert {ring.members for ring in found.rings} == {frozenset({0, 1, 2, 3})}, seed
        assert found.unknown == frozenset()


def test_pairs_are_no_ring_however_close() -> None:
    assert members_of_rings([*all_of(1, 2), *all_of(3, 4)]) == set()


def test_eight_can_be_a_ring_and_nine_are_a_team() -> None:
    assert members_of_rings(all_of(*range(8))) == {frozenset(range(8))}
    assert members_of_rings(all_of(*range(9))) == set()


def test_one_tie_that_is_not_answered_opens_a_ring() -> None:
    assert members_of_rings(set(all_of(1, 2, 3)) - {(2, 1)}) == set()


def test_half_inside_is_a_ring_and_less_is_not() -> None:
    half = [*all_of(1, 2, 3), *((1, other) for other in range(10, 16))]
    assert members_of_rings(half) == {frozenset({1, 2, 3})}
    assert members_of_rings([*half, (2, 20)]) == set()


def test_giving_again_does_not_make_a_group_more_insular() -> None:
    wide = [*all_of(1, 2, 3), *((1, other) for other in range(10, 17))]
    assert members_of_rings(wide + all_of(1, 2, 3) * 20) == set()


def test_where_there_are_too_many_groups_nothing_is_known_of_those_people_and_a_ring_elsewhere_is_found() -> None:
    # Eleven threes, nobody tied within their own: 3^11 groups among 33 people (Moon and Moser).
    crowd = [(a, b) for a, b in all_of(*range(33)) if a // 3 != b // 3]
    found = rings([*crowd, *all_of(100, 101, 102)])
    assert found.unknown == frozenset(range(33))
    assert {ring.members for ring in found.rings} == {frozenset({100, 101, 102})}


def test_beyond_the_greatest_number_of_ties_nothing_is_known_of_anybody() -> None:
    found = rings(all_of(*range(317)))
    assert found.unknown == frozenset(range(317))
    assert found.rings == frozenset()


GRAPHS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60)


@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_order_of_telling_and_acts_towards_oneself_change_nothing(
    pairs: list[tuple[int, int]], chance: random.Random
) -> None:
    other = [*pairs, (0, 0), (5, 5), *pairs[:3]]
    chance.shuffle(other)
    assert rings(pairs) == rings(other)
    assert reciprocity(pairs) == reciprocity(other)
    assert reciprocity_beyond_chance(pairs, 10) == reciprocity_beyond_chance(other, 10)
    assert insularity(pairs, {1, 2, 3}) == insularity(other, {1, 2, 3})
    acts = [Act(giver, receiver, THEN + n * timedelta(hours=7)) for n, (giver, receiver) in enumerate(pairs)]
    shuffled = [*acts, Act(4, 4, THEN)]
    chance.shuffle(shuffled)
    assert quick_pairs(acts) == quick_pairs(shuffled)


@given(GRAPHS)
def test_rings_are_what_looking_at_every_group_finds(pairs: list[tuple[int, int]]) -> None:
    known = {(a, b) for a, b in pairs if a != b}
    people = {person for pair in known for person in pair}
    groups = [
        frozenset(group)
        for size in range(2, len(people) + 1)
        for group in combinations(sorted(people), size)
        if known.issuperset(permutations(group, 2))
    ]
    largest = [group for group in groups if not any(group < other for other in groups)]
    expected = {g for g in largest if 3 <= len(g) <= 8 and (insularity(known, g) or 0) >= 0.5}
    found = rings(pairs).rings
    assert {ring.members for ring in found} == expected
    for ring in found:
        assert ring.insularity == insularity(known, ring.members)
        assert all(sum(a == member and b in ring.members for a, b in known) >= 2 for member in ring.members)


@given(GRAPHS)
def test_reciprocity_is_what_networkx_says(pairs: list[tuple[int, int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph((a, b) for a, b in pairs if a != b)
    assert reciprocity(pairs) == (nx.overall_reciprocity(graph) if graph.number_of_edges() else None)


# --- Weight


def test_three_who_always_endorse_together_weigh_less_than_three_who_do_not() -> None:
    together = dict.fromkeys(range(4), "abc")
    assert bounded_weight(0, together) == pytest.approx(4.2)
    assert bounded_weight(0, {0: "abc"}) == pytest.approx(6.0)
    assert bounded_weight(0, {0: "abc"}, bound=1e9) == pytest.approx(9.0)  # plain quadratic


def test_who_nobody_endorses_weighs_nothing() -> None:
    assert bounded_weight("x", {"y": "abc"}) == 0
    assert bounded_weight("x", {"x": "aa"}) == 1


# --- Diversity


def received(people: int, days: int, n: int) -> list[tuple[int, date]]:
    return [(i % people, THEN.date() + timedelta(days=i % days)) for i in range(n)]


@pytest.mark.parametrize(
    ("people", "on", "enough"), [(5, 7, True), (4, 7, False), (5, 6, False), (20, 20, True), (1, 1, False)]
)
def test_twenty_recognitions_need_five_people_and_seven_days(people: int, on: int, enough: bool) -> None:
    assert is_diverse(received(people, on, 20), days=100) is enough


def test_in_a_few_days_nobody_can_be_recognised_on_more() -> None:
    assert is_diverse(received(5, 3, 20), days=4)
    assert not is_diverse(received(5, 2, 20), days=4)


# --- Bursts


def held_of(hours: Iterable[float]) -> int:
    """How many of these acts from one to another are held."""
    times = [THEN + timedelta(hours=hour) for hour in hours]
    return sum(is_burst(times[:n], now) for n, now in enumerate(times))


def test_of_six_in_a_day_one_is_held() -> None:
    assert held_of(range(6)) == 1
    assert held_of(range(5)) == 0


def test_a_day_later_it_is_no_burst_any_more() -> None:
    assert held_of([0, 1, 2, 3, 4, 24]) == 0
    assert held_of([0, 1, 2, 3, 4, 23.9]) == 1


def test_who_goes_on_all_day_is_held_all_along() -> None:
    assert held_of([0, 0, 0, 0, 0, 1, 2, 3]) == 3


@given(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_the_rings_that_somebody_is_in_are_found_in_their_surroundings(pairs: list[tuple[int, int]]) -> None:
    for person in range(10):
        near = {ring for ring in rings(surroundings(pairs, person)).rings if person in ring.members}
        assert near == {ring for ring in rings(pairs).rings if person in ring.members}


def test_a_ring_stands_out_where_half_of_all_others_are_not_in_it() -> None:
    assert [people for people in range(4, 12) if stands_out("abcd", people=people)] == [8, 9, 10, 11]
