"""Figures as they are told, and what every chart of them has to hold."""

import json
from typing import Any

import altair

from app.metrics import periods
from app.metrics.results import Result
from app.reports.charts.chart import Chart


def figure(metric: str, period: str, value: Any, *, n: int | None = 50, withheld: tuple[str, ...] = ()) -> Result:
    """One of a period; with neither value nor `n` it is withheld."""
    hidden = n is None
    return Result(metric, metric, 1, periods.parse(period), n, 5, value, suppressed=hidden, withheld=withheld)


def whole(chart: Chart) -> Chart:
    """The chart, whose picture is Vega-Lite, whose table is one, and whose title and text are sentences."""
    assert chart.title
    assert not chart.title.endswith(".")
    assert chart.text.endswith(".")
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    assert (chart.spec is None) == (not chart.rows)
    read = Chart.of(json.loads(json.dumps(chart.to_dict())))
    assert (read, read.digest) == (chart, chart.digest), "it is the same after it was kept as JSON"
    if chart.spec is not None:
        altair.Chart.from_dict(dict(chart.spec))
    return chart
