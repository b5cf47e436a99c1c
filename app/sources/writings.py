"""Codes that people write on a platform, by which they prove that an account there is theirs. Pure.

Where texts stand is data (`shipped/writings.toml`), and no rule of a community: whoever may say what counts does not
say by it whose an account is.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.sources.events import Told
from app.sources.paths import Path, Scope, TooMuchInIt, path
from app.sources.shipped import as_data
from app.sources.texts import written

_CODE = re.compile(r"\s{0,20}(laurels-[0-9a-f]{32})(?![0-9A-Za-z_-])")
"""At the beginning of a text: where somebody answers, what they quote of others stands there."""


@dataclass(frozen=True)
class Writing:
    """Where an event has a text, and who wrote it."""

    events: frozenset[str]
    action: str | None
    by: tuple[Path, ...]
    text: Path
    unless: tuple[Path, ...]
    """Where something stands there, no person wrote it."""

    def read(self, told: Told) -> tuple[str, str] | None:
        """The account and the code that it wrote, if it did."""
        if self.events.isdisjoint(told.names) or (self.action is not None and self.action != told.action):
            return None
        scope = Scope(told.body, told.headers)
        try:
            if any(each.values(scope) for each in self.unless):
                return None
            accounts = {tuple(map(written, each.values(scope))) for each in self.by}
            found = [_CODE.match(value) for value in self.text.values(scope) if isinstance(value, str)]
        except TooMuchInIt:
            return None
        codes = [match[1] for match in found if match is not None]
        account = next(iter(accounts)) if len(accounts) == 1 else ()
        return (account[0], codes[0]) if len(account) == len(codes) == 1 and account[0] else None


def is_heard(platform: str) -> bool:
    """Whether what people write on a platform is told."""
    return bool(_writings(platform))


def codes_in(platform: str, told: Iterable[Told]) -> list[tuple[str, str]]:
    """The accounts that have written codes, each with its code."""
    found = (writing.read(each) for each in told for writing in _writings(platform))
    return [one for one in found if one is not None]


def code_of(secret: str) -> str:
    """A code that nobody guesses, in signs that no platform makes something else of."""
    return f"laurels-{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


@cache
def _writings(platform: str) -> tuple[Writing, ...]:
    return tuple(_writing(one) for one in as_data("writings").get(platform, []))


def _writing(data: dict[str, Any]) -> Writing:
    return Writing(
        events=frozenset(data["event"]),
        action=data.get("action"),
        by=tuple(map(path, data["by"])),
        text=path(data["text"]),
        unless=tuple(map(path, data.get("unless", []))),
    )
