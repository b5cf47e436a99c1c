import copy
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import (
    BadgeError,
    BadSignature,
    ForeignKey,
    NotConformant,
    ProofError,
    UndefinedTerm,
    UnsupportedProof,
)
from badges.keys import SigningKey
from badges.proofs import jws
from badges.proofs.cryptosuites import CRYPTOSUITES
from badges.proofs.data_integrity import add_proof, proofs_of, verify_proof
from tests.badges.proofs.credentials import (
    ED25519,
    OB3,
    OTHER_ED25519,
    P256,
    VC2,
    credential,
    credentials,
    pyld_canonical,
)

WHEN = datetime(2026, 11, 21, 9, 30, 15, 999_999, UTC)
SUITES = list(CRYPTOSUITES)
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
P384 = SigningKey.did_key(ec.derive_private_key(384, ec.SECP384R1()))


def key_for(cryptosuite: str) -> SigningKey:
    return P256 if cryptosuite.startswith("ecdsa") else ED25519


def for_suite(document: dict[str, Any], cryptosuite: str) -> dict[str, Any]:
    """An Ed25519Signature2020 means nothing without its own context."""
    further = [ED25519_2020] if cryptosuite == "Ed25519Signature2020" else []
    return document | {"@context": [*document["@context"], *further]}


def signed(cryptosuite: str = "eddsa-rdfc-2022", key: SigningKey | None = None) -> dict[str, Any]:
    document = for_suite(credential(), cryptosuite)
    return add_proof(document, key or key_for(cryptosuite), created=WHEN, cryptosuite=cryptosuite)


signed_once = cache(signed)
"""The signatures of ECDSA differ each time, and hypothesis wants to meet again what it met."""


def verify(document: dict[str, Any], **options: Any) -> None:
    proof = proofs_of(document)[0]
    verify_proof(document, proof, key_for(str(proof.get("cryptosuite"))).method, **options)


@pytest.mark.parametrize("cryptosuite", SUITES)
def test_what_was_signed_verifies(cryptosuite: str) -> None:
    verify(signed(cryptosuite))


@settings(max_examples=30, deadline=None)
@given(credentials(), st.sampled_from(SUITES))
def test_any_credential_that_was_signed_verifies(document: dict[str, Any], cryptosuite: str) -> None:
    document = for_suite(document, cryptosuite)
    verify(add_proof(document, key_for(cryptosuite), created=WHEN, cryptosuite=cryptosuite))


def test_a_proof_says_what_the_standard_asks_for() -> None:
    (proof,) = signed()["proof"]
    assert proof.pop("proofValue").startswith("z")
    assert proof == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-21T09:30:15Z",
        "verificationMethod": ED25519.id,
        "proofPurpose": "assertionMethod",
    }


def test_the_signature_is_over_the_hash_of_the_proof_then_that_of_the_document() -> None:
    (proof,) = signed()["proof"]
    signature = base58.b58decode(proof.pop("proofValue")[1:])
    config = pyld_canonical(proof | {"@context": [VC2, OB3]})
    message = hashlib.sha256(config).digest() + hashlib.sha256(pyld_canonical(credential())).digest()
    ED25519.method.verify(signature, message)


def test_the_document_itself_is_not_changed() -> None:
    document = credential()
    add_proof(document, ED25519, created=WHEN)
    assert document == credential()


def test_a_second_proof_stands_beside_the_first_and_both_verify() -> None:
    first = signed()
    both = add_proof(first, OTHER_ED25519, created=WHEN, cryptosuite="eddsa-jcs-2022")
    assert both["proof"][0] == first["proof"][0]
    verify_proof(both, both["proof"][0], ED25519.method)
    verify_proof(both, both["proof"][1], OTHER_ED25519.method)


def test_a_single_proof_may_stand_without_an_array() -> None:
    document = signed()
    document["proof"] = document["proof"][0]
    verify(document)


@pytest.mark.parametrize("cryptosuite", SUITES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_character_changed_anywhere_is_not_verified(cryptosuite: str, data: st.DataObject) -> None:
    document = copy.deepcopy(signed_once(cryptosuite))
    places = strings_in(document)
    parent, step = data.draw(st.sampled_from(places))
    text = parent[step]
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("aZ9-#:/ \u00e9").filter(lambda character: character != text[at]))
    parent[step] = text[:at] + other + text[at + 1 :]
    with pytest.raises(BadgeError):
        verify(document)


