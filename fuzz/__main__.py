"""`python -m fuzz`: fuzzes every target in turn and tells executions a second, coverage and findings.

Exits 1 when something was found; the inputs lie under `var/fuzz/TARGET`.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from fuzz.targets import RUNS, TARGETS

FOLDER = Path("var/fuzz")
FOR_EVER = 0
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")


class Outcome(NamedTuple):
    """What came of one target."""

    target: str
    runs: int
    seconds: int
    edges: int
    features: int
    findings: list[Path]
    stopped: str
    """The last words of a run that did not end by itself."""

    def __str__(self) -> str:
        rate = self.runs / max(1, self.seconds)
        figures = f"{self.runs:>10,} runs {rate:>8,.0f}/s {self.edges:>6,} edges {self.features:>7,} features"
        return f"{self.target:8} {figures} {len(self.findings):>3} findings{self.stopped}"


def fuzz(target: str, *, runs: int, seconds: int) -> Outcome:
    """A target in a process of its own, for so many executions or seconds; no end to either is -1 and 0."""
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    before = set(_findings(folder))
    command = [sys.executable, "-m", "fuzz.one", target, str(folder), str(runs), str(seconds)]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment, check=False)
    done, covered = _DONE.search(ran.stderr), _COVERED.findall(ran.stderr)
    edges, features = map(int, covered[-1]) if covered else (0, 0)
    count, took = map(int, done.groups()) if done else (0, 0)
    found = sorted(set(_findings(folder)) - before)
    stopped = "" if ran.returncode == 0 and done else f"\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    return Outcome(target, count, took, edges, features, found, stopped)


def _findings(folder: Path) -> list[Path]:
    return [file for kind in ("crash", "timeout", "oom") for file in folder.glob(f"{kind}-*")]


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzzes what reads strangers' bytes.")
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all of them unless some are named")
    parser.add_argument("--seconds", type=int, help="in all, instead of more than a million executions")
    asked = parser.parse_args()
    names = asked.targets or list(TARGETS)
    outcomes = []
    for name in names:
        runs, seconds = (-1, max(1, asked.seconds // len(names))) if asked.seconds else (RUNS[name], FOR_EVER)
        outcomes.append(fuzz(name, runs=runs, seconds=seconds))
        print(outcomes[-1], flush=True)
    print(f"{sum(outcome.runs for outcome in outcomes):,} executions")
    return 1 if any(outcome.findings or outcome.stopped for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
