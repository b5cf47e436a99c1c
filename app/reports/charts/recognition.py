"""What is recognised, of how many, and how fairly it is decided: of R0, R2, R4 and R10."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.metrics.results import Result
from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import listed, many, percent, plain, sentences, spoken
from app.reports.charts.shapes import Trend, bars, trend, why
from app.reports.charts.styling import Layer, named, picture

_VERDICTS: Final[Mapping[str, str]] = {
    "insufficient": "There are too few decisions to say whether that differs by more than chance.",
    "even": "The rates lie within a fifth of each other.",
    "look": "The rates differ by more than a fifth: somebody should look at it, and it proves nothing.",
}


def kinds(result: Result) -> Chart:
    """What recognitions were for, by type of contribution: of R0."""
    value: Any = result.value
    split: dict[str, Any] = value["kinds"] if value else {}
    told = [(plain(key) or "no certain type", one) for key, one in split.get("groups", {}).items()]
    told.sort(key=lambda one: (-one[1]["recognitions"], one[0]))
    if not any(one["recognitions"] for _, one in told) and not split.get("other"):
        return nothing("recognitions-by-type", "What was recognised is not told", why(result))
    few = [plain(at.rsplit("/", 1)[1]) or "no certain type" for at in result.withheld if at.startswith("/kinds/groups")]
    values: list[dict[str, Cell]] = [_kind(label, one) for label, one in told]
    if split.get("other"):
        values.append(_kind("others together", split["other"]))
    values += [{"label": label, "size": None, "people": None, "said": "withheld"} for label in few]
    columns = {"label": "Type of contribution", "size": "Recognitions", "people": "People"}
    return Chart(
        "recognitions-by-type",
        _most(told, result),
        sentences(
            f"{_listed([(label, one['recognitions']) for label, one in told])} in {spoken(result.window)}."
            if told
            else None,
            f"Of all others together there were {split['other']['recognitions']:,}." if split.get("other") else None,
            f"For {listed(few)} it is withheld, so that nothing is told of too few people." if few else None,
        ),
        tuple(columns.values()), table(values, columns), bars(values, axis="Recognitions"),
    )  # fmt: skip


def _kind(label: str, one: Mapping[str, Any]) -> dict[str, Cell]:
    count = one["recognitions"]
    return {"label": label, "size": count, "people": one["people"], "said": f"{count:,}"}


def _most(told: Sequence[tuple[str, Mapping[str, Any]]], result: Result) -> str:
    if not any(one["recognitions"] for _, one in told):
        return f"Recognitions by type of contribution in {spoken(result.window)}"
    first = _first([(label, one["recognitions"]) for label, one in told])
    return f"Most often recognised in {spoken(result.window)}: {first}"


def _first(told: Sequence[tuple[str, int]]) -> str:
    """Those that lead, of what is in order."""
    return listed([label for label, count in told if count == told[0][1]])


def _listed(told: Sequence[tuple[str, int]]) -> str:
    (first, count), *others = told
    begun = f"{many(count, 'recognition')} {'was' if count == 1 else 'were'} for {first}"
    return listed([begun, *(f"{more:,} for {each}" for each, more in others)])


def care(result: Result) -> Chart:
    """Which care for the community was recognised: of R0."""
    value: Any = result.value
    found: dict[str, int] = value["kinds"].get("by_care_area", {}) if value else {}
    if not found:
        return nothing("recognitions-by-care", "Which care for the community was recognised is not told", why(result))
    told = sorted(((plain(key), count) for key, count in found.items()), key=lambda one: (-one[1], one[0]))
    values: list[dict[str, Cell]] = [{"label": label, "size": count, "said": f"{count:,}"} for label, count in told]
    columns = {"label": "Care for the community", "size": "Recognitions"}
    return Chart(
        "recognitions-by-care",
        f"Care for the community most often recognised in {spoken(result.window)}: {_first(told)}",
        sentences(
            f"{_listed(told)} in {spoken(result.window)}.",
            "What is told of no type of contribution is not counted here either.",
        ),
        tuple(columns.values()), table(values, columns), bars(values, axis="Recognitions"),
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
            "{} of those who contribute much had been recognised within a year",
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
            "whether newcomers are recognised as others are",
            "Newcomers' part of recognitions by their part of contributions",
            "1 = as much as others",
            "parity",
            "for each contribution newcomers were recognised {} times as much as everybody",
            level=1,
        ),
        results,
        also="At 1, the dashed line, they are recognised as much as everybody else for what they do.",
    )


def fairness(result: Result, by: str = "tenure") -> Chart:
    """How many nominations were approved in each group, and how sure that is: of R10, by `tenure` or `affiliations`."""
    value: Any = result.value or {}
    id, split = f"decisions-by-{by}", value.get(by, {})
    groups = [(name or "no affiliation", one) for name, one in split.get("groups", {}).items()]
    if split.get("other"):
        groups.append(("others together", split["other"]))
    told = [(name, one) for name, one in groups if one["decided"] and one["interval"] is not None]
    if not told:
        return nothing(id, "How nominations were decided is not told", why(result))
    values: list[dict[str, Cell]] = [_rate(name, one) for name, one in told]
    columns = {"label": "Nominees", "approved": "Approved", "decided": "Decided", "size": "Approved, in %",
               "low": "At least, in %", "high": "At most, in %", "days": "Days until half were decided"}  # fmt: skip
    few = any(at.startswith(f"/{by}/") for at in result.withheld)
    rates = [
        f"of {many(one['decided'], 'nomination')} of {name} {one['approved']} were approved"
        f" ({percent(one['approved'] / one['decided'])}, between {percent(one['interval'][0])}"
        f" and {percent(one['interval'][1])})"
        for name, one in told
    ]
    return Chart(
        id,
        f"Approved in {spoken(result.window)}: {listed([_of(value) for value in values])}",
        sentences(
            f"In {spoken(result.window)} {listed(rates)}; the intervals are those of 95 %.",
            _VERDICTS.get(split["verdict"]),
            "Some groups are withheld, since they would tell of too few people." if few else None,
        ),
        tuple(columns.values()), table(values, columns), picture(values, _intervals(), height=44 * len(values) + 50),
    )  # fmt: skip


def _rate(name: str, one: Mapping[str, Any]) -> dict[str, Cell]:
    low, high = one["interval"]
    return {
        "label": name,
        "approved": one["approved"],
        "decided": one["decided"],
        "size": round(100 * one["approved"] / one["decided"]),
        "low": round(100 * low),
        "high": round(100 * high),
        "days": one["median_days"] if one["median_days"] is not None else "none",
    }


def _of(value: Mapping[str, Cell]) -> str:
    return f"{value['size']} % of {value['label']}"


def _intervals() -> list[Layer]:
    y = named("label")
    x: dict[str, Any] = {
        "field": "size",
        "type": "quantitative",
        "axis": {"title": "Approved, in % (95 % interval)", "values": [0, 25, 50, 75, 100]},
        "scale": {"domain": [0, 100]},
    }
    between = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
    return [
        {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"y": y, **between}},
        {"mark": {"type": "point", "size": 90, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {"mark": {"type": "text", "dy": -12}, "encoding": {"y": y, "x": x, "text": {"field": "size"}}},
    ]
