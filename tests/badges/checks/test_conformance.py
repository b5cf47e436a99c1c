"""What is not as the standard says is listed, and is not called forged."""

import json
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, serialize
from badges.proofs import jws
from tests.badges.judging import as_token, found, judge
from tests.far_issuer import NOW, OB3, VC2, FarIssuer


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/validFrom", {"validFrom": "2026-10-22T12:00:00"}),
        ("/validUntil", {"validUntil": "tomorrow"}),
        ("/validUntil", {"validUntil": "2020-01-01T00:00:00Z"}),
        ("/id", {"id": "not a URL"}),
        ("/id", {"id": {"en": "urn:x:1"}}),
        ("/issuer/id", {"issuer": {"type": ["Profile"], "name": "Nobody"}}),
        ("/credentialSubject", {"credentialSubject": {"type": ["AchievementSubject"]}}),
        ("/credentialStatus/0", {"credentialStatus": {"id": "urn:x:1"}}),
        ("/credentialStatus/0/id", {"credentialStatus": {"id": "no URL", "type": "BitstringStatusListEntry"}}),
        ("/evidence/0/id", {"evidence": {"id": ["urn:x:1", "urn:x:2"], "type": ["Evidence"]}}),
        ("/relatedResource/0", {"relatedResource": {"id": "urn:x:1"}}),
        ("/relatedResource/0", {"relatedResource": ["urn:x:1"]}),
        ("/relatedResource/0/id", {"relatedResource": [{"digestSRI": "sha256-x"}]}),
        ("/relatedResource/1/id", {"relatedResource": [{"id": "urn:x:1", "digestSRI": "sha256-x"}] * 2}),
        ("/name", {"name": {"@value": "Teacher", "@language": "en", "url": "https://x.example/"}}),
        ("/name", {"name": ["Teacher", 7]}),
        ("/description", {"description": {"@value": 7}}),
        ("/issuer/name", {"issuer": {"id": "did:example:1", "type": ["Profile"], "name": ["A", {}]}}),
        ("/type", {"type": ["OpenBadgeCredential"]}),
        ("/@context/1", {"@context": [VC2]}),
        ("/@context/0", {"@context": [OB3, VC2]}),
    ],
)
def test_deviations_are_listed_with_their_pointers(pointer: str, changes: Document) -> None:
    issuer = FarIssuer(mode="did:key")
    report = judge(issuer, serialize(issuer.credential() | changes))
    conforms = report.found("conforms")
    assert conforms is not None
    assert conforms.outcome is Outcome.failed
    assert pointer in [error.pointer for error in conforms.errors]
    assert {"pointer", "detail"} == conforms.to_dict()["errors"][0].keys()


def test_a_genuine_badge_that_does_not_conform_is_not_called_forged() -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    del credential["credentialSubject"]["id"], credential["credentialSubject"]["identifier"]
    for signed in (
        issuer.sign(credential),
        issuer.sign(credential, "eddsa-jcs-2022"),
        as_token(credential, issuer.p256),
    ):
        report = judge(issuer, signed)
        assert report.verdict is Verdict.not_conformant
        assert found(report, "proof")[0] is Outcome.passed
        assert report.summary.startswith("Genuinely from “The Far Hill” (far.example), but: ")


def test_what_no_context_defines_does_not_conform_even_in_a_token() -> None:
    issuer = FarIssuer()
    fancy: list[Document] = [
        {"favouriteColour": "teal"},
        {"type": ["VerifiableCredential", "OpenBadgeCredential", "Fancy"]},
        {"evidence": [{"type": ["Evidence"], "@included": []}]},
    ]
    for changes in fancy:
        document = issuer.credential() | changes
        report = judge(issuer, as_token(document | jws.claims_of(document), issuer.p256))
        assert report.verdict is Verdict.not_conformant
        assert found(report, "proof")[0] is Outcome.passed


