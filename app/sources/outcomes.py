"""What came of a delivery, once it was looked at again. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

_NOTHING = frozenset({"duplicate", "refused", "past", "not", "noted"})
_THERE_ALREADY = frozenset({"duplicate", "past", "undone"})
"""What is said where something was done before: it may be by the same delivery."""


def happened(did: str, contribution: str | None) -> bool:
    """Whether anything came about by it."""
    return did not in _NOTHING and (did != "undone" or contribution is not None)


def together(before: Sequence[dict[str, Any]], again: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All that a delivery ever did, in the words for that, and what a later look says besides.

    That it was done before is not said of what it did itself. Where nothing had come of it, the later look says why.
    """
    said = Counter(map(_whole, again))
    kept, same = list[dict[str, Any]](), Counter[bytes]()
    for one in before:
        is_same = same[_whole(one)] < said[_whole(one)]
        same[_whole(one)] += is_same
        kept += [one] if is_same or _happened(one) else []
    did = {_about(one) for one in before if _happened(one)}
    room = _unsaid(before, again)
    for one in again:
        if same[_whole(one)] > 0:
            same[_whole(one)] -= 1
        elif one["did"] not in _THERE_ALREADY:
            kept.append(one)
        elif _about(one) in did and _is_of_one(one):
            continue
        elif room[one["rule"]] > 0:
            room[one["rule"]] -= 1
        else:
            kept.append(one)
    return kept


def _unsaid(before: Iterable[dict[str, Any]], again: Sequence[dict[str, Any]]) -> Counter[str]:
    """How much each rule had done of which the later look names nothing."""
    named = {_about(one) for one in again if _is_of_one(one)}
    said = Counter(_whole(one) for one in again if not _is_of_one(one))
    room = Counter[str]()
    for one in filter(_happened, before):
        if said[_whole(one)] > 0:
            said[_whole(one)] -= 1
        elif not _is_of_one(one) or _about(one) not in named:
            room[one["rule"]] += 1
    return room


def _happened(one: Mapping[str, Any]) -> bool:
    return happened(one["did"], one.get("contribution"))


def _about(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return one["rule"], one.get("contribution"), one.get("credential")


def _is_of_one(one: Mapping[str, Any]) -> bool:
    """Whether it names what it is about."""
    return "contribution" in one or "credential" in one


def _whole(one: Mapping[str, Any]) -> bytes:
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS)
