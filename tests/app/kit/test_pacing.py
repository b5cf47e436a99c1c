"""How long one waits for strangers."""

import time
from threading import Event, Thread

import pytest

from app.kit.pacing import Aside, Deadline, Hosts, TooLate, until
from badges import Fetched, Unreachable


def test_a_deadline_is_one_moment() -> None:
    deadline = Deadline(0.05)
    assert 0 < deadline.left() <= 0.05
    deadline.sleep()
    with pytest.raises(TooLate):
        deadline.left()
    deadline.sleep()  # over is over


def test_nobody_is_asked_after_the_deadline() -> None:
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> Fetched:
        asked.append(url)
        return Fetched(200, "", b"", url)

    assert until(Deadline(5), fetch)("https://far.example/", accept="*/*").status == 200
    with pytest.raises(Unreachable):
        until(Deadline(0), fetch)("https://far.example/", accept="*/*")
    assert len(asked) == 1


def test_one_host_keeps_nobody_from_another() -> None:
    hosts = Hosts(1)
    with hosts.one("far.example", Deadline(1)):
        with hosts.one("other.example", Deadline(1)):
            pass
        with pytest.raises(TooLate), hosts.one("far.example", Deadline(0.02)):
            pass
    with hosts.one("far.example", Deadline(1)):
        pass


def test_a_place_becomes_free_when_the_work_fails() -> None:
    hosts = Hosts(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="work"), hosts.one("far.example", Deadline(0.5)):
            raise ValueError("work")


def test_work_aside_returns_and_raises_as_it_would_here() -> None:
    aside = Aside(1)
    assert aside.run(lambda: 7, Deadline(5)) == 7
    with pytest.raises(ZeroDivisionError):
        aside.run(lambda: 1 // 0, Deadline(5))
    assert aside.run(lambda: 8, Deadline(5)) == 8


def test_work_aside_is_left_behind_and_holds_its_place() -> None:
    aside, ended = Aside(1), Event()
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(TooLate):
            aside.run(lambda: ended.wait(5), Deadline(0.05))
    assert time.monotonic() - began < 1
    ended.set()
    assert aside.run(lambda: 7, Deadline(5)) == 7


def test_places_aside_are_shared_in_turn() -> None:
    aside = Aside(2)
    found: list[None] = []
    threads = [Thread(target=lambda: found.append(aside.run(lambda: time.sleep(0.01), Deadline(5)))) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 9
