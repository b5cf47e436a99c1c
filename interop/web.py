"""The only internet that the judges have.

Every judge sends each URL it wants to this server (`GET /?url=…` on 127.0.0.1). It answers from documents pinned by
the product (contexts and schemas), from the service under judgement, to whose loopback port the public origin is
mapped, and from what was told for one exhibit alone (a forged status list, a stranger's document). Anything else is
refused and listed: nothing ever leaves the machine.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx


@dataclass(frozen=True)
class Answer:
    """What one URL gives: status, media type, body."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Ask:
    """One question of a judge, as it was put and answered; `status` is None where it was refused."""

    judge: str
    exhibit: str
    url: str
    accept: str
    status: int | None
    content_type: str


NOBODY = Answer(504, "text/plain", b"nobody answers")


@dataclass
class Web:
    """Pinned documents, one mapped origin, and what is told to single exhibits."""

    pinned: Mapping[str, bytes]
    public_origin: str
    service: httpx.Client
    told: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    address: str = ""

    def tell(self, exhibit: str, url: str, answer: Answer) -> None:
        """From now on, `url` gives `answer` where it is asked for while judging `exhibit`, and only there."""
        self.told[exhibit, url] = answer

    @property
    def refused(self) -> list[str]:
        """The URLs that were neither pinned nor the service's, once each."""
        return sorted({ask.url for ask in self.asks if ask.status is None})

    def answer(self, url: str, *, accept: str, judge: str, exhibit: str) -> Answer | None:
        """What `judge` is told about `url` (its `accept` header passed on), None if refused. Remembers the question."""
        found = self.told.get((exhibit, url)) or self._pinned(url) or self._from_service(url, accept)
        status, content_type = (found.status, found.content_type) if found else (None, "")
        self.asks.append(Ask(judge, exhibit, url, accept, status, content_type))
        return found

    def _pinned(self, url: str) -> Answer | None:
        body = self.pinned.get(url)
        return None if body is None else Answer(200, "application/ld+json", body)

    def _from_service(self, url: str, accept: str) -> Answer | None:
        if not url.startswith(self.public_origin + "/"):
            return None
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        # as the proxy in front of an installation would pass it on
        headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        reply = self.service.get(path, headers=headers | ({"Accept": accept} if accept else {}))
        return Answer(reply.status_code, reply.headers.get("content-type", ""), reply.content)


def pinned_documents(*directories: Path) -> dict[str, bytes]:
    """URL to bytes, from the `index.json` (URL to `{"file": …}`) of each directory."""
    documents = {}
    for directory in directories:
        for url, entry in json.loads((directory / "index.json").read_text()).items():
            documents[url] = (directory / entry["file"]).read_bytes()
    return documents


@contextmanager
def on_loopback(web: Web) -> Iterator[Web]:
    """Serves `web` on a free port of 127.0.0.1 for as long as the block lasts; `web.address` says where."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = parse_qs(urlsplit(self.path).query)["url"][0]
            said = {name: self.headers.get(name, "") for name in ("accept", "x-judge", "x-exhibit")}
            found = web.answer(url, accept=said["accept"], judge=said["x-judge"], exhibit=said["x-exhibit"])
            answer = found or NOBODY
            self.send_response(answer.status)
            if answer is NOBODY:
                self.send_header("x-nobody", "1")
            self.send_header("content-type", answer.content_type)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        web.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield web
        finally:
            server.shutdown()
