"""`laurels serve` and `laurels worker` as they are, but for the time, which is as much later as a file says.

Each is a process of its own, forked from one that has loaded everything: a service that is killed is back at once, and
can be killed the more often. `python -m tests.app.faults.later` reads lines of what to run, and answers each with the
id of its process; `LATER` names the file of the time.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.cli.serving import run, work
from app.kit.clock import system_clock
from app.kit.deps import Runtime
from app.main import create_app
from app.settings import Settings


class Later:
    """A clock that several processes share, and that goes on while it is moved."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        return system_clock() + timedelta(seconds=self._seconds())

    def forward(self, **by: float) -> None:
        """Moves on: `later.forward(hours=7)`."""
        new = self._path.with_suffix(".new")
        new.write_text(str(self._seconds() + timedelta(**by).total_seconds()))
        new.replace(self._path)

    def _seconds(self) -> float:
        return float(self._path.read_text()) if self._path.exists() else 0.0


def running(what: str, port: int, clock: Later) -> None:
    if what == "worker":
        work(Runtime.of(Settings(), clock=clock))
    else:
        run(create_app(Settings(), clock=clock), "127.0.0.1", port, once_up="Up.")


def forked(what: str, port: int, log: str) -> int:
    """The id of a new process that runs it."""
    if child := os.fork():
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    to = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, to), (2, to)):
        os.dup2(file, stream)
    try:
        running(what, port, Later(Path(os.environ["LATER"])))
    finally:
        os._exit(0)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone, and not asked for
    children = set[int]()
    try:
        for line in sys.stdin:
            child = forked(*json.loads(line))
            children.add(child)
            print(child, flush=True)  # noqa: T201
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