def test_an_unknown_context_is_never_fetched() -> None:
    issuer = FarIssuer(mode="did:key")
    document = issuer.credential() | {"@context": [VC2, OB3, "https://forger.example/context.json"]}
    for signed in (as_token(document | jws.claims_of(document), issuer.p256), serialize(document)):
        report = judge(issuer, signed)
        assert not report.verified
        assert found(report, "conforms") == (Outcome.unknown, "unknown-context")
    assert "https://forger.example/context.json" not in issuer.asked


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:example:other"),
        ("sub", "did:example:other"),
        ("jti", "urn:x:other"),
        ("nbf", 1),
        ("nbf", True),
        ("nbf", "soon"),
        ("exp", 10**15),
        ("exp", "never"),
    ],
)
def test_a_token_that_says_something_else_than_its_credential_does_not_conform(claim: str, value: Any) -> None:
    issuer = FarIssuer()
    payload = json.loads(jws.parse(issuer.award("vc-jwt").text).payload)
    signed = as_token(payload | {claim: value}, issuer.p256)
    report = judge(issuer, signed)
    assert report.verdict is Verdict.not_conformant
    assert f"/{claim}" in [error.pointer for error in report.checks[1].errors]


@pytest.mark.parametrize(("claim", "date"), [("nbf", "validFrom"), ("exp", "validUntil")])
def test_true_is_no_second_of_1970(claim: str, date: str) -> None:
    issuer = FarIssuer()
    document = issuer.credential() | {date: "1970-01-01T00:00:01Z"}
    payload = document | jws.claims_of(document)
    assert payload[claim] == 1
    for said, deviations in ((1, []), (True, [f"/{claim}"])):
        report = judge(issuer, as_token(payload | {claim: said}, issuer.p256))
        pointers = {error.pointer for check in report.checks for error in check.errors}
        assert [pointer for pointer in pointers if pointer == f"/{claim}"] == deviations


def test_the_exp_of_a_token_ends_it_and_its_other_claims_are_asked_for() -> None:
    issuer = FarIssuer()
    document = issuer.credential()
    report = judge(issuer, as_token(document, issuer.p256))
    assert report.verdict is Verdict.not_conformant
    assert {error.pointer for error in report.checks[1].errors} == {"/iss", "/sub", "/jti", "/nbf"}
    claims = jws.claims_of(document) | {"exp": int(NOW.timestamp()) - 1}
    assert judge(issuer, as_token(document | claims, issuer.p256)).verdict is Verdict.expired


def test_a_foreign_schema_is_mentioned_and_not_fetched() -> None:
    issuer = FarIssuer()
    own = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    schemas = [{"id": id, "type": "JsonSchema"} for id in (own, "https://schema.example/badge.json")]
    report = judge(issuer, issuer.award(credentialSchema=schemas))
    assert report.verdict is Verdict.valid
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [
        ("schema-not-consulted", "/credentialSchema/1")
    ]
    assert "https://schema.example/badge.json" not in issuer.asked


def test_a_status_entry_is_not_its_list() -> None:
    issuer = FarIssuer()
    entry = issuer.credential()["credentialStatus"]
    report = judge(issuer, issuer.award(credentialStatus=entry | {"id": entry["statusListCredential"]}))
    assert report.verdict is Verdict.not_conformant


def test_no_more_deviations_are_listed_than_somebody_reads() -> None:
    issuer = FarIssuer(mode="did:key")
    document = issuer.credential() | {f"made-up-{n}": n for n in range(300)}
    conforms = judge(issuer, serialize(document)).checks[1]
    assert len(conforms.errors) == 100
    assert "There are 299 more deviations." in conforms.detail


def test_what_departs_from_the_standard_nearly_everywhere_is_not_looked_at_further() -> None:
    issuer = FarIssuer(mode="did:key")
    for values, proof in ((40, (Outcome.failed, "bad-signature")), (6_000, (Outcome.unknown, "too-many-deviations"))):
        text = issuer.award(evidence=[{"id": "urn:x:1", "type": ["Evidence"], "name": n} for n in range(120)]).text
        document = json.loads(text)
        document["credentialSubject"]["achievement"]["tag"] = ["some text or other"] * values
        report = judge(issuer, serialize(document))
        assert found(report, "conforms") == (Outcome.failed, "not-conformant")
        assert found(report, "proof") == proof
        assert report.verdict is (Verdict.forged if proof[0] is Outcome.failed else Verdict.not_conformant)
    # The proof of a token is over its text, and is looked at whatever the text says.
    evidence = {"id": f"https://far.example/evidence/{'0' * 60}", "type": ["Evidence"], "name": 7}
    token = issuer.sign(issuer.credential() | {"evidence": [evidence] * 1_200}, "vc-jwt")
    assert found(judge(issuer, token), "proof") == (Outcome.passed, "signature-valid")
