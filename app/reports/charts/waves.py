"""What surveys came to from wave to wave: elements with their intervals, and trust beside size."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt
from typing import Any, Final

from app.kit.statistics import Z95
from app.kit.wording import plain
from app.metrics.periods import name_of
from app.metrics.results import Result
from app.metrics.telling import Json
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import listed, number, sentences
from app.reports.charts.styling import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Layer,
    amount,
    over_time,
    panels,
    picture,
)

_STAYED: Final = "stayed"
_NONE = "No wave of a survey is out in which enough people answered."
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
_COLOURS: Final = (BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE)
Wave = tuple[date, Mapping[str, Any]]
"""The day on which it closed, and its results."""


def elements(waves: Sequence[Wave]) -> Chart:
    """What each element of belonging came to in each wave, oldest first, in percent of the most it could be."""
    values = [_element(closed, one, results) for closed, results in waves for one in results["elements"]]
    if not any(value["size"] is not None for value in values):
        return nothing("elements", "What belonging came to is not told", _NONE)
    by_wave = {
        closed.isoformat(): [_said(value) for value in values if value["period"] == closed.isoformat()]
        for closed, _ in waves
    }
    last, told = list(by_wave.items())[-1]
    columns = {"period": "Closed on", "label": "Element", "size": "Of the most it could be, in %",
               "low": "From, in %", "high": "To, in %"}  # fmt: skip
    return Chart(
        "elements",
        f"Belonging in the survey that closed on {last}: {listed(told)}",
        sentences(
            *(f"On {closed}: {listed(parts)}." for closed, parts in by_wave.items()),
            "The lines are intervals of 95 %, wide enough for whatever answers go together.",
        ),
        tuple(columns.values()), table(values, columns), picture(values, _marks(values), height=270),
    )  # fmt: skip


def _element(closed: date, element: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Cell]:
    told: dict[str, Cell] = {"period": closed.isoformat(), "label": plain(element["key"])}
    if element["suppressed"]:
        return told | {"size": None, "low": None, "high": None}
    size, reach = element["percent_of_max"], _reach(element["key"], results)
    return told | {"size": size, "low": max(0.0, round(size - reach, 1)), "high": min(100.0, round(size + reach, 1))}


def _reach(key: str, results: Mapping[str, Any]) -> float:
    """How far to both sides a mean of an element may lie, in percent: of the distributions that are told.

    How answers to different questions go together is not told, so that the standard errors of their means are added up
    as if each went wholly with the others: the interval is never too narrow for that.
    """
    items = [item for item in results["items"] if item["element"] == key]
    errors = [sqrt(_variance(item) / max(1, item["n"] - 1)) / (len(item["distribution"]) - 1) for item in items]
    return 100 * Z95 * sum(errors) / len(errors)


def _variance(item: Mapping[str, Any]) -> float:
    return float(sum(one["n"] * (one["option"] - item["mean"]) ** 2 for one in item["distribution"]) / item["n"])


def _said(value: Mapping[str, Any]) -> str:
    size = value["size"]
    return f"{value['label']} " + ("withheld" if size is None else f"{number(size, 1)} %")


def _marks(values: Sequence[Mapping[str, Cell]]) -> list[Layer]:
    names: list[Any] = list(dict.fromkeys(value["label"] for value in values))
    x, y = over_time(values), amount("size", "Of the most it could be, in %", scale={"domain": [0, 100]})
    scale: dict[str, Any] = {"domain": names, "range": [*_COLOURS[: len(names)]]}
    shapes: dict[str, Any] = {"domain": names, "range": [*_SHAPES[: len(names)]]}
    legend: dict[str, Any] = {"orient": "top", "columns": 2, "labelColor": INK, "title": None, "labelLimit": 150}
    offset: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None}
    shape: dict[str, Any] = {"field": "label", "type": "nominal", "scale": shapes, "legend": legend}
    fill: dict[str, Any] = {"field": "label", "type": "nominal", "scale": scale, "legend": legend}
    return [
        {"mark": "rule", "encoding": {"x": x, "xOffset": offset, "y": y | {"field": "low"}, "y2": {"field": "high"}}},
        {
            "mark": {"type": "point", "size": 80, "opacity": 1},
            "encoding": {"x": x, "xOffset": offset, "y": y, "shape": shape, "fill": fill},
        },
        {
            "transform": [{"filter": "datum.size === null"}],
            "mark": {"type": "text", "text": "withheld", "angle": 270, "align": "left", "fontSize": 11},
            "encoding": {"x": x, "xOffset": offset, "y": {"value": {"expr": "height - 4"}}},
        },
    ]


def size_and_trust(results: Sequence[Result], trust: Sequence[tuple[date, Mapping[str, Any]]]) -> Chart:
    """Size, of P1, beside what one question came to in the waves that closed in the same periods (its items)."""
    values: list[dict[str, Cell]] = []
    for one in results:
        start, end = one.window.start.date(), one.window.end.date()
        asked = [item for closed, item in trust if start <= closed < end]
        mean = asked[-1]["percent_of_max"] if asked else None
        value: Any = one.value or {}
        values.append(
            {
                "period": name_of(one.window),
                "members": value.get("end"),
                "size": mean,
                "cell": "not asked" if not asked else mean,
            }
        )
    if not any(value["members"] is not None and value["size"] is not None for value in values):
        return nothing("size-and-trust", "Size and trust are not told of the same period", _NONE)
    columns = {
        "period": "Period",
        "members": "Members at its end, at least",
        "cell": "Trust, of the most it could be, in %",
    }
    return Chart(
        "size-and-trust",
        _together(values),
        sentences(
            f"Members, at least: {_over_time(values, 'members')}.",
            f"Trust: {_over_time(values, 'size', ' %')}.",
            "A community may grow faster than trust in it does: so they are shown beside each other.",
        ),
        tuple(columns.values()), table(values, columns), _panels(values),
    )  # fmt: skip


def _over_time(values: Sequence[Mapping[str, Cell]], name: str, unit: str = "") -> str:
    told = [(float(found), value["period"]) for value in values if isinstance(found := value[name], int | float)]
    return listed([f"{number(found, 1)}{unit} in {period}" for found, period in told])


def _together(values: Sequence[Mapping[str, Cell]]) -> str:
    """The newest period of which both are told, beside the oldest."""
    both = [(value["period"], float(size), float(mean)) for value in values
            if isinstance(size := value["members"], int | float)
            and isinstance(mean := value["size"], int | float)]  # fmt: skip
    (first, size, mean), (last, size_now, mean_now) = both[0], both[-1]
    if len(both) == 1:
        trust = f"In {last} trust was at {number(mean_now, 1)} % of the most it could be"
        return f"{trust}, with at least {number(size_now, 0)} members"
    grew, rose = _went(size, size_now), _went(mean, mean_now)
    members = f"from at least {number(size, 0)} to {number(size_now, 0)} members"
    if grew == _STAYED:
        members = f"at {number(size_now, 0)} members or more"
    trust = f"at {number(mean, 1)} %" if rose == _STAYED else f"from {number(mean, 1)} to {number(mean_now, 1)} %"
    trust = f"{'and' if grew == rose else 'while'} trust {rose} {trust}"
    return f"Between {first} and {last} size {grew} {members}, {trust}"


def _went(before: float, now: float) -> str:
    return _STAYED if before == now else "rose" if now > before else "fell"


def _panels(values: Sequence[Mapping[str, Cell]]) -> dict[str, Json]:
    """One above the other, on the same periods: two axes in one picture would make any two lines meet."""
    x = over_time(values)
    below = dict(x) | {"axis": {"labels": False, "ticks": False, "title": None, "grid": False}}
    return panels(
        values,
        [
            (95, [_dots(below, amount("members", "Members, at least"), BLUE, "circle")]),
            (95, [_dots(x, amount("size", "Trust, in %", scale={"domain": [0, 100]}), VERMILLION, "square")]),
        ],
    )


def _dots(x: dict[str, Json], y: dict[str, Json], colour: str, shape: str) -> Layer:
    point: Json = {"shape": shape, "fill": colour, "stroke": INK, "size": 55}
    told: Json = [{"filter": f"datum.{y['field']} !== null"}]
    return {"transform": told, "mark": {"type": "line", "stroke": colour, "point": point}, "encoding": {"x": x, "y": y}}
