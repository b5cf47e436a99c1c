"""Receivers of webhooks in a process of their own: as many as are asked for, by the paths at which they are.

How each behaves is said in a file that may change at any time, and what came is written down before it is answered:
whoever is killed has forgotten nothing. `with away(folder) as receivers: receivers.behave(slow=Manner(seconds=3))`.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from tests.receiver import Answer, Got, receiving

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Manner:
    """How a receiver answers."""

    status: int = 204
    seconds: float = 0.0
    share: float = 1.0
    """Of what comes, by lot; the rest is taken at once."""


@dataclass(frozen=True)
class Came:
    """What came to a receiver, and how it was answered."""

    id: str
    status: int
    at: float
    body: str
    signed: tuple[str, str]
    """When, and by whom."""

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found

    def as_got(self) -> Got:
        return Got(self.id, *self.signed, self.body)


@dataclass
class Receivers:
    """The process, as seen from outside."""

    folder: Path
    port: int = 0
    process: "subprocess.Popen[str] | None" = None
    _read: dict[str, tuple[int, list[Came]]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def behave(self, **manners: Manner) -> None:
        """From now on, by name; whoever is not named takes what comes at once."""
        new = self.folder / "manners.new"
        new.write_text(json.dumps({name: asdict(manner) for name, manner in manners.items()}))
        new.replace(self.folder / "manners")

    def came(self, name: str) -> list[Came]:
        """What came to one, in the order in which it did."""
        at, found = self._read.get(name, (0, []))
        path = self.folder / f"{name}.came"
        if path.exists():
            with path.open("rb") as file:
                file.seek(at)
                whole, _, _ = file.read().rpartition(b"\n")
            if whole:
                lines = map(json.loads, whole.splitlines())
                found += [Came(**(line | {"signed": tuple(line["signed"])})) for line in lines]
                at += len(whole) + 1
        self._read[name] = at, found
        return found

    def arrived(self, name: str) -> list[Came]:
        """What was answered with success."""
        return [each for each in self.came(name) if each.status < 300]

    def start(self) -> None:
        """Up, at the port at which they were before."""
        line = [sys.executable, "-m", "tests.receivers", str(self.folder), str(self.port)]
        self.process = subprocess.Popen(line, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        """Gone, in the midst of whatever they were at."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextmanager
def away(folder: Path) -> Iterator[Receivers]:
    """Receivers in a process of their own, until the block ends."""
    folder.mkdir(exist_ok=True)
    receivers = Receivers(folder)
    receivers.start()
    try:
        yield receivers
    finally:
        receivers.kill()


class _Answering:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._luck = random.Random(6)  # noqa: S311
        self._lock = Lock()

    def __call__(self, got: Got, _before: int) -> Answer:
        name = got.path.strip("/")
        with self._lock:
            manner = Manner(**self._manners().get(name, {}))
            if self._luck.random() >= manner.share:
                manner = Manner()
            kept = Came(got.id, manner.status, time.monotonic(), got.body, (got.stamp, got.signature))
            with (self._folder / f"{name}.came").open("a") as file:
                file.write(json.dumps(asdict(kept)) + "\n")
        time.sleep(manner.seconds)
        return manner.status, {}, b""

    def _manners(self) -> Mapping[str, Any]:
        path = self._folder / "manners"
        found: Mapping[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found


def main(folder: str, port: str) -> None:
    with receiving(int(port)) as receiver:
        receiver.answers = _Answering(Path(folder))
        print(receiver.port, flush=True)  # noqa: T201
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:])
