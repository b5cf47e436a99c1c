"""Refusals as HTTP answers: `application/problem+json` (RFC 9457). The only table of statuses there is."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException  # noqa: TID251  the framework raises it; this is where it is understood
from starlette.requests import ClientDisconnect

from app.kit.errors import (
    AppError,
    BadRequest,
    Busy,
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    HeadersTooLarge,
    Internal,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unprocessable,
    UnsupportedMedia,
)
from app.kit.negotiation import outranks
from app.kit.voicing import to_the_point, voiced
from badges import errors as badges

STATUS: Mapping[type[Exception], int] = {
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    Gone: 410,
    PreconditionFailed: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Unprocessable: 422,
    PreconditionRequired: 428,
    TooMany: 429,
    HeadersTooLarge: 431,
    Internal: 500,
    Busy: 503,
    badges.TooLarge: 413,
    badges.BadgeError: 422,
}

MEDIA_TYPE = "application/problem+json"
_KEPT_HEADERS = ("Allow", "Cache-Control", "Retry-After", "Vary", "WWW-Authenticate")
_MOST_ERRORS = 50
_LONGEST_POINTER = 500

_log = logging.getLogger(__name__)
_READ_ONLY = "25006"
_FIX_BADGE = "Change the document or image that `detail` speaks of."

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What was refused, why, and what to do about it (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "fix"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "fix": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "pointer": {"type": "string", "description": "Where in the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "Which parameter of path, query or headers."},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Kind:
    """One kind of problem, as its page explains it."""

    code: str
    title: str
    status: int
    fix: str


def all_problems() -> dict[str, Kind]:
    """Every kind of problem this service answers with, by code: what `/problems/{code}` explains."""
    refusals = [*_family(badges.BadgeError), *_family(AppError)]
    kinds = [_kind(refusal) for refusal in refusals if refusal is not AppError]
    return {kind.code: kind for kind in sorted(kinds, key=lambda kind: kind.code)}


Page = Callable[[Kind, str], Response]
"""How a refusal is shown to people: its kind and detail, as an HTML page with the right status."""


class Problem(Response):
    """A refusal as a problem document, and what a page would say of it."""

    def __init__(self, kind: Kind, detail: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        own = {"Vary": "Accept, Authorization", "Cache-Control": "no-store"}
        super().__init__(json.dumps(body), kind.status, own | dict(headers), MEDIA_TYPE)
        self.kind, self.detail = kind, detail


def install(app: FastAPI, *, page: Page | None = None) -> None:
    """Makes every refusal and every failure of `app` a problem document, or a `page` for who prefers HTML."""
    handlers: Mapping[type[Exception], Callable[[Exception], Problem]] = {
        AppError: _on_refusal,
        badges.BadgeError: _on_refusal,
        RequestValidationError: _on_invalid,
        HTTPException: _on_http_exception,
        sa.exc.SQLAlchemyError: _on_database_error,
        ClientDisconnect: _on_disconnect,
        Exception: _on_failure,
    }
    for refusal, handler in handlers.items():
        app.add_exception_handler(refusal, _answering(handler, page))


def _answering(handler: Callable[[Exception], Problem], page: Page | None) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        found = handler(error)
        if found.status_code == STATUS[MethodNotAllowed]:
            found.headers["Allow"] = ", ".join(_methods(request))
        accept = ",".join(request.headers.getlist("accept"))
        if page is None or not outranks(accept, "text/html", ("application/json", MEDIA_TYPE)):
            return found
        shown = page(found.kind, found.detail)
        shown.headers.update({name: found.headers[name] for name in _KEPT_HEADERS if name in found.headers})
        return shown

    return answer


def _methods(request: Request) -> list[str]:
    """What an address takes. Starlette names the methods of the first route alone, and each of ours has one; and HEAD
    is answered wherever GET is (`HeadAsGet`)."""
    path, found = request.scope["path"], set[str]()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.match(path):
            found |= route.methods
    return sorted(found | {"HEAD"} if "GET" in found else found) or ["GET", "HEAD"]  # of files, which no route names


def problem(error: AppError | badges.BadgeError) -> Problem:
    """The answer that a refusal becomes."""
    kind, app_error = _kind(type(error)), error if isinstance(error, AppError) else Unprocessable()
    body = app_error.members | {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": error.detail or kind.title,
        "fix": app_error.fix if error is app_error else kind.fix,
    }
    errors = app_error.errors
    if isinstance(error, badges.BadgeError) and error.pointer is not None:
        errors = [FieldError(pointer=error.pointer, message=error.detail)]
    if errors:
        body["errors"] = [_brief(each) for each in errors[:_MOST_ERRORS]]
    headers = dict(app_error.headers)
    if app_error.retry_after is not None:
        headers["Retry-After"] = str(app_error.retry_after)
    if kind.status == STATUS[Unauthenticated]:
        headers["WWW-Authenticate"] = "Bearer"
    return Problem(kind, error.detail, body, headers)


def _family(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def _kind(refusal: type[AppError | badges.BadgeError]) -> Kind:
    return Kind(
        code=refusal.code,
        title=(refusal.__doc__ or "").strip().partition("\n")[0],
        status=next(STATUS[c] for c in refusal.__mro__ if c in STATUS),
        fix=refusal.fix if issubclass(refusal, AppError) else _FIX_BADGE,
    )


def _on_refusal(error: Exception) -> Problem:
    assert isinstance(error, AppError | badges.BadgeError)  # noqa: S101  as installed
    return problem(error)


_BY_STATUS: Mapping[int, type[AppError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMedia,
}


def _on_http_exception(error: Exception) -> Problem:
    """What FastAPI and Starlette refuse by themselves: no such route, a broken form."""
    assert isinstance(error, HTTPException)  # noqa: S101  as installed
    kind = _BY_STATUS.get(error.status_code, BadRequest if error.status_code < 500 else Internal)
    return problem(kind(error.detail if kind is BadRequest else "", headers=error.headers))


def _on_invalid(error: Exception) -> Problem:
    """Never says what was sent: it may be a secret, and it may be something that cannot be encoded."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  as installed
    if any(found["loc"][0] == "path" for found in error.errors()):
        return problem(NotFound("What the address names cannot exist."))
    # Where two parts of a call read the same body, each finds the same wrong with it.
    once = {(found["loc"], found["type"], found["msg"]): found for found in error.errors()}
    found_wrong = to_the_point(list(once.values()))
    errors = [_field_error(found, error.body) for found in found_wrong[:_MOST_ERRORS]]
    count = len(found_wrong)
    return problem(Invalid(f"{count} field{'s are' if count > 1 else ' is'} not as needed.", errors=errors))


