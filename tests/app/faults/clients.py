"""Clients as they should be: whoever hears no answer asks again, under the same key or with the same delivery."""

import random
import threading
import time
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import httpx

from tests.app.faults.later import Later
from tests.app.sources.signing import body_of, signed
from tests.service import ADMIN_TOKEN

CALLERS = 6
PATIENCE = 180.0
"""Seconds in which one call has to come through."""
BY_WEBHOOK = 5
"""Every so many-th is awarded by a platform's signed delivery."""


def person(number: int) -> str:
    return f"did:example:person{number}"


@dataclass
class Clients:
    """Who award, each badge once."""

    base: str
    later: Later
    achievement: str
    hook: str
    secret: str
    luck: random.Random
    done: list[int] = field(default_factory=list)
    calls: int = 0
    unanswered: int = 0
    failed: list[BaseException] = field(default_factory=list)
    _numbers: "SimpleQueue[int]" = field(default_factory=SimpleQueue)

    def start(self, count: int) -> list[threading.Thread]:
        for number in range(count):
            self._numbers.put(number)
        threads = [threading.Thread(target=self._run, daemon=True) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        return threads

    def _run(self) -> None:
        try:
            with httpx.Client(trust_env=False, timeout=20) as client:
                while not self.failed:
                    number = self._numbers.get_nowait()
                    if number % BY_WEBHOOK:
                        self._award(client, number)
                    else:
                        self._deliver(client, number)
                    self.done.append(number)
        except Empty:
            return
        except BaseException as error:  # noqa: BLE001  of another thread, which raises it
            self.failed.append(error)

    def _award(self, client: httpx.Client, number: int) -> None:
        body = {
            "achievement": self.achievement,
            "recipient": {"did": person(number), "name": "Somebody"},
            "consent": "given",
        }
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Idempotency-Key": f"award-{number}"}
        url = f"{self.base}/v1/communities/guild/credentials"
        self._until(201, lambda: client.post(url, json=body, headers=headers))

    def _deliver(self, client: httpx.Client, number: int) -> None:
        data = {
            "achievement": self.achievement,
            "recipient": {"did": person(number), "name": "Somebody"},
            "external_id": f"course-{number}",
            "consent": "given",
        }
        raw = body_of({"type": "award.requested", "timestamp": "2026-01-02T00:00:00Z", "data": data})

        def call() -> httpx.Response:
            headers = signed("generic", raw, self.secret, self.later(), f"msg-{number}")
            return client.post(self.hook, content=raw, headers=headers | {"content-type": "application/json"})

        self._until(202, call)
        if self.luck.random() < 0.3:  # a platform that is not sure tells it again
            self._until(202, call)

    def _until(self, status: int, call: Any) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.calls += 1
            try:
                answer = call()
            except httpx.TransportError:
                self.unanswered += 1
                time.sleep(0.05)
                continue
            if answer.status_code == status:
                return
            problem = answer.json()
            assert answer.status_code in {429, 503} or problem["type"].endswith("/idempotency-key-in-use"), answer.text
            time.sleep(0.2)
        raise AssertionError("nothing came through")
