"""Work whose length others decide: each in a lane, so many at once and in turns, and none of it twice."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.kit.lanes import Going, IsOver, Lanes, Places
from tests.stand_ins import THEN


def lanes(*, quick: int = 2, each: int = 2, turn: float = 60.0) -> Lanes:
    return Lanes({"quick": Places(quick, each), "slow": Places(1, 1)}, turn=turn)


def until_over(is_over: IsOver) -> None:
    end = time.monotonic() + 10
    while not is_over():
        assert time.monotonic() < end
        time.sleep(0.01)


def noting(name: str, ended: list[str]) -> Callable[[IsOver], None]:
    def work(is_over: IsOver) -> None:
        until_over(is_over)
        ended.append(name)

    return work


def test_so_many_of_a_kind_are_under_way_and_of_one_key_never_two() -> None:
    made, until = lanes(), threading.Event()

    def work(_: IsOver) -> None:
        until.wait(10)

    assert made.start("quick", "a", work, of=1)
    assert not made.start("quick", "a", work, of=1)
    assert not made.start("slow", "a", work, of=1)
    assert made.start("slow", "s", work, of=1)
    assert not made.start("slow", "t", work, of=1)
    assert made.start("quick", "b", work, of=1)
    assert not made.start("quick", "c", work, of=2)
    assert not made.wait(0.05)
    until.set()
    assert made.wait(10)
    assert made.start("quick", "a", work, of=1)
    assert made.wait(10)


def test_one_owner_has_not_all_the_places() -> None:
    made, until = lanes(quick=3), threading.Event()

    def work(_: IsOver) -> None:
        until.wait(10)

    assert made.start("quick", "a", work, of="greedy")
    assert made.start("quick", "b", work, of="greedy")
    assert not made.start("quick", "c", work, of="greedy")
    assert made.start("quick", "d", work, of="other")
    until.set()
    assert made.wait(10)


def test_a_turn_ends_when_somebody_waits_for_the_place_and_not_before_its_time() -> None:
    made, ended = lanes(turn=0.3), list[str]()

    def work(name: str) -> None:
        assert made.start("quick", name, noting(name, ended), of=name)

    work("a")
    work("b")
    assert not made.wait(0.4)  # nobody waits: they go on beyond their turn
    assert not made.start("quick", "c", until_over, of="c")
    assert made.wait(10)
    assert sorted(ended) == ["a", "b"]
    work("a")
    work("b")
    began = time.monotonic()
    assert not made.start("quick", "c", until_over, of="c")
    assert made.wait(10)
    assert time.monotonic() - began >= 0.25


def test_whoever_has_their_share_waits_for_their_own() -> None:
    made, ended = lanes(quick=3, turn=0.0), list[str]()

    def work(name: str, of: str) -> bool:
        return made.start("quick", name, noting(name, ended), of=of)

    assert work("other", "b")
    assert work("first", "a")
    assert work("second", "a")
    assert not work("third", "a")
    end = time.monotonic() + 10
    while len(ended) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert sorted(ended) == ["first", "second"]
    assert made.finish(10)


def broken(_: IsOver) -> None:
    raise ZeroDivisionError


def test_one_that_fails_is_logged_and_over(caplog: pytest.LogCaptureFixture) -> None:
    made = lanes()
    with caplog.at_level(logging.ERROR):
        assert made.start("quick", "a", broken, of=1)
        assert made.wait(10)
    assert [record.getMessage() for record in caplog.records] == ["A lane failed; it is tried again."]
    assert made.start("quick", "a", lambda _: None, of=1)
    assert made.wait(10)


def test_who_is_to_end_is_told_and_nothing_begins_any_more() -> None:
    made, ended = lanes(), threading.Event()

    def work(is_over: IsOver) -> None:
        until_over(is_over)
        ended.set()

    assert made.start("quick", "a", work, of=1)
    assert made.finish(10)
    assert ended.is_set()
    assert not made.start("quick", "b", work, of=1)


def test_who_does_not_end_is_not_waited_for_longer() -> None:
    made, until = lanes(), threading.Event()

    def deaf(_: IsOver) -> None:
        until.wait(10)

    made.start("quick", "a", deaf, of=1)
    assert not made.finish(0.05)
    until.set()
    assert made.wait(10)


def test_an_instant_goes_on() -> None:
    going = Going(THEN)
    time.sleep(0.02)
    assert timedelta(milliseconds=15) < going.now() - THEN < timedelta(seconds=10)
