"""How many members there are, came and left: of P1."""

from collections.abc import Sequence
from typing import Any

from app.metrics.periods import name_of
from app.metrics.results import Result
from app.metrics.telling import Json
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import beside, capital, hidden, listed, many, number, people, percent, sentences, spoken
from app.reports.charts.styling import GREEN, INK, VERMILLION, Layer, amount, over_time, picture, withheld

_MEMBERS = {"period": "Period", "members": "Members at its end"}
_CHANGES = {"period": "Period", "joined": "Joined", "left": "Left"}


def members(results: Sequence[Result]) -> Chart:
    """How many members there were at the end of each period: of P1, of periods that follow each other."""
    values = [_value(one) for one in results]
    known = [
        (one, value["members"]) for one, value in zip(results, values, strict=True) if value["members"] is not None
    ]
    if not known:
        return nothing("growth", "How many members there are is not told", _NOTHING)
    (first, before), (last, now) = known[0], known[-1]
    x = over_time(values)
    layers: list[Layer] = [
        {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": amount("members", "Members")}},
        {
            "transform": [{"filter": f"datum.period === '{name_of(last.window)}'"}],
            "mark": {"type": "text", "dy": -12, "fontWeight": "bold"},
            "encoding": {"x": x, "y": amount("members", "Members"), "text": {"field": "members", "format": ","}},
        },
        withheld("members", x),
    ]
    told = [f"{many(int(count), 'member')} at the end of {spoken(one.window)}" for one, count in known]
    text = sentences(f"There were at least {listed(told)}.", _gaps(results, values, "members"), _over_a_year(last))
    return Chart(
        "growth", _grew(first, int(before), last, int(now)), text, tuple(_MEMBERS.values()), table(values, _MEMBERS),
        picture(values, layers, height=200),
    )  # fmt: skip


def comings(results: Sequence[Result]) -> Chart:
    """How many joined and left in each period: of P1, of periods that follow each other."""
    values = [_value(one) for one in results]
    if all(value["joined"] is None for value in values):
        return nothing("joins-and-leaves", "How many joined and left is not told", _NOTHING)
    x = over_time(values)
    y = amount("joined", "Joined, and left (below the line)", scale={"padding": 14})
    layers: list[Layer] = [
        {"mark": {"type": "bar", "fill": GREEN}, "encoding": {"x": x, "y": y}},
        _label("joined", x, below=False),
        {
            "transform": [{"calculate": "-datum.left", "as": "gone"}],
            "mark": {"type": "bar", "fill": VERMILLION, "strokeDash": [3, 2]},
            "encoding": {"x": x, "y": y | {"field": "gone"}},
        },
        _label("left", x, below=True),
        {"mark": {"type": "rule", "stroke": INK}, "encoding": {"y": {"datum": 0}}},
        withheld("joined", x),
    ]
    told = [
        f"in {spoken(one.window)} {number(int(value['joined'] or 0))} joined and {number(int(value['left'] or 0))} left"
        for one, value in zip(results, values, strict=True)
        if value["joined"] is not None
    ]
    told[0] = capital(told[0])
    return Chart(
        "joins-and-leaves",
        _came(results, values),
        sentences("; ".join(told) + ".", _gaps(results, values, "joined")),
        tuple(_CHANGES.values()), table(values, _CHANGES), picture(values, layers, height=200),
    )  # fmt: skip


_NOTHING = "There are no periods of which this is told: none is over yet, or it would tell of too few people."


def _value(result: Result) -> dict[str, Cell]:
    value: Any = result.value or {}
    changes: Any = value.get("changes") or {}
    return {
        "period": name_of(result.window),
        "members": value.get("end", 0 if result.n == 0 else None),
        "joined": changes.get("joined"),
        "left": changes.get("left"),
    }


def _label(field: str, x: dict[str, Json], *, below: bool) -> Layer:
    at: Json = {"field": "gone" if below else field, "type": "quantitative"}
    return {
        "transform": [{"filter": f"datum.{field} > 0"}, {"calculate": f"-datum.{field}", "as": "gone"}],
        "mark": {"type": "text", "dy": 9 if below else -8},
        "encoding": {"x": x, "y": at, "text": {"field": field}},
    }


def _came(results: Sequence[Result], values: Sequence[dict[str, Cell]]) -> str:
    """What is said of the newest period, beside the newest before it of which this is told."""
    *known, now = [
        (one.window, value["joined"], int(value["left"] or 0))
        for one, value in zip(results, values, strict=True)
        if value["joined"] is not None or one is results[-1]
    ]
    window, joined, left = now
    if joined is None:
        return f"How many joined and left in {spoken(window)} is not told"
    leaving = left > 0 or any(went for _, _, went in known[-1:])
    said = f"{capital(people(int(joined)))} joined"
    said += f" and {number(left) if left else 'nobody'} left" if leaving else ""
    said += f" in {spoken(window)}"
    if not known:
        return said
    before, came, went = known[-1]
    if (came, went) == (joined, left):
        return f"{said}, as in {beside(before, window)}"
    counts = [number(int(came or 0)), number(went)] if leaving else [number(int(came or 0))]
    return f"{said}, after {listed(counts)} in {beside(before, window)}"


def _grew(first: Result, before: int, last: Result, now: int) -> str:
    if first is last:
        return f"There were {many(now, 'member')} at the end of {spoken(last.window)}"
    between = f"from the end of {spoken(first.window)} to that of {spoken(last.window)}"
    if now == before:
        return f"The community stayed at {many(now, 'member')} {between}"
    return f"The community {'grew' if now > before else 'shrank'} from {before:,} to {many(now, 'member')} {between}"


def _over_a_year(last: Result) -> str | None:
    value: Any = last.value
    rate = value["over_a_year"]["rate"] if value else None
    if rate is None:
        return None
    return f"That is {percent(abs(rate))} {'more' if rate >= 0 else 'fewer'} than a year before."


def _gaps(results: Sequence[Result], values: Sequence[dict[str, Cell]], name: str) -> str | None:
    return hidden([one.window for one, value in zip(results, values, strict=True) if value[name] is None])
