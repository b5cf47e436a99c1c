"""Badges of VC Data Model 1.1, which wallets and issuers still have."""

import json
from datetime import timedelta
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks.data_models import VC1, VC2, data_model_of
from badges.documents import Document, serialize, timestamp
from badges.proofs import jws
from tests.badges.judging import OB3_FORMS, found, judge
from tests.far_issuer import NOW, VC1_CONTEXTS, FarIssuer, in_vc1
from tests.forging import changed

CONTEXTS = ["context.json", "context-3.0.1.json", "context-3.0.2.json", "context-3.0.3.json"]


@pytest.mark.parametrize("form", OB3_FORMS)
@pytest.mark.parametrize("context", CONTEXTS)
def test_a_badge_of_vc_1_1_is_judged_like_any_other(form: str, context: str) -> None:
    issuer = FarIssuer()
    contexts = [VC1_CONTEXTS[0], f"https://purl.imsglobal.org/spec/ob/v3p0/{context}", *VC1_CONTEXTS[2:]]
    award = issuer.award_vc1(form, **{"@context": contexts, "awardedDate": None})
    report = judge(issuer, award)
    assert report.verdict is Verdict.valid, report.to_dict()
    assert (report.verified, report.version) == (True, "OB30")
    assert report.summary.endswith("by “The Far Hill” (far.example) on 2026-10-22; not revoked.")
    issuer.revoke(award)
    assert judge(issuer, award).verdict is Verdict.revoked


@pytest.mark.parametrize("form", OB3_FORMS)
def test_its_dates_are_those_of_its_model(form: str) -> None:
    issuer = FarIssuer()
    late = issuer.award_vc1(form, expirationDate=timestamp(NOW - timedelta(days=1)))
    assert judge(issuer, late).verdict is Verdict.expired
    early = issuer.award_vc1(form, issuanceDate=timestamp(NOW + timedelta(days=1)))
    assert judge(issuer, early).verdict is Verdict.not_yet_valid
    for changes in ({"validFrom": timestamp(NOW)}, {}):
        undated = issuer.award_vc1(form, **{"issuanceDate": None, **changes})
        report = judge(issuer, undated)
        if form != "vc-jwt":
            assert report.verdict is Verdict.not_conformant
        assert not report.verified


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_date_by_the_later_name_counts_beside_the_earlier_one(form: str) -> None:
    issuer = FarIssuer()
    past, future = (timestamp(NOW + timedelta(days=days)) for days in (-1, 1))
    for ends in ({"validUntil": past}, {"validUntil": past, "expirationDate": future}):
        assert judge(issuer, issuer.award_vc1(form, **ends)).verdict is Verdict.expired
    ended = issuer.award_vc1(form, expirationDate=past, validUntil=future)
    assert judge(issuer, ended).verdict is Verdict.expired
    assert judge(issuer, issuer.award_vc1(form, validFrom=future)).verdict is Verdict.not_yet_valid
    assert judge(issuer, issuer.award_vc1(form, validFrom=past, validUntil=future)).verdict is Verdict.valid


def test_a_changed_one_is_forged() -> None:
    issuer = FarIssuer()
    for form in OB3_FORMS[:2]:
        text = issuer.award_vc1(form).text
        assert judge(issuer, changed(text, "name", to="Other")).verdict is Verdict.forged


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("", {"name": None}),
        ("", {"issuanceDate": None}),
        ("/issuanceDate", {"issuanceDate": "2026-10-22T12:00:00"}),
        ("/expirationDate", {"expirationDate": "2020-01-01T00:00:00Z"}),
        ("/@context/0", {"@context": [VC1_CONTEXTS[1], VC1_CONTEXTS[0]]}),
        ("/@context/1", {"@context": [VC1_CONTEXTS[0]]}),
        ("/issuer/id", {"issuer": {"type": ["Profile"]}}),
        ("/credentialSubject", {"credentialSubject": {"type": ["AchievementSubject"]}}),
    ],
)
def test_deviations_from_it_are_listed(pointer: str, changes: Document) -> None:
    issuer = FarIssuer(mode="did:key")
    document = in_vc1(issuer.credential()) | changes
    report = judge(issuer, serialize({name: value for name, value in document.items() if value is not None}))
    conforms = report.found("conforms")
    assert conforms is not None
    assert pointer in [error.pointer for error in conforms.errors]


