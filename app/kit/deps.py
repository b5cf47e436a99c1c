"""What an endpoint may ask for in its signature: the runtime, the instant, a session.

def award(c: str, body: AwardIn, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CredentialOut: ...
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Annotated, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from anyio import CapacityLimiter, Semaphore
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from sqlmodel import Session

import badges
from app.kit.clock import Clock, system_clock
from app.kit.database import (
    CONNECTIONS,
    connect,
    is_sqlite,
    open_for_reading,
    open_for_writing,
    read_session,
    write_session,
)
from app.kit.errors import AppError, Busy
from app.kit.ids import Ids, SystemIds
from app.kit.installation import Installation, open_installation
from app.kit.lanes import Lanes, Places
from app.kit.mail import Send, sender
from app.kit.memory import Memory
from app.kit.pools import Pool
from app.kit.posting import Poster
from app.kit.processes import CORES, Processes
from app.kit.rates import Rates
from app.kit.way_out import fetcher, poster
from app.settings import Settings

T = TypeVar("T")

_ROWS_KEPT = 5_000_000
"""Of about fifty bytes each."""
_BYTES_KEPT = 24 * 1024**2
"""Of files: reports have under a megabyte each."""


class Turns:
    """Who may hold a transaction now; waiting for it costs no thread.

    A session waits in a thread for the writer lock or for a connection, of which there are few. Were the threads all
    waiting, whoever holds what they wait for would find none to go on in (40 writers stood still for good when tried).
    So requests line up here first, as coroutines.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Semaphore] = WeakKeyDictionary()
        self._serving: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        async with self._here():
            yield

    @contextmanager
    def serving(self) -> Iterator[None]:
        """While requests are served from this event loop, threads beside it line up with them (`one_beside`)."""
        self._serving = asyncio.get_running_loop()
        try:
            yield
        finally:
            self._serving = None

    @contextmanager
    def one_beside(self) -> Iterator[None]:
        """A turn for a thread that serves no request. It has to wait only where requests are served."""
        loop = self._serving
        if loop is None:
            yield
            return
        turn = asyncio.run_coroutine_threadsafe(self._taken(), loop).result()
        try:
            yield
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile, and all turns with it
                loop.call_soon_threadsafe(turn.release)

    def _here(self) -> Semaphore:
        return self._by_loop.setdefault(asyncio.get_running_loop(), Semaphore(self._places))

    async def _taken(self) -> Semaphore:
        turn = self._here()
        await turn.acquire()
        return turn


@dataclass(frozen=True)
class Runtime:
    """What a process works with; `create_app` and the command line make one each."""

    settings: Settings
    engine: sa.Engine
    clock: Clock
    ids: Ids
    fetch: badges.Fetch
    """How strangers' documents are asked for."""
    send: Send | None
    """How mails leave; None where they do not."""
    post: Poster = field(repr=False)
    """How others are told."""
    readers: Turns = field(repr=False)
    writers: Turns = field(repr=False)
    verifiers: Pool = field(repr=False)
    """Where strangers' badges are looked at: their authors decide how long that takes."""
    batches: Pool = field(repr=False)
    """Where many of them are, for one who asked."""
    processes: Processes = field(repr=False)
    """Who looks at those of batches."""
    lanes: Lanes = field(repr=False)
    """Where jobs leave what would keep them waiting for others."""
    rates: Rates = field(repr=False)
    """How much was done by many of late."""
    memory: Memory = field(repr=False)
    """What jobs would else have to find out again; sizes are rows."""
    drawers: Pool = field(repr=False)
    """Where charts are drawn and reports set as PDFs, for those of their communities who look at them."""
    passers_by: Pool = field(repr=False)
    """Where reports are set for strangers: they stand in no line before anybody else."""
    files: Memory = field(repr=False)
    """What was set, with people's words in it, so in memory alone; sizes are bytes."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        ids: Ids | None = None,
        fetch: badges.Fetch | None = None,
        send: Send | None = None,
        post: Poster | None = None,
    ) -> "Runtime":
        engine = connect(settings.database_url)
        return cls(
            settings=settings,
            engine=engine,
            clock=clock,
            ids=ids or SystemIds(),
            fetch=fetch or fetcher(settings, clock),
            send=send or sender(settings.mail, settings.mail_from),
            post=post or poster(settings),
            readers=Turns(CONNECTIONS),
            writers=Turns(1 if is_sqlite(engine) else CONNECTIONS),
            verifiers=Pool(8, computing=2, away=8, line=32, patience=5.0),
            batches=Pool(2, computing=2, line=4, patience=5.0),
            processes=Processes(min(max(CORES, 2), 4), patience=10.0),
            lanes=Lanes({"quick": Places(24, each=8), "slow": Places(8, each=4)}),
            rates=Rates(),
            memory=Memory(_ROWS_KEPT),
            drawers=Pool(1, line=8, patience=10.0),
            passers_by=Pool(1, line=8, patience=5.0),
            files=Memory(_BYTES_KEPT),
        )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction for a job, in turn with those of requests; it commits when the block ends."""
        with self.writers.one_beside(), write_session(self.engine) as session:
            yield session

    async def read(self, work: Callable[[Session], T]) -> T:
        """What `work` reads, in a transaction that has ended by then: for doors that go on to something slow.

        It is in turn with the transactions of requests, and in a thread beyond the usual ones.
        """

        def reading() -> T:
            with read_session(self.engine) as session:
                return work(session)

        async with self.readers.one():
            return await run_sync(reading, limiter=CapacityLimiter(1))

    @cached_property
    def installation(self) -> Installation:
        """Where this runs, opened at the first look; the database has to be migrated by then. Raises `VaultFault`."""
        return open_installation(
            self.engine,
            public_url=self.settings.public_url,
            state_dir=self.settings.state_dir,
            now=self.clock(),
            ids=self.ids,
        )


