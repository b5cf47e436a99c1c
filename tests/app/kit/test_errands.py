"""What is asked of strangers while many badges are judged."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, Lock

import pytest

from app.kit.errands import Errands, Look, Manners
from badges import Fetched, Unreachable
from tests.far_issuer import NOW

FAR, OTHER = "https://far.example", "https://other.example"


class World:
    """What is out there: hosts that answer at once, or not before they may; counts who asks whom."""

    def __init__(self) -> None:
        self.may_answer = Event()
        self.slow: set[str] = set()
        self.asked: Counter[str] = Counter()
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.size = 2
        self._lock = Lock()

    def __call__(self, url: str, *, accept: str) -> Fetched:
        host = url.rpartition("/")[0]
        with self._lock:
            self.asked[url] += 1
            self.at_once[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self.at_once[host])
        try:
            if host in self.slow:
                self.may_answer.wait(60)
            if url.endswith("/error"):
                raise LookupError(url)
            if url.endswith("/silent"):
                raise Unreachable(f"{url}: nobody answered.")
            return Fetched(200, accept, b"x" * self.size, url)
        finally:
            with self._lock:
                self.at_once[host] -= 1


def ask(errands: Errands, url: str) -> Fetched | None:
    """The answer, or None where it is missing."""
    look = Look(errands)
    try:
        return look(url, accept="*/*")
    except Unreachable:
        if look.missing:
            return None
        raise


def sooner_or_later(errands: Errands, url: str) -> Fetched:
    for _ in range(100):
        look = Look(errands)
        try:
            return look(url, accept="*/*")
        except Unreachable:
            if not look.missing:
                raise
            wait(look.missing)
    raise AssertionError("never answered")


def test_each_address_is_asked_once_whoever_wants_to_know() -> None:
    world = World()
    with Errands(world, NOW) as errands, ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda n: sooner_or_later(errands, f"{FAR}/{n % 3}"), range(60)))
        assert [each.url for each in found] == [f"{FAR}/{n % 3}" for n in range(60)]
        with pytest.raises(Unreachable, match="nobody answered"):
            sooner_or_later(errands, f"{FAR}/silent")
        with pytest.raises(Unreachable, match="nobody answered"):
            ask(errands, f"{FAR}/silent")
        for _ in range(2):
            with pytest.raises(LookupError):
                sooner_or_later(errands, f"{FAR}/error")
    assert set(world.asked.values()) == {1}


def test_nobody_waits_for_an_answer_that_takes_long_and_it_is_there_later() -> None:
    world = World()
    world.slow = {FAR}
    with Errands(world, NOW) as errands:
        assert [ask(errands, f"{FAR}/{n}") for n in range(40)] == [None] * 40
        assert sooner_or_later(errands, f"{OTHER}/1").status == 200  # while all of them are waited for
        world.may_answer.set()
        assert [sooner_or_later(errands, f"{FAR}/{n}").status for n in range(40)] == [200] * 40
    assert set(world.asked.values()) == {1}
    assert world.most_at_once[FAR] == 4


@pytest.mark.parametrize(
    ("slow", "answers", "is_asked_again"),
    [(0.0, False, False), (60.0, False, True), (0.0, True, True)],
    ids=["keeps silent", "refuses", "answers in between"],
)
def test_a_host_that_keeps_silent_is_not_asked_for_ever(slow: float, answers: bool, is_asked_again: bool) -> None:
    def silent(url: str, *, accept: str) -> Fetched:
        asked.append(url)
        if url.endswith("/answer"):
            return Fetched(200, "", b"{}", url)
        raise Unreachable(f"{url}: nobody answered.")

    asked: list[str] = []
    told = ""
    with Errands(silent, NOW, Manners(slow=slow, most_silences=2)) as errands:
        for url in (f"{FAR}/1", f"{FAR if answers else OTHER}/answer", f"{FAR}/2", f"{FAR}/3"):
            try:
                sooner_or_later(errands, url)
            except Unreachable as silence:
                told = silence.detail
    assert (f"{FAR}/3" in asked) is is_asked_again
    assert ("its host has kept silent before" in told) is not is_asked_again


def test_what_cannot_be_kept_is_not_asked_for_again_and_again() -> None:
    world = World()
    world.size = 5_000
    with Errands(world, NOW, Manners(kept=1_000)) as errands, pytest.raises(Unreachable, match="too much"):
        sooner_or_later(errands, f"{FAR}/1")
    assert world.asked[f"{FAR}/1"] == 3
