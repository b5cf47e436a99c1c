"""`laurels contributions import`: a table, some lines at a time, so that a serving process never waits long."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import typer

from app.cli.files import beginning
from app.cli.installing import here
from app.cli.talking import Status, Unread, say
from app.contributions.importing import SOURCE, Read, read_table, record_lines
from app.contributions.rules import Outcome, Report
from app.contributions.service import Recorded
from app.kit.clock import system_clock
from app.kit.database import open_for_writing, write_session
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.kit.wording import visible
from app.members.service import community_by_slug
from app.settings import Settings

MOST = 64 * 1_048_576
MOST_LINES = 200_000
_AT_ONCE = 500


def import_table(name: str, community: str, *, dry_run: bool) -> Status:
    """Prints each line that is refused, with its number, code and reason; says how many came to what.

    Whoever is interrupted does it again: what is recorded stays so, and is known then. Raises `Unread`,
    `TableUnreadable`, `NoSuchCommunity`, `NotMigrated`.
    """
    lines, runtime = read_table(_read(name), source=SOURCE, most=MOST_LINES), here(Settings())
    _ = runtime.installation  # opened before the transactions that would wait for it
    refused, counts = list[tuple[int, Recorded]](), Counter[Outcome]()
    record = _tried if dry_run else _recorded
    seen = set[str]()
    with typer.progressbar(length=len(lines), label="Trying" if dry_run else "Importing", file=sys.stderr) as bar:
        for some in _parts(lines):
            new = [line for line in some if _key(line) not in seen]
            counts[Outcome.duplicate] += len(some) - len(new)
            for line, found in zip(new, record(runtime, community, new), strict=True):
                counts[found.outcome] += 1
                if found.fault is not None:
                    refused.append((line.number, found))
                elif dry_run:  # what was recorded here is gone again, and would be recorded once more
                    seen.add(_key(line))
            bar.update(len(some))
    for number, found in refused:
        if found.fault is not None:
            print(visible(f"{number}\t{found.fault.code}\t{' '.join(found.fault.detail.split())}"))
    say(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome) + (" (nothing is kept)." if dry_run else "."))
    return Status.unusable_data if refused else Status.verified


def _recorded(runtime: Runtime, community: str, lines: Sequence[Read]) -> list[Recorded]:
    on = Occasion(actor="operator", now=system_clock(), ids=runtime.ids)
    with write_session(runtime.engine) as session:
        return record_lines(session, community_by_slug(session, community), lines, at=runtime.installation, on=on)


def _tried(runtime: Runtime, community: str, lines: Sequence[Read]) -> list[Recorded]:
    """The same in a transaction that nobody commits."""
    on = Occasion(actor="operator", now=system_clock(), ids=runtime.ids)
    with open_for_writing(runtime.engine) as session:
        return record_lines(session, community_by_slug(session, community), lines, at=runtime.installation, on=on)


def _key(line: Read) -> str:
    return str(line.report.dedupe_key) if isinstance(line.report, Report) else ""


def _parts(lines: Sequence[Read]) -> Iterator[Sequence[Read]]:
    for start in range(0, len(lines), _AT_ONCE):
        yield lines[start : start + _AT_ONCE]


def _read(name: str) -> bytes:
    """What a file or standard input (`-`) holds. Raises `Unread`."""
    data = beginning(name, MOST + 1)
    if len(data) > MOST:
        raise Unread(f"{name}: it has more than {MOST // 1_048_576} MiB; part it.")
    return data
