"""`python -m benchmarks`: measures, prints the tables with each target reached or missed, and keeps them by date."""

import argparse
import sys
from collections.abc import Callable, Iterable

from app.kit.clock import system_clock
from benchmarks.awarding import measure_awards
from benchmarks.batches import measure_batches
from benchmarks.deliveries import measure_deliveries
from benchmarks.figures import measure_figures
from benchmarks.intake import measure_intake
from benchmarks.library import Material, rows
from benchmarks.measuring import Samples, Unit, measure
from benchmarks.metrics import measure_metrics
from benchmarks.milestones import measure_weighing
from benchmarks.portfolios import measure_exports
from benchmarks.reference import openbadgeslib
from benchmarks.report import (
    awards_table,
    batches_table,
    deliveries_table,
    exports_table,
    figures_table,
    intake_table,
    keep,
    library_table,
    metrics_table,
    others_table,
    weighing_table,
)
from interop.environments import CannotInstall


def main() -> int:
    """0 when it was measured, whatever the figures: a slow machine is not a failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=sys.modules[__package__ or ""].__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of the library's work; the rest a fifth of that")
    parser.add_argument("--only", choices=["library", *PARTS], help="measures a part, and keeps nothing")
    asked = parser.parse_args()
    unit, lines, samples = Unit(), [], Samples()
    try:
        if asked.only in {None, "library"}:
            samples, found = _library(asked.rounds, unit)
            lines += found
    except CannotInstall as stop:
        print(f"CannotInstall: {stop}")
        return 1
    for name, table in PARTS.items():
        if asked.only in {None, name}:
            lines += ["", *table(max(1, asked.rounds // 5), unit)]
    print("\n".join(lines))
    if asked.only is None:
        kept = keep(system_clock().date(), lines, unit_microseconds=samples.unit_microseconds())
        print(f"\nkept in benchmarks/results/{kept.name}")
    return 0


PARTS: dict[str, Callable[[int, Unit], Iterable[str]]] = {
    "batches": lambda rounds, _: batches_table(measure_batches(rounds=rounds)),
    "portfolios": lambda _, __: exports_table(measure_exports()),
    "deliveries": lambda rounds, unit: deliveries_table(measure_deliveries(rounds=rounds, unit=unit)),
    "intake": lambda rounds, _: intake_table(measure_intake(rounds=rounds)),
    "milestones": lambda _, unit: weighing_table(measure_weighing(unit=unit.seconds())),
    "metrics": lambda _, __: [*metrics_table(measure_metrics()), "", *figures_table(measure_figures())],
    "awards": lambda rounds, unit: awards_table(measure_awards(rounds=rounds, unit=unit)),
}


def _library(rounds: int, unit: Unit) -> tuple[Samples, list[str]]:
    material = Material()
    with openbadgeslib(material.for_others()) as theirs:
        table = rows(material, theirs)
        every = {job.name: job for row in table for job in (row.ours, *row.theirs, row.pillow, *row.others) if job}
        samples = measure(list(every.values()), rounds=rounds, unit=unit)
    return samples, [*library_table(table, samples), "", *others_table(table, samples)]


if __name__ == "__main__":
    sys.exit(main())
