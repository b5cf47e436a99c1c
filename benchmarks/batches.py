"""Two hundred badges at once over HTTP, beside the same badges one call after the other."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx

import badges
from benchmarks import samples
from tests.live import serving

MOST = 200


@dataclass
class Batches:
    """What was measured, by round."""

    one_by_one: list[float] = field(default_factory=list)
    """Seconds for the badges, each in a call of its own."""
    at_once: list[float] = field(default_factory=list)
    """Seconds for as many in one call."""
    work: list[float] = field(default_factory=list)
    """Processor seconds that the judging processes spent on that call, all together."""

    @property
    def rate(self) -> float:
        """Badges a second, in one call."""
        return MOST / median(self.at_once)

    @property
    def times_as_fast(self) -> float:
        """As one after the other."""
        return median(apart / once for apart, once in zip(self.one_by_one, self.at_once, strict=True))

    @property
    def processors(self) -> float:
        """How many processors were judging, on average over the call."""
        return median(work / once for work, once in zip(self.work, self.at_once, strict=True))


def measure_batches(*, rounds: int) -> Batches:
    """Badges that nobody has seen before, signed with eddsa-rdfc-2022, whose issuers are did:key."""
    found = Batches()
    with (
        TemporaryDirectory(prefix="laurels-bench-") as folder,
        serving(Path(folder)) as live,
        httpx.Client(base_url=live.url, trust_env=False, timeout=120) as client,
    ):

        def at_once(texts: list[str]) -> None:
            answer = client.post("/v1/verify/batch", json={"items": [json.loads(text) for text in texts]})
            assert len(answer.raise_for_status().json()["items"]) == len(texts)  # noqa: S101

        def apart(texts: list[str]) -> None:
            for text in texts:
                client.post("/v1/verify", content=text).raise_for_status()

        at_once(_unseen(0))  # begins the processes
        for n in range(rounds):
            found.one_by_one.append(_seconds(apart, _unseen(2 * n + 1)))
            before = _judging_seconds(live.process.pid)
            found.at_once.append(_seconds(at_once, _unseen(2 * n + 2)))
            found.work.append(_judging_seconds(live.process.pid) - before)
    return found


def _unseen(series: int) -> list[str]:
    document = samples.credential(series)
    del document["credentialStatus"]  # whose list nobody serves
    copies = [document | {"id": f"{samples.HOST}/credentials/{series}-{n}"} for n in range(MOST)]
    return [badges.serialize(badges.add_proof(copy, samples.ED25519, created=samples.AWARDED)) for copy in copies]


def _seconds(send: Callable[[list[str]], None], texts: list[str]) -> float:
    began = perf_counter()
    send(texts)
    return perf_counter() - began


def _judging_seconds(service: int) -> float:
    """Processor time of the processes that the service has begun, so far."""
    threads = Path(f"/proc/{service}/task").iterdir()
    children = [child for thread in threads for child in (thread / "children").read_text().split()]
    spent = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])  # utime, stime
    return spent / os.sysconf("SC_CLK_TCK")
