"""The questions that are asked of a badge, and how a refusal anywhere below becomes an answer."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from badges import reports
from badges.documents import as_list
from badges.errors import (
    BadgeError,
    Gone,
    NoSuchKey,
    RevokedKey,
    TooLarge,
    UnknownContext,
    Unreachable,
    UnreadableKey,
    Unsigned,
    Unsupported,
    UnsupportedProof,
)
from badges.reports import Check, Deviation, Outcome

UNKNOWABLE = (
    Unreachable,
    Gone,
    NoSuchKey,
    RevokedKey,
    UnreadableKey,
    Unsupported,
    UnsupportedProof,
    UnknownContext,
    TooLarge,
)
"""Refusals that say nothing about the badge: it could not be checked. A key that its issuer no longer lists is among
them: a careless rotation is no forgery; nor is a page that is being mended.
"""


@dataclass(frozen=True)
class Question:
    """A question by its name in the report, with the place in the standard where it is asked."""

    check: str
    spec: str

    def passed(self, code: str, detail: str, *, warnings: Iterable[reports.Warning] = ()) -> Check:
        """The answer is yes."""
        return Check(self.check, Outcome.passed, code, detail, self.spec, warnings=tuple(warnings))

    def failed(
        self, code: str, detail: str, *, errors: Iterable[Deviation] = (), warnings: Iterable[reports.Warning] = ()
    ) -> Check:
        """The answer is no."""
        return Check(self.check, Outcome.failed, code, detail, self.spec, tuple(errors), tuple(warnings))

    def unknown(self, code: str, detail: str, *, warnings: Iterable[reports.Warning] = ()) -> Check:
        """It could not be checked."""
        return Check(self.check, Outcome.unknown, code, detail, self.spec, warnings=tuple(warnings))

    def skipped(self, code: str, detail: str, *, warnings: Iterable[reports.Warning] = ()) -> Check:
        """There was nothing to check, or no sense in checking it."""
        return Check(self.check, Outcome.skipped, code, detail, self.spec, warnings=tuple(warnings))

    def warning(self, code: str, detail: str, pointer: str = "") -> reports.Warning:
        """Something to know that does not change the answer."""
        return reports.Warning(code, detail, pointer, self.spec)

    def refused(self, error: BadgeError, *, whose: str) -> Check:
        """The answer that a refusal amounts to; silence of `whose` (issuer, status, badge) is `{whose}-unreachable`."""
        if isinstance(error, Unsigned) or not isinstance(error, UNKNOWABLE):
            return self.failed(error.code, error.detail)
        code = f"{whose}-unreachable" if isinstance(error, Unreachable) else error.code
        return self.unknown(code, error.detail)


def brief(text: object, length: int = 80) -> str:
    """A stranger's text as it may stand in a sentence: on one line, not longer than that, and in its own direction."""
    line = " ".join("".join(_shown(one) for one in str(text)).split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def quoted(text: object, length: int = 80) -> str:
    """A stranger's text in quotation marks, of which it has no other: so the sentence around it stays ours."""
    return f"“{brief(text, length).translate(_QUOTES)}”"


def named(id: object) -> str:
    """A stranger's identifier as it may stand in a sentence: as it is if it looks like one, else in quotation marks."""
    text = brief(id)
    return text if _PLAIN.fullmatch(text) else quoted(text)


_PLAIN = re.compile(r"[!#-&(-~]+…?")
"""ASCII without blanks and quotation marks."""
_QUOTES = dict.fromkeys(map(ord, '“”„‟«»"〝〞＂″ˮ❝❞🙶🙷🙸'), "'")
_BLANKS = "\u2800\u3164\u115f\u1160\uffa0"
"""Letters and marks that nobody sees."""


def _shown(character: str) -> str:
    """Nothing of what is not seen itself and changes how others are (Unicode TR36 §2.7), but for joiners of letters."""
    if character in _BLANKS:
        return " "
    return "" if unicodedata.category(character) == "Cf" and character not in "\u200c\u200d" else character


def first(values: object) -> object:
    """The first of values that may stand alone, None of none."""
    return next(iter(as_list(values)), None)
