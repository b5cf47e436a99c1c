"""A platform: a process of its own that sends signed deliveries, so many at once, over kept connections.

Standard input holds a plan as JSON; standard output gets what was seen. What is sent is made and signed beforehand.
"""

import hashlib
import hmac
import json
import sys
from dataclasses import asdict, dataclass

from benchmarks.volley import Call, Seen, volley

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


def send(plan: Plan) -> Seen:
    """Carries out the plan; what is taken is answered with 202."""
    waiting = [_signed(plan, number) for number in range(plan.deliveries)]

    def signed() -> Call | None:
        try:
            return waiting.pop()
        except IndexError:
            return None

    return volley(plan.port, plan.path, plan.concurrency, signed, lambda status, _: status == 202)


def _signed(plan: Plan, number: int) -> Call:
    raw = json.dumps(BODY | {"number": number}).encode()
    return raw, {
        "Content-Type": "application/json",
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": f"delivery-{number}",
        "X-Hub-Signature-256": "sha256=" + hmac.new(plan.secret.encode(), raw, hashlib.sha256).hexdigest(),
    }


if __name__ == "__main__":
    json.dump(asdict(send(Plan(**json.load(sys.stdin)))), sys.stdout)
