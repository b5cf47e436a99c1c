"""What a wave comes to: counted from all its answers at once, told only where enough people are in it. Pure.

Each figure is told in a form from which nothing that is hidden can be worked out. Questions may be left out, so that
different people may have answered each; sums over those who answered all of them would tell, by subtraction, of the one
who did not. So the score of an element is the sum of its questions' means: whoever knows those knows it already, and
it is withheld with any of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kit.statistics import ENOUGH_ANSWERS, ENOUGH_ITEMS, cronbach_alpha, wilson
from app.kit.suppression import enough, share, shown
from app.surveys.rules import Instrument, Question, item_id

METHOD = 1
"""The version of how this counts; it stands in what is told."""

NOT_SAID = ""
"""The affiliation of who gave none."""


@dataclass(frozen=True, order=True)
class Ballot:
    """What one person answered: by question, in the survey's order, which option; 0 where they left it out."""

    options: tuple[int, ...]
    importance: int = 0
    affiliation: str = NOT_SAID


def results(
    instrument: Instrument, ballots: Sequence[Ballot], *, invited: int, k: int, by_affiliation: bool
) -> dict[str, Any]:
    """All that is told of a wave for which so many were invited, as JSON. What is withheld is named, each with its
    reason; where few answered, how many they are is null."""
    n = len(ballots) if enough(len(ballots), k=k) else None
    columns = [[ballot.options[place] for ballot in ballots] for place in range(len(instrument.questions))]
    items = [_item(instrument, one, columns[place], k) for place, one in enumerate(instrument.questions)]
    told: dict[str, Any] = {
        "method": METHOD,
        "k": k,
        "invited": invited,
        "n": n,
        "response_rate": None if n is None else _rounded(share(n, invited)),
        "items": items,
        "elements": _elements(instrument, items, columns, k),
        "total": _score("total", instrument, items, columns, k),
        "importance": _importance(instrument, [ballot.importance for ballot in ballots], k),
        "by_affiliation": _by_affiliation(instrument, items, ballots, k) if by_affiliation else [],
    }
    scores = [*items, *told["elements"], told["total"], *([told["importance"]] if told["importance"] else [])]
    told["withheld"] = [{"what": one["key"], "reason": one["reason"]} for one in scores if one["suppressed"]]
    return told


def _item(instrument: Instrument, question: Question, column: Sequence[int], k: int) -> dict[str, Any]:
    """What is told of one question."""
    told = {
        "key": question.key,
        "item": item_id(question, instrument.options),
        "element": question.element,
        "text": question.text,
    }
    return told | _distribution(instrument.options, column, k)


def _distribution(options: Sequence[str], column: Sequence[int], k: int) -> dict[str, Any]:
    """Of those who answered: how many took each option, their mean, and the share that took one of the two highest."""
    given = [option for option in column if option]
    n, highest = len(given), len(options)
    if not enough(n, k=k):
        return {"n": None, "suppressed": True, "reason": _too_few(k), "distribution": None,
                "mean": None, "mean_from_zero": None, "percent_of_max": None, "top_two": None,
                "top_two_interval": None}  # fmt: skip
    counts = Counter(given)
    mean = sum(given) / n
    top = counts[highest] + counts[highest - 1]
    return {
        "n": n,
        "suppressed": False,
        "reason": None,
        "distribution": [
            {"option": place, "label": label, "n": counts[place], "share": _rounded(share(counts[place], n))}
            for place, label in enumerate(options, start=1)
        ],
        "mean": round(mean, 2),
        "mean_from_zero": round(mean - 1, 2),
        "percent_of_max": round(100 * (mean - 1) / (highest - 1), 1),
        # Of two or three options the two highest are all, or all but one: that is no agreement.
        "top_two": _rounded(share(top, n)) if highest > 3 else None,
        "top_two_interval": [round(end, 3) for end in wilson(top, n)] if highest > 3 else None,
    }


def _elements(
    instrument: Instrument, items: Sequence[Mapping[str, Any]], columns: Sequence[Sequence[int]], k: int
) -> list[dict[str, Any]]:
    names = dict.fromkeys(question.element for question in instrument.questions)
    found = []
    for name in names:
        places = [place for place, one in enumerate(instrument.questions) if one.element == name]
        found.append(
            _score(name, instrument, [items[place] for place in places], [columns[place] for place in places], k)
        )
    return found


def _score(
    key: str,
    instrument: Instrument,
    items: Sequence[Mapping[str, Any]],
    columns: Sequence[Sequence[int]],
    k: int,
) -> dict[str, Any]:
    """What several questions come to together, each from 0 on."""
    maximum = len(items) * (len(instrument.options) - 1)
    told = {"key": key, "items": len(items), "maximum": maximum}
    if any(item["suppressed"] for item in items):
        hidden = {"suppressed": True, "reason": "a question of it is withheld"}
        return told | hidden | {"score": None, "mean": None, "percent_of_max": None, "alpha": None}
    means = [sum(column) / sum(1 for option in column if option) - 1 for column in columns]
    score = sum(means)
    return told | {
        "suppressed": False,
        "reason": None,
        "score": round(score, 2),
        "mean": round(score / len(items), 2),
        "percent_of_max": round(100 * score / maximum, 1),
        "alpha": _alpha(columns, k),
    }


def _alpha(columns: Sequence[Sequence[int]], k: int) -> float | None:
    """Cronbach's alpha of those who answered all of these; None where they, or those who did not, are too few."""
    rows = list(zip(*columns, strict=True))
    whole = [row for row in rows if all(row)]
    left_out = len(rows) - len(whole)
    if len(columns) < ENOUGH_ITEMS or len(whole) < ENOUGH_ANSWERS or 0 < left_out < k:
        return None
    return _rounded(cronbach_alpha(whole), 2)


def _importance(instrument: Instrument, column: Sequence[int], k: int) -> dict[str, Any] | None:
    """Told beside the scores, and part of none."""
    if instrument.importance is None:
        return None
    told = {"key": "importance", "text": instrument.importance.text}
    return told | _distribution(instrument.importance.options, column, k)


def _by_affiliation(
    instrument: Instrument, items: Sequence[Mapping[str, Any]], ballots: Sequence[Ballot], k: int
) -> list[dict[str, Any]]:
    """Of each question the mean in each affiliation; those that are too small, and others to hide them, together.

    No sum over several questions is told of an affiliation: so there is one margin, and it is the question's.
    """
    found = []
    for place, item in enumerate(items):
        if item["suppressed"]:
            continue
        groups: dict[str, list[int]] = {}
        for ballot in ballots:
            if ballot.options[place]:
                groups.setdefault(ballot.affiliation, []).append(ballot.options[place])
        told = shown({name: len(given) for name, given in groups.items()}, k=k)
        rest = [option for name in told.hidden for option in groups[name]]
        found.append(
            {
                "key": item["key"],
                "groups": [
                    {"affiliation": name or None, "n": size, "mean": _mean(groups[name])}
                    for name, size in sorted(told.groups.items())
                ],
                "others": {"n": told.other, "mean": _mean(rest)} if told.other else None,
            }
        )
    return found


def _mean(given: Sequence[int]) -> float:
    return round(sum(given) / len(given), 2)


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _too_few(k: int) -> str:
    return f"fewer than {k} answered it"
