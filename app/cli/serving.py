"""Serving until somebody stops it."""

import signal
import sys
from contextlib import suppress
from socket import socket
from threading import Event

import uvicorn
from anyio.to_thread import run_sync
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.cli.talking import Status
from app.kit.database import is_sqlite
from app.kit.deps import Runtime
from app.kit.garbage import look_seldom
from app.worker import Beside, run_forever

_FINISHING = 25
"""Seconds for what is under way when the service is stopped."""


_MOST_UNREAD = 262_144
"""Bytes that may come of a request without an end of its headers, or a body, in sight."""


class _Bounded(HttpToolsProtocol):
    """Hangs up on whoever sends headers without an end, which the parser would go on to keep; so of trailers."""

    _unread = 0

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self._unread > _MOST_UNREAD:
            self.transport.close()

    def on_message_begin(self) -> None:
        self._unread = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()


class _Server(uvicorn.Server):
    """Lets what the application refuses at its start be told by `main`, where uvicorn would log a traceback.

    Says that it is up when it is, not before. With SQLite the worker runs here, from then on.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, once_up: str) -> None:
        super().__init__(config)
        self._lifespan = app.router.lifespan_context(app)
        self._once_up = once_up
        runtime: Runtime = app.state.runtime
        self._worker = Beside(runtime) if is_sqlite(runtime.engine) else None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await self._lifespan.__aenter__()
        try:
            await super().startup(sockets)
        except SystemExit:  # the port is taken, as uvicorn has said
            await self._lifespan.__aexit__(None, None, None)
            raise SystemExit(Status.refused) from None
        if self.started and not self.should_exit:
            print(self._once_up, flush=True)
            if self._worker:
                self._worker.start()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        if self._worker:
            self._worker.stop()
        await super().shutdown(sockets)
        if self._worker:
            await run_sync(self._worker.wait, _FINISHING)
        await self._lifespan.__aexit__(None, None, None)


def run(app: FastAPI, host: str, port: int, *, once_up: str) -> None:
    """Serves until a signal comes; finishes what is under way first."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_Bounded,
        lifespan="off",  # `_Server` sees to it
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_FINISHING,
    )
    server = _Server(app, config, once_up)
    look_seldom()
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        server.run()
    if not server.started:
        sys.exit(Status.refused)


def work(runtime: Runtime) -> None:
    """Does the jobs until a signal comes; finishes the one under way first."""
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    print("Laurels works.", flush=True)
    run_forever(runtime, stop)
