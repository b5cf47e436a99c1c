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


def leaving_out(text: str, unwanted: Collection[int]) -> str:
    """The text without some of its `sentences`, named by position from 0; the others stay in their paragraphs."""
    parts, kept, between, number = re.split(f"({_ENDS.pattern})", text.strip()), "", "", 0
    for sentence, end in zip(parts[::2], [*parts[1::2], ""], strict=True):
        if sentence.strip():
            if number not in unwanted:
                kept, between = kept + (between if kept else "") + sentence, ""
            number += 1
        between = max(between, end, key=lambda space: (space.count("\n"), len(space)))
    return kept


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
