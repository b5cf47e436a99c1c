"""Nobody signs in the name of another."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import base58
import pytest

import badges
from badges import Outcome, Verdict
from badges.checks.proofs import proof
from badges.checks.reading import secured_in
from badges.documents import Document, serialize, timestamp
from badges.proofs import data_integrity, jws
from badges.proofs.canonical import jcs
from badges.written_keys import base64url
from tests.badges.judging import OB3_FORMS, found, judge, token
from tests.far_issuer import EMBEDDED, FIRST, NOW, FarIssuer
from tests.forging import changed


@pytest.mark.parametrize("form", EMBEDDED)
@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("name",), "Impatient Teacher"),
        (("credentialSubject", "id"), "did:example:me"),
        (("credentialSubject", "achievement", "name"), "Doctor"),
        (("issuer", "name"), "A Better Hill"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("validFrom",), "2020-01-01T00:00:00Z"),
        (("credentialStatus", "statusListIndex"), "99"),
        (("evidence", 0, "narrative"), "None."),
        (("proof", 0, "created"), "2020-01-01T00:00:00Z"),
    ],
)
def test_a_changed_credential_is_forged_and_nobody_is_asked_about_it(
    form: str, path: tuple[str | int, ...], to: Any
) -> None:
    issuer = FarIssuer()
    report = judge(issuer, changed(issuer.award(form).text, *path, to=to))
    assert report.verdict is Verdict.forged
    assert report.summary.startswith("Do not trust this badge")
    assert found(report, "status") == (Outcome.skipped, "not-reached")
    assert issuer.asked == [issuer.did_url]


@pytest.mark.parametrize("form", ["vc-jwt", "ob2-signed"])
def test_a_changed_token_is_forged(form: str) -> None:
    issuer = FarIssuer()
    header, payload, signature = issuer.award(form).text.split(".")
    other = issuer.award(form, narrative="Other.").text.split(".")[1]
    assert judge(issuer, f"{header}.{other}.{signature}").verdict is Verdict.forged
    assert judge(issuer, f"{header}.{payload}.{signature[:-4]}AAAA").verdict is Verdict.forged


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_key_that_is_not_the_issuers_makes_a_forgery(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(mode="did:key", name="Forger")
    # In the forger's own name, with the forger's own key, all is well…
    assert judge(forger, forger.award(form)).verdict is Verdict.valid
    # …but not in the name of another issuer.
    report = judge(issuer, issuer.sign(issuer.credential(), form, key=forger.ed25519))
    assert report.verdict is Verdict.forged
    assert found(report, "proof") == (Outcome.failed, "foreign-key")


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_strangers_key_under_the_issuers_name_makes_a_forgery(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger")
    for ours, theirs in ((issuer.ed25519, forger.ed25519), (issuer.p256, forger.p256)):
        if form in EMBEDDED and ours.algorithm != "EdDSA":
            continue
        key = badges.SigningKey.of(theirs.private_key, id=ours.id, controller=ours.controller)
        report = judge(issuer, issuer.sign(issuer.credential(), form, key=key))
        assert report.verdict is Verdict.forged
        assert found(report, "proof")[1] in {"bad-signature", "foreign-key"}


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "ES256K"},
        {},
        {"alg": "ES256", "jku": "https://forger.example/jwks"},
        {"alg": "ES256", "x5u": "https://forger.example/x5u"},
        {"alg": "ES256", "x5c": ["MIIB"]},
        {"alg": "ES256", "crit": ["exp"], "exp": 1},
        {"alg": "ES256", "b64": False},
        {"alg": "ES256", "kid": "https://forger.example/jwk"},
        {"alg": "ES256", "kid": "../../etc/passwd"},
        {"alg": "ES256", "typ": "at+jwt"},
    ],
)
def test_no_header_talks_its_way_in_or_sends_us_anywhere(header: Document) -> None:
    issuer = FarIssuer()
    for signature in (b"", b"\0" * 64):
        report = judge(issuer, token(header, issuer.credential(), signature))
        assert not report.verified
        assert report.verdict in {Verdict.forged, Verdict.unknown, Verdict.not_conformant}
    assert set(issuer.asked) <= {issuer.did_url}


@pytest.mark.parametrize(
    "member",
    [
        {"x5c": ["MIIB"]},
        {"x5t": "abc"},
        {"jku": "https://forger.example/jwks"},
        {"x5u": "https://forger.example/x5u"},
        {"iat": 1},
        {"iss": FarIssuer().id},
        {"cty": "credential-claims-set+json"},
        {"cty": "JWT"},
    ],
)
def test_other_members_of_a_header_neither_prove_nor_condemn_and_are_listed(member: Document) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger", base="https://forger.example")
    credential = issuer.credential(status_suffix=".jwt")
    payload = serialize(credential | jws.claims_of(credential)).encode()
    # (1) The issuer's own: every question is asked, and OB 3.0 §8.2.3 does not allow the member.
    report = judge(issuer, jws.sign(payload, issuer.p256, header={"kid": issuer.p256.id, **member}))
    assert (report.verdict, found(report, "proof")) == (
        Verdict.not_conformant,
        (Outcome.passed, "signature-valid"),
    )
    conforms = report.found("conforms")
    assert conforms is not None
    assert [next(iter(member)) in error.detail for error in conforms.errors] == [True]
    # (2) Another's: forged, whatever the header brings; and nobody there is asked.
    for header in ({"kid": issuer.p256.id}, {"jwk": forger.p256.method.jwk()}):
        report = judge(issuer, jws.sign(payload, forger.p256, header=header | member))
        assert report.verdict is Verdict.forged
    assert not any("forger" in url for url in issuer.asked)


@pytest.mark.parametrize(
    "header", [{"typ": "vc+ld+json"}, {"typ": "JWT", "cty": "application/vc; profile=x"}, {"cty": "vc"}]
)
def test_media_types_of_credentials_are_those_of_credentials(header: Document) -> None:
    issuer = FarIssuer()
    credential = issuer.credential(status_suffix=".jwt")
    payload = serialize(credential | jws.claims_of(credential)).encode()
    assert judge(issuer, jws.sign(payload, issuer.p256, header={"kid": issuer.p256.id, **header})).verified


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512"])
def test_a_token_that_no_issuer_signed_is_not_merely_unknown(algorithm: str) -> None:
    issuer = FarIssuer()
    for signature in (b"", b"\0" * 32):
        report = judge(issuer, token({"alg": algorithm}, issuer.credential(), signature))
        assert (report.verdict, found(report, "readable")[1]) == (Verdict.not_conformant, "no-proof")


def test_a_public_key_is_no_shared_secret() -> None:
    import hashlib
    import hmac

    issuer = FarIssuer()
    signed = ".".join(token({"alg": "HS256", "kid": issuer.p256.id}, issuer.credential()).split(".")[:2])
    for secret in (issuer.p256.method.pem().encode(), json.dumps(issuer.p256.method.jwk()).encode()):
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        assert not judge(issuer, f"{signed}.{base64url(mac)}").verified


def test_a_badge_without_its_signature_is_nobodys() -> None:
    issuer = FarIssuer()
    for document in (issuer.credential(), issuer.credential() | {"proof": []}):
        report = judge(issuer, serialize(document))
        assert found(report, "proof") == (Outcome.failed, "no-proof")
        assert not report.verified
    hosted_as_json = issuer.award("ob2-signed").document
    assert found(judge(issuer, serialize(hosted_as_json)), "proof") == (Outcome.failed, "no-proof")


@pytest.mark.parametrize("form", OB3_FORMS)
def test_rotating_keys_leaves_old_badges_valid_while_the_old_key_is_listed(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.rotate()
    assert judge(issuer, award).verdict is Verdict.valid
    assert judge(issuer, issuer.award(form)).verdict is Verdict.valid


@pytest.mark.parametrize("form", EMBEDDED)
def test_a_key_that_its_issuer_forgot_leaves_us_unable_to_tell(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.rotate(forget=True)
    report = judge(issuer, award)
    assert report.verdict is Verdict.unknown
    assert found(report, "proof") == (Outcome.unknown, "no-such-key")


def test_a_proof_that_names_no_key_proves_nothing() -> None:
    issuer = FarIssuer(mode="did:key")
    signed = secured_in(issuer.sign(issuer.credential()))
    for named in (None, 7, {}, {"publicKeyMultibase": issuer.ed25519.method.multikey()}):
        signed.document["proof"][0]["verificationMethod"] = named
        assert proof(signed, fetch=issuer, now=NOW).outcome is Outcome.failed


def test_a_proof_has_its_purpose_and_its_end() -> None:
    issuer = FarIssuer()
    document = issuer.credential()
    for_another = data_integrity.add_proof(document, issuer.ed25519, created=FIRST, purpose="authentication")
    report = judge(issuer, serialize(for_another))
    assert (report.verdict, report.verified) == (Verdict.not_conformant, False)
    for days, verdict in ((1, Verdict.valid), (-1, Verdict.expired)):
        given = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "@context": document["@context"],
            "created": timestamp(FIRST),
            "expires": timestamp(NOW + timedelta(days=days)),
            "verificationMethod": issuer.ed25519.id,
            "proofPurpose": "assertionMethod",
        }
        signature = issuer.ed25519.sign(sha256(jcs(given)).digest() + sha256(jcs(document)).digest())
        proof_value = {"proofValue": "z" + base58.b58encode(signature).decode()}
        assert judge(issuer, serialize(document | {"proof": [given | proof_value]})).verdict is verdict
