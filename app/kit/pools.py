"""A bounded number of threads for one kind of work, so that this work cannot hold up the rest of the service."""

import asyncio
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, Semaphore, move_on_after
from anyio.to_thread import run_sync

import badges
from app.kit.errors import Busy

T = TypeVar("T")


class Pool:
    """So many at work, so many in line, and nobody in line for longer than they are likely to wait.

    Whoever finds the line full, or stands in it too long, is told to come back: better than to keep everybody waiting
    for those whom one stranger's slow server keeps waiting. Of those at work only `computing` have the processor; the
    others wait for strangers, or for it. (With 8 computing at once, whom this does not concern waited three times as
    long for their answers as with 2.)
    """

    def __init__(self, threads: int, *, computing: int, line: int, patience: float) -> None:
        self._threads = threads
        self._computing = BoundedSemaphore(computing)
        self._line = line
        self._patience = patience
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Semaphore] = WeakKeyDictionary()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises, from a thread beyond the usual ones. Raises `Busy`."""
        places = self._by_loop.setdefault(asyncio.get_running_loop(), Semaphore(self._threads))
        if places.value == 0 and places.statistics().tasks_waiting >= self._line:
            raise Busy("As many badges as can be verified at once are being verified.")
        with move_on_after(self._patience) as waiting:
            await places.acquire()
        if waiting.cancelled_caught:
            raise Busy("As many badges as can be verified at once are being verified.")
        try:
            return await run_sync(self._computed, work, limiter=CapacityLimiter(1))
        finally:
            places.release()

    def aside(self, fetch: badges.Fetch) -> badges.Fetch:
        """`fetch` for work that is run here: while it waits for an answer, others compute."""

        def fetch_aside(url: str, *, accept: str) -> badges.Fetched:
            self._computing.release()
            try:
                return fetch(url, accept=accept)
            finally:
                self._computing.acquire()

        return fetch_aside

    def _computed(self, work: Callable[[], T]) -> T:
        with self._computing:
            return work()
