"""What came of it: how far stories of value reach, and at which stage of its life the community is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.kit.wording import plain
from app.metrics.formulas.maturity import Stage
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import capital, listed, sentences
from app.reports.charts.shapes import bars
from app.reports.charts.styling import over_time, picture

_CYCLES: Final[Mapping[int, str]] = {
    1: "immediate: what happened",
    2: "potential: what it produced",
    3: "applied: where it was used",
    4: "realised: difference made",
    5: "reframing: what success is",
}


def cycles(counts: Mapping[int, int | None]) -> Chart:
    """How many stories there are at least of each cycle of value creation; None where that is not told."""
    told = {cycle: count for cycle, count in counts.items() if count is not None}
    if not told:
        text = "There are no stories yet or too few, or too few people told them."
        return nothing("value-stories", "How far stories of value reach is not told", text)
    values = [_cycle(cycle, counts[cycle]) for cycle in sorted(counts)]
    columns = {"label": "Cycle of value", "size": "Stories, at least"}
    hidden = [_short(cycle) for cycle in sorted(counts) if counts[cycle] is None]
    said = [f"{count:,} stories of {_short(cycle)}" for cycle, count in sorted(told.items())]
    return Chart(
        "value-stories",
        f"Stories reach as far as {_short(max(told))}",
        sentences(
            f"There are at least {listed(said)}.",
            f"Of {listed(hidden)} it is not told how many: they are too few or none, or too few people told them."
            if hidden
            else None,
            "A story counts in every cycle that it speaks of, and a chain of stories once in each.",
        ),
        tuple(columns.values()), table(values, columns), bars(values, axis="Stories, at least"),
    )  # fmt: skip


def _short(cycle: int) -> str:
    return f"{_CYCLES[cycle].split(':')[0]} value"


def _cycle(cycle: int, count: int | None) -> dict[str, Cell]:
    return {"label": _CYCLES[cycle], "size": count, "said": "withheld" if count is None else f"{count:,}"}


def stages(history: Sequence[tuple[str, Stage]]) -> Chart:
    """At which stage the community was in each quarter, oldest first: the quarter's name and what was kept of it."""
    if not history:
        text = "No quarter is over of which it was judged."
        return nothing("stages", "At which stage of its life the community is, is not told", text)
    values: list[dict[str, Cell]] = [{"period": quarter, "stage": plain(stage.value)} for quarter, stage in history]
    order: list[Any] = [plain(stage.value) for stage in reversed(Stage)]
    y: dict[str, Any] = {
        "field": "stage", "type": "ordinal", "sort": None, "scale": {"domain": order},
        "axis": {"title": None, "grid": True},
    }  # fmt: skip
    mark: dict[str, Any] = {"type": "line", "interpolate": "step", "point": {"size": 70}}
    columns = {"period": "Quarter", "stage": "Stage"}
    last, before = values[-1]["stage"], [value for value in values if value["stage"] != values[-1]["stage"]]
    since = values[values.index(before[-1]) + 1]["period"] if before else values[0]["period"]
    return Chart(
        "stages",
        f"The community has been {last} since {since}",
        sentences(
            f"{capital(listed([f'{one} in {quarter}' for quarter, one in table(values, columns)]))}.",
            "A stage changes when the published rules have said the same other one two quarters in a row.",
            "Stages are no marks: transformation is not the last one, nor the best.",
        ),
        tuple(columns.values()), table(values, columns),
        picture(values, [{"mark": mark, "encoding": {"x": over_time(values), "y": y}}], height=180, names=order),
    )  # fmt: skip
