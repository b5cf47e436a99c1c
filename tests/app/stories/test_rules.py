"""How value stories are counted, and how they hang together: pure decisions."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, pairwise
from uuid import UUID

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stories.chains import behind, together
from app.stories.lines import grounded
from app.stories.rules import Counted, Links, Told, counts, flaws, month_of

NUMBERS = st.integers(0, 7)
ARROWS = st.dictionaries(NUMBERS, st.sets(NUMBERS))


def told(*cycles: int, **said: str) -> Told:
    return Told("Title", cycles, said, Links())


@pytest.mark.parametrize(
    ("story", "pointers"),
    [
        (told(1, what_happened="We met."), []),
        (told(1, strategic="They listen."), []),
        (told(1), ["/what_happened"]),
        (told(3, what_happened="We met."), ["/applied_where"]),
        (told(2, 3, 4, difference="Fewer errors."), ["/applied_where"]),
        (told(3, applied_where="At the harbour."), []),
    ],
)
def test_a_story_says_something_and_one_of_applied_value_says_where(story: Told, pointers: list[str]) -> None:
    assert [pointer for pointer, _ in flaws(story)] == pointers


IDS = (UUID(int=n) for n in count(1))


def counted(author: int, *cycles: int, leads_to: tuple[Counted, ...] = ()) -> Counted:
    return Counted(next(IDS), UUID(int=author), frozenset(cycles), frozenset(one.id for one in leads_to))


def test_a_chain_of_stories_counts_once_in_each_cycle() -> None:
    first = counted(1, 1)
    second = counted(1, 1, 2, leads_to=(first,))
    third = counted(1, 3, leads_to=(second,))
    alone = [counted(author, 1, 2, 3) for author in range(4, 9)]
    more = [counted(author, 1, 2, 3) for author in range(9, 12)]
    assert counts([first, second, third, *alone, *more]) == {1: 5, 2: 5, 3: 5, 4: None, 5: None}, (
        "nine, in steps of five"
    )
    assert counts([first, second, third, *alone, *more, counted(12, 1, 2, 3)])[1] == 10


def test_where_few_people_told_them_the_number_is_not_told() -> None:
    many = [counted(author, 1) for author in range(10)]
    few = [counted(author, 4) for author in range(3)]
    assert counts(many) == {1: 10, 2: None, 3: None, 4: None, 5: None}
    assert counts([*many, *few]) == counts(many), "that three told of cycle 4 is not told apart from that nobody did"


@given(st.integers(0, 4), st.integers(0, 14), st.integers(1, 5))
def test_whether_few_told_of_a_cycle_or_nobody_shows_in_no_number(few: int, others: int, cycle: int) -> None:
    told_by_others = [counted(100 + author, 2) for author in range(others)]
    told_by_few = [counted(author, cycle) for author in range(few)] if cycle != 2 else []
    assert counts([*told_by_others, *told_by_few]) == counts(told_by_others)


def test_one_person_with_many_stories_is_one_person() -> None:
    assert counts([counted(1, 2) for _ in range(20)])[2] is None


def test_fewer_chains_than_may_be_told_are_withheld_however_many_told_them() -> None:
    first = counted(0, 1)
    assert counts([first, *(counted(author, 1, leads_to=(first,)) for author in range(1, 9))])[1] is None


def test_what_few_told_since_waits_until_more_have() -> None:
    """So that nobody who looks in May and in June learns what one or two told for stewards alone."""

    def by_month(*of: int) -> list[int | None]:
        found, author, months = list[Counted](), 0, list[int | None]()
        for month, people in enumerate(of, start=1):
            for _ in range(people):
                author += 1
                found.append(replace(counted(author, 2), month=datetime(2026, month, 1, tzinfo=UTC)))
            months.append(counts(found)[2])
        return months

    assert by_month(5, 4, 0, 0, 1) == [5, 5, 5, 5, 10]
    assert by_month(2, 2, 1, 10) == [None, None, 5, 15]


def test_counting_ends_with_the_last_whole_month() -> None:
    assert month_of(datetime(2028, 2, 29, 23, 59, 59, 999, tzinfo=UTC)) == datetime(2028, 2, 1, tzinfo=UTC)


def drawn(arrows: dict[int, set[int]], *alone: int) -> "networkx.DiGraph[int]":
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from([*arrows, *alone])
    graph.add_edges_from((one, other) for one, others in arrows.items() for other in others)
    return graph


@given(ARROWS, st.lists(NUMBERS, min_size=1))
def test_what_is_behind_is_what_networkx_reaches(arrows: dict[int, set[int]], start: list[int]) -> None:
    graph = drawn(arrows, *start)
    assert behind(start, arrows) == set(start).union(*(networkx.descendants(graph, one) for one in start))


@given(st.dictionaries(NUMBERS, st.sets(NUMBERS)), st.sets(NUMBERS))
def test_stories_are_grounded_from_which_networkx_reaches_one_that_names_a_contribution(
    arrows: dict[int, set[int]], named: set[int]
) -> None:
    ids = {number: UUID(int=number) for number in range(8)}
    graph = drawn(arrows, *ids)
    found = grounded({ids[one]: {ids[other] for other in others} for one, others in arrows.items()},
                     {ids[one] for one in named})  # fmt: skip
    assert found == {ids[one] for one in ids if ({one} | networkx.descendants(graph, one)) & named}


def test_a_chain_of_very_many_stories_is_walked_once() -> None:
    ids = [UUID(int=number) for number in range(50_000)]
    began = time.process_time()
    assert len(grounded({one: {before} for before, one in pairwise(ids)}, ids[:1])) == len(ids)
    assert time.process_time() - began < 5


@given(st.lists(NUMBERS, unique=True), ARROWS)
def test_what_hangs_together_is_what_networkx_finds_connected(things: list[int], arrows: dict[int, set[int]]) -> None:
    graph = drawn(arrows, *things).subgraph(things)
    parts = {frozenset(part) for part in networkx.weakly_connected_components(graph)}
    assert set(together(things, arrows)) == parts
