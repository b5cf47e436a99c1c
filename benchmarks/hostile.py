"""`python -m benchmarks.hostile`: what it costs to judge badges that are made to be expensive (`tests/hostile`).

Each family runs in a process of its own, after an ordinary badge, with the manners of the processes of the service
(`app/kit/garbage.py`): CPU seconds, and by how much the process grew.
"""

import argparse
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import badges
from app.kit.garbage import look_seldom
from tests.far_issuer import NOW, FarIssuer
from tests.hostile import FAMILIES, SIZE

MOST_SECONDS = 0.5
MOST_MEGABYTES = 100
LONGEST_WAIT = 6.0
"""Seconds, after which a family is given up."""


class Cost(NamedTuple):
    """What judging one document took."""

    family: str
    bytes: int
    seconds: float
    """Of CPU."""
    megabytes: float
    """By which the process grew at its peak."""
    verdict: str
    codes: str

    @property
    def is_bounded(self) -> bool:
        return self.seconds < MOST_SECONDS and self.megabytes < MOST_MEGABYTES


def measured(family: str, size: int) -> Cost:
    """What `family` costs, in a child, so that peaks do not add up."""
    far, data = FAMILIES[family](size)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, "\t".join(_child(far, data)).encode())
        os._exit(0)
    os.close(writing)
    if not select.select([reading], [], [], LONGEST_WAIT)[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        told = pipe.read().split("\t")
    os.waitpid(child, 0)
    if len(told) != 4:
        return Cost(family, len(data), float("inf"), float("inf"), "crashed", "")
    return Cost(family, len(data), float(told[0]), float(told[1]), told[2], told[3])


def _child(far: FarIssuer, data: bytes) -> list[str]:
    _lower_peak()
    before = _peak()
    start = time.process_time()
    report = badges.verify(data, fetch=far, now=NOW)
    report.to_dict()
    seconds = time.process_time() - start
    codes = " ".join(f"{check.check}={check.code}" for check in report.checks if check.outcome in ("failed", "unknown"))
    return [f"{seconds:.3f}", f"{_peak() - before:.1f}", report.verdict.value, codes]


def _lower_peak() -> None:
    with open("/proc/self/clear_refs", "w") as file:  # noqa: PTH123
        file.write("5")


def _peak() -> float:
    with open("/proc/self/status") as file:  # noqa: PTH123
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def costs(families: list[str], size: int) -> Iterator[Cost]:
    look_seldom()
    far = FarIssuer()
    badges.verify(far.award().text, fetch=far, now=NOW)  # schemas and contexts are read once
    yield from (measured(family, size) for family in families)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile")
    parser.add_argument("families", nargs="*", help="all of them, unless some are named")
    parser.add_argument("--size", type=int, default=SIZE)
    asked = parser.parse_args()
    names = asked.families or sorted(FAMILIES)
    for cost in costs(names, asked.size):
        much = "" if cost.is_bounded else "TOO MUCH "
        figures = f"{cost.bytes:>9,}{cost.seconds:>8.2f} s{cost.megabytes:>8.0f} MB"
        print(f"{cost.family:55}{figures}  {much}{cost.verdict} {cost.codes}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
