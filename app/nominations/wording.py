"""The words of a badge that came of a nomination: what may be left out of them, and whom they do not name."""

import re
from collections.abc import Collection

_ENDS = re.compile(r"(?<=[.!?…。！？])\s+|\s*\n+\s*")
"""Between sentences; a line of its own is one too."""

SOMEBODY = "a teammate"
"""Stands for the name of somebody who shares a nomination: each speaks for themselves alone."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with single spaces."""
    return [" ".join(each.split()) for each in _ENDS.split(text.strip()) if each.strip()]


def only_leaves_out(edit: str, text: str) -> bool:
    """Whether `edit` is `text` with some of its sentences left out, or all: every other one as it was, in order."""
    rest = iter(sentences(text))
    return all(sentence in rest for sentence in sentences(edit))


def without_names(text: str, names: Collection[str]) -> str:
    """The text with these names, where they stand as words of their own, taken out of it."""
    known = sorted((name for name in names if name), key=len, reverse=True)
    if not known:
        return text
    return re.sub(rf"@?(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", SOMEBODY, text)
