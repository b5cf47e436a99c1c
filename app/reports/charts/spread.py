"""How evenly contributions are spread among people: the curve of Lorenz, of P4."""

from typing import Any

from app.metrics.results import Result
from app.metrics.telling import Json
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import about, capital, listed, percent, sentences, spoken
from app.reports.charts.shapes import why
from app.reports.charts.styling import GREEN, Layer, picture


def lorenz(result: Result) -> Chart:
    """Which part of everything those made who made least, up to all who made all."""
    value: Any = result.value
    points: list[dict[str, Any]] = (value["lorenz"] if value else None) or []
    told = [one for one in points if one["share"] is not None]
    if not told:
        return nothing("lorenz", "How evenly contributions are spread is not told", why(result))
    inner: list[dict[str, Cell]] = [
        {"people": round(100 * one["people"]), "size": None if one["share"] is None else round(100 * one["share"], 1)}
        for one in points
    ]
    values: list[dict[str, Cell]] = [{"people": 0, "size": 0}, *inner, {"people": 100, "size": 100}]
    columns = {"people": "Of the people, those with least, in %", "size": "Of all contributions, in %, about"}
    first, *others = [(percent(one["share"]), percent(one["people"])) for one in told]
    parts = [f"{first[0]} of all contributions were made by the {first[1]} who made least"]
    parts += [f"{share} by the {people} who did" for share, people in others]
    return Chart(
        "lorenz",
        _finding(result, value),
        sentences(
            f"About {listed(parts)}.",
            "If all made as many, the curve would be the dashed line.",
            "Points with few people on one side of them are withheld." if len(told) < len(points) else None,
            "All communities of practice are uneven; it counts contributions, and not what they are worth.",
        ),
        tuple(columns.values()), table(values, columns), picture(values, _curve(), height=260),
    )  # fmt: skip


def _finding(result: Result, value: Any) -> str:
    top = value["top_share"].get("0.1")
    if top is not None:
        return f"The tenth who made most made {about(top)} of all contributions in {spoken(result.window)}"
    last = next(one for one in reversed(value["lorenz"]) if one["share"] is not None)
    rest = f"the {percent(1 - last['people'])} who made most made {about(1 - last['share'])} of all contributions"
    return f"{capital(rest)} in {spoken(result.window)}"


def _curve() -> list[Layer]:
    x: dict[str, Any] = {"field": "people", "type": "quantitative", "title": "People, from those with least, in %"}
    y: dict[str, Any] = {"field": "size", "type": "quantitative", "title": "Of all contributions, in %, about"}
    told: Json = [{"filter": "datum.size !== null"}]
    even: Json = [{"filter": "datum.people % 100 === 0"}]
    dashed: Json = {"type": "line", "stroke": GREEN, "strokeDash": [5, 4], "strokeWidth": 1.5}
    return [
        {"transform": even, "mark": dashed, "encoding": {"x": x, "y": y}},
        {"transform": told, "mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y}},
    ]