def strings_in(value: Any) -> list[tuple[Any, Any]]:
    """Where the strings of a document are, as (container, key)."""
    found = []
    for step, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, str) and child:
            found.append((value, step))
        elif isinstance(child, dict | list):
            found += strings_in(child)
    return found


@pytest.mark.parametrize("cryptosuite", SUITES)
def test_a_member_taken_away_or_added_is_not_verified(cryptosuite: str) -> None:
    for key in credential():
        document = signed(cryptosuite)
        del document[key]
        with pytest.raises(BadgeError):
            verify(document)
    for key, value in {"description": "x", "awardedDate": "2026-11-20T18:30:01Z", "madeUp": []}.items():
        with pytest.raises(BadgeError):
            verify(signed(cryptosuite) | {key: value})


@pytest.mark.parametrize(
    "change",
    [
        {"created": "2026-11-21T09:30:16Z"},
        {"expires": "2036-11-21T09:30:15Z"},
        {"nonce": "1"},
        {"domain": "example.org"},
        {"challenge": "1"},
        {"id": "urn:uuid:5a4ad8ce-2b8d-4a76-9a26-a4c71b8f3a35"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_proof_is_not_verified(change: dict[str, Any]) -> None:
    for cryptosuite in SUITES:
        document = signed(cryptosuite)
        document["proof"][0] |= change
        with pytest.raises(BadSignature):
            verify(document)


def test_an_undefined_term_is_neither_signed_nor_verified() -> None:
    for cryptosuite in SUITES:
        undefined = for_suite(credential(), cryptosuite) | {"madeUp": "x"}
        with pytest.raises(UndefinedTerm):
            add_proof(undefined, key_for(cryptosuite), created=WHEN, cryptosuite=cryptosuite)
    with pytest.raises(UndefinedTerm):
        verify(signed() | {"madeUp": "x"})
    document = signed()
    document["proof"][0]["madeUp"] = "x"
    with pytest.raises(UndefinedTerm):
        verify(document)


def test_a_proof_that_names_another_key_is_foreign() -> None:
    document = signed()
    with pytest.raises(ForeignKey):
        verify_proof(document, document["proof"][0], OTHER_ED25519.method)


def test_a_signature_by_another_key_under_this_name_is_bad() -> None:
    document = signed()
    other = signed(key=OTHER_ED25519)
    document["proof"][0]["proofValue"] = other["proof"][0]["proofValue"]
    with pytest.raises(BadSignature):
        verify(document)


@pytest.mark.parametrize("purpose", ["authentication", "https://w3id.org/security#assertionMethod", None, 7])
def test_a_proof_for_another_purpose_does_not_count(purpose: Any) -> None:
    document = signed()
    document["proof"][0]["proofPurpose"] = purpose
    with pytest.raises(NotConformant, match="purpose"):
        verify(document)


def test_a_proof_for_the_purpose_asked_for_counts() -> None:
    document = add_proof(credential(), ED25519, created=WHEN, purpose="authentication")
    verify(document, purpose="authentication")


@pytest.mark.parametrize(
    "kind",
    [
        {"cryptosuite": "eddsa-2022"},
        {"cryptosuite": "ecdsa-sd-2023"},
        {"cryptosuite": None},
        {"type": "Ed25519Signature2018"},
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "Ed25519Signature2020"},
        {"type": ["DataIntegrityProof"]},
    ],
    ids=str,
)
def test_a_proof_of_an_unknown_kind_is_unsupported(kind: dict[str, Any]) -> None:
    document = signed()
    document["proof"][0] |= kind
    with pytest.raises(UnsupportedProof):
        verify(document)


@pytest.mark.parametrize("cryptosuite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_a_p384_key_signs_over_longer_hashes(cryptosuite: str) -> None:
    document = signed(cryptosuite, P384)
    verify_proof(document, document["proof"][0], P384.method)
    with pytest.raises(BadSignature):
        verify_proof(document | {"name": "other"}, document["proof"][0], P384.method)
    with pytest.raises(UnsupportedProof):
        jws.sign(b"{}", P384)


def test_what_is_no_signature_is_seen_before_anything_is_canonicalised() -> None:
    document = signed() | {"@context": ["https://stranger.example/context-that-is-not-pinned-here"]}
    for value in ("z" + base58.b58encode(bytes(63)).decode(), "z0", None):
        proof = document["proof"][0] | {"proofValue": value}
        with pytest.raises(BadSignature):
            verify_proof(document, proof, ED25519.method)


def test_a_key_of_another_kind_does_not_fit_the_cryptosuite() -> None:
    with pytest.raises(UnsupportedProof, match="ES256"):
        add_proof(credential(), P256, created=WHEN)
    document = signed()
    with pytest.raises(UnsupportedProof, match="ES256"):
        verify_proof(document, document["proof"][0], P256.method)
    with pytest.raises(UnsupportedProof):
        add_proof(credential(), ED25519, created=WHEN, cryptosuite="none")


@pytest.mark.parametrize("value", [None, 7, "", "z", "zz", "uAAAA", "z" + "1" * 64, "z0OIl", "z" + "2" * 400, "z 2"])
def test_a_proof_value_that_is_no_signature_is_bad(value: Any) -> None:
    document = signed()
    document["proof"][0]["proofValue"] = value
    with pytest.raises(BadSignature):
        verify(document)


@pytest.mark.parametrize("created", ["2026-11-21T09:30:15", "yesterday", 7, None])
def test_a_proof_made_at_no_instant_is_refused(created: Any) -> None:
    document = signed()
    document["proof"][0]["created"] = created
    with pytest.raises(NotConformant):
        verify(document)


def test_a_proof_that_has_expired_is_refused_when_the_time_is_told() -> None:
    proof = copy.deepcopy(signed()["proof"][0]) | {"expires": "2026-12-21T09:30:15Z"}
    document = credential() | {"proof": [proof]}
    with pytest.raises(ProofError, match="expired"):
        verify_proof(document, proof, ED25519.method, now=WHEN + timedelta(days=31))
    with pytest.raises(BadSignature):
        verify_proof(document, proof, ED25519.method, now=WHEN)


def test_a_context_that_an_rdf_proof_states_has_to_be_that_of_the_document() -> None:
    document = signed()
    document["proof"][0]["@context"] = [VC2, OB3]
    verify(document)
    document["proof"][0]["@context"] = [VC2]
    with pytest.raises(NotConformant, match="another context"):
        verify(document)


def test_the_contexts_of_a_document_begin_with_those_that_were_signed() -> None:
    document = signed("eddsa-jcs-2022")
    assert document["proof"][0]["@context"] == [VC2, OB3]
    extended = document | {"@context": [VC2, OB3, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]}
    verify(extended)
    for contexts in ([OB3, VC2], [VC2], "https://www.w3.org/2018/credentials/v1", [], None):
        with pytest.raises(NotConformant, match="begin with"):
            verify(document | {"@context": contexts})


def test_a_proof_that_builds_on_another_covers_it() -> None:
    first = signed()
    first["proof"][0]["id"] = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"
    proof = first["proof"][0] | {"id": "urn:uuid:1", "previousProof": "urn:uuid:does-not-exist"}
    for previous in ("urn:uuid:does-not-exist", ["urn:uuid:does-not-exist", first["proof"][0]["id"]], [], [7]):
        with pytest.raises(NotConformant, match="builds on"):
            verify_proof(first, proof | {"previousProof": previous}, ED25519.method)
    with pytest.raises(BadSignature):
        verify_proof(first, proof | {"previousProof": first["proof"][0]["id"]}, ED25519.method)


@pytest.mark.parametrize("proof", ["z1", [7], [["nested"]]])
def test_what_is_no_object_is_no_proof(proof: Any) -> None:
    with pytest.raises(NotConformant, match="A proof is an object"):
        proofs_of({"proof": proof})


def test_a_document_without_a_proof_has_none() -> None:
    assert proofs_of(credential()) == []


def test_a_document_without_a_context_is_not_signed() -> None:
    document = credential()
    del document["@context"]
    with pytest.raises(NotConformant):
        add_proof(document, ED25519, created=WHEN)


def test_values_on_which_verifiers_disagree_are_not_signed() -> None:
    with pytest.raises(NotConformant, match="disagree"):
        add_proof(credential() | {"name": "x\ufffe"}, ED25519, created=WHEN)
