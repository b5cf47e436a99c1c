"""The door's first look at a request: bounded, in a format that is read here, and meaning the same to every reader.

FastAPI reads JSON as Python does: NaN, duplicate members, lone surrogates and endless integers come in, and leave as
500s. Here they are refused by name. The order of refusals is permission, body, state, If-Match: so a body that cannot
be read is refused only after the dependencies have looked at the caller, and before the endpoint runs.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

import rfc8785
from anyio import move_on_after
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form, Query
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

import badges
from app.kit.errors import AppError, BadRequest, Invalid, MalformedJson, TooLarge, UnsupportedMedia
from app.kit.problems import MEDIA_TYPE

MIB = 1_048_576
BODY_LIMIT = MIB
"""What a body may have, in bytes, where a route does not say otherwise (`max_body_size=2 * MIB`)."""

_OF_A_VALUE, _LEAST_OF_A_VALUE = 40, 10
"""Bytes that a value has where there are many of them: the most that are reckoned with, the least on average."""

_PARSED_INLINE = 32_768  # above this many bytes parsing takes long enough (over 2 ms) to be worth a thread

_BEYOND = 4 * MIB
"""Bytes beyond the limit that are heard out; up to the limit anybody is."""
_MOMENT = 2.0
"""Seconds for which somebody is heard out who is refused already."""

_PROBLEM = {
    "description": "A refusal (RFC 9457).",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

_UNREAD = object()
"""Stands for a body that could not be read; no model accepts it. FastAPI has pydantic read attributes, so that an
object of a class of our own would pass for a body that may be empty (a PATCH); one of a builtin class does not.
"""


class ReadRequest(Request):
    """A request whose body has been read whole; a JSON body has been parsed, once."""

    def __init__(self, request: Request, body: bytes, value: Any = _UNREAD) -> None:
        super().__init__(request.scope, request.receive)
        self._body = body
        self._value = value

    async def json(self) -> Any:
        return self._value

    def canonical_body(self) -> bytes:
        """The body as bytes that are equal for equal JSON (RFC 8785); as it came, if it is none."""
        return self._body if self._value is _UNREAD else rfc8785.dumps(self._value)


class StrictRoute(APIRoute):
    """A route that reads bodies within limits, and JSON strictly. Every route of the service is one."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, max_body_size: int | None = None, **settings: Any
    ) -> None:
        # FastAPI's own limit would answer in text/plain, so it never hears of this one.
        self.body_limit = BODY_LIMIT if max_body_size is None else max_body_size
        settings["summary"] = settings.get("summary") or _first_line(endpoint)
        super().__init__(path, endpoint, **settings)
        self._takes_form = self.body_field is not None and isinstance(self.body_field.field_info, Form)
        self._takes_json = self.body_field is not None and not self._takes_form
        if self._takes_json:
            _check_body_model(self)
        asked = [field for field in get_flat_params(self.dependant) if isinstance(field.field_info, Query)]
        self._asked_once = frozenset(field.alias for field in asked)  # no parameter of the service takes a list

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            # 1. What no database or path can carry, and of which one reader would take the first and another the last.
            if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
                raise BadRequest("The address holds U+0000.")
            _check_said_once(request, self._asked_once)
            if request.method == "GET":
                return await handle(request)
            # 2. The bytes, counted while they come in.
            body = await _read(request, self.body_limit)
            if not body or not self._takes_json:
                if body and self._takes_form:
                    _require_type(request, "multipart/form-data", "application/x-www-form-urlencoded")
                return await handle(ReadRequest(request, body))
            # 3. Their meaning; what is wrong with it is kept until permission has been looked at.
            refusal, value = None, _UNREAD
            try:
                _require_type(request, "application/json")
                value = await _parsed(body, limits_of(self.body_limit))
            except AppError as error:
                refusal = error
            try:
                return await handle(ReadRequest(request, body, value))
            except RequestValidationError:
                if refusal is not None:
                    raise refusal from None
                raise

        return strictly


