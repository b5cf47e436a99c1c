"""How many members there are, came and left: of P1."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.metrics.periods import Window, name_of
from app.metrics.results import Result
from app.metrics.telling import Json
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import about, beside, capital, hidden, listed, many, number, sentences, spoken
from app.reports.charts.styling import GREEN, INK, VERMILLION, Layer, amount, over_time, picture, withheld

_MEMBERS = {"period": "Period", "members": "Members at its end, at least"}
_CHANGES = {"period": "Period", "joined": "Joined, at least", "left": "Left, at least"}


def members(results: Sequence[Result]) -> Chart:
    """How many members there were at the end of each period: of P1, of periods that follow each other."""
    values = [_value(one) for one in results]
    known = [
        (one, value["members"]) for one, value in zip(results, values, strict=True) if value["members"] is not None
    ]
    if not known:
        return nothing("growth", "How many members there are is not told", _NOTHING)
    last, _ = known[-1]
    x, y = over_time(values), amount("members", "Members, at least")
    layers: list[Layer] = [
        {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y}},
        {
            "transform": [{"filter": f"datum.period === '{name_of(last.window)}'"}],
            "mark": {"type": "text", "dy": -12, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "members", "format": ","}},
        },
        withheld("members", x),
    ]
    told = [f"{many(int(count), 'member')} at the end of {spoken(one.window)}" for one, count in known]
    gaps = hidden(_gaps(results, values, "members"))
    text = sentences(f"There were at least {listed(told)}.", gaps, _over_a_year(last))
    return Chart(
        "growth", _grew([(one, int(count)) for one, count in known]), text, tuple(_MEMBERS.values()),
        table(values, _MEMBERS), picture(values, layers, height=200),
    )  # fmt: skip


def comings(results: Sequence[Result]) -> Chart:
    """How many joined and left in each period: of P1, of periods that follow each other."""
    values = [_value(one) for one in results]
    if all(_is_hidden(value) for value in values):
        return nothing("joins-and-leaves", "How many joined and left is not told", _NOTHING)
    x = over_time(values)
    y = amount("joined", "Joined, left (below), at least", scale={"padding": 14, "domain": _reach(values)})
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
        _hidden("joined", x, "left"),
        _hidden("left", x, "right"),
    ]
    told = [
        f"in {spoken(one.window)} {_moved(value['joined'], value['left'])}"
        for one, value in zip(results, values, strict=True)
        if not _is_hidden(value)
    ]
    return Chart(
        "joins-and-leaves",
        _came(results, values),
        sentences(capital("; ".join(told)) + ".", _untold(results, values)),
        tuple(_CHANGES.values()), table(values, _CHANGES), picture(values, layers, height=200),
    )  # fmt: skip


_NOTHING = "There are no periods of which this is told: none is over yet, or it would tell of too few people."


def _value(result: Result) -> dict[str, Cell]:
    value: Any = result.value or {}
    changes: Any = value.get("changes") or {}
    return {
        "period": name_of(result.window),
        "members": value.get("end"),
        "joined": changes.get("joined"),
        "left": changes.get("left"),
    }


def _is_hidden(value: Mapping[str, Cell]) -> bool:
    return value["joined"] is None and value["left"] is None


def _reach(values: Sequence[Mapping[str, Cell]]) -> list[Json]:
    """From how many who left to how many who joined, with room for a word where that is withheld."""
    most = {name: max([1.0, *(float(value[name] or 0) for value in values)]) for name in ("left", "joined")}
    room = 0.4 * max(most.values())
    few = {name: any(value[name] is None for value in values) for name in most}
    left, joined = (max(count, room) if few[name] else count for name, count in most.items())
    return [-left, joined]


def _hidden(field: str, x: dict[str, Json], align: str) -> Layer:
    """A word above the line, or below it, where that is withheld."""
    return {
        "transform": [{"filter": f"datum.{field} === null"}],
        "mark": {"type": "text", "text": "withheld", "angle": 270, "align": align, "dx": 4 if align == "left" else -4},
        "encoding": {"x": x, "y": {"datum": 0}},
    }


def _label(field: str, x: dict[str, Json], *, below: bool) -> Layer:
    at: Json = {"field": "gone" if below else field, "type": "quantitative"}
    return {
        "transform": [{"filter": f"datum.{field} > 0"}, {"calculate": f"-datum.{field}", "as": "gone"}],
        "mark": {"type": "text", "dy": 9 if below else -8},
        "encoding": {"x": x, "y": at, "text": {"field": field}},
    }


def _moved(joined: Cell, left: Cell) -> str:
    """How many came and left, as far as it is told: «at least 20 people joined and 5 left»."""
    told = [(number(int(count)), did) for count, did in ((joined, "joined"), (left, "left")) if count is not None]
    (first, did), *others = told
    return listed([f"at least {first} people {did}", *(f"{count} {did_too}" for count, did_too in others)])


def _came(results: Sequence[Result], values: Sequence[dict[str, Cell]]) -> str:
    """What is said of the newest period, beside the newest before it of which the same is told."""
    window, now = results[-1].window, values[-1]
    names = [name for name in ("joined", "left") if now[name] is not None]
    if not names:
        return f"How many joined and left in {spoken(window)} is not told"
    said = f"{capital(_moved(now['joined'], now['left']))} in {spoken(window)}"
    pairs = [*zip(results, values, strict=True)][:-1]
    same = [(one.window, value) for one, value in pairs if all(value[name] is not None for name in names)]
    if not same:
        return said
    before, then = same[-1]
    if all(then[name] == now[name] for name in names):
        return f"{said}, as in {beside(before, window)}"
    return f"{said}, after {listed([number(int(then[name] or 0)) for name in names])} in {beside(before, window)}"


def _grew(known: Sequence[tuple[Result, int]]) -> str:
    """From the oldest to the newest; with the one before that, where it went the other way since."""
    (first, before), (last, now) = known[0], known[-1]
    end = f"at the end of {spoken(last.window)}"
    if before == now:
        there = f"There were at least {many(now, 'member')} {end}"
        return there if first is last else f"{there}, as at that of {spoken(first.window)}"
    then = f"at least {many(before, 'member')} at the end of {spoken(first.window)}"
    went = "grew" if now > before else "shrank"
    lately, were = known[-2]
    turned = (were - now) * (now - before) > 0
    after = f", after {were:,} at that of {beside(lately.window, last.window)}" if turned else ""
    return f"The community {went}, from {then} to {now:,} at that of {spoken(last.window)}{after}"


def _over_a_year(last: Result) -> str | None:
    value: Any = last.value
    rate = value["over_a_year"]["rate"] if value else None
    if rate is None:
        return None
    if rate == 0:
        return "That is about as many as a year before."
    return f"That is {about(abs(rate))} {'more' if rate > 0 else 'fewer'} than a year before."


def _untold(results: Sequence[Result], values: Sequence[dict[str, Cell]]) -> str | None:
    """Of which periods it is withheld how many joined, how many left, or both."""
    joined, left = (_gaps(results, values, name) for name in ("joined", "left"))
    if joined == left:
        return hidden(joined)
    told = ((joined, "how many joined"), (left, "how many left"))
    said = [f"{what} in {listed([*map(spoken, windows)])}" for windows, what in told if windows]
    return f"It is withheld {listed(said)}, since it would tell of too few people."


def _gaps(results: Sequence[Result], values: Sequence[dict[str, Cell]], name: str) -> list[Window]:
    return [one.window for one, value in zip(results, values, strict=True) if value[name] is None]
