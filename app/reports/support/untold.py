"""Why something is not told: in the words of a table, and under the heading of a part that has nothing to say. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

from app.metrics.periods import Kind, kind_of
from app.metrics.results import Reason
from app.reports.support.material import Material
from app.reports.support.voices import TRUST

WHY: Final[Mapping[Reason, str]] = {
    Reason.fewer_than_k: "it rests on fewer than {k} people, or on nobody",
    Reason.undefined: "it has no value for what happened",
    Reason.told_by_quarter: "it looks back over a year, so it is told of quarters and years",
    Reason.too_few_for_a_graph: "among so few people it would be noise",
    Reason.too_few_for_rates: "of so few members no shares are told, since each would weigh too much in them",
}
FEW: Final = "fewer than {k} people"
FEW_STORIES: Final = "fewer than {k} were told or none, or fewer than {k} people told them"
UNQUOTED: Final = (
    "if there are any, nobody had quoted them when this report was made, or they are for the stewards alone; how many "
    "are which is not told of fewer than {k} people or nobody"
)
PARTLY: Final = "fewer than {k} people or nobody, or one who did more than half of it"
_IN_PARTS: Final = "it would tell of fewer than {k} people, or of one who did more than half of it"


def silence(found: Material, part: str) -> str:
    """Why a part of the report has no sentence, in one; `part` is the key of a section."""
    return _SILENCE[part](found)


def _of(metric: str, what: str, few: str) -> Callable[[Material], str]:
    """What is said where the figure that a part begins with is not told."""

    def said(found: Material) -> str:
        one = found.now.by_id.get(metric)
        if one is None:
            return f"{what} is not told: its figures were not published."
        match one.reason:
            case Reason.fewer_than_k:
                why = few if one.n is None else _IN_PARTS
            case reason:
                why = WHY[reason] if reason is not None and one.value is None else _IN_PARTS
        return f"{what} is not told: {why.format(k=one.k)}."

    return said


def _belonging(found: Material) -> str:
    before = f"; the newest before it closed on {found.earlier_waves[-1].closed_on}" if found.earlier_waves else ""
    return f"Nobody was asked in a survey that closed in this period{before}."


def _trust(found: Material) -> str:
    for wave in reversed([*found.earlier_waves, *found.waves]):
        for item in wave.results["items"]:
            if item["key"] == TRUST:
                return f"Trust is not told: on {wave.closed_on} {item['reason']}."
    return "No survey that closed by the end of this period asked about trust."


def _value(found: Material) -> str:
    """Stories may be quoted below it all the same, and uptake is told as it is."""
    why = f"they were too few or none, or told of {PARTLY.format(k=found.k)}"
    verified = "No uptake elsewhere in the period has been verified."
    return f"How many stories and needs there are is not told: {why}. {verified}"


def _effort(found: Material) -> str:
    if found.effort is not None and found.effort["hours"] is None:
        return f"What it took is not told: {_IN_PARTS.format(k=found.k)}."
    if kind_of(found.window) is Kind.month:
        return "What it took is told of quarters and years."
    return f"What it took is not told: fewer than {found.k} people stated hours, or nobody."


def _stage(_: Material) -> str:
    return "No stage was estimated up to the end of this period."


_SILENCE: Final[Mapping[str, Callable[[Material], str]]] = {
    "size": _of("P1", "How many members there are", "there were fewer than {k}"),
    "participation": _of("P5", "Who took part", "fewer than {k} people did, or nobody"),
    "recognition": _of("R0", "What was recognised", "fewer than {k} people were, or nobody"),
    "relations": _of("I9", "How many helped others", "fewer than {k} people did, or nobody"),
    "belonging": _belonging,
    "trust": _trust,
    "value": _value,
    "effort": _effort,
    "stage": _stage,
}
