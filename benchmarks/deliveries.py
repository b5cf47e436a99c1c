"""How fast the outbox drains: events that wait in the journal, until a receiver on this machine has been told of all.

A real `laurels serve` on SQLite, or a `laurels worker` on PostgreSQL, and a receiver in a process of its own. What
happened is there before; the webhook was paused meanwhile. Measured is from the first delivery that comes to the last,
with reading the journal, signing, sending and recording each attempt. `python -m benchmarks --only deliveries`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from benchmarks.awarding import COMMUNITY
from benchmarks.measuring import Unit
from tests.live import Live, environment, serving
from tests.postgres import throwaway_postgres, url_of

EVENTS = 2_000
A_SECOND = 500
"""What has to be reached."""


@dataclass(frozen=True)
class Drained:
    """What was measured on one database."""

    database: str
    rates: list[float]
    """Deliveries a second, of each round."""
    units: list[float]
    """For how many raw Ed25519 signatures there was time a delivery, of each round."""
    again: int
    """How many came more than once."""

    @property
    def rate(self) -> float:
        """The median."""
        return median(self.rates)

    @property
    def time(self) -> float:
        """The median of `units`."""
        return median(self.units)


def measure_deliveries(*, rounds: int, unit: Unit, events: int = EVENTS) -> Iterator[Drained]:
    """On SQLite and on PostgreSQL."""
    for database in ("SQLite", "PostgreSQL"):
        with _running(database) as live, _admin(live) as admin:
            _made(admin, "/v1/communities", COMMUNITY)
            rates, units, again = [], [], 0
            for number in range(rounds):
                seconds, twice = _drained(admin, events, number)
                rates.append(events / seconds)
                units.append(seconds / events / unit.seconds())
                again += twice
            yield Drained(database, rates, units, again)


def _drained(admin: httpx.Client, events: int, number: int) -> tuple[float, int]:
    """Seconds for so many events, and how many deliveries came more than once."""
    base = "/v1/communities/guild"
    line = [sys.executable, "-m", "benchmarks.receiver", str(events)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as receiver:
        assert receiver.stdout is not None  # noqa: S101  as opened
        url = f"http://127.0.0.1:{receiver.stdout.readline().strip()}/hook"
        hook = _made(admin, f"{base}/webhooks", {"url": url, "events": ["contribution.recorded"]})["id"]
        _turned(admin, f"{base}/webhooks/{hook}", "paused")
        happened = [
            {"type": "hosting", "occurred_at": "2026-11-01T18:00:00Z", "person": f"mara{number}"} for _ in range(events)
        ]
        _made(admin, f"{base}/members", {"handle": f"mara{number}", "name": "Mara Example"})
        _made(admin, f"{base}/contributions", happened)
        _turned(admin, f"{base}/webhooks/{hook}", "active")
        seen = json.loads(receiver.stdout.readline())
    admin.delete(f"{base}/webhooks/{hook}").raise_for_status()
    return seen["seconds"], seen["again"]


def _made(admin: httpx.Client, path: str, body: object) -> dict[str, str]:
    answer = admin.post(path, json=body)
    answer.raise_for_status()
    made: dict[str, str] = answer.json()
    return made


def _turned(admin: httpx.Client, path: str, state: str) -> None:
    admin.patch(path, json={"state": state}, headers={"If-Match": "*"}).raise_for_status()


@contextmanager
def _admin(live: Live) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {live.admin}"}
    with httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=120) as admin:
        yield admin


@contextmanager
def _running(database: str) -> Iterator[Live]:
    """A service whose webhooks may lead to this machine, and on PostgreSQL a worker beside it."""
    with ExitStack() as until:
        folder = Path(until.enter_context(TemporaryDirectory(prefix="laurels-bench-")))
        env = {"LAURELS_ALLOW_LOOPBACK": "true", "LAURELS_STATE_DIR": str(folder)}
        if database == "SQLite":
            yield until.enter_context(serving(folder, env=env))
            return
        env["LAURELS_DATABASE_URL"] = url_of(until.enter_context(throwaway_postgres()), "postgres")
        known = environment(folder) | env
        subprocess.run([sys.executable, "-m", "app", "migrate"], env=known, check=True, capture_output=True)
        live = until.enter_context(serving(folder, env=env))
        line = [sys.executable, "-m", "app", "worker"]
        worker = until.enter_context(subprocess.Popen(line, env=known, stdout=subprocess.DEVNULL))
        until.callback(worker.terminate)
        yield live
