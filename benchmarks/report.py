"""What was measured, as a table for people: printed, and kept under `results/` by date."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.awarding import Awards
from benchmarks.batches import MOST, Batches
from benchmarks.deliveries import A_SECOND, EVENTS, Drained
from benchmarks.figures import AFTER_ONE, DOOR, Measured
from benchmarks.figures import MEGABYTES as PUBLISHED_IN
from benchmarks.figures import SECONDS as PUBLISHED_WITHIN
from benchmarks.intake import A_SECOND as TAKEN_A_SECOND
from benchmarks.intake import CONCURRENCY, DELIVERIES, Taken
from benchmarks.intake import MILLISECONDS as TAKEN_WITHIN
from benchmarks.library import Row
from benchmarks.measuring import Job, Samples
from benchmarks.metrics import MEGABYTES, Computed, growth
from benchmarks.metrics import SECONDS as FIGURES_WITHIN
from benchmarks.milestones import MILLISECONDS, Weighing
from benchmarks.portfolios import MEBIBYTES, SECONDS, Export

RESULTS = Path(__file__).with_name("results")
AWARDS_A_SECOND = 100
"""What awarding over HTTP has to reach."""
PROCESSORS = 1
"""More than so many have to judge a batch, wherever there are more."""

LEGEND = """\
**E** is one raw Ed25519 signature; "per E" is how often the work is done while one thread signs once, and "× as fast"
is how often it is done while the reference is done once. Figures are medians of rounds that go through everything in
turn, each sample beside a sample of E; of the library in processor time, of awards in time by the clock. What
openbadgeslib has for the same work is its fastest function for it, whatever that leaves unlooked at. An award is on
disk before it is answered on SQLite (`synchronous=FULL`); the PostgreSQL is the throw-away one of the tests, which does
not wait for the disk. "Processor time" is the service's own, whatever else the machine was doing."""


def library_table(rows: Sequence[Row], samples: Samples) -> Iterator[str]:
    """A line for each piece of work."""
    yield from _table("work", "per E", "openbadgeslib, its fastest", "× as fast", "× as fast as Pillow", "target")
    for row in rows:
        ours, best = row.ours.name, _fastest(row.theirs, samples)
        by_theirs = samples.times_as_fast(ours, best.name) if best else None
        by_pillow = samples.times_as_fast(ours, row.pillow.name) if row.pillow else None
        reached = _reached(by_theirs if row.pillow is None else by_pillow, row.target)
        named = f"{best.name}: {samples.per_unit(best.name):.2g}" if best else "–"
        yield _line(ours, f"{samples.per_unit(ours):.2g}", named, _times(by_theirs), _times(by_pillow), reached)


def others_table(rows: Sequence[Row], samples: Samples) -> Iterator[str]:
    """A line for each piece of work and each other library that does it."""
    yield from _table("work", "beside", "× as fast", "target")
    for row in rows:
        for n, other in enumerate(row.others):
            ratio = samples.times_as_fast(row.ours.name, other.name)
            yield _line(
                row.ours.name, other.name, _times(ratio), _reached(ratio, row.target_of_others if n == 0 else None)
            )


def awards_table(measured: Iterable[Awards]) -> Iterator[str]:
    """A line for each database, kind and concurrency."""
    columns = (
        "awards over HTTP",
        "consent",
        "at once",
        "a second: median, best",
        "p50, p99 in ms",
        "refused",
        "processor time in E",
        "target",
    )
    yield from _table(*columns)
    for found in measured:
        yield _line(
            found.database,
            found.consent,
            str(found.concurrency),
            f"{found.rate:.0f}, {max(found.rates):.0f}",
            f"{found.percentile(50):.0f}, {found.percentile(99):.0f}",
            str(found.refused),
            f"{found.units_of_work:.0f}",
            _reached(found.rate, AWARDS_A_SECOND),
        )


def batches_table(found: Batches) -> Iterator[str]:
    """One line."""
    yield from _table("badges in one call", "a second", "× as fast as one by one", "processors judging", "target")
    reached = _reached(found.processors, PROCESSORS)
    yield _line(
        str(MOST), f"{found.rate:.0f}", _times(found.times_as_fast), f"{found.processors:.2g}", f"more than {reached}"
    )


def exports_table(found: Sequence[Export]) -> Iterator[str]:
    """A line for each export; of the larger ones, how many times the smallest's time and memory they took."""
    head = ["portfolio", "badges", "MB", "seconds", "of processor time", "MiB at most", "against the smallest"]
    yield from _table(*head, "target")
    for one in found:
        least = min((each for each in found if each.format == one.format), key=lambda each: each.badges)
        times = [
            one.badges / least.badges,
            one.work / least.work,
            max(one.grown, 1) / max(least.grown, 1),
        ]  # of less than a MiB nothing is told
        is_reached = one.seconds < SECONDS and one.grown < MEBIBYTES
        target = f"{SECONDS} s, {MEBIBYTES} MiB: {'reached' if is_reached else 'missed'}"
        yield _line(
            one.format,
            str(one.badges),
            f"{one.megabytes:.1f}",
            f"{one.seconds:.1f}",
            f"{one.work:.1f}",
            f"{one.grown:.0f}",
            "–" if one is least else "× {:.1f} badges, × {:.1f} time, × {:.1f} memory".format(*times),
            target if one is least and one.format == "zip" else "–",
        )


