"""Issuers of every kind, through the front door: who is believed, by which key, and until when."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import base58
import pytest

from badges import Outcome, SigningKey, Verdict
from badges.documents import Document, serialize, timestamp
from badges.proofs import jws
from badges.proofs.canonical import jcs
from badges.written_keys import base64url
from tests.badges.judging import OB3_FORMS, found, judge, token
from tests.far_issuer import EMBEDDED, FIRST, FURTHER, NOW, FarIssuer
from tests.forging import changed

HOSTED = ("did:web", "https")
NAMED_BY_KEY = ("did:key", "did:jwk")


def issuers() -> list[tuple[str, str]]:
    """Every kind of issuer with what it can sign; whose key is its name has but an Ed25519 one."""
    hosted = [(mode, form) for mode in HOSTED for form in (*OB3_FORMS, *FURTHER)]
    return hosted + [(mode, form) for mode in NAMED_BY_KEY for form in (*OB3_FORMS, "Ed25519Signature2020")]


@pytest.mark.parametrize(("mode", "form"), issuers())
def test_an_issuer_of_any_kind_is_believed_in_any_form(mode: Any, form: str) -> None:
    issuer = FarIssuer(mode=mode)
    report = judge(issuer, issuer.award(form))
    assert report.verdict is Verdict.valid, report.summary
    assert found(report, "issuer")[1] == {"did:web": "did-document", "https": "issuer-address"}.get(
        mode, "self-asserted"
    )


@pytest.mark.parametrize(("mode", "form"), issuers())
def test_nobody_is_believed_in_the_name_of_an_issuer_of_any_kind(mode: Any, form: str) -> None:
    issuer, forger = FarIssuer(mode=mode), FarIssuer(mode=mode, name="Forger", base="https://forger.example")
    key = forger.p256 if form.startswith("ecdsa") or form == "vc-jwt" else forger.ed25519
    own = issuer.p256 if form.startswith("ecdsa") or form == "vc-jwt" else issuer.ed25519
    for used in (key, SigningKey.of(key.private_key, id=own.id, controller=own.controller)):
        report = judge(issuer, issuer.sign(issuer.credential(), form, key=used))
        assert report.verdict is Verdict.forged
    assert not any("forger" in url for url in issuer.asked)


@pytest.mark.parametrize("form", FURTHER)
def test_a_changed_badge_is_forged_whatever_it_was_signed_with(form: str) -> None:
    issuer = FarIssuer()
    text = issuer.award(form).text
    for path in (("name",), ("credentialSubject", "achievement", "name"), ("issuer", "name")):
        assert judge(issuer, changed(text, *path, to="Doctor")).verdict is Verdict.forged
    assert judge(issuer, changed(text, "proof", 0, "created", to="2020-01-01T00:00:00Z")).verdict is Verdict.forged


@pytest.mark.parametrize("mode", HOSTED)
def test_an_issuer_whose_document_cannot_be_had_is_neither_believed_nor_called_a_forger(mode: Any) -> None:
    issuer = FarIssuer(mode=mode)
    award = issuer.award()
    issuer.go_down()
    report = judge(issuer, award)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "issuer-unreachable"))


@pytest.mark.parametrize("base", ["https://far.example:8443/a/b", "https://far.example", "https://far.example:8443"])
@pytest.mark.parametrize("mode", HOSTED)
def test_an_issuer_may_have_a_port_and_a_path_or_neither(mode: Any, base: str) -> None:
    issuer = FarIssuer(mode=mode, base=base)
    issuer.pages[f"{base}/.well-known/did.json"] = issuer.did_document
    assert judge(issuer, issuer.award()).verdict is Verdict.valid


# Tokens of an https issuer


@pytest.mark.parametrize("name", ["rsa", "p256", "ed25519"])
def test_a_token_is_believed_by_a_key_set_by_pem_and_by_a_key_at_its_address(name: str) -> None:
    issuer = FarIssuer(mode="https")
    key: SigningKey = getattr(issuer, name)
    credential = issuer.credential(status_suffix=".jwt")
    payload = serialize(credential | jws.claims_of(credential)).encode()
    profile: Document = {"id": issuer.id, "type": ["Profile"], "name": issuer.name}
    address = f"{issuer.base}/keys/7"
    listed = [issuer.p256.method.jwk() | {"kid": "list"}]
    published: dict[str, tuple[Document, str]] = {
        "jwks": ({"jwks": {"keys": [*listed, key.method.jwk() | {"kid": "7"}]}}, "7"),
        "pem": ({"publicKey": [{"id": address, "publicKeyPem": key.method.pem()}], "jwks": {"keys": listed}}, address),
        "address": ({"publicKey": address, "jwks": {"keys": listed}}, address),
    }
    for page, kid in published.values():
        issuer.answer(issuer.base, profile | page)
        issuer.answer(address, key.method.jwk())
        report = judge(issuer, jws.sign(payload, key, header={"kid": kid, "typ": "vc+jwt"}))
        assert report.verdict is Verdict.valid, report.summary
        issuer.answer(issuer.base, profile | {"jwks": {"keys": listed}})
        if key is not issuer.p256:
            assert judge(issuer, jws.sign(payload, key, header={"kid": kid})).outcome is not Outcome.passed


@pytest.mark.parametrize("form", EMBEDDED)
def test_a_proof_may_name_the_only_key_of_its_issuer_by_the_issuers_id(form: str) -> None:
    modes: tuple[Any, ...] = ("did:key", "did:jwk", "https")
    for mode in modes:
        issuer = FarIssuer(mode=mode)
        method = {"id": issuer.ed25519.id, "publicKeyMultibase": issuer.ed25519.method.multikey()}
        issuer.answer(issuer.base, {"id": issuer.id, "type": ["Profile"], "verificationMethod": method})
        itself = SigningKey.of(issuer.ed25519.private_key, id=issuer.id, controller=issuer.id)
        credential = {name: value for name, value in issuer.credential().items() if name != "credentialStatus"}
        signed = issuer.sign(credential, form, key=itself)
        assert judge(issuer, signed).verdict is Verdict.valid
        stolen = json.loads(signed) | {"issuer": {"id": FarIssuer(name="Another", mode=mode).id, "type": ["Profile"]}}
        assert not judge(issuer, serialize(stolen)).verified


def test_a_proof_may_name_its_key_below_the_issuer_and_in_an_object() -> None:
    issuer = FarIssuer()
    fragment = issuer.ed25519.id.removeprefix(issuer.id)
    below = SigningKey.of(issuer.ed25519.private_key, id=fragment, controller=issuer.id)
    assert (
        found(judge(issuer, issuer.sign(issuer.credential(), "eddsa-jcs-2022", key=below)), "proof")[0]
        is Outcome.passed
    )
    signed = json.loads(issuer.award().text)
    signed["proof"][0]["verificationMethod"] = {"id": issuer.ed25519.id}  # the same statement
    assert judge(issuer, serialize(signed)).verdict is Verdict.valid
    signed["proof"][0]["verificationMethod"] = {"id": issuer.p256.id}
    assert not judge(issuer, serialize(signed)).verified


def test_of_keys_that_go_by_one_name_the_one_that_signed_counts_wherever_it_stands() -> None:
    issuer = FarIssuer(mode="https")
    own, rsa = issuer.p256.method.jwk(), issuer.rsa.method.jwk()
    another = FarIssuer(name="Another").p256.method.jwk()
    for keys in ([rsa, own], [another | {"use": "enc"}, own | {"use": "sig"}], [another, own]):
        for ordered in (keys, keys[::-1]):
            jwks = {"keys": [key | {"kid": "1"} for key in ordered]}
            issuer.answer(issuer.base, {"id": issuer.id, "type": ["Profile"], "jwks": jwks})
            credential = {name: value for name, value in issuer.credential().items() if name != "credentialStatus"}
            payload = serialize(credential | jws.claims_of(credential)).encode()
            for header in ({"kid": "1"}, {"kid": "1", "jwk": own}, {"jwk": own}):
                assert judge(issuer, jws.sign(payload, issuer.p256, header=header)).verdict is Verdict.valid
            forger = FarIssuer(name="Forger").p256
            for header in ({"kid": "1"}, {"kid": "1", "jwk": forger.method.jwk()}, {"jwk": forger.method.jwk()}):
                assert judge(issuer, jws.sign(payload, forger, header=header)).verdict is Verdict.forged


def test_a_key_that_is_only_on_the_site_of_its_issuer_may_be_anybodys() -> None:
    issuer = FarIssuer(mode="https")
    credential = issuer.credential()
    del credential["credentialStatus"]
    payload = serialize(credential | jws.claims_of(credential)).encode()
    issuer.answer("https://far.example/jwk", issuer.rsa.method.jwk())
    issuer.answer("https://forger.example/jwk", issuer.rsa.method.jwk())
    profile = {"id": issuer.id, "type": ["Profile"], "name": issuer.name}
    pages: dict[str, Document | str] = {"issuer-unreachable": "<html>The Far Hill</html>", "no-such-key": profile}
    for code, page in pages.items():
        issuer.answer(issuer.base, page)
        report = judge(issuer, jws.sign(payload, issuer.rsa, header={"kid": "https://far.example/jwk"}))
        assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, code))
        report = judge(issuer, jws.sign(payload, issuer.rsa, header={"kid": "https://forger.example/jwk"}))
        assert not report.verified
    issuer.answer(issuer.base, profile | {"publicKey": "https://far.example/jwk"})
    report = judge(issuer, jws.sign(payload, issuer.rsa, header={"kid": "https://far.example/jwk"}))
    assert report.verdict is Verdict.valid
    assert "https://forger.example/jwk" not in issuer.asked


@pytest.mark.parametrize("fault", ["rsa-of-1024-bits", "rsa-with-exponent-1", "small-order", "secret-published"])
def test_a_key_that_binds_nobody_proves_nothing_whoever_publishes_it(fault: str) -> None:
    issuer = FarIssuer(mode="https")
    short, long = base64url(b"\xff" * 128), base64url(b"\xff" * 256)
    jwk, alg = {
        "rsa-of-1024-bits": ({"kty": "RSA", "n": short, "e": "AQAB"}, "RS256"),
        "rsa-with-exponent-1": ({"kty": "RSA", "n": long, "e": "AQ"}, "RS256"),
        "small-order": ({"kty": "OKP", "crv": "Ed25519", "x": base64url(b"\x01" + bytes(31))}, "EdDSA"),
        "secret-published": (issuer.p256.method.jwk() | {"d": base64url(b"\x01" * 32)}, "ES256"),
    }[fault]
    issuer.answer(issuer.base, {"id": issuer.id, "type": ["Profile"], "jwks": {"keys": [jwk | {"kid": "1"}]}})
    # The identity as R and zero as S fit every message under a key of small order.
    report = judge(issuer, token({"alg": alg, "kid": "1"}, issuer.credential(), b"\x01" + bytes(63)))
    assert (report.verdict, found(report, "proof")) == (Verdict.forged, (Outcome.failed, "invalid-key"))


@pytest.mark.parametrize("form", OB3_FORMS)
def test_an_issuer_whose_keys_cannot_be_read_is_no_forger_and_not_believed(form: str) -> None:
    issuer = FarIssuer()
    genuine = issuer.award(form)
    off_the_curve = issuer.p256.method.jwk() | {"y": base64url(b"\x01" * 32)}
    for broken in ({"publicKeyMultibase": "z6Mk"}, {"publicKeyJwk": off_the_curve}, {"publicKeyPem": "-----BEGIN"}, {}):
        page = issuer.did_document()
        page["verificationMethod"] = [
            {"id": m["id"], "controller": issuer.id} | broken for m in page["verificationMethod"]
        ]
        issuer.answer(issuer.did_url, page)
        report = judge(issuer, genuine)
        assert (report.verdict, found(report, "proof")[0]) == (Verdict.unknown, Outcome.unknown)


@pytest.mark.parametrize("page", [{"error": "maintenance"}, {"publicKeyPem": "-----BEGIN"}])
def test_a_key_page_that_is_being_mended_makes_nobody_a_forger(page: Document) -> None:
    issuer = FarIssuer()
    address = f"{issuer.base}/ob2/key"
    genuine, whole = issuer.award("ob2-signed"), issuer.cryptographic_key()
    issuer.answer(address, whole | page if "publicKeyPem" in page else page)
    assert judge(issuer, genuine).verdict is Verdict.unknown
    issuer.answer(address, whole)
    assert judge(issuer, genuine).verdict is Verdict.valid


@pytest.mark.parametrize("mode", HOSTED)
def test_keys_that_a_badge_brings_along_are_nobodys(mode: Any) -> None:
    issuer, forger = FarIssuer(mode=mode), FarIssuer(name="Forger", base="https://forger.example")
    jwk = forger.p256.method.jwk()
    brought: Document = {
        "jwks": {"keys": [jwk | {"kid": f"{issuer.id}#1"}]},
        "jwks_uri": "https://forger.example/jwks",
        "publicKeyPem": forger.p256.method.pem(),
        "verificationMethod": [{"id": f"{issuer.id}#1", "controller": issuer.id, "publicKeyJwk": jwk}],
        "assertionMethod": [f"{issuer.id}#1"],
    }
    credential = issuer.credential()
    credential["issuer"] |= brought
    payload = serialize(credential | brought).encode()
    for header in ({"kid": f"{issuer.id}#1"}, {"kid": "1"}, {"jwk": jwk}, {"kid": f"{issuer.id}#1", "jwk": jwk}, {}):
        report = judge(issuer, jws.sign(payload, forger.p256, header=header))
        proof = report.found("proof")
        assert proof is not None
        assert proof.outcome in (Outcome.failed, Outcome.unknown)
        assert not report.verified
    assert set(issuer.asked) == {issuer.did_url}


# Keys that end


@pytest.mark.parametrize(
    ("member", "when", "verdict", "code"),
    [
        ("expires", FIRST + timedelta(days=1), Verdict.valid, "signature-valid"),
        ("expires", FIRST, Verdict.forged, "foreign-key"),
        ("revoked", FIRST + timedelta(days=1), Verdict.unknown, "revoked-key"),
        ("revoked", FIRST, Verdict.forged, "foreign-key"),
        ("revoked", NOW + timedelta(days=1), Verdict.valid, "signature-valid"),
    ],
)
@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_key_speaks_until_it_ends(form: str, member: str, when: Any, verdict: Verdict, code: str) -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    del credential["credentialStatus"]
    text = issuer.sign(credential, form)
    document = issuer.did_document()
    for method in document["verificationMethod"]:
        method[member] = timestamp(when)
    issuer.answer(issuer.did_url, document)
    report = judge(issuer, text)
    assert (report.verdict, found(report, "proof")[1]) == (verdict, code)


# Sets and chains of proofs


def proven(document: Document, key: SigningKey, *, id: str, previous: list[Document] | None = None) -> Document:
    """One more eddsa-jcs-2022 proof, written by hand from the standard (VC Data Integrity §4.3)."""
    config: Document = {
        "id": id,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "@context": document["@context"],
        "created": timestamp(FIRST),
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
    }
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if previous is not None:
        config["previousProof"] = [proof["id"] for proof in previous]
        unsecured["proof"] = previous
    signature = key.sign(sha256(jcs(config)).digest() + sha256(jcs(unsecured)).digest())
    return config | {"proofValue": "z" + base58.b58encode(signature).decode()}


def chained(issuer: FarIssuer, *witnesses: FarIssuer) -> Document:
    """A badge that its issuer signs after each of the witnesses has."""
    document = issuer.credential()
    proofs = [proven(document, each.ed25519, id=f"urn:x:{n}") for n, each in enumerate(witnesses)]
    last = proven(document, issuer.ed25519, id="urn:x:last", previous=proofs)
    return document | {"proof": [*proofs, last]}


def test_a_chain_of_proofs_holds_as_a_whole() -> None:
    issuer, witness, other = FarIssuer(), FarIssuer(mode="did:key", name="W"), FarIssuer(mode="did:jwk", name="O")
    document = chained(issuer, witness, other)
    assert judge(issuer, serialize(document)).verdict is Verdict.valid
    for n in (0, 1):
        without = document | {"proof": [proof for m, proof in enumerate(document["proof"]) if m != n]}
        report = judge(issuer, serialize(without))
        assert (report.verified, found(report, "proof")) == (False, (Outcome.failed, "not-conformant"))


def test_a_chain_over_a_false_proof_does_not_hold_even_when_the_issuer_signed_over_it() -> None:
    issuer, witness = FarIssuer(), FarIssuer(mode="did:key", name="W")
    document = issuer.credential()
    false = proven(document | {"name": "Something else"}, witness.ed25519, id="urn:x:0")
    last = proven(document, issuer.ed25519, id="urn:x:last", previous=[false])
    report = judge(issuer, serialize(document | {"proof": [false, last]}))
    assert (report.verdict, found(report, "proof")) == (Verdict.forged, (Outcome.failed, "bad-signature"))


def test_a_witness_that_cannot_be_asked_leaves_the_chain_unknown() -> None:
    issuer, witness = FarIssuer(), FarIssuer(name="W", base="https://witness.example")
    report = judge(issuer, serialize(chained(issuer, witness)))
    assert (report.verdict, found(report, "proof")[0]) == (Verdict.unknown, Outcome.unknown)


def test_proofs_that_build_on_each_other_in_a_circle_are_no_proof() -> None:
    issuer = FarIssuer()
    document = chained(issuer)
    one, two = document["proof"][0] | {"previousProof": "urn:x:two"}, document["proof"][0] | {"id": "urn:x:two"}
    two["previousProof"] = "urn:x:last"
    assert not judge(issuer, serialize(document | {"proof": [one, two]})).verified
    assert not judge(issuer, serialize(document | {"proof": [one | {"previousProof": "urn:x:last"}]})).verified


def test_of_several_proofs_one_is_enough_but_none_in_the_issuers_name_may_be_false() -> None:
    issuer, observer = FarIssuer(), FarIssuer(mode="did:key", name="Observer")
    document = json.loads(issuer.award().text)
    (good,) = document["proof"]
    strange = good | {"cryptosuite": "bbs-2023"}
    observed = proven(document, observer.ed25519, id="urn:x:1")
    for further in (strange, observed, observed | {"proofValue": "z11"}):
        for proofs in ([good, further], [further, good]):
            report = judge(issuer, serialize(document | {"proof": proofs}))
            assert report.verdict is Verdict.valid
            assert [warning.code.startswith("other-proof-") for warning in report.warnings] == [True]
    false = good | {"created": timestamp(NOW)}
    for proofs in ([good, false], [false, good]):
        assert judge(issuer, serialize(document | {"proof": proofs})).verdict is Verdict.forged


def test_more_proofs_than_are_looked_at_leave_us_unable_to_tell() -> None:
    issuer = FarIssuer()
    document = json.loads(issuer.award().text)
    report = judge(issuer, serialize(document | {"proof": document["proof"] * 9}))
    assert found(report, "proof") == (Outcome.unknown, "too-many-proofs")


def test_a_false_proof_does_not_hide_among_others() -> None:
    issuer, observer = FarIssuer(), FarIssuer(mode="did:key", name="Observer")
    document = json.loads(issuer.award().text)
    false, observed = (
        document["proof"][0] | {"created": timestamp(NOW)},
        proven(document, observer.ed25519, id="urn:x:1"),
    )
    for proofs in ([observed] * 20 + [false], [false] + [observed] * 20):
        assert judge(issuer, serialize(document | {"proof": proofs})).verdict is Verdict.forged


def test_what_can_be_no_proof_is_seen_before_anybody_is_asked() -> None:
    issuer = FarIssuer()
    text = issuer.award().text
    for member, value in (("proofValue", "z11"), ("proofPurpose", "authentication"), ("cryptosuite", "none")):
        assert not judge(issuer, changed(text, "proof", 0, member, to=value)).verified
    assert issuer.asked == []
