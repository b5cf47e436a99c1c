"""What was fetched a moment ago."""

from datetime import timedelta

import pytest

from app.kit.recent import Recent, seconds_to_keep
from badges import Fetched
from tests.stand_ins import THEN


def answer(size: int = 0) -> Fetched:
    return Fetched(200, "application/json", b"a" * size, "https://far.example/", THEN)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=30"}, 30),
        ({"cache-control": "public, MAX-AGE=30 , immutable"}, 30),
        ({"cache-control": "max-age=30", "age": "10"}, 20),
        ({"cache-control": "max-age=30", "age": "31"}, 0),
        ({"cache-control": "max-age=30", "age": "old"}, 0),
        ({"cache-control": "max-age=86400"}, 60),
        ({"cache-control": "max-age=86400", "age": "86390"}, 10),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=1e9"}, 0),
        ({"cache-control": "max-age=99999999999999999999"}, 0),
        ({"cache-control": "s-maxage=30"}, 0),
        ({"cache-control": "no-store, max-age=30"}, 0),
        ({"cache-control": "max-age=30, no-cache"}, 0),
        ({"cache-control": "private, max-age=30"}, 0),
        ({"expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, 0),
    ],
)
def test_an_answer_is_kept_by_its_own_word_and_not_for_long(headers: dict[str, str], seconds: int) -> None:
    assert seconds_to_keep(headers) == seconds


def test_an_answer_is_there_until_it_is_stale() -> None:
    recent = Recent(10_000)
    recent.keep("a", answer(), now=THEN, seconds=5)
    assert recent.find("a", THEN + timedelta(seconds=4.9)) == answer()
    assert recent.find("a", THEN + timedelta(seconds=5)) is None


def test_a_clock_set_back_makes_nothing_fresh() -> None:
    recent = Recent(10_000)
    recent.keep("a", answer(), now=THEN, seconds=5)
    assert recent.find("a", THEN - timedelta(seconds=1)) is None


def test_a_newer_answer_that_is_not_to_be_kept_ends_the_older() -> None:
    recent = Recent(10_000)
    recent.keep("a", answer(), now=THEN, seconds=5)
    recent.keep("a", answer(), now=THEN, seconds=0)
    assert recent.find("a", THEN) is None


def test_who_has_not_been_asked_for_longest_makes_room() -> None:
    recent = Recent(10_000)
    for key in "abc":
        recent.keep(key, answer(2000), now=THEN, seconds=5)
    assert recent.find("a", THEN)
    recent.keep("d", answer(2000), now=THEN, seconds=5)
    assert [key for key in "abcd" if recent.find(key, THEN)] == ["a", "c", "d"]


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    recent = Recent(10_000)
    recent.keep("a", answer(), now=THEN, seconds=5)
    recent.keep("b", answer(10_000), now=THEN, seconds=5)
    assert recent.find("a", THEN)
    assert recent.find("b", THEN) is None


def test_many_empty_answers_are_not_free() -> None:
    recent = Recent(10_000)
    for key in range(1000):
        recent.keep(key, answer(), now=THEN, seconds=5)
    assert sum(recent.find(key, THEN) is not None for key in range(1000)) < 10
