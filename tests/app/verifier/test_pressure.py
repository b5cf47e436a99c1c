"""What strangers have verified does not hold up the rest of the service."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from badges.documents import serialize
from tests.far_issuer import VC2, FarIssuer
from tests.live import serving

CROWD = 60
"""More than there is room for: 8 at work, and 32 in line."""


@pytest.fixture(scope="module")
def costly() -> str:
    """A presentation of as many badges as are looked at, each signed and in need of nobody: half a second of computing,
    where another badge takes a hundredth of that.
    """
    issuer = FarIssuer(mode="did:key")
    shown = []
    for _ in range(60):
        asks_nobody = {name: said for name, said in issuer.credential().items() if name != "credentialStatus"}
        shown.append(json.loads(issuer.sign(asks_nobody)))
    return serialize({"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": shown})


def test_others_are_answered_while_badges_are_judged(tmp_path: Path, costly: str) -> None:
    with serving(tmp_path) as live, httpx.Client(base_url=live.url, timeout=120, trust_env=False) as client:

        def judged(_: int) -> httpx.Response:
            return client.post("/v1/verify", content=costly, headers={"Content-Type": "application/json"})

        with ThreadPoolExecutor(CROWD) as crowd:
            asked = [crowd.submit(judged, n) for n in range(CROWD)]
            others = 0
            while not all(answer.done() for answer in asked):
                assert client.get("/health/live").status_code == 200
                others += 1
        answers = [answer.result() for answer in asked]
    # Every one has its report, or is told when to come back; nobody is left waiting, nothing fails.
    reports = [answer.json() for answer in answers if answer.status_code == 200]
    sent_away = [answer for answer in answers if answer.status_code == 503]
    assert len(reports) + len(sent_away) == CROWD
    assert len(reports) >= 8
    assert sent_away
    assert all(int(answer.headers["retry-after"]) > 0 for answer in sent_away)
    assert all(has_been_judged(report) for report in reports)
    # And whoever wants something else has it sooner than any of these.
    assert others > len(reports)


def has_been_judged(report: dict[str, Any]) -> bool:
    return report["verified"] is True and len(report["contains"]) == 60
