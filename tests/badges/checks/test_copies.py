"""Copies of hosted badges, beside what their issuers say."""

from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, serialize
from tests.badges.judging import found, judge
from tests.far_issuer import FarIssuer

EVIDENCE: Document = {"id": "https://far.example/evidence/1", "narrative": "The thread."}


def judged(copy: Document, hosted: Document, issuer: FarIssuer) -> tuple[Verdict, Outcome, list[str]]:
    issuer.pages[hosted["id"]] = lambda: hosted
    report = judge(issuer, serialize(copy))
    return report.verdict, found(report, "proof")[0], [warning.pointer for warning in report.warnings]


VALID: tuple[Verdict, Outcome, list[str]] = (Verdict.valid, Outcome.passed, [])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "Doctor of Everything"}, "/badge/name"),
        ({"issuer": {"id": "{issuer}", "type": "Issuer", "name": "Famous University"}}, "/badge/issuer/name"),
        ({"issuer": {"id": "https://famous.example/", "type": "Issuer"}}, "/badge/issuer/id"),
        ({"issuer": "https://famous.example/"}, "/badge/issuer"),
    ],
)
@pytest.mark.parametrize("embedded", [False, True])
def test_a_copy_that_calls_badge_or_issuer_otherwise_is_forged(changes: Document, pointer: str, embedded: bool) -> None:
    issuer = FarIssuer()
    itself = issuer.badge_class()
    hosted = issuer.assertion(badge=itself | {"issuer": issuer.profile()} if embedded else itself["id"])
    if isinstance(changes.get("issuer"), dict):
        changes = {"issuer": changes["issuer"] | {"id": changes["issuer"]["id"].replace("{issuer}", itself["issuer"])}}
    verdict, outcome, differing = judged(hosted | {"badge": itself | changes}, hosted, issuer)
    assert (verdict, outcome) == (Verdict.forged, Outcome.failed)
    assert pointer in differing
    bare = {"id": itself["id"], "type": "BadgeClass"} | changes
    assert judged(hosted | {"badge": bare}, hosted, issuer)[0] is Verdict.forged


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"narrative": "Better than all others."}, "/narrative"),
        ({"evidence": [EVIDENCE | {"narrative": "Won the prize."}]}, "/evidence/0/narrative"),
        ({"evidence": [EVIDENCE | {"name": "The prize"}]}, "/evidence/0/name"),
        ({"evidence": [EVIDENCE["id"], "https://evil.example/"]}, "/evidence/1"),
        ({"image": "https://evil.example/crown.png"}, "/image"),
        ({"endorsement": [{"id": "https://evil.example/endorsement"}]}, "/endorsement/0"),
        ({"badge": {"id": "{badge}", "criteria": {"narrative": "Ruled the world."}}}, "/badge/criteria/narrative"),
        ({"extensions:grade": {"grade": "A"}}, "/extensions:grade"),
    ],
)
@pytest.mark.parametrize("linked", [False, True])
def test_what_a_copy_says_besides_is_not_vouched_for(changes: Document, pointer: str, linked: bool) -> None:
    issuer = FarIssuer()
    hosted = issuer.assertion(evidence=EVIDENCE["id"] if linked else [EVIDENCE])
    if "badge" in changes:
        changes = {"badge": changes["badge"] | {"id": hosted["badge"]}}
    verdict, outcome, differing = judged(hosted | changes, hosted, issuer)
    assert (verdict, outcome) == (Verdict.unknown, Outcome.unknown)
    assert pointer in differing


def test_an_object_says_more_than_the_link_for_which_it_stands() -> None:
    issuer = FarIssuer()
    hosted = issuer.assertion(evidence=EVIDENCE["id"])
    assert judged(hosted | {"evidence": {"id": EVIDENCE["id"], "type": "Evidence"}}, hosted, issuer) == VALID
    assert judged(hosted | {"evidence": EVIDENCE}, hosted, issuer)[0] is Verdict.unknown


def test_a_copy_may_embed_what_its_links_lead_to() -> None:
    issuer = FarIssuer()
    itself, profile = issuer.badge_class(), issuer.profile()
    linked = issuer.assertion()
    embedding = issuer.assertion(badge=itself | {"description": "As it was.", "issuer": profile | {"url": "urn:old"}})
    half = issuer.assertion(badge=itself | {"description": "As it was."})
    for badge in (itself, itself | {"issuer": profile}, {"id": itself["id"], "name": itself["name"]}, itself["id"]):
        assert judged(linked | {"badge": badge}, linked, issuer) == VALID
        assert judged(embedding | {"badge": badge}, embedding, issuer)[:2] == VALID[:2]
    assert judged(embedding, embedding, issuer)[:2] == VALID[:2]
    assert judged(half | {"badge": half["badge"] | {"issuer": profile}}, half, issuer)[:2] == VALID[:2]


def test_a_copy_may_call_an_issuer_as_the_badge_does() -> None:
    issuer = FarIssuer()
    profile, itself = issuer.profile(), "https://far.example/me"
    issuer.profile_changes = {"id": itself}
    issuer.pages[itself] = issuer.profile
    for id in (itself, profile["id"]):
        hosted = issuer.assertion()
        embedded = issuer.badge_class() | {"issuer": profile | {"id": id}}
        assert judged(hosted | {"badge": embedded}, hosted, issuer)[0] is Verdict.valid


@pytest.mark.parametrize(
    ("hosted", "copy"),
    [
        ({"expires": "2030-01-01T00:00:00Z"}, {"expires": "2030-01-01T01:00:00.000+01:00"}),
        ({"evidence": [EVIDENCE, "https://far.example/evidence/2"]}, {"evidence": "https://far.example/evidence/2"}),
        ({"evidence": [EVIDENCE]}, {"evidence": None}),
        ({"expires": "2030-01-01T00:00:00Z"}, {"expires": None}),
        ({}, {"expires": None, "evidence": [], "revoked": False, "image": ""}),
        ({"type": ["Assertion"]}, {"type": "Assertion"}),
        ({"image": {"id": "https://far.example/1.png"}}, {"image": "https://far.example/1.png"}),
    ],
)
def test_a_copy_may_say_the_same_in_other_words_or_less(hosted: dict[str, Any], copy: dict[str, Any]) -> None:
    issuer = FarIssuer()
    assertion = issuer.assertion(**hosted)
    assert judged(assertion | copy, assertion, issuer) == VALID
    without = {name: value for name, value in assertion.items() if name not in {"narrative", "evidence"}}
    assert judged(without, assertion, issuer) == VALID


def test_what_nobody_reads_in_a_copy_is_only_mentioned() -> None:
    issuer = FarIssuer()
    hosted = issuer.assertion()
    changes: Document = {"type": ["Assertion", "Extra"], "verification": {"type": "HostedBadge"}}
    assert judged(hosted | changes, hosted, issuer)[:2] == VALID[:2]
