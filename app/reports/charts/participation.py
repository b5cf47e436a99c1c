"""Who takes part, how and how fast: of P2, P5, P7, P10 and P12."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.metrics.results import Result
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import (
    about,
    capital,
    days,
    listed,
    many,
    number,
    people,
    percent,
    sentences,
    spoken,
)
from app.reports.charts.shapes import Trend, bars, trend, why
from app.reports.charts.styling import INK, Layer, amount, named, over_time, picture

_WAYS: Final[Mapping[str, str]] = {
    "create": "made something",
    "respond": "answered or helped",
    "consume": "came along",
    "none": "nothing recorded",
}
_DID: Final[Mapping[str, str]] = {**_WAYS, "none": "did nothing recorded"}
_HOUR, _DAY = 3600, 86_400
_DASH: Final = "A dash stands for what is withheld, since it would tell of too few people."


def active(results: Sequence[Result]) -> Chart:
    """How many people did something in each period: of P5."""
    return trend(
        Trend(
            "active-people",
            "how many people were active",
            "Active people",
            "People",
            "active",
            "at least {} people took part",
            rough="at least",
        ),
        results,
        also="Each counts once a period, whatever they did and however much.",
    )


def ways(result: Result) -> Chart:
    """How deep people took part: of P2. Of few people, whose shares are not told, in numbers."""
    value: Any = result.value
    told: dict[str, Any] = value["groups"] if value else {}
    rows = [(_WAYS[name], told[name]) for name in _WAYS if name in told]
    left = [name for name in _WAYS if name not in told]
    if value and value.get("other"):
        rows.insert(0, (" or ".join(_WAYS[name] for name in left), value["other"]))
    if not rows:
        return nothing("ways-of-taking-part", "How people took part is not told", why(result))
    rates = all(one["share"] is not None for _, one in rows)
    values: list[dict[str, Cell]] = [_way(label, one, rates=rates) for label, one in rows]
    columns = {"label": "They", "people": "People, at least"} | ({"size": "Share in %, about"} if rates else {})
    return Chart(
        "ways-of-taking-part",
        f"{_took_part(result, told, rates=rates)} in {spoken(result.window)}",
        sentences(
            f"Everybody counts once, by the deepest way in which they took part in {spoken(result.window)}: "
            f"{listed([f'{label} {said}' for label, said in table(values, {'label': '', 'said': ''})])}.",
            "Shares are rounded." if rates else None,
            "Those who are too few to be told of are withheld." if left and not value.get("other") else None,
            "Coming along is taking part, and what is recorded nowhere counts as nothing.",
        ),
        tuple(columns.values()), table(values, columns),
        bars(values, axis="Share of people in %, about" if rates else "People, at least", percent=rates),
    )  # fmt: skip


def _took_part(result: Result, told: Mapping[str, Any], *, rates: bool) -> str:
    """What the largest group did, in its own share: each is rounded by itself, and what is left of all is no share."""
    least = {name: one["people_at_least"] for name, one in told.items() if one["people_at_least"] is not None}
    if rates and least and result.n is not None:
        largest = [name for name in least if least[name] == max(least.values())]
        if len(largest) == 1:
            of_all = f"{about(told[largest[0]]['share'])} of at least {many(result.n, 'person', 'people')}"
            return f"The largest group, {of_all}, {_DID[largest[0]]}"
    if rates or "none" not in least or result.n is None:
        return "How people took part"
    return f"{capital(people(least['none']))} of {number(result.n)} or more did nothing recorded"


def _way(label: str, one: Mapping[str, Any], *, rates: bool) -> dict[str, Cell]:
    least = one["people_at_least"]
    said = "withheld" if least is None else f"{number(least)} or more"
    if not rates:
        return {"label": label, "people": least, "size": least, "said": said}
    size = round(100 * one["share"], 1)
    return {"label": label, "people": least, "size": size, "said": f"{percent(one['share'])} ({said})"}


def retention(result: Result) -> Chart:
    """Who was there again: of P7."""
    value: Any = result.value
    every: list[dict[str, Any]] = value["cohorts"] if value else []
    cohorts = [one for one in every if any(kept is not None for kept in one["kept"] or ())]
    if not cohorts:
        return nothing("retention", "Who came back is not told", why(result))
    most = max(len(one["kept"]) for one in cohorts)
    values: list[dict[str, Cell]] = [
        {"cohort": one["cohort"], "later": later, "kept": None if kept is None else round(100 * kept)}
        for one in cohorts
        for later, kept in enumerate(one["kept"])
    ]
    for each in values:
        each["said"] = "–" if each["kept"] is None else str(each["kept"])
    next = [(one["cohort"], one["kept"][1]) for one in cohorts if len(one["kept"]) > 1 and one["kept"][1] is not None]
    return Chart(
        "retention",
        _again(cohorts),
        sentences(
            f"Of those who first took part in a period, how many did in the next one: "
            f"{listed([f'{about(kept)} of those of {cohort}' for cohort, kept in next])}."
            if next
            else None,
            _DASH if any(None in one["kept"] for one in cohorts) else None,
            "People come and go: who is missing in one period may be there in the next.",
        ),
        ("First took part in", "At least", *(f"{later} later, about, in %" for later in range(most))),
        tuple(_row(one, most) for one in cohorts),
        picture(values, _table(values), height=26 * len(cohorts) + 60, names=[one["cohort"] for one in cohorts]),
    )  # fmt: skip


def _again(cohorts: Sequence[Mapping[str, Any]]) -> str:
    """How many took part again, as lately as it is told: in the next period, if it is of any."""
    told = [(later, place, kept) for place, one in enumerate(cohorts) for later, kept in enumerate(one["kept"])
            if later and kept is not None]  # fmt: skip
    if not told:
        return "How many came back is told of no period"
    soonest = min(later for later, _, _ in told)
    _, place, kept = max(each for each in told if each[0] == soonest)
    when = "in the next period" if soonest == 1 else f"{soonest} periods later"
    return f"{capital(about(kept))} of those who first took part in {cohorts[place]['cohort']} did so {when} too"


def _row(cohort: Mapping[str, Any], most: int) -> tuple[Cell, ...]:
    """What lies in the future is nothing yet, and not withheld."""
    kept = [None if one is None else round(100 * one) for one in cohort["kept"]]
    return (cohort["cohort"], cohort["size_at_least"], *kept, *[""] * (most - len(kept)))


def _table(values: Sequence[Mapping[str, Cell]]) -> list[Layer]:
    y = named("cohort")
    x: dict[str, Any] = {"field": "later", "type": "ordinal", "axis": {"title": "Periods later", "labelAngle": 0}}
    blues: dict[str, Any] = {"domain": [0, 100], "range": ["#eef4fa", "#0072B2"]}
    dark: dict[str, Any] = {"condition": {"test": "datum.kept > 90", "value": "#fff"}, "value": "#000"}
    light: dict[str, Any] = {"condition": {"test": "datum.kept === null", "value": INK}} | {"value": "#000"}
    return [
        {
            "transform": [{"filter": "datum.kept !== null"}],
            "mark": "rect",
            "encoding": {
                "x": x,
                "y": y,
                "fill": {"field": "kept", "type": "quantitative", "scale": blues, "legend": None},
            },
        },
        {
            "transform": [{"filter": "datum.kept !== null"}],
            "mark": "text",
            "encoding": {"x": x, "y": y, "text": {"field": "said"}, "fill": dark},
        },
        {
            "transform": [{"filter": "datum.kept === null"}],
            "mark": "text",
            "encoding": {"x": x, "y": y, "text": {"field": "said"}, "fill": light},
        },
    ]


def first_steps(result: Result) -> Chart:
    """How long newcomers take until they first contribute: of P10."""
    value: Any = result.value
    within: dict[str, float | None] = (value["contributed_within_days"] if value else None) or {}
    told = {day: share for day, share in within.items() if share is not None}
    if not told:
        return nothing("first-contribution", "How long newcomers take is not told", why(result))
    at = sorted(told, key=int)
    values: list[dict[str, Cell]] = [{"period": f"{day} days", "size": round(100 * told[day], 1)} for day in at]
    x, y = over_time(values), amount("size", "Have contributed, in %, about", scale={"domain": [0, 100]})
    layers: list[Layer] = [
        {"mark": {"type": "line", "point": True, "interpolate": "step-after"}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "text", "dy": -11}, "encoding": {"x": x, "y": y, "text": {"field": "size", "format": ".0f"}}},
    ]
    columns = {"period": "Within", "size": "Have contributed, in %, about"}
    median = value["median_days"]
    usual = "30" if "30" in told else at[-1]
    title = f"{capital(about(told[usual]))} of newcomers contribute within {usual} days"
    if median is not None:
        title = f"Half of the newcomers contribute within {days(median)}"
    return Chart(
        "first-contribution",
        title,
        sentences(
            f"Of at least {many(result.n or 0, 'newcomer')} there had contributed about "
            f"{listed([f'{percent(told[day])} within {day} days' for day in at])}.",
            "Those who joined too lately to be judged count for as long as they could be watched (Kaplan and Meier).",
        ),
        tuple(columns.values()), table(values, columns), picture(values, layers, height=190),
    )  # fmt: skip


def answering(results: Sequence[Result]) -> Chart:
    """How long it takes until half of the questions are answered: of P12."""

    return trend(
        Trend(
            "response-time",
            "how long questions wait",
            "Hours until half are answered",
            "Hours",
            "median_seconds",
            "half of the questions were answered within about {}",
            _long,
            scaled=lambda seconds: round(seconds / _HOUR, 1),
        ),
        results,
        also="Questions that wait still count as waiting.",
    )


def _long(hours: float) -> str:
    if hours < 1:
        return many(max(1, round(60 * hours)), "minute")
    if hours < 48:
        return f"{number(hours, 1 if hours < 10 else 0)} hours"
    return f"{number(hours * _HOUR / _DAY, 1)} days"
