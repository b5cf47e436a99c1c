"""Figures: how long it takes to compute all of them, and how that grows with what there is to count.

Communities drawn from a seed, in which one in a hundred makes most, nine in a hundred some and the others attend, with
a ring and an unsung member planted. Every figure of participation, recognition, influence and belonging is computed for
one quarter, from columns that are in memory: what reading them takes is not in it. Each size in a process of its own,
so that its peak of memory is its own. `python -m benchmarks --only metrics`.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import log
from multiprocessing import get_context
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

from app.metrics import belonging, influence, participation, recognition
from app.metrics.metric import Metric, measure
from app.metrics.periods import parse
from app.metrics.policy import Policy
from tests.app.metrics.generated import community

SIZES = (10_000, 100_000, 1_000_000)
"""Contributions; of a hundredth as many people, with a tenth as many recognitions."""
SECONDS, MEGABYTES = 30, 1_000
"""What all figures of the largest have to stay under."""
_QUARTER = parse("2026-Q3")
_GROUPS: dict[str, Sequence[Metric]] = {
    "participation": participation.METRICS,
    "recognition": recognition.METRICS,
    "influence": influence.METRICS,
    "belonging": belonging.METRICS,
}


@dataclass(frozen=True)
class Computed:
    """What was measured."""

    contributions: int
    people: int
    figures: int
    told: int
    """How many of them have a value."""
    seconds: dict[str, float]
    megabytes: float
    """The peak of the process, the interpreter and the facts included."""

    @property
    def in_all(self) -> float:
        """Seconds for all figures."""
        return sum(self.seconds.values())


def measure_metrics(sizes: Sequence[int] = SIZES) -> list[Computed]:
    """With so many contributions."""
    found = []
    for contributions in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            found.append(process.submit(computed, contributions).result())
    return found


def computed(contributions: int) -> Computed:
    """In this process."""
    people = max(100, contributions // 100)
    facts, policy = community(people, contributions, contributions // 10), Policy()
    began = perf_counter()
    known = facts.until(_QUARTER.seconds[1])
    seconds, told, count = {"cutting": perf_counter() - began}, 0, 0
    for name, metrics in _GROUPS.items():
        began = perf_counter()
        results = measure(metrics, known, _QUARTER, policy)
        seconds[name] = perf_counter() - began
        told += sum(result.value is not None for result in results)
        count += len(results)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
    return Computed(contributions, people, count, told, seconds, peak)


def growth(smaller: Computed, larger: Computed) -> float:
    """The power of the number of contributions with which the time grows: 1 is linear."""
    return log(larger.in_all / smaller.in_all) / log(larger.contributions / smaller.contributions)
