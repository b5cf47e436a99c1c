"""Awards over HTTP: a real `laurels serve` on a database of its own, and a client in a process of its own.

One award is a recipient never seen before and an event in the journal, in one transaction that is on disk before the
answer leaves. Where consent is asked, as by default, that makes an offer with a claim link; where it is given, two
Open Badges 3.0 forms and two of 2.0 are signed and stored, with a status index and a second event.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.load import Plan
from benchmarks.measuring import Unit
from benchmarks.volley import Seen
from tests.live import Live, environment, serving
from tests.postgres import throwaway_postgres, url_of

CONCURRENCIES = (1, 16)
CONSENTS = ("ask", "given")
REQUESTS = 300
SECONDS = 15.0

COMMUNITY = {
    "slug": "guild",
    "name": "Guild of Mapmakers",
    "description": "People who map their neighbourhoods together.",
    "url": "https://guild.example",
    "email": "guild@guild.example",
}
ACHIEVEMENT = {
    "name": "Peer mentor",
    "description": "Stayed with a newcomer for a whole season.",
    "criteria": {"narrative": "Two nominations, *one* season."},
    "contribution_type": "mentoring",
    "tags": ["mentoring", "community"],
}


@dataclass
class Awards:
    """What was measured of one kind of award at one concurrency on one database."""

    database: str
    consent: str
    concurrency: int
    rates: list[float] = field(default_factory=list)
    """Awards a second, by round."""
    units: list[float] = field(default_factory=list)
    """Seconds of a raw Ed25519 signature, by round, while the service had nothing to do."""
    work: list[float] = field(default_factory=list)
    """Processor seconds that the service spent on one award, by round: the same however busy the machine is."""
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    """Awards that were answered otherwise, such as by 503 where a lock was not to be had in time."""

    @property
    def rate(self) -> float:
        """Awards a second: median of the rounds."""
        return median(self.rates)

    @property
    def units_of_work(self) -> float:
        """What one award costs the service's processor, in signatures: median of the rounds."""
        return median(work / unit for work, unit in zip(self.work, self.units, strict=True))

    def percentile(self, of_hundred: int) -> float:
        """Milliseconds within which so many of a hundred were answered."""
        return quantiles(self.latencies, n=100)[of_hundred - 1] * 1000

    def add(self, seen: Seen, *, unit: float, work: float) -> None:
        """One more round, in which the service spent `work` processor seconds."""
        answered = len(seen.latencies)
        self.rates.append(answered / seen.seconds)
        self.units.append(unit)
        self.work.append(work / (answered + len(seen.refused)))
        self.latencies += seen.latencies
        self.refused += len(seen.refused)


def measure_awards(*, rounds: int, unit: Unit) -> Iterator[Awards]:
    """Awards of both kinds on both databases, at each concurrency."""
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with (
            TemporaryDirectory(prefix="laurels-bench-") as folder,
            database(Path(folder)) as settings,
            serving(Path(folder), env=settings) as live,
        ):
            yield from _measured(name, live, rounds, unit)


@contextmanager
def _sqlite(folder: Path) -> Iterator[dict[str, str]]:
    yield {"LAURELS_STATE_DIR": str(folder)}


@contextmanager
def _postgresql(folder: Path) -> Iterator[dict[str, str]]:
    with throwaway_postgres() as server:
        settings = {"LAURELS_STATE_DIR": str(folder), "LAURELS_DATABASE_URL": url_of(server, "postgres")}
        command = [sys.executable, "-m", "app", "migrate"]
        subprocess.run(command, env=environment(folder) | settings, check=True, capture_output=True)
        yield settings


def _measured(database: str, live: Live, rounds: int, unit: Unit) -> list[Awards]:
    path, token, achievement = _community(live)
    found = [Awards(database, consent, concurrency) for consent in CONSENTS for concurrency in CONCURRENCIES]
    first = count(step=REQUESTS)

    def fired(consent: str, concurrency: int) -> Seen:
        port = httpx.URL(live.url).port or 80
        return _fired(Plan(port, path, token, achievement, consent, next(first), concurrency, REQUESTS, SECONDS))

    for consent in CONSENTS:
        fired(consent, max(CONCURRENCIES))  # fills caches and pools
    for _ in range(rounds):
        for awards in found:
            seconds, before = unit.seconds(), processor_seconds(live)
            seen = fired(awards.consent, awards.concurrency)
            awards.add(seen, unit=seconds, work=processor_seconds(live) - before)
    return found


def _community(live: Live) -> tuple[str, str, str]:
    """A community with one achievement: where awards go, a platform's token for them, and the achievement's id."""
    with httpx.Client(base_url=live.url, headers={"Authorization": f"Bearer {live.admin}"}, trust_env=False) as admin:

        def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
            answer = admin.post(path, json=body)
            answer.raise_for_status()
            known: dict[str, Any] = answer.json()
            return known

        made("/v1/communities", COMMUNITY)
        base = "/v1/communities/guild"
        achievement = made(f"{base}/achievements", ACHIEVEMENT)["id"]
        scopes = ["awards:write", "awards:consented"]
        token = made(f"{base}/tokens", {"role": "platform", "scopes": scopes})["token"]
    return f"{base}/credentials", token, achievement


def processor_seconds(live: Live) -> float:
    """What the service has spent so far, user and system (proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{live.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fired(plan: Plan) -> Seen:
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=True)
    return Seen(**json.loads(done.stdout))
