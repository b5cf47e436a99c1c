"""What strangers have verified does not hold up the rest of the service."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.live import serving

COSTLY = '{"@context":["https://www.w3.org/ns/credentials/v2"],"a":[' + ",".join(['{"b":1}'] * 20_000) + "]}"


def test_others_are_answered_while_badges_are_judged(tmp_path: Path) -> None:
    with serving(tmp_path) as live, httpx.Client(base_url=live.url, timeout=60, trust_env=False) as client:

        def judged(_: int) -> int:
            return client.post("/v1/verify", content=COSTLY, headers={"Content-Type": "application/json"}).status_code

        with ThreadPoolExecutor(60) as crowd:
            answers = crowd.map(judged, range(60))
            slowest = 0.0
            for _ in range(5):
                before = time.monotonic()
                assert client.get("/health/live").status_code == 200
                slowest = max(slowest, time.monotonic() - before)
            statuses = set(answers)
    # Every one has its report, or is told to come back; nobody is left waiting, nothing fails.
    assert statuses <= {200, 503}
    assert 200 in statuses
    assert slowest < 30
