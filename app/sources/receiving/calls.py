"""A call of a platform as it came, and what it is answered: plain values. Nothing is read before it is proven."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.kit.errors import MalformedJson, TooLarge, Unauthenticated

LARGEST = 4_194_304
"""Bytes of a delivery: what GitHub tells of a large push."""
MOST_VALUES, DEEPEST = 200_000, 64
_READABLE = f"Send one JSON value in UTF-8, without NaN, nested at most {DEEPEST} levels deep."
MOST_EVENTS = 5_000
"""Events in one delivery."""


class WrongSignature(Unauthenticated):
    """This delivery is not signed, or not with the secret of its source."""

    code = "wrong-signature"
    fix = "Give the platform the secret of this source; it signs the body byte for byte."


class StaleDelivery(Unauthenticated):
    """This delivery was signed too long ago, or lies in the future."""

    code = "stale-delivery"
    fix = "Set the clock of the sender, and sign again when sending again."


@dataclass(frozen=True)
class Call:
    """A request of a platform."""

    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """In lower case."""
    method: str = "POST"
    path: str = "/"
    """With the query."""
    transaction: str | None = None
    """The id that its address gives it."""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What a platform waits for instead of being told that its delivery was taken."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def parsed(raw: bytes) -> Any:
    """The JSON of a body. Raises `MalformedJson`, `TooLarge`.

    Nobody reads it but we, and nobody is answered with it, so that it need not mean the same to every reader (a member
    that stands there twice): that takes twenty times as long, and whole deliveries would be lost for it.
    """
    if len(raw) > LARGEST or raw.count(b",") > MOST_VALUES:
        raise TooLarge(f"A delivery has at most {LARGEST} bytes and {MOST_VALUES} values.")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(f"The body is no JSON: {error}.", fix=_READABLE) from None
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            break
    else:
        raise MalformedJson(f"The body is nested more than {DEEPEST} levels deep.", fix=_READABLE)
    if isinstance(value, list) and len(value) > MOST_EVENTS:
        raise TooLarge(f"A delivery has at most {MOST_EVENTS} events.")
    return value


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
