"""The two shapes that most charts have: a line over periods, and bars by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.metrics.periods import Window, name_of
from app.metrics.results import Reason, Result
from app.metrics.telling import Json
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import capital, hidden, listed, number, sentences, spoken
from app.reports.charts.styling import Layer, amount, named, over_time, picture

TOO_FEW = "There is no period of which this is told: none is over yet, nothing happened, or it would tell of too few."


def why(result: Result) -> str:
    """Why there is nothing to draw of a figure."""
    if result.reason is Reason.told_by_quarter:
        return "It looks back over a year, so it is told of quarters and years."
    return hidden([result.window]) or TOO_FEW if result.suppressed else TOO_FEW


@dataclass(frozen=True)
class Trend:
    """What a line over periods is of."""

    id: str
    what: str
    """As in «what is not told»."""
    column: str
    axis: str
    at: str
    """The name of the number in the value of a figure."""
    said: str
    """The finding with a gap for the number, as in «at least {} people took part»; the period follows."""
    short: Callable[[float], str] = number
    """The number in words."""
    scaled: Callable[[float], float] = lambda value: value
    """What is drawn of the number."""
    level: float | None = None
    """What it may be compared with: a line."""
    ceiling: float | None = None
    rough: str = "about"
    """How the numbers are rounded: «about», or «at least»."""


def trend(of: Trend, results: Sequence[Result], *, also: str | None = None) -> Chart:
    """A line over periods that follow each other, oldest first. What is withheld is said where it would be.

    Of a figure that is told by quarter, weeks and months are no gaps.
    """
    results = [one for one in results if one.reason is not Reason.told_by_quarter]
    values = [_point(of, one) for one in results]
    told = [
        (drawn, spoken(one.window))
        for one, value in zip(results, values, strict=True)
        if isinstance(drawn := value["value"], int | float)
    ]
    if not told:
        return nothing(of.id, f"{capital(of.what)} is not told", TOO_FEW)
    columns = {"period": "Period", "cell": f"{of.column}, {of.rough}"}
    return Chart(
        of.id,
        _finding(of, told),
        sentences(
            f"{of.column}: {of.rough} {listed([f'{of.short(drawn)} in {period}' for drawn, period in told])}.",
            _gaps(results, values),
            also,
        ),
        tuple(columns.values()), table(values, columns), picture(values, _line(of, values), height=190),
    )  # fmt: skip


def _finding(of: Trend, told: Sequence[tuple[float, str]]) -> str:
    """The newest number beside the oldest."""
    (first, once), (last, when) = told[0], told[-1]
    said = f"{capital(of.said.format(of.short(last)))} in {when}"
    if len(told) == 1:
        return said
    return f"{said}, as in {once}" if first == last else f"{said}, after {of.short(first)} in {once}"


def _point(of: Trend, result: Result) -> dict[str, Cell]:
    value: Any = result.value or {}
    raw = value.get(of.at)
    found = None if raw is None else of.scaled(raw)
    # What is told as nothing, and not for being of too few, is none.
    hidden = result.suppressed or f"/{of.at}" in {*result.withheld, *result.rates_withheld}
    none = found is None and not hidden
    return {
        "period": name_of(result.window),
        "value": found,
        "cell": "none" if none else found,
        "why": None if found is not None else "none" if none else "withheld",
    }


def _gaps(results: Sequence[Result], values: Sequence[Mapping[str, Cell]]) -> str | None:
    def those(why: str) -> list[Window]:
        return [one.window for one, value in zip(results, values, strict=True) if value["why"] == why]

    none = those("none")
    return sentences(
        f"For {listed([*map(spoken, none)])} there is none, since there was nothing to count." if none else None,
        hidden(those("withheld")),
    )


def _line(of: Trend, values: Sequence[Mapping[str, Cell]]) -> list[Layer]:
    x, y = over_time(values), amount("value", f"{of.axis}, {of.rough}")
    if of.ceiling is not None:
        y["scale"] = {"domain": [0, of.ceiling]}
    layers: list[Layer] = [
        {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y}},
        {
            "transform": [{"filter": "datum.why !== null"}],
            "mark": {"type": "text", "angle": 270, "align": "left", "fontSize": 11},
            "encoding": {"x": x, "y": {"value": {"expr": "height - 4"}}, "text": {"field": "why"}},
        },
    ]
    if of.level is not None:
        layers.append({"mark": {"type": "rule", "strokeDash": [5, 3]}, "encoding": {"y": {"datum": of.level}}})
    return layers


def bars(values: Sequence[Mapping[str, Cell]], *, axis: str, percent: bool = False) -> dict[str, Json]:
    """Bars by `label`, as long as `size`, each with what is `said` of it; of those without a size only that."""
    sizes = [size for value in values if isinstance(size := value["size"], int | float)]
    longest = 100.0 if percent else max([1.0, *sizes])
    # The words at the end of a bar need room.
    x = amount("long", axis, scale={"domain": [0, 1.4 * longest], "nice": False})
    if percent:
        x["axis"] = {"title": axis, "values": [0, 25, 50, 75, 100]}
    else:
        x["axis"] = {"title": axis, "tickMinStep": 1, "tickCount": 4}
    y = named("label")
    long: Json = [{"calculate": "datum.size === null ? 0 : datum.size", "as": "long"}]
    layers: list[Layer] = [
        {"transform": long, "mark": "bar", "encoding": {"y": y, "x": x}},
        {
            "transform": long,
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"y": y, "x": x, "text": {"field": "said"}},
        },
    ]
    return picture(values, layers, height=30 * len(values) + 45, names=[value["label"] for value in values])