def router(**settings: Any) -> APIRouter:
    """A router whose routes are strict. `settings` as FastAPI's `APIRouter` takes them."""
    return APIRouter(route_class=StrictRoute, redirect_slashes=False, responses={"default": _PROBLEM}, **settings)


def _first_line(endpoint: Callable[..., Any]) -> str:
    return (endpoint.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def _check_body_model(route: StrictRoute) -> None:
    """What stands for an unreadable body must not pass for a body. Raises `TypeError` when the route is declared."""
    annotation: Any = route.body_field and route.body_field.field_info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for unread in (_UNREAD, b"{}"):
        try:
            adapter.validate_python(unread, from_attributes=True)  # as FastAPI does
        except ValidationError:
            continue
        raise TypeError(f"{route.path}: take the body as a model, not as Any or bytes")


def _check_said_once(request: Request, names: frozenset[str]) -> None:
    """Raises `Invalid` where the query says one of these more than once."""
    if b"&" not in request.scope["query_string"]:
        return
    said = Counter(name for name, _ in request.query_params.multi_items())
    again = [name for name in said if name in names and said[name] > 1]
    if again:
        raise Invalid(
            "What is asked for has to be said once.",
            errors=[{"parameter": name, "message": f"is given {said[name]} times"} for name in again],
        )


async def _read(request: Request, limit: int) -> bytes:
    """The body. Raises `UnsupportedMedia` and `TooLarge`, heard by those too who send all before they listen."""
    stream, refusal = request.stream(), _refused_unread(request, limit)
    if refusal is not None:
        if request.headers.get("expect", "").lower() != "100-continue":  # who asks first, has sent nothing
            await _hear_out(stream, limit + _BEYOND)
        raise refusal
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > limit:
            body.clear()
            await _hear_out(stream, _BEYOND)
            raise _too_large(limit)
    return bytes(body)


def _refused_unread(request: Request, limit: int) -> AppError | None:
    """Why a body is refused by what its head says of it."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        return UnsupportedMedia("A compressed body is not read here.")  # it could unpack to anything
    declared = request.headers.get("content-length", "0")
    too_large = len(declared) > len(str(limit)) or (declared.isdigit() and int(declared) > limit)
    return _too_large(limit) if too_large else None


def _too_large(limit: int) -> TooLarge:
    size = f"{limit // MIB} MiB" if limit % MIB == 0 else f"{limit} bytes"
    return TooLarge(f"The body may have {size} here.", limit=limit)


async def _hear_out(stream: AsyncIterator[bytes], most: int) -> None:
    """Reads on and keeps nothing, for a moment. A connection that is closed with bytes unread is reset (RFC 9112 §9.6),
    and the answer lost to whoever has not finished sending."""
    with move_on_after(_MOMENT), suppress(ClientDisconnect):
        async for chunk in stream:
            most -= len(chunk)
            if most < 0:
                return


def _require_type(request: Request, *known: str) -> None:
    stated = request.headers.get("content-type", "")
    essence = stated.partition(";")[0].strip().lower()
    json_like = essence.startswith("application/") and essence.endswith("+json") and "application/json" in known
    if essence not in known and not json_like:
        expected = " or ".join(known)
        raise UnsupportedMedia(
            f"The body says it is {essence or 'of no type'}; this address reads {expected}.",
            fix=f"Send it with `Content-Type: {known[0]}`.",
            headers={"Accept": ", ".join(known)},  # RFC 9110 §15.5.16
        )


def limits_of(bytes: int) -> badges.Limits:
    """What JSON of so many bytes may cost to read: where more are taken, more values too, unless those are tiny."""
    limits = badges.Limits(bytes=bytes)
    if bytes // _OF_A_VALUE <= limits.values:
        return limits
    return replace(limits, values=bytes // _OF_A_VALUE, bytes_per_value=_LEAST_OF_A_VALUE)


async def _parsed(body: bytes, limits: badges.Limits) -> Any:
    try:
        if len(body) <= _PARSED_INLINE:
            return badges.parse(body, limits=limits)
        return await run_in_threadpool(badges.parse, body, limits=limits)
    except badges.BadgeError as error:
        raise MalformedJson(error.detail) from None
