"""Serving until somebody stops it."""

import sys
from contextlib import suppress
from socket import socket

import uvicorn
from fastapi import FastAPI

from app.cli.talking import Status
from app.kit.garbage import look_seldom


class _Server(uvicorn.Server):
    """Lets what the application refuses at its start be told by `main`, where uvicorn would log a traceback.

    Says that it is up when it is, not before.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, once_up: str) -> None:
        super().__init__(config)
        self._lifespan = app.router.lifespan_context(app)
        self._once_up = once_up

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await self._lifespan.__aenter__()
        try:
            await super().startup(sockets)
        except SystemExit:  # the port is taken, as uvicorn has said
            await self._lifespan.__aexit__(None, None, None)
            raise SystemExit(Status.refused) from None
        if self.started and not self.should_exit:
            print(self._once_up, flush=True)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        await super().shutdown(sockets)
        await self._lifespan.__aexit__(None, None, None)


def run(app: FastAPI, host: str, port: int, *, once_up: str) -> None:
    """Serves until a signal comes; finishes what is under way first."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",  # `_Server` sees to it
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=25,
    )
    server = _Server(app, config, once_up)
    look_seldom()
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        server.run()
    if not server.started:
        sys.exit(Status.refused)
