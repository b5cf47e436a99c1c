"""The charts of a report, by the part that each stands in. Pure: drawing them is for whoever shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.metrics.results import Result
from app.reports.charts import answers, growth, participation, recognition, spread, tales, waves
from app.reports.charts.chart import Chart
from app.reports.support import voices
from app.reports.support.figures import Figures
from app.reports.support.material import Material

MOST_ITEMS: Final = 5
"""Questions of a wave that have a chart each; of longer surveys the table says it in less room."""


def pictures(found: Material) -> Mapping[str, Sequence[Chart]]:
    """Those that show something. Of few people none that is made of shares."""
    drawn = {
        "size": _size(found),
        "participation": _participation(found),
        "recognition": _recognition(found),
        "belonging": _belonging(found),
        "trust": _trust(found),
        "value": [tales.cycles(found.stories.by_cycle)],
        "stage": [tales.stages(found.stages)],
    }
    return {part: [chart for chart in charts if chart.spec is not None] for part, charts in drawn.items()}


def _size(found: Material) -> Iterator[Chart]:
    over_time = _series(found, "P1")
    if over_time:
        yield growth.members(over_time)
        yield growth.comings(over_time)


def _participation(found: Material) -> Iterator[Chart]:
    yield participation.active(_series(found, "P5"))
    if found.now.small:
        return
    for metric, chart in (
        ("P2", participation.ways),
        ("P7", participation.retention),
        ("P10", participation.first_steps),
        ("P4", spread.lorenz),
    ):
        yield from map(chart, _now(found, metric))
    yield participation.answering(_series(found, "P12"))


def _recognition(found: Material) -> Iterator[Chart]:
    if found.now.small:
        return
    yield from map(recognition.kinds, _now(found, "R0"))
    yield from map(recognition.care, _now(found, "R0"))
    yield recognition.coverage(_series(found, "R2"))
    yield recognition.newcomers(_series(found, "R4"))
    yield from map(recognition.fairness, _now(found, "R10"))


def _belonging(found: Material) -> Iterator[Chart]:
    if found.now.small:
        return
    for number, wave in enumerate(found.waves):
        items = wave.results["items"]
        for item in items if len(items) <= MOST_ITEMS else ():
            yield answers.item(item, response_rate=wave.results["response_rate"], survey=f"wave-{number}")
    yield waves.elements([(wave.closed_on, wave.results) for wave in (*found.earlier_waves, *found.waves)])


def _trust(found: Material) -> Iterator[Chart]:
    if found.now.small:
        return
    asked = [*found.earlier_waves, *found.waves]
    told = [(wave.closed_on, item) for wave in asked if (item := voices.trusted(wave)) is not None]
    same = [(day, item) for day, item in told if item["item"] == told[-1][1]["item"]]
    yield waves.size_and_trust(_series(found, "P1"), same)


def _now(found: Material, metric: str) -> list[Result]:
    """A figure of this period, if it is there."""
    one = found.now.by_id.get(metric)
    return [one] if one is not None else []


def _series(found: Material, metric: str) -> list[Result]:
    """A figure of this period and those before it, oldest first."""
    periods: list[Figures] = [*found.before, found.now]
    return [one for each in periods if (one := each.by_id.get(metric)) is not None]
