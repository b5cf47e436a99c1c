"""What every answer says, the HEAD of every GET, and how much a request may say in its headers."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import HeadersTooLarge
from app.kit.problems import problem

_DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class DefaultHeaders:
    """Headers that keep browsers careful, where an answer does not say otherwise itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._defaults = _DEFAULTS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._defaults.items():
                    headers.setdefault(name, value)
                if "frame-ancestors *" in headers["Content-Security-Policy"]:
                    del headers["X-Frame-Options"]  # says the same in older words, and would say the contrary here
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, careful if scope["type"] == "http" else send)


class HeadAsGet:
    """Answers HEAD with the headers of GET (RFC 9110 §9.3.2), which FastAPI leaves out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


LONGEST_HEADER = 8_192
"""Bytes of one, name and value."""
LARGEST_HEADERS = 32_768
"""Bytes of all; each counts for some more than it has (as in RFC 9113 §6.5.2), so that there are not many either."""
_BESIDES = 32


class BoundedHeaders:
    """Refuses what is too large before anybody reads in it, whoever asks (RFC 6585 §5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sizes = [len(name) + len(value) for name, value in scope.get("headers", ())]
        if sizes and (max(sizes) > LONGEST_HEADER or sum(sizes) + _BESIDES * len(sizes) > LARGEST_HEADERS):
            detail = f"One may have {LONGEST_HEADER} bytes, and all together {LARGEST_HEADERS}."
            await problem(HeadersTooLarge(detail))(scope, receive, send)
        else:
            await self._app(scope, receive, send)
