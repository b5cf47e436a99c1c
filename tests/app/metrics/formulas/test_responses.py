"""How long people wait for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.facts import NEVER
from app.metrics.formulas import responses


def test_who_still_waits_makes_the_time_longer() -> None:
    found = responses.waits(ints(0, 0, 100, 0, 50, 0), ints(10, 20, 130, NEVER, 90, 100), 100)
    assert found.answered.tolist() == [True, True, False, False, True, False]
    assert found.seconds.tolist() == [10, 20, 0, 100, 40, 100]
    assert responses.median_of_answered(found) == 20
    assert responses.times(found) == (40, None)


def test_without_an_answer_there_is_no_time() -> None:
    none = responses.waits(ints(0, 5), ints(NEVER, NEVER), 50)
    assert responses.median_of_answered(none) is None
    assert responses.times(none) == (None, None)
    assert responses.times(responses.waits(ints(), ints(), 50)) == (None, None)


def test_an_answer_before_the_question_came_at_once() -> None:
    assert responses.waits(ints(10), ints(5), 50).seconds.tolist() == [0]


def test_the_first_word_back_is_the_answer() -> None:
    giver, receiver = ints(0, 0, 1, 1, 2, 3), ints(1, 1, 0, 0, 0, 3)
    found = responses.first_replies(giver, receiver, ints(10, 15, 30, 40, 50, 1), 4, 100)
    assert sorted(zip(found.seconds.tolist(), found.answered.tolist(), strict=True)) == [(20, True), (50, False)]


def test_words_at_one_instant_are_answered_at_once() -> None:
    found = responses.first_replies(ints(1, 0), ints(0, 1), ints(7, 7), 2, 100)
    assert (found.seconds.tolist(), found.answered.tolist()) == ([0], [True])


MESSAGES = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 4), some.integers(0, 20)), max_size=30)


@given(MESSAGES)
def test_it_is_what_reading_one_by_one_would_find(messages: list[tuple[int, int, int]]) -> None:
    opened: dict[frozenset[int], tuple[int, int]] = {}
    answered: dict[frozenset[int], int] = {}
    for at, giver, receiver in sorted((at, giver, receiver) for giver, receiver, at in messages if giver != receiver):
        two = frozenset((giver, receiver))
        opener, since = opened.setdefault(two, (giver, at))
        if giver != opener:
            answered.setdefault(two, at - since)
    columns = [ints(*(each[place] for each in messages)) for place in range(3)]
    found = responses.first_replies(columns[0], columns[1], columns[2], 5, 21)
    assert len(found.seconds) == len(opened)
    assert sorted(found.seconds[found.answered].tolist()) == sorted(answered.values())
    if answered:
        assert responses.median_of_answered(found) == pytest.approx(
            sorted(answered.values())[len(answered) // 2], abs=20
        )
