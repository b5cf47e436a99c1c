"""A platform: a process of its own that sends signed deliveries, so many at once, over kept connections.

Standard input holds a plan as JSON; standard output gets what was seen. What is sent is made and signed beforehand.
"""

import hashlib
import hmac
import json
import sys
import threading
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from time import perf_counter

BODY = {
    "action": "closed",
    "number": 2,
    "pull_request": {
        "id": 34,
        "number": 2,
        "title": "Say how to begin",
        "body": "What newcomers asked for, in their order. " * 40,
        "html_url": "https://github.example/guild/handbook/pull/2",
        "user": {"login": "ana-fictional", "id": 7, "type": "User"},
        "merged": True,
        "merged_at": "2026-05-15T15:21:18Z",
        "merged_by": {"login": "bo-fictional", "id": 8, "type": "User"},
    },
    "repository": {"full_name": "guild/handbook", "private": False},
    "sender": {"login": "bo-fictional", "id": 8, "type": "User"},
}


@dataclass(frozen=True)
class Plan:
    """So many deliveries, `concurrency` at a time."""

    port: int
    path: str
    secret: str
    concurrency: int
    deliveries: int


@dataclass(frozen=True)
class Seen:
    """What came of it."""

    seconds: float
    latencies: list[float]
    """Seconds of each that was taken (202)."""
    refused: list[str]
    """The other answers."""


def send(plan: Plan) -> Seen:
    """Carries out the plan."""
    waiting = [_signed(plan, number) for number in range(plan.deliveries)]
    seen = Seen(0.0, [], [])

    def send_one_after_the_other() -> None:
        connection = HTTPConnection("127.0.0.1", plan.port, timeout=60)
        while True:
            try:
                raw, headers = waiting.pop()
            except IndexError:
                break
            start = perf_counter()
            connection.request("POST", plan.path, raw, headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 202:
                seen.latencies.append(perf_counter() - start)
            else:
                seen.refused.append(f"{answer.status} {body[:300]!r}")
        connection.close()

    threads = [threading.Thread(target=send_one_after_the_other) for _ in range(plan.concurrency)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Seen(perf_counter() - start, seen.latencies, seen.refused)


def _signed(plan: Plan, number: int) -> tuple[bytes, dict[str, str]]:
    raw = json.dumps(BODY | {"number": number}).encode()
    return raw, {
        "Content-Type": "application/json",
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": f"delivery-{number}",
        "X-Hub-Signature-256": "sha256=" + hmac.new(plan.secret.encode(), raw, hashlib.sha256).hexdigest(),
    }


if __name__ == "__main__":
    json.dump(asdict(send(Plan(**json.load(sys.stdin)))), sys.stdout)
