"""Two waves beside each other: only what was asked in the same words, with the same options. Pure."""

from collections.abc import Mapping
from typing import Any

OTHER_WORDS = "it was asked in other words"
NOT_ASKED = "it was asked in one of the two only"
WITHHELD = "it is withheld in one of the two"


def compared(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[dict[str, Any]]:
    """By question, what was answered in two waves, from their results; why not, where it cannot be compared."""
    before = {item["key"]: item for item in earlier["items"]}
    after = {item["key"]: item for item in later["items"]}
    return [_compared(key, before.get(key), after.get(key)) for key in {**before, **after}]


def _compared(key: str, earlier: Mapping[str, Any] | None, later: Mapping[str, Any] | None) -> dict[str, Any]:
    reason = _reason(earlier, later)
    if reason is not None or earlier is None or later is None:
        return {"key": key, "comparable": False, "reason": reason, "earlier": None, "later": None, "change": None}
    change = round(later["mean"] - earlier["mean"], 2)
    told = {"earlier": _figures(earlier), "later": _figures(later), "change": change}
    return {"key": key, "comparable": True, "reason": None, **told}


def _figures(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": item["n"], "mean": item["mean"], "top_two": item["top_two"]}


def _reason(earlier: Mapping[str, Any] | None, later: Mapping[str, Any] | None) -> str | None:
    if earlier is None or later is None:
        return NOT_ASKED
    if earlier["item"] != later["item"]:
        return OTHER_WORDS
    return WITHHELD if earlier["suppressed"] or later["suppressed"] else None
