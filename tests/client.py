"""Calls a service as a stranger does: every call is a real HTTP request to the application."""

from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient


class Client(TestClient):
    """Starlette's, but each call goes over to the service's thread once, not nine times: four fifths of its cost.

    A failure on our side is a 500, as it would be outside.
    """

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, raise_server_exceptions=False)
        self._transport = _Transport(self)


class _Transport(httpx2.BaseTransport):
    def __init__(self, client: Client) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert self._client.portal is not None, "the service has not been started"
        request.read()
        return self._client.portal.call(self._answered, request)

    async def _answered(self, request: httpx2.Request) -> httpx2.Response:
        unread = [request.content]
        answered = anyio.Event()
        status, headers, body = 500, list[tuple[bytes, bytes]](), bytearray()

        async def receive() -> dict[str, Any]:
            if unread:
                return {"type": "http.request", "body": unread.pop()}
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            nonlocal status, headers
            assert not answered.is_set(), message
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
            else:
                assert message["type"] == "http.response.body", message
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    answered.set()

        with suppress(Exception):  # raised once more after it has been answered, for the server to log
            await self._client.app(self._scope(request), receive, send)
        return httpx2.Response(status, headers=headers, content=bytes(body), request=request)

    def _scope(self, request: httpx2.Request) -> dict[str, Any]:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50000),
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "state": self._client.app_state.copy(),
        }
