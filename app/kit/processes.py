"""Processes for strangers' badges: so that many are judged on all processors, and none can hurt the service.

Python computes on one processor at a time, however many threads there are; and a thread that has gone astray cannot be
stopped, but a process can.
"""

import json
import logging
import os
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from typing import Any, NamedTuple

import badges
from app.kit.errors import Busy

_log = logging.getLogger(__name__)

_UP_WITHIN = 60.0
"""Seconds in which a process has to be up, on a machine that has much else to do."""

_MOST_FAULTS = 20
"""Of one badge that are logged."""

CORES = os.cpu_count() or 1


class WentAstray(Exception):
    """A process came to no verdict: it took too long, or broke. It has been ended."""


class Judged(NamedTuple):
    """What a process came to."""

    report: dict[str, Any]
    """Of `badges.verify`, as a document."""
    document: dict[str, Any]
    """What was judged (`badges.Report.document`), where that was asked for; else empty."""


class Processes:
    """So many processes, begun when they are wanted, each with one badge at a time.

    `patience` is how many seconds one may compute without asking or answering anything.
    """

    def __init__(self, most: int, *, patience: float) -> None:
        self._patience = patience
        self._lock = Lock()
        self._begun: set[_Process] = set()
        self._free: LifoQueue[_Process | None] = LifoQueue()  # the last one used is the warmest
        for _ in range(most):
            self._free.put(None)

    def verify(
        self, data: bytes, *, fetch: badges.Fetch, now: datetime, recipient: str | None, whole: bool = False
    ) -> Judged:
        """The report of `badges.verify`, once a process is free, and the `whole` document; `fetch` is asked here.

        Its faults are logged, since a process has nobody to tell of them.
        Raises `WentAstray`, `Busy` where no process can be begun, and what `fetch` raises.
        """
        process = self._free.get()
        try:
            process = process or self._begin()
            said = {"now": now.isoformat(), "recipient": recipient, "whole": whole}
            judged = process.verify(said, data, fetch=fetch, patience=self._patience)
        except BaseException:
            # Whatever it was, the process may be in the middle of something.
            if process is not None:
                self._end(process)
            self._free.put(None)
            raise
        self._free.put(process)
        return judged

    def close(self) -> None:
        """Ends them all; they are begun again when they are wanted."""
        with self._lock:
            begun = list(self._begun)
        for process in begun:
            self._end(process)

    def _begin(self) -> "_Process":
        try:
            process = _Process()
        except (WentAstray, EOFError, OSError) as error:
            raise Busy("There is no room for another process.") from error
        with self._lock:
            self._begun.add(process)
        return process

    def _end(self, process: "_Process") -> None:
        with self._lock:
            self._begun.discard(process)
        process.end()


class _Process:
    """One of them, and the wire to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # It gets the way to the code and nothing else of the environment: no token, no password of a database.
            path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
            try:
                self._process = subprocess.Popen(  # noqa: S603  a command of our own, of which nobody chooses any part
                    [sys.executable, "-P", "-m", "app.kit.judging", str(theirs.fileno())],
                    env={"PYTHONPATH": path},
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # the traceback of a badge would tell what stands in it
                    start_new_session=True,  # Ctrl-C is for the service, which then ends this
                )
            except BaseException:
                ours.close()
                raise
        self._wire = Connection(ours.detach())
        try:
            self._heard(_UP_WITHIN)
        except BaseException:
            self.end()
            raise

    def verify(self, asked: dict[str, Any], data: bytes, *, fetch: badges.Fetch, patience: float) -> Judged:
        try:
            self._say(asked, data)
            while "report" not in (said := self._heard(patience)):
                self._answer(fetch, said)
        except (EOFError, OSError) as error:
            raise WentAstray("a process broke") from error
        for fault in said["faults"][:_MOST_FAULTS]:
            # Few, quoted and cut: a process that a badge has taken over could say anything.
            _log.error("A badge was not judged to the end: %.1000r", fault)
        return Judged(said["report"], said["document"])

    def _heard(self, patience: float) -> dict[str, Any]:
        if not self._wire.poll(patience):
            raise WentAstray("no word in time")
        said: dict[str, Any] = json.loads(self._wire.recv_bytes())
        return said

    def _answer(self, fetch: badges.Fetch, asked: dict[str, str]) -> None:
        try:
            found = fetch(asked["fetch"], accept=asked["accept"])
        except badges.Unreachable as silence:
            return self._say({"unreachable": silence.detail})
        at = found.fetched_at.isoformat() if found.fetched_at else None
        head = {"status": found.status, "content_type": found.content_type, "url": found.url, "fetched_at": at}
        return self._say(head, found.body)

    def _say(self, head: dict[str, Any], body: bytes | None = None) -> None:
        self._wire.send_bytes(json.dumps(head).encode())
        if body is not None:
            self._wire.send_bytes(body)

    def end(self) -> None:
        with suppress(OSError):
            self._wire.close()
        self._process.kill()
        self._process.wait()
