"""Warnings about what a text says of somebody: how they can be reached or found is not for a badge to tell."""

import re
from collections.abc import Mapping
from typing import NamedTuple

LONGEST = 10_000
"""Characters that are looked at; no field takes more."""


class Hint(NamedTuple):
    """One thing to think about, and where."""

    pointer: str
    message: str


# Every pattern is made of bounded pieces, so that no text takes more than linear time.
_FOUND = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}"), "an email address"),
    (re.compile(r"(?<![\w@.])@\w{2,40}(?!@)"), "a handle on some platform"),
    (re.compile(r"(?<!\w)\+?\(?\d{2,5}\)?(?:[ ./-]{1,2}\(?\d{1,5}\)?){1,6}(?!\w)"), "what looks like a phone number"),
    (re.compile(r"(?<!\w)\+\d{8,15}(?!\w)"), "what looks like a phone number"),
    (
        re.compile(
            r"(?i)(?<!\w)\d{1,5}[a-z]? (?:[\w.'-]{1,30} ){1,4}"
            r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|square|court|way)(?!\w)"
        ),
        "what looks like a postal address",
    ),
    (
        re.compile(r"(?i)(?<!\w)\w{1,30}(?:straße|strasse|gasse|weg|platz|allee) \d{1,4}[a-z]?(?!\w)"),
        "what looks like a postal address",
    ),
)
_FEWEST_DIGITS = 7
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}[-/ ]\d{4}")


def lint(texts: Mapping[str, str]) -> list[Hint]:
    """What to think about before this is shown to anybody, by JSON pointer (RFC 6901); each kind once for each text."""
    found = []
    for pointer, text in texts.items():
        kinds = dict.fromkeys(what for pattern, what in _FOUND if _says(pattern, what, text[:LONGEST]))
        found += [Hint(pointer, f"says {what}; leave it out, or ask them first") for what in kinds]
    return found


def _says(pattern: re.Pattern[str], what: str, text: str) -> bool:
    if "phone" not in what:
        return pattern.search(text) is not None
    return any(_is_phone(match[0]) for match in pattern.finditer(text))


def _is_phone(text: str) -> bool:
    """Dates and spans of years have as many digits."""
    return sum(char.isdigit() for char in text) >= _FEWEST_DIGITS and _DATE.fullmatch(text) is None
