"""`python -m benchmarks.histories REPOSITORY…`: every figure of real histories: of git repositories, of nets that
everybody knows (`benchmarks.nets`), and of communities drawn from a seed, in which it is known what has to be found.

Who wrote a commit made something, with whomever it names as a co-author; who committed what another wrote helped them.
Addresses are told apart, never printed; robots are left out by their names. Nobody is recognised in a git history, so
those figures are of fewer than k. k is as the service has it.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import numpy as np

from app.metrics import notes
from app.metrics.arrays import DAY
from app.metrics.facts import NEVER, NONE, Acts, Depth, Facts, Helps, Kind, Members
from app.metrics.families import FAMILIES
from app.metrics.formulas.maturity import history
from app.metrics.lifecycle import quarter
from app.metrics.metric import measure
from app.metrics.periods import Window, parse
from app.metrics.policy import Policy
from app.metrics.results import Result, rounded
from benchmarks.nets import QUARTER, nets
from tests.app.metrics.generated import RING, UNSUNG, community
from tests.app.metrics.test_lifecycle import QUARTERS, STAGES

KINDS = (Kind("co_creating", Depth.create), Kind("supporting", Depth.respond))
_BOT = re.compile(r"\[bot\]|\bbot\b|-bot@|noreply@github\.com|dependabot|actions@", re.IGNORECASE)
_CO_AUTHOR = re.compile(r"^co-authored-by:.*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
_FORMAT = "%at%x00%an <%aE>%x00%cn <%cE>%x00%b%x01"


class Commit(NamedTuple):
    """When, by whom, and who took it in: addresses."""

    at: int
    authors: tuple[str, ...]
    committer: str


def commits(repository: Path) -> Iterator[Commit]:
    """Of all of its history but merges, oldest first."""
    command = ["git", "-C", str(repository), "log", "--no-merges", "--use-mailmap", f"--format={_FORMAT}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace")
    found = []
    for each in told.stdout.split("\x01"):
        if "\x00" in each:
            at, author, committer, body = each.strip("\n").split("\x00", 3)
            names = (author, *(f"<{address}>" for address in _CO_AUTHOR.findall(body)))
            people = tuple(dict.fromkeys(_address(name) for name in names if not _BOT.search(name)))
            if people:
                found.append(Commit(int(at), people, "" if _BOT.search(committer) else _address(committer)))
    yield from sorted(found)


def _address(name: str) -> str:
    return name.rpartition("<")[2].rstrip(">").strip().lower()


def facts_of(told: list[Commit]) -> Facts:
    """Everybody has been a member since their first commit."""
    number: dict[str, int] = {}
    acts, helps, joined = [], [], list[int]()
    for contribution, commit in enumerate(told):
        for address in (*commit.authors, *filter(None, [commit.committer])):
            if number.setdefault(address, len(number)) == len(joined):
                joined.append(commit.at)
        acts += [(number[author], commit.at, 0, contribution, NONE) for author in commit.authors]
        if commit.committer and commit.committer not in commit.authors:
            giver = number[commit.committer]
            helps += [(giver, number[author], commit.at, 1, contribution) for author in commit.authors]
    ids = tuple(UUID(int=each) for each in range(len(number)))
    members = Members(np.array(joined, dtype=np.int64), np.full(len(ids), NEVER), np.zeros(len(ids), dtype=np.int64))
    return Facts(ids, members, KINDS, acts=Acts.of(acts), helps=Helps.of(helps))


def figures(repository: Path, period: str | None) -> tuple[int, tuple[Result, ...]]:
    """How many commits there are, and what they show of a period, or of the whole time."""
    told = list(commits(repository))
    window = parse(period) if period else whole_time(told)
    return len(told), of_all(facts_of(told), window)


def of_all(facts: Facts, window: Window) -> tuple[Result, ...]:
    """Every figure of a window."""
    return measure([metric for family in FAMILIES.values() for metric in family], facts, window, Policy())


def whole_time(told: list[Commit]) -> Window:
    """Whole days."""
    start, end = (commit.at // DAY * DAY for commit in (told[0], told[-1]))
    return Window(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end + DAY, UTC))


def show(results: Iterable[Result]) -> None:
    """Prints a line for each figure."""
    for told in results:
        said = told.reason if told.value is None else rounded(told.value)
        print(f"  {told.metric:4} {told.name:40} n={told.n}  {said}")


def show_drawn() -> None:
    """Prints what is found of what was planted."""
    drawn, window = community(1_000, 20_000, 6_000), parse("2026-Q3")
    print("1,000 people drawn from a seed: one in a hundred makes most, nine some, ninety are there")
    show(of_all(drawn, window))
    known = drawn.until(window.seconds[1])
    found = [each.person for each in notes.unsung(known, window, most=3)]
    print(f"  of all, the most unsung: {found}; planted was {UNSUNG}")
    rings = [people for people, _ in notes.circles(known, parse("2026")).rings]
    print(f"  circles of the year: {rings}; planted was {RING}")
    for name, facts, chartered, changing in STAGES:
        seen = [quarter(facts, each, Policy(), planned=12, chartered=chartered, changing=changing) for each in QUARTERS]
        print(f"  four quarters of a community that is {name}: {', '.join(history(seen, Policy()))}")


def main() -> int:
    """Prints a line for each figure of each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.histories", description=sys.modules[__name__].__doc__)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--period", help="2019, 2019-Q3, 2019-07 or 2019-W30; the whole time if it is left out")
    asked = parser.parse_args()
    for repository in asked.repositories:
        count, results = figures(repository, asked.period)
        print(f"{repository.name}: {count:,} commits")
        show(results)
    for name, facts in nets():
        print(f"{name} ({facts.people} people)")
        show(of_all(facts, QUARTER))
    show_drawn()
    return 0


if __name__ == "__main__":
    sys.exit(main())
