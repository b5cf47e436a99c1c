"""Work whose length others decide: each in a lane, so many at once, and none of it twice."""

import logging
import threading
import time
from datetime import timedelta

import pytest

from app.kit.lanes import Going, Lanes
from tests.stand_ins import THEN


def lanes() -> Lanes:
    return Lanes({"quick": 2, "slow": 1})


def test_so_many_of_a_kind_are_under_way_and_of_one_key_never_two() -> None:
    made, until = lanes(), threading.Event()

    def work(_: threading.Event) -> None:
        until.wait(10)

    assert made.start("quick", "a", work)
    assert not made.start("quick", "a", work)
    assert not made.start("slow", "a", work)
    assert made.start("slow", "s", work)
    assert not made.start("slow", "t", work)
    assert made.start("quick", "b", work)
    assert not made.start("quick", "c", work)
    assert not made.wait(0.05)
    until.set()
    assert made.wait(10)
    assert made.start("quick", "a", work)


def broken(_: threading.Event) -> None:
    raise ZeroDivisionError


def test_one_that_fails_is_logged_and_over(caplog: pytest.LogCaptureFixture) -> None:
    made = lanes()
    with caplog.at_level(logging.ERROR):
        assert made.start("quick", "a", broken)
        assert made.wait(10)
    assert [record.getMessage() for record in caplog.records] == ["A lane failed; it is tried again."]
    assert made.start("quick", "a", lambda _: None)
    assert made.wait(10)


def test_who_is_to_end_is_told_and_nothing_begins_any_more() -> None:
    made, ended = lanes(), threading.Event()

    def work(stopping: threading.Event) -> None:
        assert stopping.wait(10)
        ended.set()

    assert made.start("quick", "a", work)
    assert made.finish(10)
    assert ended.is_set()
    assert not made.start("quick", "b", work)


def test_who_does_not_end_is_not_waited_for_longer() -> None:
    made, until = lanes(), threading.Event()

    def deaf(_: threading.Event) -> None:
        until.wait(10)

    made.start("quick", "a", deaf)
    assert not made.finish(0.05)
    until.set()
    assert made.wait(10)


def test_an_instant_goes_on() -> None:
    going = Going(THEN)
    time.sleep(0.02)
    assert timedelta(milliseconds=15) < going.now() - THEN < timedelta(seconds=10)
