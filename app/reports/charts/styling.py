"""How charts look: legible at 320 pixels, in print, in the dark, and to those who see few colours.

Text and lines have the colour of the text around them. What differs in colour differs in dash, shape or label too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from app.metrics.telling import Json
from app.reports.charts.chart import Cell

Layer: TypeAlias = dict[str, Json]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH: Final = 340
"""As wide as a narrow telephone: drawn larger it grows, drawn there its letters are read."""
_WIDER: Final = 30
"""Pixels that the longest label of an axis gets longer in wide letters."""
_PANEL: Final = 270
"""Beside what stands left of it."""
INK: Final = "currentColor"

BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
"""Told apart by people of all kinds of colour vision (Okabe and Ito 2008, Color Universal Design)."""

_AXIS: Final[dict[str, Json]] = {
    "labelColor": INK,
    "titleColor": INK,
    "domainColor": INK,
    "tickColor": INK,
    "gridColor": INK,
    "gridOpacity": 0.15,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelLimit": 150,
}
CONFIG: Final[dict[str, Json]] = {
    "aria": False,  # a picture is one image with one text, not a hundred marks
    "font": "Alegreya Sans, Arial, sans-serif",
    "axis": _AXIS,
    "view": {"stroke": "transparent"},
    "text": {"fontSize": 12, "fill": INK},
    "bar": {"fill": BLUE, "stroke": INK, "strokeWidth": 0.8},
    "line": {"stroke": BLUE, "strokeWidth": 2},
    "point": {"fill": BLUE, "stroke": INK, "strokeWidth": 0.8, "filled": True, "size": 50},
    "rule": {"stroke": INK},
    "rect": {"stroke": INK, "strokeWidth": 0.5},
}


def picture(
    values: Sequence[Mapping[str, Cell]], layers: Iterable[Layer], *, height: int, names: Iterable[Cell] = ()
) -> dict[str, Json]:
    """A Vega-Lite specification of layers over the same values; `names` are what stands left of the axis, if any do.

    It is drawn without knowing in which letters it is read: wide ones need up to a pixel more each, or are cut off.
    """
    room = min(_WIDER, max((len(str(name)) for name in names), default=0))
    fit: dict[str, Json] = {"width": WIDTH, "height": height, "autosize": {"type": "fit", "contains": "padding"}}
    padding: dict[str, Json] = {"left": 4 + room, "right": 10, "top": 4, "bottom": 4}
    return _around(values) | fit | {"padding": padding, "layer": [*layers]}


def panels(values: Sequence[Mapping[str, Cell]], each: Iterable[tuple[int, list[Layer]]]) -> dict[str, Json]:
    """One of pictures above each other, of the given heights, over the same values."""
    rows: list[Json] = [{"width": _PANEL, "height": height, "layer": [*layers]} for height, layers in each]
    return _around(values) | {"vconcat": rows, "spacing": 12}


def _around(values: Sequence[Mapping[str, Cell]]) -> dict[str, Json]:
    return {
        "$schema": SCHEMA,
        "background": "transparent",
        "padding": 4,
        "config": CONFIG,
        "data": {"values": [dict(value) for value in values]},
    }


def over_time(values: Sequence[Mapping[str, Cell]]) -> dict[str, Json]:
    """The axis of their periods, in their order."""
    apart: dict[str, Json] = {"labelOverlap": "greedy", "labelSeparation": 14}  # in wide letters they are longer
    axis: dict[str, Json] = {"labelAngle": 0, "title": None, "grid": False, **apart}
    domain: list[Json] = [value["period"] for value in values]
    return {"field": "period", "type": "ordinal", "sort": None, "axis": axis, "scale": {"domain": domain}}


def amount(field: str, title: str | None, **more: Json) -> dict[str, Json]:
    """An axis of numbers from zero on."""
    axis: dict[str, Json] = {"title": title, "tickCount": 5}
    return {"field": field, "type": "quantitative", "axis": axis, **more}


def named(field: str, **more: Json) -> dict[str, Json]:
    """An axis of names, in the order of the values."""
    axis: dict[str, Json] = {"title": None, "ticks": False, "domain": False, "labelPadding": 6}
    return {"field": field, "type": "nominal", "sort": None, "axis": axis, **more}


def withheld(field: str, x: Mapping[str, Json]) -> Layer:
    """Where a value over time is withheld: a word at the bottom instead of a mark."""
    return {
        "transform": [{"filter": f"datum.{field} === null"}],
        "mark": {"type": "text", "text": "withheld", "angle": 270, "align": "left", "fontSize": 11},
        "encoding": {"x": dict(x), "y": {"value": {"expr": "height - 4"}}},
    }
