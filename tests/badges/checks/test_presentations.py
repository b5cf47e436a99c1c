"""Badges that somebody presents: who shows them, and that each is judged alone."""

import json
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks.proofs import MOST_FURTHER_PROOFS, MOST_PROOFS
from badges.documents import Document, serialize
from badges.proofs import data_integrity
from tests.badges.checks.collected import (
    HOLDER,
    enveloped,
    given,
    held,
    presentation,
    verdicts_inside,
)
from tests.badges.judging import found, judge
from tests.far_issuer import NOW, OB3, VC1_CONTEXTS, VC2, FarIssuer
from tests.forging import changed


def test_each_badge_in_a_presentation_is_judged_with_a_report_of_its_own() -> None:
    issuer = FarIssuer()
    report = judge(issuer, serialize(presentation(*(given(issuer, form) for form in ("eddsa-rdfc-2022", "vc-jwt")))))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert (report.verified, report.outcome) == (True, Outcome.passed)
    assert verdicts_inside(report) == [("/verifiableCredential/0", "valid"), ("/verifiableCredential/1", "valid")]
    for each in report.contains:
        assert each["verified"] is True
        assert each["achievement"]["name"] == "Patient Teacher"
    assert "Each of the credentials inside (2) is genuine." in report.summary


def test_many_badges_with_many_proofs_each_are_not_looked_at_without_end() -> None:
    issuer = FarIssuer(mode="did:key")
    badge = json.loads(issuer.sign(issuer.credential()))
    for _ in range(MOST_PROOFS - 1):
        badge = data_integrity.add_proof(badge, issuer.ed25519, created=NOW)
    enough = MOST_FURTHER_PROOFS // (MOST_PROOFS - 1)
    report = judge(issuer, serialize(presentation(*[badge] * enough, given(issuer), badge, given(issuer))))
    assert report.verdict is Verdict.unknown
    told = [verdict for _, verdict in verdicts_inside(report)]
    assert told == ["valid"] * (enough + 1) + ["unknown", "valid"]
    [check] = [check for check in report.to_dict()["contains"][-2]["checks"] if check["check"] == "proof"]
    assert (check["outcome"], check["code"]) == ("unknown", "too-many-proofs")


def test_an_unsigned_presentation_does_not_say_who_shows_it_and_a_signed_one_does() -> None:
    issuer = FarIssuer()
    document = presentation(given(issuer), holder=HOLDER.id)
    unsigned = judge(issuer, serialize(document))
    assert found(unsigned, "proof") == (Outcome.skipped, "not-signed")
    assert [warning.code for warning in unsigned.warnings] == ["presentation-not-signed"]
    signed = judge(issuer, held(document))
    assert (signed.verdict, signed.warnings) == (Verdict.valid, ())
    proof = signed.found("proof")
    assert proof is not None
    assert (proof.outcome, proof.detail.startswith("Presented by did:key:")) == (Outcome.passed, True)


def test_a_presentation_that_was_changed_or_signed_by_another_is_forged() -> None:
    issuer = FarIssuer()
    document = presentation(given(issuer), holder=HOLDER.id, id="urn:x:1")
    other = FarIssuer(mode="did:key", name="Eve")
    for forged in (changed(held(document), "id", to="urn:x:2"), held(document, key=other.ed25519)):
        report = judge(issuer, forged)
        assert (report.verdict, report.verified) == (Verdict.forged, False)
        assert verdicts_inside(report) == [("/verifiableCredential/0", "valid")]


def test_a_key_for_statements_alone_does_not_present() -> None:
    issuer, holder = FarIssuer(), FarIssuer(name="A Holder")
    holder.base = issuer.base
    document = presentation(given(issuer), holder=issuer.id)
    listed = issuer.did_document()
    issuer.answer(issuer.did_url, listed | {"authentication": []})
    report = judge(issuer, held(document, key=issuer.ed25519))
    assert found(report, "proof") == (Outcome.failed, "foreign-key")
    asserted = judge(issuer, held(document, key=issuer.ed25519, purpose="assertionMethod"))
    assert asserted.verdict is Verdict.valid


@pytest.mark.parametrize("purpose", [[], {}, ["authentication"], [{}], None, 7])
def test_a_presentation_whose_proof_is_for_nothing_known_is_judged_all_the_same(purpose: Any) -> None:
    document = presentation(given(FarIssuer()), holder=HOLDER.id)
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": purpose}
    report = judge(FarIssuer(), serialize(document | {"proof": proof | {"verificationMethod": HOLDER.ed25519.id}}))
    assert not report.verified
    assert found(report, "proof")[0] is not Outcome.passed
    assert verdicts_inside(report) == [("/verifiableCredential/0", "valid")]


