"""Who recognises whom, as numbers: the worked examples, planted rings, and what no order of telling may change."""

import random
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.rings import Ring, bounded_weight, is_burst, rings, stands_out, surroundings

THEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def all_of(*group: int) -> list[tuple[int, int]]:
    """Everybody of a group to everybody."""
    return list(permutations(group, 2))


def members_of_rings(pairs: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    return {ring.members for ring in rings(pairs).rings}


def insularity(pairs: Iterable[tuple[int, int]], members: Collection[int]) -> float:
    """The share of the ties from these members that lead to other members."""
    leaving = [(giver, receiver) for giver, receiver in set(pairs) if giver in members and giver != receiver]
    return sum(receiver in members for _, receiver in leaving) / len(leaving)


# --- Rings


def test_a_triad_with_one_tie_beyond_keeps_six_of_seven_inside() -> None:
    pairs = [*all_of(1, 2, 3), (1, 9), (9, 1)]
    assert insularity(pairs, {1, 2, 3}) == pytest.approx(0.857143, abs=1e-6)
    assert rings(pairs).rings == {Ring(frozenset({1, 2, 3}), 6 / 7)}


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
    expected = {g for g in largest if 3 <= len(g) <= 8 and insularity(known, g) >= 0.5}
    found = rings(pairs).rings
    assert {ring.members for ring in found} == expected
    for ring in found:
        assert ring.insularity == insularity(known, ring.members)
        assert all(sum(a == member and b in ring.members for a, b in known) >= 2 for member in ring.members)


@pytest.mark.parametrize("graph", [nx.karate_club_graph, nx.florentine_families_graph, nx.les_miserables_graph])
def test_rings_among_people_who_all_answer_are_the_cliques_of_networkx(graph: Callable[[], Any]) -> None:
    among: nx.Graph[Any] = nx.Graph(graph())
    ties = list(nx.DiGraph(among).edges)
    cliques = [frozenset(clique) for clique in nx.find_cliques(among) if 3 <= len(clique) <= 8]
    assert {ring.members for ring in rings(ties).rings} == {c for c in cliques if insularity(ties, c) >= 0.5}


# --- Weight


def test_three_who_always_endorse_together_weigh_less_than_three_who_do_not() -> None:
    together = dict.fromkeys(range(4), "abc")
    assert bounded_weight(0, together) == pytest.approx(4.2)
    assert bounded_weight(0, {0: "abc"}) == pytest.approx(6.0)
    assert bounded_weight(0, {0: "abc"}, bound=1e9) == pytest.approx(9.0)  # plain quadratic


def test_who_nobody_endorses_weighs_nothing() -> None:
    assert bounded_weight("x", {"y": "abc"}) == 0
    assert bounded_weight("x", {"x": "aa"}) == 1


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
