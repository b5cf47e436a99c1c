"""What is recognised, of how many, and how fairly it is decided: of R0, R2, R4 and R10."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.kit.wording import plain
from app.metrics.results import Result
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import listed, many, percent, sentences, spoken
from app.reports.charts.shapes import Trend, bars, trend, why
from app.reports.charts.styling import Layer, named, picture

MOST: Final = 3
"""So many types are named that are withheld; of more how many there are."""
_VERDICTS: Final[Mapping[str, str]] = {
    "insufficient": "There are too few decisions to say whether that differs by more than chance.",
    "even": "The rates lie within a fifth of each other.",
    "look": "The rates differ by more than a fifth: somebody should look at it, and it proves nothing.",
}


def kinds(result: Result) -> Chart:
    """What recognitions were for, by type of contribution: of R0."""
    value: Any = result.value
    split: dict[str, Any] = value["kinds"] if value else {}
    groups: dict[str, Any] = split.get("groups", {})
    other: dict[str, Any] = split.get("other") or {}
    values = [_kind(plain(key) or "no certain type", one) for key, one in groups.items()]
    hidden = [at.split("/")[3] for at in result.withheld if at.startswith("/kinds/groups/")]
    labels = [plain(key) or "no certain type" for key in hidden if key not in groups]
    values += [_kind(label, {}) for label in (labels if len(labels) <= MOST else [f"{len(labels)} other types"])]
    told, few = _in_order(values)
    together = other.get("recognitions")
    if not told:
        said = f"Of all types together there were at least {together:,} recognitions." if together else why(result)
        return nothing("recognitions-by-type", "How often each type was recognised is not told", said)
    by_label = {value["label"]: value for value in values}
    shown = [by_label[label] for label, _ in told]
    shown += [_kind("others together", other)] if other else []
    shown += [by_label[label] for label in few]
    columns = {"label": "Type of contribution", "size": "Recognitions, at least", "people": "People, at least"}
    return Chart(
        "recognitions-by-type",
        _most("Most often recognised", told, few, result) or "",
        sentences(
            _listed(told, result),
            f"Of all others together there were at least {together:,}." if together else None,
            f"For {listed(few)} it is withheld, so that nothing is told of too few people." if few else None,
        ),
        tuple(columns.values()), table(shown, columns), bars(shown, axis="Recognitions, at least"),
    )  # fmt: skip


def _kind(label: str, one: Mapping[str, Any]) -> dict[str, Cell]:
    count = one.get("recognitions")
    said = "withheld" if count is None else f"{count:,} or more"
    return {"label": label, "size": count, "people": one.get("people"), "said": said}


def _in_order(values: Sequence[Mapping[str, Cell]]) -> tuple[list[tuple[str, int]], list[str]]:
    """The names with how much there is of each, the most first; and those of which that is withheld."""
    told = [(str(value["label"]), size) for value in values if isinstance(size := value["size"], int)]
    return sorted(told, key=lambda one: (-one[1], one[0])), [
        str(value["label"]) for value in values if value["size"] is None
    ]


def _most(what: str, told: Sequence[tuple[str, int]], few: Sequence[str], result: Result) -> str | None:
    """Which lead, of those that are told in order; None where none does."""
    first = [label for label, count in told if count == told[0][1]]
    of_told = ", of what is told" if few else ""
    return f"{what} in {spoken(result.window)}{of_told}: {listed(first)}" if first else None


def _listed(told: Sequence[tuple[str, int]], result: Result) -> str | None:
    """How much there is of each."""
    if not told:
        return None
    (first, count), *others = told
    begun = f"At least {many(count, 'recognition')} were for {first}"
    return f"{listed([begun, *(f'{more:,} for {each}' for each, more in others)])} in {spoken(result.window)}."


def care(result: Result) -> Chart:
    """Which care for the community was recognised: of R0."""
    value: Any = result.value
    found: dict[str, int | None] = value["kinds"].get("by_care_area") or {} if value else {}
    told, few = _in_order([_kind(plain(key), {"recognitions": count}) for key, count in found.items()])
    title = _most("Care for the community most often recognised", told, few, result)
    if title is None:
        return nothing("recognitions-by-care", "Which care for the community was recognised is not told", why(result))
    values = [_kind(label, {"recognitions": count}) for label, count in [*told, *((label, None) for label in few)]]
    columns = {"label": "Care for the community", "size": "Recognitions, at least"}
    return Chart(
        "recognitions-by-care",
        title,
        sentences(
            _listed(told, result),
            f"For {listed(few)} it is withheld, so that nothing is told of too few people." if few else None,
        ),
        tuple(columns.values()), table(values, columns), bars(values, axis="Recognitions, at least"),
    )  # fmt: skip


def coverage(results: Sequence[Result]) -> Chart:
    """How many of those who do much were recognised within a year: of R2."""
    return trend(
        Trend(
            "coverage",
            "how many contributors are recognised",
            "Recognised within a year, in %",
            "Recognised, in %",
            "covered",
            "about {} of those who contribute much had been recognised within a year",
            lambda share: percent(share / 100),
            scaled=lambda share: round(100 * share, 1),
            ceiling=100,
        ),
        results,
    )


def newcomers(results: Sequence[Result]) -> Chart:
    """Whether newcomers are recognised as much as what they do: of R4."""
    return trend(
        Trend(
            "newcomer-parity",
            "whether newcomers are recognised as everybody is",
            "Newcomers' part of recognitions by their part of contributions",
            "1 = as much as everybody",
            "parity",
            "for each contribution newcomers were recognised about {} times as much as everybody",
            level=1,
        ),
        results,
        also="At 1, the dashed line, they are recognised as much as everybody for what they do.",
    )


def fairness(result: Result, by: str = "tenure") -> Chart:
    """How many nominations were approved in each group, and how sure that is: of R10, by `tenure` or `affiliations`."""
    value: Any = result.value or {}
    id, split = f"decisions-by-{by}", value.get(by, {})
    groups = [(name or "no affiliation", one) for name, one in split.get("groups", {}).items()]
    if split.get("other"):
        groups.append(("others together", split["other"]))
    told = [(name, one) for name, one in groups if one["share"] is not None]
    if not told:
        return nothing(id, "How nominations were decided is not told", why(result))
    values: list[dict[str, Cell]] = [_rate(name, one) for name, one in told]
    columns = {"label": "Nominees", "approved": "Approved, at least", "decided": "Decided, at least",
               "size": "Approved, in %, about", "low": "From, in %", "high": "To, in %",
               "days": "Days until half were decided, about"}  # fmt: skip
    few = any(at.startswith(f"/{by}/") for at in result.withheld)
    between = any(one["interval"] is not None for _, one in told)
    return Chart(
        id,
        f"Approved in {spoken(result.window)}: about {listed([_of(value) for value in values])}",
        sentences(
            f"Of the nominations that were decided in {spoken(result.window)} there were approved about "
            f"{listed([_said(name, one) for name, one in told])}.",
            "The intervals are those of 95 %." if between else None,
            _VERDICTS.get(split.get("verdict")),
            "Some groups or numbers are withheld, since they would tell of too few people." if few else None,
        ),
        tuple(columns.values()), table(values, columns),
        picture(values, _intervals(dict(told)), height=44 * len(values) + 50, names=dict(told)),
    )  # fmt: skip


def _said(name: str, one: Mapping[str, Any]) -> str:
    """«40 % of those of newcomers (20 or more; between 20 % and 60 %)», as far as it is told."""
    also = [f"{one['decided']:,} or more"] if one["decided"] else []
    also += [f"between {' and '.join(map(percent, one['interval']))}"] if one["interval"] is not None else []
    return f"{percent(one['share'])} of those of {name}" + (f" ({'; '.join(also)})" if also else "")


def _rate(name: str, one: Mapping[str, Any]) -> dict[str, Cell]:
    low, high = (None if end is None else round(100 * end) for end in one["interval"] or (None, None))
    return {
        "label": name,
        "approved": one["approved"],
        "decided": one["decided"],
        "size": round(100 * one["share"]),
        "low": low,
        "high": high,
        "days": one["median_days"],
    }


def _of(value: Mapping[str, Cell]) -> str:
    return f"{value['size']} % of {value['label']}"


def _intervals(groups: Iterable[str]) -> list[Layer]:
    y = named("label", scale={"domain": [*groups]})
    x: dict[str, Any] = {
        "field": "size",
        "type": "quantitative",
        "axis": {"title": "Approved, in %, about (95 % interval)", "values": [0, 25, 50, 75, 100]},
        "scale": {"domain": [0, 100]},
    }
    between = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
    return [
        {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, **between},
        },
        {"mark": {"type": "point", "size": 90, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {"mark": {"type": "text", "dy": -12}, "encoding": {"y": y, "x": x, "text": {"field": "size"}}},
    ]