def test_a_presentation_for_somebody_else_says_so() -> None:
    issuer = FarIssuer()
    token = HOLDER.sign_payload({**presentation(given(issuer), holder=HOLDER.id), "aud": "https://shop.example"})
    report = judge(issuer, token)
    assert report.verdict is Verdict.valid, report.to_dict()
    assert [warning.code for warning in report.warnings] == ["presentation-for-others"]


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ({"exp": int(NOW.timestamp()) - 1}, Verdict.expired),
        ({"nbf": int(NOW.timestamp()) + 3600}, Verdict.not_yet_valid),
        ({"iss": "did:example:other"}, Verdict.not_conformant),
    ],
)
def test_the_claims_of_a_presented_token_count(claims: Document, verdict: Verdict) -> None:
    issuer = FarIssuer()
    document = presentation(given(issuer), holder=HOLDER.id)
    assert judge(issuer, HOLDER.sign_payload(document | claims)).verdict is verdict


def test_a_presentation_of_vc_1_1_lies_in_its_claim_and_holds_tokens_as_text() -> None:
    issuer = FarIssuer()
    inside = issuer.award_vc1("vc-jwt").text
    old = presentation(inside, json.loads(issuer.award_vc1().text)) | {"@context": [VC1_CONTEXTS[0]]}
    report = judge(issuer, HOLDER.sign_payload({"iss": HOLDER.id, "nonce": "1", "vp": old}))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert judge(issuer, serialize(old)).verdict is Verdict.valid
    in_2 = judge(issuer, serialize(presentation(inside)))
    assert (in_2.verdict, verdicts_inside(in_2)) == (Verdict.not_conformant, [("/verifiableCredential/0", "valid")])


def test_what_wallets_of_vc_1_1_hand_over_is_judged_with_its_older_proofs() -> None:
    issuer, suite = FarIssuer(), "https://w3id.org/security/suites/ed25519-2020/v1"
    form = "Ed25519Signature2020"
    inside = json.loads(issuer.award_vc1(form, **{"@context": [*VC1_CONTEXTS, suite]}).text)
    shown = presentation(inside, holder=HOLDER.id) | {"@context": [VC1_CONTEXTS[0], suite]}
    purpose = "authentication"
    text = serialize(data_integrity.add_proof(shown, HOLDER.ed25519, created=NOW, purpose=purpose, cryptosuite=form))
    assert judge(issuer, text).verdict is Verdict.valid
    report = judge(issuer, changed(text, "verifiableCredential", 0, "name", to="Other"))
    assert (report.verdict, report.contains[0]["verdict"]) == (Verdict.forged, "forged")


def test_envelopes_are_opened_once_and_only_those_that_hold_tokens() -> None:
    issuer = FarIssuer()
    token = issuer.award("vc-jwt").text
    assert judge(issuer, serialize(enveloped(token))).verdict is Verdict.valid
    shown = HOLDER.sign_payload(presentation(enveloped(token), holder=HOLDER.id))
    kind, media = "EnvelopedVerifiablePresentation", "application/vp+jwt"
    assert judge(issuer, serialize(enveloped(shown, kind, media))).verdict is Verdict.valid
    for id in ("https://x.example/", "data:application/vc+sd-jwt,e.e.e", "data:application/vc+jwt"):
        report = judge(issuer, serialize(enveloped(token) | {"id": id}))
        assert report.verdict is Verdict.unknown, report.to_dict()
    twice = issuer.sign_payload(enveloped(token))
    assert not judge(issuer, serialize(enveloped(twice))).verified


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/@context/0", {"@context": [OB3, VC2]}),
        ("/holder", {"holder": "Ada"}),
        ("/holder/id", {"holder": {"id": 7}}),
        ("/id", {"id": "no URL"}),
        ("/favouriteColour", {"favouriteColour": "teal"}),
        ("/termsOfUse/0", {"termsOfUse": [{"id": "urn:x:1"}]}),
    ],
)
def test_a_presentation_has_rules_of_its_own(pointer: str, changes: Document) -> None:
    issuer = FarIssuer()
    report = judge(issuer, serialize(presentation(given(issuer), **changes)))
    assert report.verdict is Verdict.not_conformant
    assert pointer in [error.pointer for error in report.checks[1].errors]
