"""Changing what one has seen: ETag on the way out, If-Match on the way back (RFC 9110 §13.1.1)."""

from typing import Annotated

from fastapi import Depends, Header, Response

from app.kit.errors import PreconditionFailed, PreconditionRequired


def etag(version: int | str) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


class Precondition:
    """The version a caller means to change, and the tag of the one that comes of it."""

    def __init__(
        self,
        response: Response,
        if_match: Annotated[str | None, Header(description="The ETag of the version that is meant to change.")] = None,
    ) -> None:
        self._response = response
        self._if_match = if_match

    def require(self, version: int | str) -> None:
        """Refuses a change that is meant for another version than the present one. The last refusal of all."""
        if self._if_match is None:
            raise PreconditionRequired("If-Match is missing.")
        if etag(version) not in (tag.strip() for tag in self._if_match.split(",")) and self._if_match.strip() != "*":
            raise PreconditionFailed("It has another ETag by now than the one in If-Match.")

    def honour(self, version: int | str) -> None:
        """As `require`, but who leaves If-Match out means whatever version there is."""
        if self._if_match is not None:
            self.require(version)

    def changed_to(self, version: int | str) -> None:
        """Tells the caller the new version."""
        self._response.headers["ETag"] = etag(version)


IfMatch = Annotated[Precondition, Depends()]
"""`if_match: IfMatch` in the signature of a PATCH; call `if_match.require(row.version)` when all else is in order."""
