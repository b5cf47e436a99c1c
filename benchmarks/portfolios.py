"""Portfolios of many badges: how long until all of one is there, and how much memory the service takes for it.

A real `laurels serve` on an SQLite file, with achievements of their own so that no picture is read twice for nothing,
and members who fetch everything in one call. What grows with the number of badges is seen by comparing two of them; the
service begins anew for each, so that no memory is counted that an export before has left behind. A PDF is asked for as
many certificates as one may have. `python -m benchmarks --only portfolios`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from app.portfolio.certificates import MOST
from benchmarks.awarding import ACHIEVEMENT, COMMUNITY, processor_seconds
from tests.live import Live, free_port, serving

BADGES = (1_000, 5_000)
FORMATS = ("zip", "json", "html")
ACHIEVEMENTS = 20
SECONDS, MEBIBYTES = 10, 150
"""What the zip of the fewer badges has to stay under."""


@dataclass(frozen=True)
class Export:
    """What was measured."""

    format: str
    badges: int
    seconds: float
    """By the clock, with whatever else the machine was doing."""
    work: float
    """Of the service's processor time; the process that sets a PDF is not in it."""
    megabytes: float
    """Of what was fetched."""
    grown: float
    """Mebibytes that the service took for it at most."""


def measure_exports(badges: tuple[int, ...] = BADGES, certificates: int = MOST) -> list[Export]:
    """An export of so many badges in each format, after a small one that loads what there is to load."""
    with TemporaryDirectory(prefix="laurels-bench-") as name:
        folder, port = Path(name), free_port()
        with serving(folder, port=port) as live, _admin(live) as admin:
            members = dict(_furnished(admin, sorted({*badges, certificates})))
        wanted = [(format, many) for format in FORMATS for many in badges] + [("pdf", certificates)]
        return [_measured(folder, port, members[many], format, many) for format, many in wanted]


def _measured(folder: Path, port: int, member: str, format: str, badges: int) -> Export:
    path = f"/v1/members/{member}/portfolio?everything=true&format="
    with serving(folder, port=port) as live, _admin(live) as admin:
        _fetched(admin, f"{path}jsonresume")
        Path(f"/proc/{live.process.pid}/clear_refs").write_text("5")  # its peak is counted from here
        before, work, began = _memory(live, "VmRSS"), processor_seconds(live), time.perf_counter()
        size = _fetched(admin, path + format)
        seconds, work = time.perf_counter() - began, processor_seconds(live) - work
        return Export(format, badges, seconds, work, size / 1e6, _memory(live, "VmHWM") - before)


def _admin(live: Live) -> httpx.Client:
    headers = {"Authorization": f"Bearer {live.admin}"}
    return httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=300)


def _furnished(admin: httpx.Client, badges: list[int]) -> Iterator[tuple[int, str]]:
    """For each number the id of a member who has so many badges."""

    def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = admin.post(path, json=body)
        answer.raise_for_status()
        known: dict[str, Any] = answer.json()
        return known

    made("/v1/communities", COMMUNITY)
    base = "/v1/communities/guild"
    policy = {"stackable": True, "period": "year"}
    kinds = [
        made(f"{base}/achievements", ACHIEVEMENT | {"name": f"Peer mentor {number}", "policy": policy})["id"]
        for number in range(ACHIEVEMENTS)
    ]
    for many in badges:
        handle = f"mara-{many}"
        id = made(f"{base}/members", {"handle": handle, "name": "Mara Example"})["id"]
        for number in range(many):
            award = {"achievement": kinds[number % len(kinds)], "recipient": {"member": handle}, "consent": "given"}
            made(f"{base}/credentials", award | {"narrative": f"Season {number}, from the first day to the last."})
        yield many, id


def _fetched(admin: httpx.Client, path: str) -> int:
    """Bytes of the answer, none of them kept."""
    with admin.stream("GET", path) as answer:
        answer.raise_for_status()
        return sum(len(piece) for piece in answer.iter_bytes())


def _memory(live: Live, which: str) -> float:
    """Mebibytes that the service has (`VmRSS`), or has had at most (`VmHWM`; proc_pid_status(5))."""
    lines = Path(f"/proc/{live.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(which))
