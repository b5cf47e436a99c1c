"""What the service refuses, as classes named for what happened.

    AppError
    ├── BadRequest            the request itself cannot be read
    │   ├── MalformedJson     the body is not JSON that all readers read alike
    │   ├── BadCursor         a page is asked for that no list gave out
    │   └── BadIdempotencyKey
    ├── Unauthenticated       nobody said who is calling, or not believably
    ├── Forbidden             the caller is known and may not
    ├── NotFound              there is nothing here, or nothing this caller may see
    ├── MethodNotAllowed
    ├── Conflict              the state of things forbids it
    │   ├── InvalidTransition no such step from the present state
    │   └── KeyInUse          the same call is still running
    ├── Gone                  there was something; it ended
    ├── PreconditionFailed    it changed since the caller looked
    ├── PreconditionRequired  the caller has to say which version is meant
    ├── TooLarge              past a stated limit
    ├── HeadersTooLarge       the headers are
    ├── UnsupportedMedia      a format that this address does not read
    ├── Unprocessable         readable, but not acceptable
    │   ├── Invalid           fields are missing, unknown or wrong; `errors` names each
    │   └── KeyReused         one idempotency key for two different calls
    ├── TooMany               more often than is allowed; the next is welcome in `retry_after` seconds
    ├── Internal              our fault
    └── Busy                  later

A capability subclasses the one whose meaning fits, and sets `code`. The docstring is the title that callers see, so it
is a sentence for them. `kit/problems.py` alone knows which HTTP status belongs to which.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NotRequired, TypedDict


class FieldError(TypedDict):
    """One thing wrong with one field."""

    pointer: NotRequired[str]
    """Where in the body (JSON pointer, RFC 6901)."""
    parameter: NotRequired[str]
    """Which parameter of the path, the query or the headers."""
    message: str


class AppError(Exception):
    """The service refuses.

    `detail` says what exactly was wrong, `fix` what to do about it; both are sentences for the caller and hold no
    secret. `members` are further members of the problem document (RFC 9457 §3.2), say the transitions allowed.
    """

    code: ClassVar[str] = "refused"
    fix: str = "See the documentation at /docs."
    retry_after: int | None = None
    """Seconds after which trying again makes sense, if it does."""
    keeps: bool = False
    """Whether what was written before is kept, though the call is refused: that somebody asked, say."""

    def __init__(
        self,
        detail: str = "",
        *,
        fix: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members
        if fix is not None:
            self.fix = fix


class BadRequest(AppError):
    """The request cannot be read."""

    code = "bad-request"
    fix = "Correct the request; sending the same again will fail again."


class MalformedJson(BadRequest):
    """The body is not JSON that every reader would read alike."""

    code = "malformed-json"
    fix = "Send one JSON value in UTF-8: no duplicate members, no NaN, no integers beyond 2^53, no U+0000."


class BadCursor(BadRequest):
    """The cursor is none that this list gave out."""

    code = "bad-cursor"
    fix = "Take `next` of the page before as it is, or leave the cursor out to start from the beginning."


class BadIdempotencyKey(BadRequest):
    """The Idempotency-Key cannot be used."""

    code = "bad-idempotency-key"
    fix = "Send one Idempotency-Key of 1 to 255 visible ASCII characters, for example a random UUID."


class Unauthenticated(AppError):
    """The request does not say who is calling, or not believably."""

    code = "unauthenticated"
    fix = "Send a valid token: `Authorization: Bearer <token>`."


class Forbidden(AppError):
    """The caller may not do this."""

    code = "forbidden"
    fix = "Ask a steward of the community, or use a token with the scope that is needed."


class NotFound(AppError):
    """There is nothing here."""

    code = "not-found"
    fix = "Check the address and the ids in it; what others keep private is not found either."


class MethodNotAllowed(AppError):
    """This address does not take this method."""

    code = "method-not-allowed"
    fix = "Use one of the methods in the Allow header."


class Conflict(AppError):
    """The state of things does not allow this."""

    code = "conflict"
    fix = "Look at the present state first, then decide."


class InvalidTransition(Conflict):
    """In its present state this cannot be done to it."""

    code = "invalid-transition"
    fix = "Choose one of `allowed`; where there is none, this is how it ended."


class KeyInUse(Conflict):
    """The same call is still running."""

    code = "idempotency-key-in-use"
    fix = "Wait a moment and send the same request with the same key again."
    retry_after = 1


class Gone(AppError):
    """There was something here, and it ended."""

    code = "gone"
    fix = "Nothing brings it back under this address."


class PreconditionFailed(AppError):
    """It has changed since the caller looked."""

    code = "precondition-failed"
    fix = "Fetch it again, and send its new ETag as If-Match."


class PreconditionRequired(AppError):
    """A change has to say which version it is meant for."""

    code = "precondition-required"
    fix = "Fetch it first, and send its ETag as If-Match."


class TooLarge(AppError):
    """The body is larger than is read here."""

    code = "too-large"
    fix = "Send less, or in several parts."


class HeadersTooLarge(AppError):
    """The headers are larger than are read here."""

    code = "headers-too-large"
    fix = "Send what is long in the body, and only the headers that are needed."


class UnsupportedMedia(AppError):
    """The body comes in a format that is not read here."""

    code = "unsupported-media-type"
    fix = "Send the format that is named here as Content-Type, without Content-Encoding."


class Unprocessable(AppError):
    """The body can be read, but not accepted."""

    code = "unprocessable"
    fix = "Change what `detail` names."


class Invalid(Unprocessable):
    """Fields are missing, unknown or wrong."""

    code = "invalid"
    fix = "Correct the fields in `errors`; /docs shows what each may hold."


class KeyReused(Unprocessable):
    """One idempotency key was used for two different calls."""

    code = "idempotency-key-reused"
    fix = "Use a new Idempotency-Key for every new call, and the same one only to repeat a call unchanged."


class TooMany(AppError):
    """You did this more often than is allowed."""

    code = "too-many"
    fix = "Wait the seconds named in Retry-After, then send it again."

    def __init__(self, detail: str = "", *, retry_after: int, **rest: Any) -> None:
        """`retry_after` is the seconds until it is allowed again (at least one); `rest` is as in every refusal."""
        super().__init__(detail, **rest)
        self.retry_after = max(retry_after, 1)


class Internal(AppError):
    """Something went wrong on our side; nothing was changed."""

    code = "internal-error"
    fix = "Try again later; if it stays, tell those who run this service."


class Busy(AppError):
    """The service cannot answer at this moment; nothing was changed."""

    code = "busy"
    fix = "Try again after the seconds named in Retry-After."
    retry_after = 2
