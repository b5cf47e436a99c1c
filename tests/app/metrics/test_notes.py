"""What stewards are told in private."""

from dataclasses import replace

import pytest

from app.contributions.taxonomy import shipped
from app.metrics import notes
from app.metrics.facts import PASSIVE, Depth, Kind
from app.metrics.periods import Window, parse
from app.metrics.policy import Policy
from tests.app.metrics.generated import RING, UNSUNG, community
from tests.app.metrics.hamlet import (
    ATTENDING,
    HOSTING,
    OCTOBER,
    SUPPORTING,
    THREE,
    at,
    hamlet,
)

DRAWN = community(200, 20_000, 2_000)
YEAR, WHOLE = parse("2025"), Window(parse("2024").start, OCTOBER.end)


def test_the_planted_unsung_member_is_the_most_unsung() -> None:
    first, *_ = notes.unsung(DRAWN, YEAR)
    assert first.person == UNSUNG
    assert first.recognitions == 0
    assert first.expected > 10


@pytest.mark.parametrize("seed", range(10))
def test_the_planted_ring_is_found_and_no_other(seed: int) -> None:
    found = notes.circles(community(200, 20_000, 2_000, seed=seed), WHOLE)
    assert [members for members, _ in found.rings] == [RING]
    assert found.unknown == ()


def test_four_who_are_nearly_everybody_are_no_circle() -> None:
    each = [(who, (other,), 1.0) for who in range(4) for other in range(4) if who != other]
    assert notes.circles(hamlet(4, recognised=each), OCTOBER).rings == ()


def test_who_left_is_no_candidate() -> None:
    acts = [(who, 1.0, SUPPORTING) for who in range(4) for _ in range(30)]
    facts = hamlet(9, acts=acts, recognised=[(0, (8,), 2.0)] * 12, left=[10.0**6, 20])
    assert [each.person for each in notes.unsung(facts, OCTOBER)] == [2, 3]
    assert [each.person for each in notes.unsung(facts, OCTOBER, most=1)] == [2]


@pytest.mark.parametrize(("got", "named"), [(8, []), (9, [0])])
def test_of_a_few_deeds_it_does_not_follow_that_they_went_unsung(got: int, named: list[int]) -> None:
    acts = [(who, 1.0, SUPPORTING) for who in (0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4)]
    facts = hamlet(9, acts=acts, recognised=[(1, (8,), 2.0)] * got)
    assert [each.person for each in notes.unsung(facts, OCTOBER)] == named


def test_two_who_thank_each_other_at_once_and_often() -> None:
    recognised = [(0, (1,), 1.0), (1, (0,), 1.1), (0, (1,), 1.2), (2, (3,), 1.0), (3, (2,), 9.0), (4, (5,), 1.0)]
    (pair,) = notes.quick_pairs(hamlet(9, recognised=recognised), OCTOBER)
    assert (pair.one, pair.other, pair.acts) == (0, 1, 3)


def test_six_in_a_day_from_one_to_the_same_are_a_burst() -> None:
    six = [(0, (1,), 1 + each / 10) for each in range(6)]
    five = [(2, (1,), 1 + each / 10) for each in range(5)] + [(2, (1,), 3.0)]
    assert notes.bursts(hamlet(9, recognised=six + five), OCTOBER) == ((1, 0),)
    assert notes.bursts(hamlet(9, recognised=six[:2]), OCTOBER) == ()


def test_nobody_new_for_sixty_days_or_one_who_hosts_more_than_half() -> None:
    old = [(who, -100.0, SUPPORTING) for who in range(5)]
    hosted = [(0, 1.0, HOSTING), (0, 2.0, HOSTING), (0, 2.5, HOSTING), (1, 3.0, HOSTING), (1, 3.5, HOSTING)]
    assert notes.stagnation(hamlet(9, acts=old + hosted), OCTOBER) == notes.Stagnation(True, 0)
    fresh = [(6, 31 - 60.0, SUPPORTING)]
    few = hosted[:-1]
    assert notes.stagnation(hamlet(9, acts=old + few), OCTOBER) == notes.Stagnation(True, None)
    even = [*hosted, (1, 4.0, HOSTING)]
    assert notes.stagnation(hamlet(9, acts=old + even + fresh), OCTOBER) == notes.Stagnation(False, None)
    assert notes.stagnation(hamlet(9), OCTOBER) == notes.Stagnation(False, None)


def test_one_school_with_nearly_all_badges_is_noted() -> None:
    belongs = [*((who, 0) for who in range(5)), *((who, 1) for who in range(5, 10))]
    acts = [(who, 1.0, SUPPORTING) for who in range(10)]
    recognised = [(who, (12,), 1.0) for who in range(5) for _ in range(4)] + [(5, (12,), 1.0)] * 5
    (note,) = notes.dominant(hamlet(15, acts=acts, belongs=belongs, recognised=recognised), OCTOBER, Policy())
    assert note == ("Tall Tree School", 0.8, 1.6)
    even = [(who, (12,), 1.0) for who in range(10)]
    assert notes.dominant(hamlet(15, acts=acts, belongs=belongs, recognised=even), OCTOBER, Policy()) == ()


def test_who_comes_back_does_so_once() -> None:
    acts = [(0, -59.0, ATTENDING), (0, 1.0, ATTENDING), (0, 2.0, ATTENDING), (1, -58.0, ATTENDING), (1, 1.0, ATTENDING)]
    acts += [
        (2, -100.0, ATTENDING),
        (2, 5.0, ATTENDING),
        (3, 4.0, ATTENDING),
        (4, -90.0, ATTENDING),
        (4, 31, ATTENDING),
    ]
    facts = hamlet(9, acts=acts, breaks=[(2, -90.0, -40.0)])
    assert notes.returned(facts, OCTOBER, THREE) == ((0, at(1)),)
    assert notes.returned(facts, parse("2026-11"), THREE) == ((4, at(31)),)
    assert notes.returned(facts, parse("2026-Q4"), THREE) == ((0, at(1)), (4, at(31)))


def test_what_nobody_captures_is_a_gap() -> None:
    kinds = [
        Kind.of(each.key, each.mode, each.cycles, each.care_areas, each.potential.value) for each in shipped().values()
    ]
    number = {kind.key: place for place, kind in enumerate(kinds)}
    done = ("attending", "hosting", "mentoring", "co_creating", "organising", "testing_practice", "moderating")
    facts = replace(hamlet(3, acts=[(0, 1.0, number[key]) for key in done]), kinds=tuple(kinds))
    found = notes.unserved(facts, OCTOBER)
    assert found.potentials == ("capture",)
    assert "creating_space" not in found.care_areas
    assert "love_and_care" in found.care_areas
    everything = replace(hamlet(3, acts=[(0, 1.0, place) for place in range(len(kinds))]), kinds=tuple(kinds))
    assert notes.unserved(everything, OCTOBER) == notes.Unserved((), ())


def test_types_of_the_taxonomy_have_a_depth_and_being_there_is_no_output() -> None:
    kinds = {
        key: Kind.of(key, each.mode, each.cycles, each.care_areas, each.potential) for key, each in shipped().items()
    }
    assert {key for key, kind in kinds.items() if not kind.output} == PASSIVE
    assert {kind.depth for kind in kinds.values()} == {Depth.consume, Depth.respond, Depth.create}
    assert kinds["supporting"].depth is Depth.respond
    assert kinds["hosting"].depth is Depth.create