def deliveries_table(measured: Iterable[Drained]) -> Iterator[str]:
    """A line for each database."""
    yield from _table(
        "webhook deliveries to one receiver",
        "events",
        "a second: median, best",
        "time for each in E",
        "twice",
        "target",
    )
    for found in measured:
        yield _line(
            found.database,
            str(EVENTS),
            f"{found.rate:.0f}, {max(found.rates):.0f}",
            f"{found.time:.0f}",
            str(found.again),
            _reached(found.rate, A_SECOND),
        )


def intake_table(found: Taken) -> Iterator[str]:
    """One line."""
    columns = ("signed deliveries of a platform", "at once", "a second: median, best", "of a bare endpoint")
    yield from _table(*columns, "p50, p99 in ms", "refused", "target")
    is_reached = found.rate >= TAKEN_A_SECOND and found.percentile(99) < TAKEN_WITHIN
    yield _line(
        f"{DELIVERIES:,}",
        str(CONCURRENCY),
        f"{found.rate:.0f}, {max(found.rates):.0f}",
        f"× {found.of_bare:.2f}",
        f"{found.percentile(50):.0f}, {found.percentile(99):.0f}",
        str(found.refused),
        f"{TAKEN_A_SECOND}, {TAKEN_WITHIN} ms: {'reached' if is_reached else 'missed'}",
    )


def weighing_table(found: Sequence[Weighing]) -> Iterator[str]:
    """A line for each way in which the history is spread; the target is of one that many have made."""
    yield from _table("milestones", "contributions on record", "rules", "ms, p99", "commit, ms", "E", "target")
    for one in found:
        target = f"{MILLISECONDS} ms: {'reached' if one.milliseconds < MILLISECONDS else 'missed'}"
        yield _line(
            "one contribution",
            f"{one.contributions:,} of {one.doers:,} members"
            if one.doers > 1
            else f"{one.contributions:,} of one member",
            str(one.rules),
            f"{one.milliseconds:.2f}, {one.p99:.2f}",
            f"{one.commit:.2f}",
            f"{one.units:.0f}",
            target if one.doers > 1 else "–",
        )


def metrics_table(found: Sequence[Computed]) -> Iterator[str]:
    """A line for each size; the target is of the largest."""
    yield from _table("all figures of a quarter", "contributions", "people", "seconds", "growth", "peak, MB", "target")
    for place, one in enumerate(found):
        is_reached = one.in_all < FIGURES_WITHIN and one.megabytes < MEGABYTES
        yield _line(
            f"{one.figures}, of which {one.told} have a value",
            f"{one.contributions:,}",
            f"{one.people:,}",
            f"{one.in_all:.2f}",
            f"n^{growth(found[place - 1], one):.2f}" if place else "–",
            f"{one.megabytes:.0f}",
            f"{FIGURES_WITHIN} s, {MEGABYTES} MB: {'reached' if is_reached else 'missed'}" if one is found[-1] else "–",
        )


def figures_table(found: Iterable[Measured]) -> Iterator[str]:
    """For each database a line of reading and publishing, one for each thing that happens, and one of the door."""
    yield from _table("figures from rows", "what", "seconds", "MB at most", "median, most in ms", "p99 in ms", "target")
    for one in found:
        work = one.worked
        name = f"{one.database}, {work.contributions:,} contributions"
        is_reached = work.in_all < PUBLISHED_WITHIN and work.megabytes < PUBLISHED_IN
        yield _line(
            name,
            "all read, a quarter computed",
            f"{work.read:.1f} + {work.published:.1f}",
            f"{work.megabytes:.0f}",
            "–",
            "–",
            f"{PUBLISHED_WITHIN} s, {PUBLISHED_IN} MB: {'reached' if is_reached else 'missed'}",
        )
        backlog = f"{work.periods} periods that were due, single people included"
        yield _line(name, backlog, f"{work.backlog:.1f}", "–", "–", "–", "–")
        for what, times in work.after.items():
            typical, most = median(times) * 1e3, max(times) * 1e3
            target = f"{AFTER_ONE} ms: {'reached' if typical < AFTER_ONE else 'missed'}"
            yield _line(name, f"read on after a {what}", "–", "–", f"{typical:.0f}, {most:.0f}", "–", target)
        yield _line(name, f"the same as reading all again: {'yes' if work.same else 'NO'}", "–", "–", "–", "–", "–")
        target = f"{DOOR} ms: {'reached' if one.p99 < DOOR else 'missed'}"
        spread = f"{median(one.latencies) * 1e3:.0f}, {max(one.latencies) * 1e3:.0f}"
        yield _line(name, "the door, while the worker publishes", "–", "–", spread, f"{one.p99:.0f}", target)


def keep(day: date, lines: Iterable[str], *, unit_microseconds: float) -> Path:
    """Writes the tables under the day's date; ratios, and nothing by which a machine could be known."""
    kept = RESULTS / f"{day.isoformat()}.md"
    head = [f"# {day.isoformat()}", "", LEGEND, "", f"E was {unit_microseconds:.0f} µs. {python()}.", ""]
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("\n".join([*head, *lines]) + "\n")
    return kept


def python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"


def _fastest(jobs: Sequence[Job], samples: Samples) -> Job | None:
    return max(jobs, key=lambda job: samples.per_unit(job.name), default=None)


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.3g}"


def _reached(found: float | None, target: int | None) -> str:
    if target is None or found is None:
        return ""
    return f"{target}: {'reached' if found >= target else 'missed'}"


def _table(*columns: str) -> Iterator[str]:
    yield _line(*columns)
    yield _line(*("---" for _ in columns))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
