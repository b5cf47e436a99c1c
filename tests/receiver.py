"""A receiver of webhooks: a real HTTP server that keeps what it gets, and can be whatever receivers are."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from standardwebhooks import Webhook

from app.webhooks.keys import public_key

Answer = tuple[int, dict[str, str], bytes]
FINE: Answer = (204, {}, b"")


@dataclass(frozen=True)
class Got:
    """One delivery as it came."""

    id: str
    stamp: str
    signature: str
    body: str
    path: str = ""

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found

    @property
    def type(self) -> str:
        return str(self.said["type"])

    def signed_by(self, secret: str) -> bool:
        """Whether a secret signed it, as the library of Standard Webhooks says."""
        at = datetime.fromtimestamp(int(self.stamp), UTC)
        return Webhook(secret).sign(self.id, at, self.body) in self.signature.split()

    def signed_with(self, public: str) -> bool:
        """Whether the key signed it whose public half this is."""
        signed = [each.removeprefix("v1a,") for each in self.signature.split() if each.startswith("v1a,")]
        content = f"{self.id}.{self.stamp}.{self.body}".encode()
        for each in signed:
            with suppress(Exception):
                public_key(public).verify(base64.b64decode(each), content)
                return True
        return False


@dataclass
class Receiver:
    """What it got, and how it answers: `answers` is asked with each delivery and how many came before."""

    answers: Callable[[Got, int], Answer] = field(default=lambda _got, _before: FINE)
    got: list[Got] = field(default_factory=list)
    seconds: float = 0.0
    """That it takes to answer."""
    hangs: threading.Event | None = None
    """Until it is set, nothing is answered."""
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0
    came: threading.Event = field(default_factory=threading.Event)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def always(self, status: int, body: bytes = b"", **headers: str) -> None:
        """From now on it answers so; `headers` with `_` for `-`."""
        fields = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self.answers = lambda _got, _before: (status, fields, body)

    @property
    def ids(self) -> list[str]:
        return [got.id for got in self.got]

    def take(self, got: Got) -> Answer:
        with self._counting:
            before = len(self.got)
            self.got.append(got)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.came.set()
        try:
            if self.seconds:
                time.sleep(self.seconds)
            if self.hangs is not None:
                self.hangs.wait(60)
            return self.answers(got, before)
        finally:
            with self._counting:
                self.at_once -= 1

    def wait_for(self, count: int, seconds: float = 30.0) -> None:
        """Until so many came."""
        until = time.monotonic() + seconds
        while len(self.got) < count:
            assert time.monotonic() < until, f"{len(self.got)} of {count} came"
            time.sleep(0.02)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self._ours.connections += 1

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        raw = self.rfile.read(length)
        if len(raw) < length:  # whoever sent it was killed meanwhile: that is no message (RFC 9112 §8)
            self.close_connection = True
            return
        body = raw.decode()
        id, stamp, signature = (str(self.headers[f"webhook-{name}"]) for name in ("id", "timestamp", "signature"))
        status, headers, answer = self._ours.take(Got(id, stamp, signature, body, self.path))
        with suppress(OSError):  # whoever sent it may have gone
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    @property
    def _ours(self) -> Receiver:
        ours: Receiver = self.server.ours  # type: ignore[attr-defined]
        return ours


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up has hung up."""


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A receiver, until the block ends; on a free port unless one is named."""
    server = _Server(("127.0.0.1", port), _Handler)
    receiver = Receiver(port=server.server_address[1])
    server.ours = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.hangs is not None:
            receiver.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join()
