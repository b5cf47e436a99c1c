"""The words of a badge that came of a nomination: what may be left out of them, and whom they do not name."""

import re
from collections.abc import Collection

_ENDS = re.compile(r"(?<=[.!?…。！？])\s+|\s*\n+\s*")
"""Between sentences; a line of its own is one too."""

SOMEBODY = "a teammate"
"""Stands for the name of somebody who shares a nomination: each speaks for themselves alone."""

SHORT = 3
"""Fewer letters are a name only where they stand as one."""


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


def known_by(name: str | None, *, handle: str | None = None, email: str | None = None) -> frozenset[str]:
    """What gives somebody away in a text: the whole name and its parts, the handle, the address.

    Of the parts, those of less than `SHORT` letters only count as a first name, and what stands in small letters beside
    capitals (von, de la) is nobody's own. Of somebody without a name, the address says one.
    """
    whole = name or (email or "").partition("@")[0]
    first, *others = [part for part in re.split(r"[\W_]+", whole) if part] or [""]
    own = [part for part in others if len(part) >= SHORT and (whole.islower() or not part.islower())]
    first = first if name or len(first) >= SHORT else ""
    return frozenset(each for each in (whole, first, *own, handle, email) if each)


def without_names(text: str, names: Collection[str]) -> str:
    """The text with these names, however written, taken out of it where they stand as words of their own."""
    known = sorted((name for name in names if name), key=len, reverse=True)
    one = "|".join(map(_standing, known))
    return re.sub(rf"(?:{one})(?:[^\S\n]+(?:{one}))*", SOMEBODY, text) if known else text


def _standing(name: str) -> str:
    """A pattern for a name in a text."""
    words = r"\s+".join(map(re.escape, name.split()))
    if name.lower() == name.upper() and name.isalpha() and len(name) > 1:
        return words  # scripts without capitals may do without spaces, too
    short = {words, words.capitalize(), words.upper()}  # "an" and "al" are names, and words
    written = "|".join(sorted(short)) if len(name) < SHORT else f"(?i:{words})"
    return rf"@?(?<![^\W_])(?:{written})(?![^\W_])"
