"""A call of a platform as it came, and what it is answered: plain values. Nothing is read before it is proven."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import badges
from app.kit.errors import MalformedJson, TooLarge, Unauthenticated

LARGEST = 4_194_304
"""Bytes of a delivery: what GitHub tells of a large push."""
_LIMITS = badges.Limits(bytes=LARGEST, values=200_000)
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
    """The JSON of a body. Raises `MalformedJson`, `TooLarge`."""
    try:
        value = badges.parse(raw, limits=_LIMITS)
    except badges.BadgeError as error:
        raise MalformedJson(error.detail) from None
    if isinstance(value, list) and len(value) > MOST_EVENTS:
        raise TooLarge(f"A delivery has at most {MOST_EVENTS} events.")
    return value