def test_the_words_of_one_model_mean_nothing_in_the_other() -> None:
    issuer = FarIssuer(mode="did:key")
    document = issuer.credential() | {"issuanceDate": timestamp(NOW)}
    assert "/issuanceDate" in [e.pointer for e in judge(issuer, serialize(document)).checks[1].errors]


def test_a_model_is_told_by_the_first_context_that_names_one() -> None:
    assert data_model_of({"@context": [VC1.context, VC2.context]}) is VC1
    assert data_model_of({"@context": VC2.context}) is VC2
    assert data_model_of({"@context": [{}, 7]}) is VC2


# In tokens


def payload_of(issuer: FarIssuer, **changes: Any) -> Document:
    credential = in_vc1(issuer.credential(status_suffix=".jwt"))
    return {
        "iss": issuer.id,
        "sub": credential["credentialSubject"]["id"],
        "jti": credential["id"],
        "nbf": int(NOW.timestamp()) - 3600,
        "vc": credential | {"issuanceDate": timestamp(NOW - timedelta(hours=1))},
        **changes,
    }


def test_a_token_may_say_in_its_claims_what_the_credential_leaves_out() -> None:
    issuer = FarIssuer()
    payload = payload_of(issuer, exp=int(NOW.timestamp()) + 60)
    for member in ("id", "issuanceDate"):
        del payload["vc"][member]
    del payload["vc"]["issuer"]["id"], payload["vc"]["credentialSubject"]["id"]
    report = judge(issuer, issuer.sign_payload(payload))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert report.issuer["id"] == issuer.id
    late = judge(issuer, issuer.sign_payload(payload), now=NOW + timedelta(hours=1))
    assert late.verdict is Verdict.expired


@pytest.mark.parametrize(
    ("claim", "value"), [("iss", "did:example:other"), ("sub", "urn:x:1"), ("jti", "urn:x:1"), ("nbf", 7)]
)
def test_a_token_that_says_otherwise_does_not_conform(claim: str, value: Any) -> None:
    issuer = FarIssuer()
    report = judge(issuer, issuer.sign_payload(payload_of(issuer, **{claim: value})))
    assert report.verdict is Verdict.not_conformant
    assert f"/{claim}" in [error.pointer for error in report.checks[1].errors]


def test_claims_that_say_nothing_sensible_complete_nothing() -> None:
    issuer = FarIssuer()
    payload = payload_of(issuer, nbf=True, exp=10**15, jti=7, sub=None)
    del payload["vc"]["issuanceDate"], payload["vc"]["id"]
    report = judge(issuer, issuer.sign_payload(payload))
    assert not report.verified
    assert found(report, "conforms")[0] is Outcome.failed


def test_a_credential_of_vc_2_0_has_no_place_in_a_claim() -> None:
    issuer = FarIssuer()
    credential = issuer.credential(status_suffix=".jwt")
    payload = jws.claims_of(credential) | {"vc": credential}
    report = judge(issuer, issuer.sign_payload(payload))
    assert report.verdict is Verdict.not_conformant
    assert [error.pointer for error in report.checks[1].errors] == ["/vc"]
    assert found(report, "proof")[0] is Outcome.passed


def test_an_endorsement_of_vc_1_1_is_judged_inside_a_badge_of_it() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    credential = in_vc1(issuer.credential())
    about = credential["credentialSubject"]["achievement"]["id"]
    credential["endorsement"] = [json.loads(friend.sign(in_vc1(friend.endorsement(about))))]
    report = judge(issuer, issuer.sign(credential))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert [each["verified"] for each in report.endorsements] == [True]
