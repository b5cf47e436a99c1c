"""Rounds: everything in turn, each piece of work beside the unit, so that a noisy machine is noisy for both."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from time import process_time
from typing import NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

T = TypeVar("T")

UNIT_REPEATED = 200
SAMPLE_SECONDS = 0.05
"""How long one sample should take."""


@dataclass(frozen=True)
class Job:
    """A piece of work; `run(count)` does it so many times and tells how many seconds that took."""

    name: str
    run: Callable[[int], float] = field(repr=False)


def job(name: str, items: Iterable[T], operation: Callable[[T], object]) -> Job:
    """The work of doing `operation` to one item after the other, over and over."""
    endless = cycle(items)

    def run(count: int) -> float:
        chosen = [next(endless) for _ in range(count)]
        start = process_time()
        for item in chosen:
            operation(item)
        return process_time() - start

    return Job(name, run)


class Sample(NamedTuple):
    """Seconds that the work took once, and a raw Ed25519 signature just before it."""

    work: float
    unit: float


class Samples:
    """What was measured, by name of the job and in order of rounds."""

    def __init__(self) -> None:
        self._of: dict[str, list[Sample]] = defaultdict(list)

    def add(self, name: str, sample: Sample) -> None:
        self._of[name].append(sample)

    def per_unit(self, name: str) -> float:
        """How often the work is done while one thread signs once: median of the rounds."""
        return median(sample.unit / sample.work for sample in self._of[name])

    def times_as_fast(self, name: str, as_name: str) -> float:
        """How often one job is done while the other is done once: median of the rounds."""
        pairs = zip(self._of[name], self._of[as_name], strict=True)
        return median((theirs.work / theirs.unit) / (ours.work / ours.unit) for ours, theirs in pairs)

    def unit_microseconds(self) -> float:
        """What the unit was in this run."""
        return median(sample.unit for samples in self._of.values() for sample in samples) * 1e6


class Unit:
    """E: one raw Ed25519 signature over 64 bytes, which is what Data Integrity signs."""

    def __init__(self) -> None:
        key = Ed25519PrivateKey.generate()
        self._job = job("raw Ed25519 signature", [bytes(64)], key.sign)

    def seconds(self) -> float:
        return self._job.run(UNIT_REPEATED) / UNIT_REPEATED


def measure(jobs: Sequence[Job], *, rounds: int, unit: Unit) -> Samples:
    """Samples of every job, `rounds` of each."""
    counts = {}
    for each in jobs:
        each.run(2)  # fills caches, as any first use does
        counts[each.name] = max(2, round(SAMPLE_SECONDS / (each.run(2) / 2)))
    samples = Samples()
    for _ in range(rounds):
        for each in jobs:
            count = counts[each.name]
            seconds = unit.seconds()
            samples.add(each.name, Sample(each.run(count) / count, seconds))
    return samples
