"""A small mail server (RFC 5321) in memory: takes what it is told to take, and keeps it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class MailServer:
    """What it was sent, and what it answers."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """By address, what it answers instead of taking a mail to it."""
    taken: threading.Event = field(default_factory=threading.Event)
    """Set when a mail has come in whole."""
    silent: bool = False
    """Whether it says nothing any more once it has a mail."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        ours: MailServer = self.server.ours  # type: ignore[attr-defined]
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            match line.partition(" ")[0].upper():
                case "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    self._say(ours.refuses.get(address, "250 fine"))
                case "DATA":
                    self._say("354 go on")
                    ours.got.append(self._mail())
                    ours.taken.set()
                    if ours.silent:
                        self.rfile.read()  # until the other side goes away
                        return
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _mail(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        mail: Any = message_from_bytes(b"".join(line.removeprefix(b".") for line in lines), policy=default)
        return mail  # type: ignore[no-any-return]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that listens on a port of its own."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        ours = MailServer(server.server_address[1])
        server.ours = ours  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ours
        server.shutdown()
