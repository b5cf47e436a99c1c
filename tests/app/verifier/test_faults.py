"""Errors of ours over somebody's badge: told to whoever asked, and to whoever runs the service where they are."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import done
from tests.client import Client
from tests.far_issuer import NOW, FarIssuer
from tests.stand_ins import SettableClock

ISSUER = FarIssuer(base="https://harmless.example/issuers/hill")
NEAR = FarIssuer(mode="did:key")
LOGGERS = ("app.kit.processes", "app.verifier.judging")


def nowhere(url: str, *, accept: str) -> badges.Fetched:
    """A `Fetch` with an error: of what `ISSUER` says it has lost where that came from."""
    if not url.startswith(ISSUER.base):
        return NEAR(url, accept=accept)
    answer = ISSUER(url, accept=accept)
    return badges.Fetched(answer.status, answer.content_type, answer.body, None)  # type: ignore[arg-type]


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, clock=SettableClock(NOW), fetch=nowhere)
    with Client(app) as client:
        yield client


def alone(client: TestClient, text: str) -> dict[str, Any]:
    report: dict[str, Any] = done(client.post("/v1/verify", content=text), 200)
    return report


def among_others(client: TestClient, text: str) -> dict[str, Any]:
    other, report = done(client.post("/v1/verify/batch", json=[json.loads(NEAR.award().text), json.loads(text)]), 200)[
        "items"
    ]
    assert other["verdict"] == "valid"
    found: dict[str, Any] = report
    return found


@pytest.mark.parametrize("judged", [alone, among_others])
@pytest.mark.parametrize("shown", [False, True], ids=["by itself", "in a presentation"])
def test_an_error_over_a_badge_is_logged_by_its_kind_and_place_and_without_the_badge(
    client: TestClient, caplog: pytest.LogCaptureFixture, judged: Any, shown: bool
) -> None:
    text = ISSUER.award().text
    if shown:
        context = ["https://www.w3.org/ns/credentials/v2"]
        held = {"@context": context, "type": ["VerifiablePresentation"], "verifiableCredential": [json.loads(text)]}
        text = json.dumps(held)
    with caplog.at_level(logging.WARNING):
        report = judged(client, text)
    broken = report["contains"][0] if shown else report
    assert (broken["verdict"], broken["checks"][0]["code"]) == ("unknown", "internal")
    (told,) = [record for record in caplog.records if record.name in LOGGERS]
    assert told.levelno == logging.ERROR
    assert "TypeError in badges.controllers:" in told.getMessage()
    assert "badges.checks.proofs:" in told.getMessage()
    assert not any(word in caplog.text for word in ("harmless", "Hill", "did:", "urn:", "NoneType"))


@pytest.mark.parametrize("judged", [alone, among_others])
def test_an_error_on_the_way_to_an_issuer_is_told_and_logged_likewise(
    settings: Settings, caplog: pytest.LogCaptureFixture, judged: Any
) -> None:
    def failing(url: str, *, accept: str) -> badges.Fetched:
        if url.startswith(ISSUER.base):
            raise LookupError(url)
        return NEAR(url, accept=accept)

    app = create_app(settings, clock=SettableClock(NOW), fetch=failing)
    with Client(app) as client, caplog.at_level(logging.WARNING):
        report = judged(client, ISSUER.award().text)
    assert (report["verdict"], report["checks"][0]["code"]) == ("unknown", "internal")
    (told,) = [record for record in caplog.records if record.name in LOGGERS]
    assert "LookupError in tests.app.verifier.test_faults:" in told.getMessage()
    assert "harmless" not in caplog.text


@pytest.mark.parametrize("judged", [alone, among_others])
def test_of_a_badge_that_is_bad_nothing_is_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture, judged: Any
) -> None:
    with caplog.at_level(logging.WARNING):
        assert judged(client, NEAR.award().text.replace("Hill", "Mill"))["verdict"] == "forged"
        assert judged(client, "{}")["verdict"] == "not_a_badge"
    assert not [record for record in caplog.records if record.name in LOGGERS]


@pytest.mark.parametrize("door", ["/v1/verify", "/v1/verify/batch"])
def test_an_error_on_the_way_to_the_badge_itself_is_told_likewise(settings: Settings, door: str) -> None:
    def failing(url: str, *, accept: str) -> badges.Fetched:
        raise LookupError(url)

    app, given = create_app(settings, clock=SettableClock(NOW), fetch=failing), {"url": "https://far.example/a-badge"}
    with Client(app) as client:
        answer = done(client.post(door, json=[given] if door.endswith("batch") else given), 200)
    report = answer["items"][0] if door.endswith("batch") else answer
    assert (report["verdict"], report["checks"][0]["code"]) == ("unknown", "internal")
