"""Texts that are put together from what stands in an event, and how each is written.

In texts paths stand in braces: `github:{$.answer.node_id}`. `|day` makes the day of an instant, `|mailbox` the address
of a `mailto:`, and `|id` the id of what may be an id or an object that has one. `|agent` is by what an xAPI actor is
known: an account with where it is one, an OpenID, or the hash of an address; `|account` the same, and nothing of who is
known by an address.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.sources.paths import LONGEST, Path, Scalar, Scope, is_path, path

_PLACE = re.compile(r"\{([^{}]*)\}")


def written(value: Any) -> str | None:
    """A value as a text, if it is one or a number; empty ones say nothing, nor does what no database keeps."""
    if isinstance(value, bool) or not isinstance(value, Scalar):
        return None
    text = str(value).strip()
    return text if text and "\0" not in text else None


def _day(value: Any) -> str | None:
    text = written(value)
    return text[:10] if text else None


def _mailbox(value: Any) -> str | None:
    text = written(value)
    return text.removeprefix("mailto:") or None if text else None


def _id(value: Any) -> str | None:
    """Of what may be an id, an object that has one, or a list of either (JSON-LD)."""
    one = value[0] if isinstance(value, list) and value else value
    return written(one.get("id") if isinstance(one, Mapping) else one)


def _account(value: Any) -> str | None:
    """IEEE 9274.1.1 §4.2.2.1: names of accounts are those of a place, and another's at the next."""
    agent = value if isinstance(value, Mapping) else {}
    account = agent.get("account")
    if isinstance(account, Mapping):
        home, name = written(account.get("homePage")), written(account.get("name"))
        return f"{home.rstrip('/')}#{name}" if home and name else None
    digest = written(agent.get("mbox_sha1sum"))
    return f"mbox_sha1sum:{digest.lower()}" if digest else written(agent.get("openid"))


def _agent(value: Any) -> str | None:
    known, mailbox = _account(value), written(value.get("mbox")) if isinstance(value, Mapping) else None
    if known is not None or mailbox is None:
        return known
    return f"mbox_sha1sum:{hashlib.sha1(mailbox.encode(), usedforsecurity=False).hexdigest()}"


_FILTERS: Mapping[str, Callable[[Any], str | None]] = {
    "day": _day,
    "mailbox": _mailbox,
    "id": _id,
    "account": _account,
    "agent": _agent,
}


@dataclass(frozen=True)
class Place:
    """A path in a text, and how what stands there is written."""

    path: Path
    written: Callable[[Any], str | None] = written

    def texts(self, scope: Scope) -> list[str]:
        return [text for text in map(self.written, self.path.values(scope)) if text is not None]


@dataclass(frozen=True)
class Text:
    """A text with places in it; one that is nothing but a path gives all that stands there."""

    text: str
    parts: tuple[str | Place, ...]

    def __str__(self) -> str:
        return self.text

    def values(self, scope: Scope) -> list[str]:
        """The texts that come of it: several only of a lone path. Raises `TooMuchInIt`."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Place):
            return self.parts[0].texts(scope)
        found = []
        for part in self.parts:
            texts = [part] if isinstance(part, str) else part.texts(scope)
            if len(texts) != 1:
                return []
            found += texts
        return ["".join(found)]

    def one(self, scope: Scope) -> str | None:
        """The text, if exactly one comes of it. Raises `TooMuchInIt`."""
        found = self.values(scope)
        return found[0] if len(found) == 1 else None


def text(said: str) -> Text:
    """The text that a rule says: a path, or words with paths in braces. Raises `ValueError`."""
    if len(said) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters are taken")
    if is_path(said):
        return Text(said, (_place(said),))
    parts: list[str | Place] = []
    at = 0
    for found in _PLACE.finditer(said):
        parts += [said[at : found.start()], _place(found[1])]
        at = found.end()
    parts.append(said[at:])
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise ValueError("a brace is not closed, or stands inside of another")
    return Text(said, tuple(part for part in parts if part != ""))


def _place(said: str) -> Place:
    where, bar, name = said.partition("|")
    if bar and name not in _FILTERS:
        raise ValueError(f"behind | only {' and '.join(_FILTERS)} are known")
    return Place(path(where), _FILTERS[name]) if bar else Place(path(where))
