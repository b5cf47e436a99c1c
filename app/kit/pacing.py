"""How long one waits for strangers, how much one takes from them, and from how many at once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition, Thread
from typing import TypeVar
from urllib.parse import urlsplit

import badges

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost."""

    total: float = 10.0
    """Seconds from the question to the last byte, redirects and all."""
    connect: float = 5.0
    """Seconds for a connection, and again for its TLS."""
    body: int = 1_048_576
    """Bytes, as they come and as they unpack."""
    head: int = 65_536
    """Bytes of headers, and of whatever else comes before a body."""
    fields: int = 100
    pieces: int = 4096
    """Parts in which a body may come; each costs time, however small."""
    redirects: int = 3
    per_host: int = 4
    floor: float = 0.25
    """Seconds that a failure takes at least, so that a name within reach fails no faster than one that is not there."""
    kept: int = 16_777_216
    """Bytes of answers that are kept for a moment."""


class TooLate(Exception):
    """The time that something may take is over."""


class Deadline:
    """An end that does not move: every step on the way to it has what the steps before have left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than none. Raises `TooLate`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooLate("the deadline is over")
        return left

    def sleep(self) -> None:
        """Waits for it, if it is not over."""
        time.sleep(max(0.0, self._end - time.monotonic()))


def until(deadline: Deadline, fetch: badges.Fetch) -> badges.Fetch:
    """A `Fetch` that asks nobody any more once the deadline is over; the last one asked may still take its time."""

    def fetch_in_time(url: str, *, accept: str) -> badges.Fetched:
        try:
            deadline.left()
        except TooLate:
            raise badges.Unreachable(f"{url[:200]} was not asked: the time for one verification was over.") from None
        return fetch(url, accept=accept)

    return fetch_in_time


def host_of(url: str) -> str:
    """The host that an address names, whatever the port: it is one machine that is asked. Empty where none is named."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class Hosts:
    """At most so many at once with one host, whoever they are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy: Counter[str] = Counter()
        self._turn = Condition()

    @contextmanager
    def one(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Holds one place with `host`. Raises `TooLate` when none becomes free in time."""
        with self._turn:
            if not self._turn.wait_for(lambda: self._busy[host] < self._most, timeout=deadline.left()):
                raise TooLate("too many are asking the same host")
            self._busy[host] += 1
        try:
            yield
        finally:
            with self._turn:
                self._busy[host] -= 1
                if not self._busy[host]:
                    del self._busy[host]
                self._turn.notify_all()


class Aside:
    """Runs what knows no deadline in threads that are left behind when it is over: the system's resolver is such.

    They are few: who leaves many behind waits for them.
    """

    def __init__(self, threads: int) -> None:
        self._places = BoundedSemaphore(threads)

    def run(self, work: Callable[[], T], deadline: Deadline) -> T:
        """What `work` returns or raises. Raises `TooLate`."""
        if not self._places.acquire(timeout=deadline.left()):
            raise TooLate("too many are waiting already")
        answer: Future[T] = Future()

        def answering() -> None:
            try:
                answer.set_result(work())
            except Exception as error:  # noqa: BLE001  raised again where it is waited for
                answer.set_exception(error)
            finally:
                self._places.release()

        Thread(target=answering, daemon=True).start()
        try:
            return answer.result(timeout=deadline.left())
        except TimeoutError:
            raise TooLate("no answer in time") from None
