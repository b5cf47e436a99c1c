"""An installation of real processes, of which any is killed at any moment and started again."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.app.commands import ROOT
from tests.app.faults.later import Later
from tests.live import environment, free_port
from tests.service import ADMIN_TOKEN

WORKERS = 2


class Nursery:
    """Where they come from (`later.py`)."""

    def __init__(self, env: dict[str, str]) -> None:
        line = [sys.executable, "-m", "tests.app.faults.later"]
        self._process = subprocess.Popen(
            line, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = threading.Lock()

    def start(self, what: str, port: int, log: Path) -> int:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps([what, port, str(log)]), file=self._process.stdin, flush=True)
            return int(self._process.stdout.readline())

    def close(self) -> None:
        """With everybody who came from it."""
        self._process.communicate()


@dataclass
class Machine:
    """One process."""

    nursery: Nursery
    what: str
    port: int
    log: Path
    kills: int = 0
    _process: int = 0

    def start(self) -> None:
        self._process = self.nursery.start(self.what, self.port, self.log)

    def kill(self) -> None:
        """`kill -9`: it finishes nothing, and tells nobody."""
        assert self.is_alive(), self.log.read_text()[-3000:]
        os.kill(self._process, signal.SIGKILL)
        self.kills += 1
        while self.is_alive():
            time.sleep(0.005)

    def is_alive(self) -> bool:
        try:
            os.kill(self._process, 0)
        except ProcessLookupError:
            return False
        return True


@dataclass
class Installation:
    """The service, on PostgreSQL with workers beside it."""

    url: str
    later: Later
    service: Machine
    workers: list[Machine]
    failed: list[BaseException] = field(default_factory=list)
    asking: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False, trust_env=False, timeout=5))  # noqa: S501

    @property
    def machines(self) -> list[Machine]:
        return [self.service, *self.workers]

    @property
    def kills(self) -> int:
        return sum(machine.kills for machine in self.machines)

    def wait_until_up(self) -> None:
        end = time.monotonic() + 60
        while not self._is_up():
            assert time.monotonic() < end, self.service.log.read_text()[-3000:]
            time.sleep(0.05)

    def _is_up(self) -> bool:
        try:
            return self.asking.get(f"{self.url}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    @contextmanager
    def killed_at_random(self, luck: random.Random, times: int, done: Sequence[int], of: int) -> Iterator[None]:
        """So often one or another is killed, whenever so much more is `done`, until the block ends; then all are up."""
        stop = threading.Event()
        when = sorted(luck.sample(range(of), times))
        storm = threading.Thread(target=self._storm, args=(luck, when, done, stop), daemon=True)
        storm.start()
        try:
            yield
        finally:
            stop.set()
            storm.join(90)
        if self.failed:
            raise self.failed[0]
        self.wait_until_up()

    def _storm(self, luck: random.Random, when: Sequence[int], done: Sequence[int], stop: threading.Event) -> None:
        try:
            for moment in when:
                while len(done) < moment:
                    if stop.wait(0.01):
                        return
                time.sleep(luck.uniform(0, 0.1))  # in the midst of anything
                victim = luck.choice(self.machines)
                victim.kill()
                self.later.forward(minutes=luck.choice([0, 2]))  # what it held is free, or held still
                time.sleep(luck.uniform(0, 0.3))
                victim.start()
                if luck.random() < 0.8:  # or the next comes while it starts
                    self.wait_until_up()
        except BaseException as error:  # noqa: BLE001  of another thread, which raises it
            self.failed.append(error)


@contextmanager
def installed(database: str, folder: Path) -> Iterator[Installation]:
    """An installation on a migrated database, up; killed when the block ends."""
    port, clock = free_port(), folder / "later"
    url = f"http://127.0.0.1:{port}"
    env = environment(
        folder,
        database_url=database,
        state_dir=str(folder),
        public_url=url,
        admin_token=ADMIN_TOKEN,
        allow_loopback="true",
        mail="off",
    )
    nursery = Nursery(env | {"LATER": str(clock)})
    service = Machine(nursery, "serve", port, folder / "service.log")
    count = WORKERS if database.startswith("postgresql") else 0
    workers = [Machine(nursery, "worker", 0, folder / f"worker{number}.log") for number in range(count)]
    made = Installation(url, Later(clock), service, workers)
    try:
        service.start()
        made.wait_until_up()
        for machine in workers:
            machine.start()
        yield made
    finally:
        made.asking.close()
        nursery.close()
