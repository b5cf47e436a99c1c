"""A portfolio of many badges as a zip: how long until all of it is there, and how much memory the service takes for it.

A real `laurels serve` on an SQLite file, with achievements of their own so that no picture is read twice for nothing,
and a member who fetches everything in one call. `python -m benchmarks --only portfolios`.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.awarding import ACHIEVEMENT, COMMUNITY, processor_seconds
from tests.live import Live, serving

BADGES = 1_000
ACHIEVEMENTS = 20
SECONDS, MEBIBYTES = 10, 150
"""What the export has to stay under."""


@dataclass(frozen=True)
class Export:
    """What was measured."""

    badges: int
    seconds: float
    """By the clock, with whatever else the machine was doing."""
    work: float
    """Of the service's processor time."""
    megabytes: float
    """Of the archive."""
    grown: float
    """Mebibytes that the service took for it at most."""


def measure_export(badges: int = BADGES) -> Export:
    """One export of so many badges, after a small one that loads what there is to load."""
    with TemporaryDirectory(prefix="laurels-bench-") as folder, serving(Path(folder)) as live:
        headers = {"Authorization": f"Bearer {live.admin}"}
        with httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=120) as admin:
            path = _furnished(admin, badges)
            _fetched(admin, path + "&format=json")
            Path(f"/proc/{live.process.pid}/clear_refs").write_text("5")  # its peak is counted from here
            before, work, began = _memory(live, "VmRSS"), processor_seconds(live), time.perf_counter()
            size = _fetched(admin, path + "&format=zip")
            seconds, work = time.perf_counter() - began, processor_seconds(live) - work
            grown = _memory(live, "VmHWM") - before
    return Export(badges, seconds, work, size / 1e6, grown)


def _furnished(admin: httpx.Client, badges: int) -> str:
    """Where the portfolio is fetched of a member who has so many badges."""

    def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = admin.post(path, json=body)
        answer.raise_for_status()
        known: dict[str, Any] = answer.json()
        return known

    made("/v1/communities", COMMUNITY)
    base = "/v1/communities/guild"
    member = made(f"{base}/members", {"handle": "mara", "name": "Mara Example"})["id"]
    policy = {"stackable": True, "period": "year"}
    kinds = [
        made(f"{base}/achievements", ACHIEVEMENT | {"name": f"Peer mentor {number}", "policy": policy})["id"]
        for number in range(ACHIEVEMENTS)
    ]
    for number in range(badges):
        award = {"achievement": kinds[number % len(kinds)], "recipient": {"member": "mara"}, "consent": "given"}
        made(f"{base}/credentials", award | {"narrative": f"Season {number}, from the first day to the last."})
    return f"/v1/members/{member}/portfolio?everything=true"


def _fetched(admin: httpx.Client, path: str) -> int:
    """Bytes of the answer, none of them kept."""
    with admin.stream("GET", path) as answer:
        answer.raise_for_status()
        return sum(len(piece) for piece in answer.iter_bytes())


def _memory(live: Live, which: str) -> float:
    """Mebibytes that the service has (`VmRSS`), or has had at most (`VmHWM`; proc_pid_status(5))."""
    lines = Path(f"/proc/{live.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(which))
