"""Answers that are written while they are sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter
from anyio.to_thread import run_sync


class Streams:
    """So many pieces of all such answers are made at once; the others wait, and take no thread meanwhile.

    A piece is made when the one before has been sent: so a slow reader holds up nobody, and a thousand of them cost no
    more of the processor than a few.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, CapacityLimiter] = WeakKeyDictionary()

    async def in_turn(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces, each made in a thread beyond the usual ones."""
        limiter = self._by_loop.setdefault(asyncio.get_running_loop(), CapacityLimiter(self._at_once))
        while (piece := await run_sync(partial(next, pieces, None), limiter=limiter)) is not None:
            yield piece
