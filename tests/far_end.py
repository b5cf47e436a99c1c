"""The far end of a fetch: a small Internet of names and addresses, behind which real servers listen on this machine."""

import re
import socket
import socketserver
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Thread
from typing import Any

import httpcore

from badges.resolving import Fetch

Send = Callable[[bytes], None]
Answer = Callable[[str, Send], None]
"""What a server does: it is told the head of the request, and how to send."""

PUBLIC = "93.184.215.14"
"""An address that nobody refuses. Nothing is ever sent to it: `Internet` leads elsewhere."""


def response(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; `headers` with `_` for `-`."""
    fields = {"Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def always(answer: bytes) -> Answer:
    return lambda _, send: send(answer)


class FarEnd:
    """A server on a free port of 127.0.0.1; `heads` are the requests that came."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None) -> None:
        self.heads: list[str] = []
        far_end = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):  # whoever asked may have gone
                    connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                    with closing(connection):
                        head = _head(connection)
                        far_end.heads.append(head)
                        answer(head, connection.sendall)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        port: int = self.server.server_address[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def listening(answer: Answer | bytes, *, tls: ssl.SSLContext | None = None) -> Iterator[FarEnd]:
    """A far end, until the block ends."""
    far_end = FarEnd(always(answer) if isinstance(answer, bytes) else answer, tls)
    thread = Thread(target=far_end.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield far_end
    finally:
        far_end.server.shutdown()
        far_end.server.server_close()
        thread.join()


def answering_as(fetch: Fetch, base: str, redirects: Mapping[str, str] | None = None) -> Answer:
    """Serves over HTTP what a `Fetch` answers for addresses that begin with `base`, but leads on from `redirects`."""

    def answer(head: str, send: Send) -> None:
        url = base + head.split(" ")[1]
        if redirects and url in redirects:
            send(response(b"", "302 Found", location=redirects[url]))
            return
        found = fetch(url, accept="*/*")
        send(response(found.body, f"{found.status} Whatever", content_type=found.content_type))

    return answer


class Internet(httpcore.NetworkBackend):
    """Names with their answers in turn, the last one for ever; addresses with the ports of this machine behind them.

    Writes down what is looked up (`asked`) and connected to (`tried`). Where nothing is behind, nobody answers.
    """

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.behind: dict[tuple[str, int], int] = {}
        self.asked: list[str] = []
        self.tried: list[tuple[str, int]] = []

    def host(self, name: str, *answers: Sequence[str]) -> None:
        self.names[name] = list(answers)

    def serve(self, name: str, far_end: FarEnd, *, address: str = PUBLIC, port: int = 443) -> None:
        """From now on `name` is at `address`, and `far_end` is behind that."""
        self.host(name, [address])
        self.behind[(address, port)] = far_end.port

    def resolve(self, name: str) -> Iterable[str]:
        self.asked.append(name)
        answers = self.names.get(name)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.tried.append((host, port))
        if (host, port) not in self.behind:
            raise httpcore.ConnectError("Nothing is there.")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.behind[(host, port)], timeout)


def _head(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            break
        received += piece
    head, blank, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length[1]):  # who closes with something unread, resets the connection
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return (head + blank).decode("latin-1")