def _field_error(found: Mapping[str, Any], body: Any) -> FieldError:
    where, *path = found["loc"]
    if where != "body":
        return FieldError(parameter=str(path[0]) if path else where, message=voiced(found))
    return FieldError(pointer=_pointer(path, body, missing=found["type"] == "missing"), message=voiced(found))


def _pointer(path: Sequence[str | int], body: Any, *, missing: bool) -> str:
    """Where in the body (RFC 6901). Pydantic's path also names the alternatives it tried, which are not there."""
    pointer = ""
    for i, step in enumerate(path):
        inside = isinstance(body, dict) and step in body
        inside = inside or (isinstance(body, list) and isinstance(step, int) and step < len(body))
        if inside:
            body = body[step]
        elif not (missing and i == len(path) - 1):
            continue
        pointer += "/" + str(step).replace("~", "~0").replace("/", "~1")
    return pointer


def _brief(error: FieldError) -> FieldError:
    """A pointer holds names that the caller made up, of any length."""
    pointer = error.get("pointer", "")
    return error if len(pointer) <= _LONGEST_POINTER else {**error, "pointer": pointer[:_LONGEST_POINTER] + "…"}


def _on_disconnect(_error: Exception) -> Problem:
    return problem(BadRequest("The body ended early."))


def _on_database_error(error: Exception) -> Problem:
    match error:
        case sa.exc.IntegrityError() if _is_race(error.orig):
            return problem(Conflict("Somebody else did the same, or removed what this needs, at the same moment."))
        case sa.exc.DataError():
            return problem(Unprocessable("A value lies outside of what can be kept."))
        case sa.exc.TimeoutError() | sa.exc.InterfaceError():
            busy = True
        case sa.exc.OperationalError():
            busy = _is_passing(error.orig)
        case sa.exc.InternalError():
            busy = getattr(error.orig, "sqlstate", None) == _READ_ONLY  # a standby, that was the primary before
        case _:
            busy = False
    if not busy:
        raise error
    _log.warning("the database cannot answer: %s", error)
    return problem(Busy("The database cannot answer at this moment."))


def _is_race(cause: BaseException | None) -> bool:
    """Whether a constraint between rows was hit (unique, foreign key), rather than one of a single row: our mistake."""
    sqlite_name = getattr(cause, "sqlite_errorname", "")
    return getattr(cause, "sqlstate", None) in {"23505", "23503"} or sqlite_name in {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
    }


def _is_passing(cause: BaseException | None) -> bool:
    """Whether a failed operation says "not now" (locked, full, away) rather than "never" (no such table)."""
    return getattr(cause, "sqlite_errorname", "SQLITE_BUSY") != "SQLITE_ERROR"


def _on_failure(_error: Exception) -> Problem:
    return problem(Internal())  # the server logs the exception; the caller learns nothing of it
