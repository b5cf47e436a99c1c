"""The load: a process of its own that awards over kept-alive connections, bounded in number and time.

Standard input holds a plan as JSON; standard output gets what was seen. Its own work is not the service's.
"""

import json
import sys
import threading
from dataclasses import asdict, dataclass
from itertools import count
from time import perf_counter
from typing import Any

from benchmarks.volley import Call, Seen, volley


@dataclass(frozen=True)
class Plan:
    """Awards of one achievement, `concurrency` at a time, until there are `requests` of them or `seconds` are over."""

    port: int
    path: str
    token: str
    achievement: str
    consent: str
    """`ask`: an offer is made; `given`: the badge is signed at once."""
    first: int
    """Recipients are numbered from here, so that no award is made twice."""
    concurrency: int
    requests: int
    seconds: float


def fire(plan: Plan) -> Seen:
    """Carries out the plan; what is taken is answered with 201 and a credential in the state that was asked for."""
    numbers, deadline = count(plan.first), perf_counter() + plan.seconds
    wanted = {"ask": "offered", "given": "active"}[plan.consent]
    headers = {"Authorization": f"Bearer {plan.token}", "Content-Type": "application/json"}
    taking = threading.Lock()

    def award() -> Call | None:
        if perf_counter() >= deadline:
            return None
        with taking:
            number = next(numbers)
        return (json.dumps(_award(plan, number)).encode(), headers) if number < plan.first + plan.requests else None

    def is_taken(status: int, body: bytes) -> bool:
        return status == 201 and json.loads(body)["state"] == wanted

    return volley(plan.port, plan.path, plan.concurrency, award, is_taken)


def _award(plan: Plan, number: int) -> dict[str, Any]:
    return {
        "achievement": plan.achievement,
        "recipient": {"email": f"maker{number}@guild.example", "name": f"Maker {number}"},
        "narrative": "Walked every street.",
        "evidence": [
            {"url": f"https://guild.example/maps/{number}", "name": "Map", "description": "Seen by two peers."}
        ],
        "consent": plan.consent,
        "visibility": "public",
    }


if __name__ == "__main__":
    json.dump(asdict(fire(Plan(**json.load(sys.stdin)))), sys.stdout)
