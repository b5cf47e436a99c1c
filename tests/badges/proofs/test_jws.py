import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws

from badges.errors import (
    BadgeError,
    BadSignature,
    ForeignKey,
    NotConformant,
    TooLarge,
    UndefinedTerm,
    Unreadable,
    UnsupportedProof,
)
from badges.keys import SigningKey
from badges.proofs import jws
from badges.written_keys import base64url
from tests.badges.proofs.credentials import ED25519, OTHER_ED25519, P256, RSA, credential, credentials

# joserfc warns that `EdDSA` is now called `Ed25519` (RFC 9864); OB 3.0 and its verifiers know the older name.
OLD_NAME = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
KEYS = pytest.mark.parametrize("key", [ED25519, P256, RSA], ids=lambda key: key.algorithm)
ALGORITHMS = ["EdDSA", "ES256", "RS256"]


def joserfc_key(key: SigningKey) -> Any:
    pem = key.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kind = {"EdDSA": "OKP", "ES256": "EC", "RS256": "RSA"}[key.algorithm]
    return joserfc_jwk.import_key(pem, kind)  # type: ignore[call-overload]


def token(header: Any, payload: bytes = b"{}", key: SigningKey = ED25519) -> str:
    """A JWS with any header, signed all the same."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    signing_input = f"{base64url(text)}.{base64url(payload)}"
    return f"{signing_input}.{base64url(key.sign(signing_input.encode()))}"


@KEYS
def test_what_was_signed_verifies_and_is_the_same_bytes(key: SigningKey) -> None:
    parsed = jws.parse(jws.sign(b'{"b": 1,  "a":2}\n', key, header={"kid": key.id}))
    jws.verify(parsed, key.method)
    assert parsed.payload == b'{"b": 1,  "a":2}\n'
    assert parsed.header == {"alg": key.algorithm, "kid": key.id}


@OLD_NAME
@KEYS
def test_an_independent_library_verifies_what_is_signed_here(key: SigningKey) -> None:
    signed = jws.sign(b"any bytes \xff", key)
    read = joserfc_jws.deserialize_compact(signed, joserfc_key(key), algorithms=ALGORITHMS)
    assert read.payload == b"any bytes \xff"


@OLD_NAME
@KEYS
def test_what_an_independent_library_signs_verifies_here(key: SigningKey) -> None:
    signed = joserfc_jws.serialize_compact(
        {"alg": key.algorithm}, b"any bytes \xff", joserfc_key(key), algorithms=ALGORITHMS
    )
    parsed = jws.parse(signed)
    jws.verify(parsed, key.method)
    assert parsed.payload == b"any bytes \xff"


def test_the_newer_name_of_the_algorithm_is_known() -> None:
    jws.verify(jws.parse(token({"alg": "Ed25519"})), ED25519.method)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_character_changed_anywhere_is_not_verified(data: st.DataObject) -> None:
    signed = jws.sign_credential(credential(), ED25519, embed_key=False)
    at = data.draw(st.integers(0, len(signed) - 1))
    other = data.draw(st.sampled_from("AZaz09-_.=+/ \n").filter(lambda character: character != signed[at]))
    with pytest.raises(BadgeError):
        jws.verify(jws.parse(signed[:at] + other + signed[at + 1 :]), ED25519.method)


@KEYS
def test_another_key_of_the_same_kind_does_not_verify(key: SigningKey) -> None:
    with pytest.raises(BadSignature):
        jws.verify(jws.parse(jws.sign(b"{}", ED25519)), OTHER_ED25519.method)


def test_the_algorithm_comes_from_the_key_and_the_header_has_to_agree() -> None:
    for key in (P256, RSA):
        with pytest.raises(BadSignature, match="the key is for EdDSA"):
            jws.verify(jws.parse(token({"alg": key.algorithm})), ED25519.method)


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "HS512", "RS384", "PS256", "ES256K", "", None, 7, ["EdDSA"]])
def test_other_algorithms_do_not_exist(alg: Any) -> None:
    with pytest.raises(UnsupportedProof):
        jws.parse(token({"alg": alg} if alg is not None else {}))


@pytest.mark.parametrize("member", ["crit", "b64"])
def test_header_members_that_change_what_is_signed_are_refused(member: str) -> None:
    with pytest.raises(NotConformant, match=member):
        jws.parse(token({"alg": "EdDSA", member: ["exp"]}))


@pytest.mark.parametrize("member", ["jku", "x5u", "x5c", "x5t", "zip", "enc", "exp"])
def test_other_header_members_are_ignored(member: str) -> None:
    jws.verify(jws.parse(token({"alg": "EdDSA", member: ["exp"]})), ED25519.method)
    with pytest.raises(BadSignature):
        jws.verify(jws.parse(token({"alg": "EdDSA", member: ["exp"]}, key=OTHER_ED25519)), ED25519.method)


@pytest.mark.parametrize("typ", ["JWT", "jwt", "vc+jwt", "application/vc+jwt", "vc+ld+jwt", "JOSE"])
def test_a_token_says_of_what_kind_it_is_and_may_say_what_is_in_it(typ: str) -> None:
    for cty in ("vc", "application/vc", "vc+ld+json"):
        jws.refuse_other_kind(jws.parse(token({"alg": "EdDSA", "typ": typ, "cty": cty})).header)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "at+jwt"},
        {"typ": "openid4vci-proof+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": ""},
        {"typ": "at+jwt; a=vc+jwt"},
    ],
    ids=str,
)
def test_a_token_that_was_made_for_something_else_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(NotConformant, match="something else"):
        jws.refuse_other_kind(jws.parse(token({"alg": "EdDSA"} | header)).header)


@pytest.mark.parametrize(
    "jwk",
    [
        "text",
        None,
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        ED25519.method.jwk() | {"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    ],
    ids=["string", "null", "empty", "symmetric", "private", "padded"],
)
def test_a_header_key_that_is_no_public_key_is_refused(jwk: Any) -> None:
    with pytest.raises(NotConformant, match="jwk"):
        jws.parse(token({"alg": "EdDSA", "jwk": jwk}))


def test_a_header_key_is_believed_only_where_it_is_the_key_of_the_issuer() -> None:
    jws.verify(jws.parse(token({"alg": "EdDSA", "jwk": ED25519.method.jwk()})), ED25519.method)
    forged = token({"alg": "EdDSA", "jwk": OTHER_ED25519.method.jwk()}, key=OTHER_ED25519)
    with pytest.raises(ForeignKey):
        jws.verify(jws.parse(forged), ED25519.method)


@pytest.mark.parametrize("header", [{"alg": "EdDSA", "kid": 7}, {"alg": "EdDSA", "typ": ["JWT"]}], ids=str)
def test_names_in_the_header_are_strings(header: dict[str, Any]) -> None:
    with pytest.raises(NotConformant, match="strings"):
        jws.parse(token(header))


@pytest.mark.parametrize(
    "header", [b"[]", b"{", b'{"alg":"EdDSA","alg":"EdDSA"}', b"\xff", b'{"alg": NaN}', b"null"], ids=repr
)
def test_a_header_that_is_no_strict_json_object_is_unreadable(header: bytes) -> None:
    with pytest.raises(Unreadable):
        jws.parse(token(header))


def test_a_header_is_small() -> None:
    with pytest.raises(TooLarge):
        jws.parse(token({"alg": "EdDSA", "kid": "x" * 5_000}))


def test_a_token_has_a_limit() -> None:
    with pytest.raises(TooLarge):
        jws.parse("A" * (jws.LARGEST_TOKEN + 1))


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c.d", "a..c", "..", "a.b.c ", "a.b.c\n", "e30.e30=.AA", "{}", "e+0.e30.AA"], ids=repr
)
def test_what_is_no_compact_jws_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        jws.parse(text)


def test_base64url_has_one_form_only() -> None:
    signed = jws.sign(b"{}", ED25519)
    head, payload, signature = signed.split(".")
    assert payload == "e30"
    with pytest.raises(Unreadable, match="as it would be written"):
        jws.parse(f"{head}.e31.{signature}")


def test_the_header_of_a_signer_cannot_choose_the_algorithm() -> None:
    assert jws.parse(jws.sign(b"{}", ED25519, header={"alg": "none"})).header == {"alg": "EdDSA"}


@KEYS
@pytest.mark.parametrize("embed_key", [True, False])
def test_a_vc_jwt_repeats_the_credential_in_its_claims(key: SigningKey, embed_key: bool) -> None:
    parsed = jws.parse(jws.sign_credential(credential(), key, embed_key=embed_key))
    jws.verify(parsed, key.method)
    payload = json.loads(parsed.payload)
    claims = {name: payload.pop(name) for name in ("iss", "sub", "jti", "nbf", "exp")}
    assert payload == credential()
    assert claims == {
        "iss": ED25519.controller,
        "sub": credential()["credentialSubject"]["id"],
        "jti": credential()["id"],
        "nbf": 1795251600,
        "exp": 1953018000,
    }
    expected = {"jwk": key.method.jwk()} if embed_key else {"kid": key.id}
    assert parsed.header == {"alg": key.algorithm} | expected


@settings(max_examples=30, deadline=None)
@given(credentials())
def test_any_credential_with_its_ids_travels_in_a_jws(document: dict[str, Any]) -> None:
    document |= {"id": "urn:uuid:1"}
    document["credentialSubject"]["id"] = "urn:uuid:2"
    payload = json.loads(jws.parse(jws.sign_credential(document, P256, embed_key=True)).payload)
    assert {name: payload[name] for name in document} == document
    assert ("exp" in payload) == ("validUntil" in document)


def test_an_issuer_that_is_only_an_id_is_repeated_too() -> None:
    claims = jws.claims_of(credential() | {"issuer": "did:web:example.org"})
    assert claims["iss"] == "did:web:example.org"


@pytest.mark.parametrize("member", ["id", "issuer", "credentialSubject", "validFrom"])
def test_a_credential_without_what_a_claim_repeats_is_refused(member: str) -> None:
    document = credential()
    del document[member]
    with pytest.raises(NotConformant) as refusal:
        jws.sign_credential(document, ED25519, embed_key=True)
    assert refusal.value.pointer == f"/{member}"


def test_a_subject_without_an_id_is_refused() -> None:
    document = credential()
    del document["credentialSubject"]["id"]
    with pytest.raises(NotConformant, match="sub"):
        jws.sign_credential(document, ED25519, embed_key=True)


def test_an_instant_within_a_second_cannot_be_repeated() -> None:
    with pytest.raises(NotConformant, match="whole seconds"):
        jws.sign_credential(credential() | {"validFrom": "2026-11-21T09:00:00.5Z"}, ED25519, embed_key=True)


def test_an_undefined_term_is_not_signed() -> None:
    with pytest.raises(UndefinedTerm):
        jws.sign_credential(credential() | {"madeUp": "x"}, ED25519, embed_key=True)


def test_the_parts_are_base64url_without_padding() -> None:
    for part in jws.sign_credential(credential(), P256, embed_key=True).split("."):
        assert base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        assert "=" not in part
