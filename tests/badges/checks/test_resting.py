"""Evidence that a badge pins: looked at again, and told; no verdict hangs on it."""

import json
from typing import Any

import pytest

import badges
from badges import Verdict
from badges.checks.resting import MOST_EVIDENCE
from badges.reports import Report
from badges.resolving import Fetched
from tests.badges.judging import judge
from tests.far_issuer import NOW, Award, FarIssuer

URL = "https://far.example/evidence/1"
TODAY = f"{URL}/standing"


def listing(**more: Any) -> bytes:
    contributions = [{"id": "a", "type": "hosting", "digest": "1"}, {"id": "b", "type": "hosting", "digest": "2"}]
    return json.dumps({"contributions": contributions} | more).encode()


def looked_at(body: bytes, served: dict[str, Fetched], *, urls: tuple[str, ...] = (URL,)) -> tuple[Report, list[str]]:
    """The report on a badge that pins `body` at each of these, and what was asked for of evidence."""
    issuer, asked = FarIssuer(mode="did:key"), list[str]()
    credential = issuer.credential()
    credential["evidence"] = [{"id": url, "type": ["Evidence"]} for url in urls]
    pin = badges.digest_multibase(body)
    credential["relatedResource"] = [{"id": url, "digestMultibase": pin} for url in urls] + [
        {"id": "https://far.example/not-evidence", "digestMultibase": pin}
    ]

    def fetch(url: str, *, accept: str) -> Fetched:
        if "/evidence/" not in url and "not-evidence" not in url:
            return issuer(url, accept=accept)
        asked.append(url)
        if url not in served:
            raise badges.Unreachable(f"{url}: nobody answered.")
        return served[url]

    report = judge(issuer, Award(issuer.sign(credential), credential), fetch=fetch)
    assert report.verdict is Verdict.valid, report.summary
    return report, asked


def answer(body: bytes, url: str = URL, status: int = 200, end: str | None = None) -> dict[str, Fetched]:
    return {url: Fetched(status, "application/json", body, end or url, NOW)}


def codes(report: Report) -> list[str]:
    return [each["code"] for each in report.evidence]


def test_what_it_lists_is_told_with_what_stands_today() -> None:
    body = listing(standing=TODAY)
    today = json.dumps({"contributions": [{"id": "a", "stands": True}, {"id": "b", "stands": False}]}).encode()
    report, asked = looked_at(body, answer(body) | answer(today, TODAY))
    assert asked == [URL, TODAY], "and nothing that is pinned, but no evidence"
    [evidence] = report.evidence
    assert [(each["id"], each["stands"]) for each in evidence["contributions"]] == [("a", True), ("b", False)]
    assert [warning.code for warning in report.warnings if warning.code.startswith("evidence")] == ["evidence-fallen"]


@pytest.mark.parametrize("standing", ["https://elsewhere.example/standing", "not an address", 7, TODAY])
def test_what_stands_is_said_by_the_same_site_or_by_nobody(standing: Any) -> None:
    body = listing(standing=standing)
    report, asked = looked_at(body, answer(body))
    assert codes(report) == ["evidence-unchanged"]
    assert {each["stands"] for each in report.evidence[0]["contributions"]} == {None}
    assert "https://elsewhere.example/standing" not in asked


@pytest.mark.parametrize(
    ("served", "code"),
    [
        ({}, "evidence-unreachable"),
        (answer(listing(), status=404), "evidence-unreachable"),
        (answer(listing(), end="https://elsewhere.example/1"), "evidence-unreachable"),
        (answer(listing(more=1)), "evidence-changed"),
    ],
)
def test_evidence_that_is_not_to_be_had_or_not_the_same_is_a_warning(served: dict[str, Fetched], code: str) -> None:
    report, _ = looked_at(listing(), served)
    assert codes(report) == [code]
    assert report.evidence[0]["contributions"] == []
    assert [warning.code for warning in report.warnings if warning.code.startswith("evidence")] == [code]


@pytest.mark.parametrize(
    "body", [b"\x89PNG a picture", b"[]", b'{"contributions": 7}', b'{"contributions": [{}, [], 1]}']
)
def test_evidence_may_be_anything(body: bytes) -> None:
    report, _ = looked_at(body, answer(body))
    assert codes(report) == ["evidence-unchanged"]


def test_no_more_is_looked_at_than_a_few() -> None:
    body, urls = listing(), tuple(f"{URL}{n}" for n in range(MOST_EVIDENCE + 2))
    report, asked = looked_at(body, {url: answer(body, url)[url] for url in urls}, urls=urls)
    assert len(asked) == MOST_EVIDENCE
    assert codes(report)[-2:] == ["too-much-evidence"] * 2