# None of these depends on another: FastAPI walks the whole tree of them for every request, repeated branches too.


async def _runtime(request: Request) -> Runtime:
    return runtime_of(request)


def runtime_of(request: Request) -> Runtime:
    """As `RuntimeDep`, for dependencies: each that another asks for has FastAPI look at it once more."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


class ClockWrong(Busy):
    """The clock of this service is wrong."""

    code = "clock-wrong"
    fix = "Tell those who run this service to set its clock; nothing was changed."


_PLAUSIBLE_YEARS = range(2000, 2201)


async def _now(request: Request) -> datetime:
    return now_of(request)


def now_of(request: Request) -> datetime:
    """As `NowDep`, for dependencies. Raises `ClockWrong`."""
    known: datetime | None = request.scope.get("laurels.now")
    if known is None:
        known = request.scope["laurels.now"] = runtime_of(request).clock()
    if known.year not in _PLAUSIBLE_YEARS:
        raise ClockWrong(f"It says that this is the year {known.year}, and badges bear its dates for ever.")
    return known


NowDep = Annotated[datetime, Depends(_now)]
"""The one instant of a request."""


async def write_transaction(request: Request) -> AsyncIterator[Session]:
    runtime = runtime_of(request)
    async with runtime.writers.one():
        session = open_for_writing(runtime.engine)  # talks to the database only when it is used
        try:
            yield session
        except BaseException as refusal:
            keeps = isinstance(refusal, AppError) and refusal.keeps
            await _aside(partial(commit, session) if keeps else session.close)
            raise
        if session.in_transaction():
            await _aside(partial(commit, session))


async def read_transaction(request: Request) -> AsyncIterator[Session]:
    runtime = runtime_of(request)
    async with runtime.readers.one():
        session = open_for_reading(runtime.engine)
        try:
            yield session
        finally:
            await _aside(session.close)


def commit(session: Session) -> None:
    """Ends the transaction of a request. `once` does so in the thread that did the work; else it is done here."""
    with session:
        session.commit()


def take_back(session: Session) -> None:
    """Ends the transaction of a request without effect: what a dry run (`validate_only`) does when its answer is sure.

    A key that `once` took in it is given back as well, so that the call can be made in earnest under the same one. Rows
    that were read or made stay readable, but for columns that were left out.
    """
    session.close()


async def _aside(end: Callable[[], None]) -> None:
    """Runs in a thread beyond the usual number: whoever ends a transaction must never wait for those who begin one."""
    await run_sync(end, limiter=CapacityLimiter(1))


# With scope="function" the commit comes before the answer leaves; with the default scope a commit that fails would have
# said 201 already.
SessionDep = Annotated[Session, Depends(write_transaction, scope="function")]
"""The one transaction of a request, committed before the answer leaves: by `once` in the thread that did the work, else
here. Nobody else commits. Where the call is refused nothing is, unless the refusal `keeps` what was written."""

ReadSessionDep = Annotated[Session, Depends(read_transaction, scope="function")]
"""A transaction that cannot write, for answers that change nothing. Never beside `SessionDep` in one request."""
