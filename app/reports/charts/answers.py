"""What a survey's questions were answered: by option, as the results of a wave have them."""

from collections.abc import Mapping
from typing import Any

from app.reports.charts.chart import Cell, Chart, nothing, table
from app.reports.charts.saying import listed, many, number, percent, sentences
from app.reports.charts.shapes import bars

_COLUMNS = {"label": "Answer", "people": "People", "size": "Share in %"}


def item(figures: Mapping[str, Any], *, response_rate: float | None = None, survey: str = "answers") -> Chart:
    """How one question was answered (an item of a wave's results), the highest option on top.

    `survey` begins its id: charts of several surveys are told apart by it.
    """
    id, asked = f"{survey}-{figures['key']}", f"“{figures['text']}”"
    if figures["suppressed"]:
        return nothing(id, f"{asked}: withheld", f"What was answered to {asked} is not told: {figures['reason']}.")
    given = list(reversed(figures["distribution"]))
    values: list[dict[str, Cell]] = [
        {
            "label": one["label"],
            "people": one["n"],
            "size": round(100 * one["n"] / figures["n"], 1),
            "said": f"{percent(one['share'])} ({one['n']:,})",
        }
        for one in given
    ]
    return Chart(
        id, _finding(asked, figures), _text(asked, figures, response_rate), tuple(_COLUMNS.values()),
        table(values, _COLUMNS), bars(values, axis="Share of answers in %", percent=True),
    )  # fmt: skip


def _finding(asked: str, figures: Mapping[str, Any]) -> str:
    mean = f"{number(figures['mean'])} of {len(figures['distribution'])} on average"
    if figures["top_two"] is None:
        return f"{asked}: {mean}"
    return f"{asked}: {percent(figures['top_two'])} gave one of the two highest answers, {mean}"


def _text(asked: str, figures: Mapping[str, Any], response_rate: float | None) -> str:
    options = len(figures["distribution"])
    told = [
        f"{number(one['n'])} ({percent(one['share'])}) said “{one['label']}”"
        for one in reversed(figures["distribution"])
    ]
    top = None
    if figures["top_two"] is not None:
        low, high = figures["top_two_interval"]
        top = (
            f"{percent(figures['top_two'], 1)} gave one of the two highest answers; if those who answered stand for"
            f" all, it lies between {percent(low, 1)} and {percent(high, 1)} (95 % interval)."
        )
    return sentences(
        f"{many(figures['n'], 'person', 'people')} answered {asked}: {listed(told)}.",
        f"The mean is {number(figures['mean'])} on a scale from 1 to {options}"
        f" ({number(figures['mean_from_zero'])} from 0 to {options - 1}).",
        top,
        f"{percent(response_rate)} of those asked answered the survey." if response_rate is not None else None,
    )
