"""A process that judges strangers' badges and does nothing else: `python -m app.kit.judging FILE_DESCRIPTOR`.

It has no network, no database and no settings. What an issuer publishes it asks of the process that started it, over
the same socket over which the badges come (`processes.py`): JSON, and bytes behind it. It ends when the socket does.
"""

import json
import os
import resource
import sys
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import badges
from app.kit.garbage import look_seldom

MEMORY = 402_653_184
"""Bytes of addresses that the process may use, its libraries included."""

MANNERS = 5
"""How far it stands back from whoever answers requests (nice)."""


def serve(peer: Connection) -> None:
    """Judges what comes, one badge after the other, until nothing comes any more."""

    def fetch(url: str, *, accept: str) -> badges.Fetched:
        _say(peer, {"fetch": url, "accept": accept})
        answer = json.loads(peer.recv_bytes())
        if "unreachable" in answer:
            raise badges.Unreachable(answer["unreachable"])
        at = answer["fetched_at"]
        fetched_at = datetime.fromisoformat(at) if at else None
        return badges.Fetched(answer["status"], answer["content_type"], peer.recv_bytes(), answer["url"], fetched_at)

    _say(peer, {"ready": True})
    while True:
        asked = json.loads(peer.recv_bytes())
        now, recipient = datetime.fromisoformat(asked["now"]), asked["recipient"]
        report = badges.verify(peer.recv_bytes(), fetch=fetch, now=now, recipient=recipient)
        document = report.document if asked["whole"] else {}
        _say(peer, {"report": report.to_dict(), "document": document, "faults": report.faults})


def _say(peer: Connection, message: dict[str, Any]) -> None:
    peer.send_bytes(json.dumps(message).encode())


def _main(file_descriptor: int) -> None:
    os.nice(MANNERS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nothing of a badge is left behind
    look_seldom()
    try:
        serve(Connection(file_descriptor))
    except (EOFError, ConnectionError):
        return  # nobody is there to judge for


if __name__ == "__main__":
    _main(int(sys.argv[1]))
