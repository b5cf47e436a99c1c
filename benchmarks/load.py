"""The load: a process of its own that awards over kept-alive connections, bounded in number and time.

Standard input holds a plan as JSON; standard output gets what was seen. Its own work is not the service's.
"""

import json
import sys
import threading
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from itertools import count
from time import perf_counter
from typing import Any


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


@dataclass(frozen=True)
class Seen:
    """What came of it."""

    seconds: float
    latencies: list[float]
    """Seconds of each request that was answered with 201 and a credential in the state that was asked for."""
    refused: list[str]
    """The other answers."""


def fire(plan: Plan) -> Seen:
    """Carries out the plan."""
    numbers, deadline = count(plan.first), perf_counter() + plan.seconds
    wanted = {"ask": "offered", "given": "active"}[plan.consent]
    seen = Seen(0.0, [], [])
    taking = threading.Lock()

    def award_one_after_the_other() -> None:
        connection = HTTPConnection("127.0.0.1", plan.port, timeout=60)
        headers = {"Authorization": f"Bearer {plan.token}", "Content-Type": "application/json"}
        while perf_counter() < deadline:
            with taking:
                number = next(numbers)
            if number >= plan.first + plan.requests:
                break
            start = perf_counter()
            connection.request("POST", plan.path, json.dumps(_award(plan, number)), headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 201 and json.loads(body)["state"] == wanted:
                seen.latencies.append(perf_counter() - start)
            else:
                seen.refused.append(f"{answer.status} {body[:300]!r}")
        connection.close()

    threads = [threading.Thread(target=award_one_after_the_other) for _ in range(plan.concurrency)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Seen(perf_counter() - start, seen.latencies, seen.refused)


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
