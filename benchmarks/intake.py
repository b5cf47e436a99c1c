"""How fast platforms' deliveries are taken: proven, read, sealed, and on disk before they are answered.

A real `laurels serve` on SQLite, in which the worker looks into what has come meanwhile, and a platform in a process of
its own. Beside it, in the same round, a bare endpoint of the same server that keeps nothing is sent the same.
`python -m benchmarks --only intake`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx

from benchmarks.awarding import COMMUNITY
from benchmarks.sender import Plan
from benchmarks.volley import Seen
from tests.live import Live, free_port, serving

DELIVERIES, CONCURRENCY = 2_000, 16
A_SECOND, MILLISECONDS = 300, 50
"""What has to be reached: so many a second, and within so long for 99 of 100."""
_WARM = 200


@dataclass(frozen=True)
class Taken:
    """What was measured."""

    rates: list[float]
    """Deliveries a second, by round."""
    bare: list[float]
    """The same of the bare endpoint."""
    latencies: list[list[float]]
    """Seconds, by round."""
    refused: int

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def of_bare(self) -> float:
        """Which part of the bare endpoint's rate: median of the rounds."""
        return median(ours / theirs for ours, theirs in zip(self.rates, self.bare, strict=True))

    def percentile(self, percent: int) -> float:
        """Milliseconds: median of the rounds."""
        return median(quantiles(one, n=100)[percent - 1] for one in self.latencies) * 1000


def measure_intake(*, rounds: int) -> Taken:
    """Each round with a source of its own."""
    with TemporaryDirectory(prefix="laurels-bench-") as folder, serving(Path(folder)) as live, _bare() as port:
        headers = {"Authorization": f"Bearer {live.admin}"}
        with httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=60) as admin:
            admin.post("/v1/communities", json=COMMUNITY).raise_for_status()
            _sent(_to_a_source(admin, live, _WARM))
            found = []
            for _ in range(rounds):
                ours = _sent(_to_a_source(admin, live, DELIVERIES))
                found.append((ours, _sent(Plan(port, "/", "secret", CONCURRENCY, DELIVERIES))))
    return Taken(
        rates=[len(ours.latencies) / ours.seconds for ours, _ in found],
        bare=[len(theirs.latencies) / theirs.seconds for _, theirs in found],
        latencies=[ours.latencies for ours, _ in found],
        refused=sum(len(ours.refused) for ours, _ in found),
    )


def _to_a_source(admin: httpx.Client, live: Live, deliveries: int) -> Plan:
    answer = admin.post("/v1/communities/guild/sources", json={"platform": "github"})
    answer.raise_for_status()
    made = answer.json()
    port = int(live.url.rpartition(":")[2])
    return Plan(port, f"/hooks/{made['id']}", made["secret"], CONCURRENCY, deliveries)


def _sent(plan: Plan) -> Seen:
    line = [sys.executable, "-m", "benchmarks.sender"]
    done = subprocess.run(line, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=True)
    return Seen(**json.loads(done.stdout))


@contextmanager
def _bare() -> Iterator[int]:
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "benchmarks.bare", str(port)]) as process:
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    httpx.post(f"http://127.0.0.1:{port}/", trust_env=False)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()
