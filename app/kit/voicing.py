"""What is wrong with a field, in words for whoever sent it: pydantic speaks to programmers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_NEEDED: Mapping[str, str] = {
    "missing": "is needed",
    "extra_forbidden": "is not known here",
    "string_type": "text is needed",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "float_type": "a number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "list_type": "a list is needed",
    "dict_type": "an object is needed",
    "model_type": "an object is needed",
    "model_attributes_type": "an object is needed",
}

_LIMITED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "value_error": lambda given: str(given["error"]),
    "literal_error": lambda given: f"has to be {given['expected']}",
    "enum": lambda given: f"has to be {given['expected']}",
    "string_pattern_mismatch": lambda given: f"has to match the pattern {given['pattern']}",
    "greater_than_equal": lambda given: f"has to be at least {given['ge']}",
    "greater_than": lambda given: f"has to be more than {given['gt']}",
    "less_than_equal": lambda given: f"may be at most {given['le']}",
    "less_than": lambda given: f"has to be less than {given['lt']}",
}

_AS_TEXT = {"str", "constrained-str"}
"""How pydantic calls the reading as text of what may be something else too."""
_SIZES = {"too_long", "too_short", "string_too_long", "string_too_short"}


def voiced(found: Mapping[str, Any]) -> str:
    """One error of pydantic, of which FastAPI tells too, in plain words. Nothing of what was sent is in them."""
    kind, given = found["type"], found.get("ctx", {})
    if kind in _NEEDED:
        return _NEEDED[kind]
    if kind in _LIMITED:
        return _LIMITED[kind](given)
    return _sized(kind, given, found.get("input")) if kind in _SIZES else str(found["msg"])


def to_the_point(errors: Sequence[Any]) -> list[Any]:
    """The errors without those that say "this is no text" of an object in which something else is wrong, or "too short"
    of a list that is not: pydantic counts those entries of a tuple that it could read."""
    return [
        each
        for each in errors
        if not _long_enough(each, errors)
        and (each["loc"][-1] not in _AS_TEXT or not _read_otherwise(each["loc"], errors))
    ]


def _long_enough(found: Any, errors: Sequence[Any]) -> bool:
    """Whether a list that is called too short has entries enough, and something is wrong with some of them."""
    loc = found["loc"]
    return (
        found["type"] == "too_short"
        and len(found["input"]) >= found["ctx"]["min_length"]
        and any(len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in errors)
    )


def _read_otherwise(loc: Sequence[Any], errors: Sequence[Any]) -> bool:
    """Whether something is wrong within another reading of the same field; the last step of `loc` names this one."""
    return any(len(other["loc"]) > len(loc) and other["loc"][: len(loc) - 1] == loc[:-1] for other in errors)


def _sized(kind: str, given: Mapping[str, Any], sent: Any) -> str:
    is_text = kind.startswith("string") or isinstance(sent, str)
    if kind.endswith("short"):
        least = given["min_length"]
        return "must not be empty" if least == 1 else f"needs {least} {'characters' if is_text else 'entries'} or more"
    return f"may have at most {given['max_length']} {'characters' if is_text else 'entries'}"
