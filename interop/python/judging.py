"""The frame of the judges written in Python: the web as they see it, their clock, and verdicts a line each.

Runs inside a judge's own environment, hence the standard library only. Imported before the judge's own package, so that
no judge ever holds a socket or a clock of its own. Protocol and words as in ../node/judging.mjs.
"""

import datetime
import http.client
import json
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

HOME = urlsplit(os.environ["INTEROP_WEB"])
_connect = socket.socket.connect
_now_judged = {"name": "", "later": 0}


class NobodyAnswers(OSError):
    """Neither pinned nor the service's: this URL gives nothing."""


def _connect_home(self: socket.socket, address: Any) -> None:
    if address != (HOME.hostname, HOME.port):
        raise NobodyAnswers(f"no way out: {address}")
    _connect(self, address)


class Clock(datetime.datetime):
    """`datetime.now()` on the day on which the exhibit is judged."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return super().now(tz) + datetime.timedelta(seconds=_now_judged["later"])


socket.socket.connect = _connect_home
datetime.datetime = Clock


def ask(url: str, accept: str) -> tuple[int, str, bytes]:
    """Status, media type and body of `url`; raises `NobodyAnswers`."""
    connection = http.client.HTTPConnection(HOME.hostname, HOME.port, timeout=30)
    headers = {"accept": accept, "x-judge": os.environ["INTEROP_JUDGE"], "x-exhibit": _now_judged["name"]}
    connection.request("GET", f"/?url={quote(url, safe='')}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.getheader("x-nobody"):
        raise NobodyAnswers(f"nobody answers at {url}")
    return answer.status, answer.getheader("content-type", ""), body


def accepted() -> dict[str, Any]:
    return {"accepted": True, "reasons": [], "said": ""}


def rejected(reason: str, said: object) -> dict[str, Any]:
    return {"accepted": False, "reasons": [reason], "said": str(said)[:1500]}


def worded(patterns: Mapping[str, str], message: str) -> str:
    """The first word whose pattern the judge's message fits, else `other`."""
    return next((word for word, pattern in patterns.items() if re.search(pattern, message)), "other")


def judge(verdict: Callable[[dict[str, Any], bytes], dict[str, Any]]) -> None:
    """Reads exhibits from standard input and writes a verdict a line."""
    out, sys.stdout = sys.stdout, sys.stderr  # some libraries chat
    for exhibit in json.load(sys.stdin)["exhibits"]:
        _now_judged.update(name=exhibit["name"], later=exhibit.get("later", 0))
        try:
            found = verdict(exhibit, Path(exhibit["file"]).read_bytes())
        except Exception as crash:  # noqa: BLE001 (a judge that falls over has said something, too)
            found = rejected("crash", f"{type(crash).__name__}: {crash}")
        print(json.dumps({"name": exhibit["name"], **found}), file=out, flush=True)
