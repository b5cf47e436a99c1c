"""What stands behind a badge, sorted for a page: what people said of it in words, and what can be looked at."""

from collections.abc import Sequence
from typing import Any

from app.kit.markup import prose, web_link
from app.nominations.consenting import NOMINATION, SECOND


def behind(evidence: Sequence[dict[str, str]], narrative: str | None) -> dict[str, Any]:
    """`voices`, each with a name and words, and `evidence`; what is the badge's own narrative is not said twice."""
    others = [each for each in evidence if not (each.get("genre") == NOMINATION and each.get("narrative") == narrative)]
    return {
        "voices": [
            {"name": each.get("name"), "told": prose(each.get("narrative"))}
            for each in others
            if each.get("genre") == SECOND
        ],
        "evidence": [_piece(each) for each in others if each.get("genre") != SECOND],
    }


def _piece(each: dict[str, str]) -> dict[str, Any]:
    told = each.get("narrative")
    return {
        "url": web_link(each.get("url")),
        "name": each.get("name"),
        "description": each.get("description"),
        "told": prose(told) if told else None,
    }
