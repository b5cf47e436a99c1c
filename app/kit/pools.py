"""A bounded number of threads for one kind of work, so that this work cannot hold up the rest of the service."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore, Condition
from typing import TypeVar
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, Semaphore, move_on_after
from anyio.from_thread import run_sync as run_in_loop
from anyio.to_thread import run_sync as run_in_thread

import badges
from app.kit.errors import Busy
from app.kit.pacing import host_of

T = TypeVar("T")


class Pool:
    """So many at work, so many in line, and nobody in line for longer than they are likely to wait.

    Whoever finds the line full, or stands in it too long, is told to come back: better than to keep everybody waiting
    for those whom one stranger's slow server keeps waiting. Of those at work only `computing` have the processor. (With
    8 computing at once, whom this does not concern waited three times as long for their answers as with 2.)

    Who asks strangers leaves its place to somebody else and takes one of those that are `away`, until it has ended: so
    whoever waits for strangers holds up those who do as well, and nobody who asks no stranger. For these places there
    is a line of its own, twice as long as they are many: whoever stands in it has a badge in hand. At most half
    as many as there are places ask the same host at once, so that a slow one leaves some for the others. Who would be
    one more and has a place, since it asked somebody before, gives it back to stand in line. That line is half as long
    as the places are many, since whoever stands in it holds what it was answered.
    """

    def __init__(self, threads: int, *, line: int, patience: float, computing: int = 1, away: int = 0) -> None:
        self._threads = threads
        self._line = line
        self._patience = patience
        self._computing = BoundedSemaphore(computing)
        self._away = _Places(away, line=2 * away, patience=patience)
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Semaphore] = WeakKeyDictionary()

    async def run(self, work: Callable[["Turn"], T]) -> T:
        """What `work` returns or raises, from a thread beyond the usual ones. Raises `Busy`."""
        places = self._by_loop.setdefault(asyncio.get_running_loop(), Semaphore(self._threads))
        if places.value == 0 and places.statistics().tasks_waiting >= self._line:
            raise _busy()
        with move_on_after(self._patience) as waiting:
            await places.acquire()
        if waiting.cancelled_caught:
            raise _busy()
        turn = Turn(self._computing, self._away, partial(run_in_loop, places.release))
        try:
            result = await run_in_thread(turn.take, work, limiter=CapacityLimiter(1))
        finally:
            if turn.is_here:
                places.release()
        if turn.is_refused:
            raise _busy()  # what it came to without an answer that it may not wait for is nobody's result
        return result


@dataclass
class Turn:
    """One at work in a pool."""

    computing: BoundedSemaphore
    away: "_Places"
    leave: Callable[[], None]
    """Gives the place in the pool to somebody else."""
    is_here: bool = True
    """Whether it holds that place still."""
    is_refused: bool = False
    """Whether it was to wait for a stranger, and there was no place for it where one does."""
    is_away: bool = False
    """Whether it has had such a place, and so holds one until it has ended."""

    def take(self, work: Callable[["Turn"], T]) -> T:
        """Does `work`, and gives back the place away if it took one."""
        try:
            with self.computing:
                return work(self)
        finally:
            if self.is_away:
                self.away.give_back()

    def aside(self, fetch: badges.Fetch) -> badges.Fetch:
        """`fetch` of strangers, for this work: while it waits for an answer, others compute.

        Raises `Unreachable` at once where too many wait already; then the work has come to nothing (`is_refused`).
        """

        def fetch_aside(url: str, *, accept: str) -> badges.Fetched:
            self.computing.release()
            try:
                host = host_of(url)
                if not self._may_ask(host):
                    raise badges.Unreachable(f"{url[:200]} was not asked: too many are being waited for.")
                try:
                    return fetch(url, accept=accept)
                finally:
                    self.away.answered(host)
            finally:
                self.computing.acquire()

        return fetch_aside

    def _may_ask(self, host: str) -> bool:
        """Whether it has a place away now, and may ask `host` from there."""
        if self.is_here:
            self.is_here = False
            self.leave()
        if not self.is_refused:
            self.is_refused = not self.away.take(host, has_one=self.is_away)
            self.is_away = self.is_away or not self.is_refused
        return not self.is_refused


class _Places:
    """Places for threads, and lines of threads before them: of those who have had none yet, and of those who have."""

    def __init__(self, places: int, *, line: int, patience: float) -> None:
        self._free = places
        self._most_of_one = (places + 1) // 2
        self._asked: Counter[str] = Counter()
        self._lines = {False: line, True: self._most_of_one}
        self._patience = patience
        self._standing = {False: 0, True: 0}
        self._turn = Condition()

    def take(self, host: str, *, has_one: bool) -> bool:
        """Takes a place to ask `host`, at once or after standing in line; or not, if that is full or does not move.

        Who `has_one` has one afterwards in any case: with that it ends its work.
        """
        with self._turn:
            if has_one:
                self.give_back()  # nobody comes in between unless it has to stand in line
            is_mine = self._is_one_for(host) or self._stood_in_line(host, has_one)
            if is_mine:
                self._asked[host] += 1
            if is_mine or has_one:
                self._free -= 1
            return is_mine

    def _stood_in_line(self, host: str, has_one: bool) -> bool:
        if self._standing[has_one] >= self._lines[has_one]:
            return False
        self._standing[has_one] += 1
        is_mine = self._turn.wait_for(lambda: self._is_one_for(host), timeout=self._patience)
        self._standing[has_one] -= 1
        return is_mine

    def answered(self, host: str) -> None:
        """Lets somebody else ask `host`; the place is kept."""
        with self._turn:
            self._asked[host] -= 1
            if not self._asked[host]:
                del self._asked[host]
            self._turn.notify_all()

    def give_back(self) -> None:
        with self._turn:
            self._free += 1
            self._turn.notify_all()

    def _is_one_for(self, host: str) -> bool:
        return self._free > 0 and self._asked[host] < self._most_of_one


def _busy() -> Busy:
    return Busy("As much of this is being done as can be done at once.")
