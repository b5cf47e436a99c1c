"""The one place that makes ids and secrets."""

import secrets
import uuid
from typing import Protocol

import uuid_utils.compat


class Ids(Protocol):
    """Where ids come from; tests bring ones that count."""

    def row(self) -> uuid.UUID:
        """An id for a row: ordered by time, so that lists page by it (RFC 9562 §5.7, UUIDv7)."""

    def public(self) -> uuid.UUID:
        """An id that strangers see: random, since a time-ordered one tells when it was made."""

    def secret(self) -> str:
        """256 random bits for a token or a link, in URL-safe characters."""


class SystemIds:
    """Ids from the operating system's randomness."""

    def row(self) -> uuid.UUID:
        return uuid_utils.compat.uuid7()

    def public(self) -> uuid.UUID:
        return uuid.uuid4()  # noqa: TID251  this is the home of ids

    def secret(self) -> str:
        return secrets.token_urlsafe(32)


def id_in(text: str) -> uuid.UUID | None:
    """The id that `text` is, in the one spelling that addresses have (RFC 9562 §4); None for everything else."""
    try:
        id = uuid.UUID(text)
    except ValueError:
        return None
    return id if str(id) == text else None
