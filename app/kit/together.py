"""What many requests ask for at once, done in one transaction: whoever waits shares its commit with the others.

A commit waits for the disk, and a request of its own for its turn, a thread and a session. Where calls are many and
small, as platforms' deliveries are, that is nearly all they cost. None is answered before the commit they share.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlmodel import Session

from app.kit.database import write_session
from app.kit.deps import Runtime

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

MOST = 64
"""So many at once, so that nobody waits long for the others."""


@dataclass(frozen=True)
class _Waiting(Generic[T, R]):
    runtime: Runtime
    item: T
    answer: "asyncio.Future[R]"


class Together(Generic[T, P, R]):
    """A line of requests; those that stand in it are served together."""

    def __init__(
        self,
        prepare: Callable[[Runtime, Sequence[T]], Sequence[P | Exception]],
        write: Callable[[Session, Sequence[P]], Sequence[R]],
    ) -> None:
        """`prepare` makes what is written of what each asks for, or says why not, before the transaction begins."""
        self._prepare, self._write = prepare, write
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, deque[_Waiting[T, R]]] = WeakKeyDictionary()
        self._serving: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()

    async def done(self, runtime: Runtime, item: T) -> R:
        """What `write` gives for it, once it is committed. Raises what `prepare` says, or what `write` raises."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting[T, R](runtime, item, loop.create_future())
        self._lines.setdefault(loop, deque()).append(waiting)
        if loop not in self._serving:
            self._serving[loop] = loop.create_task(self._serve(loop))
        return await waiting.answer

    async def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        line = self._lines[loop]
        try:
            while line:
                some = [line.popleft()]
                while line and len(some) < MOST and line[0].runtime is some[0].runtime:
                    some.append(line.popleft())
                await self._served(some)
        finally:
            del self._serving[loop]

    async def _served(self, some: Sequence[_Waiting[T, R]]) -> None:
        """Prepares and writes for all; if that fails, for each alone, so that nobody's fault is another's."""
        runtime = some[0].runtime
        try:
            prepared = await _in_a_thread(partial(self._prepare, runtime, [each.item for each in some]))
        except Exception as error:  # noqa: BLE001  told to who waits for it
            if len(some) == 1:
                _tell(some[0], error)
            else:
                for each in some:
                    await self._served([each])
            return
        wanted = list[tuple[_Waiting[T, R], P]]()
        for each, one in zip(some, prepared, strict=True):
            if isinstance(one, Exception):
                _tell(each, one)
            else:
                wanted.append((each, one))
        await self._written(runtime, wanted)

    async def _written(self, runtime: Runtime, wanted: Sequence[tuple[_Waiting[T, R], P]]) -> None:
        if not wanted:
            return
        try:
            async with runtime.writers.one():
                answers = await _in_a_thread(partial(self._in_one_transaction, runtime, [one for _, one in wanted]))
        except Exception as error:  # noqa: BLE001  told to who waits for it
            if len(wanted) == 1:
                _tell(wanted[0][0], error)
            else:  # at once, so that those whose turn is a long wait (for a lock) have none before them
                await asyncio.gather(*(self._written(runtime, [each]) for each in wanted))
            return
        for (waiting, _), answer in zip(wanted, answers, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)

    def _in_one_transaction(self, runtime: Runtime, prepared: Sequence[P]) -> Sequence[R]:
        with write_session(runtime.engine) as session:
            return self._write(session, prepared)


def _tell(waiting: _Waiting[T, R], error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)


async def _in_a_thread(work: Callable[[], R]) -> R:
    """Beyond the usual number: whoever holds a turn must never wait for those who stand in line for one."""
    return await run_sync(work, limiter=CapacityLimiter(1))
