"""Whose key signed: of issuers at an https address, and of keys at one."""

import json
from datetime import UTC, datetime
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from badges.documents import Document
from badges.errors import (
    BadgeError,
    BadSignature,
    ForeignKey,
    NoSuchKey,
    RevokedKey,
    Unreachable,
    UnreadableKey,
)
from badges.keys import SigningKey, VerificationMethod
from badges.resolving import Fetched
from tests.badges.web import (
    DID,
    ED,
    P256,
    STRANGER,
    URL,
    Web,
    did_document,
    method_of,
    multikey,
    p256,
)

# An issuer at an https address

HILL = "https://far.example/issuers/hill"
KEY = "https://far.example/keys/1"


def of_hill(key: SigningKey, name: str = "#key") -> VerificationMethod:
    id = HILL + name if name.startswith("#") else name
    return SigningKey.of(key.private_key, id=id, controller=HILL).method


def hill(**members: Any) -> Web:
    return Web({HILL: {"id": HILL, "type": ["Profile"], "name": "The Far Hill"} | members})


RSA = SigningKey.of(rsa.generate_private_key(65537, 2048), id=f"{HILL}#rsa", controller=HILL)
PUBLISHED: dict[str, Document] = {
    "verificationMethod": {
        "verificationMethod": [multikey(of_hill(ED))],
        "assertionMethod": ["#key"],
    },
    "assertionMethod": {"assertionMethod": [multikey(of_hill(ED))]},
    "verificationMethod-without-purposes": {"verificationMethod": multikey(of_hill(ED), id="#key")},
    "2020": {
        "verificationMethod": multikey(of_hill(ED), type="Ed25519VerificationKey2020"),
        "assertionMethod": [f"{HILL}#key"],
    },
    "2018": {
        "assertionMethod": {
            "id": f"{HILL}#key",
            "type": "Ed25519VerificationKey2018",
            "publicKeyBase58": base58.b58encode(ED.method.key.public_bytes_raw()).decode(),  # type: ignore[union-attr]
        }
    },
    "jwks": {"jwks": {"keys": [P256.method.jwk() | {"kid": "other"}, ED.method.jwk() | {"kid": "key"}]}},
    "jwks-by-url": {"jwks": {"keys": [ED.method.jwk() | {"kid": f"{HILL}#key"}]}},
    "publicKey-jwks": {"publicKey": {"keys": [ED.method.jwk() | {"kid": "key"}]}},
    "publicKey-jwk": {"publicKey": ED.method.jwk() | {"kid": "key"}},
    "publicKey-object": {"publicKey": [{"id": f"{HILL}#key", "owner": HILL, "publicKeyPem": ED.method.pem()}]},
}


@pytest.mark.parametrize("shape", PUBLISHED)
def test_a_key_in_the_profile_of_an_https_issuer_is_its_own(shape: str) -> None:
    web = hill(**PUBLISHED[shape])
    for name in (f"{HILL}#key", "#key", "key"):
        assert method_of(HILL, name, fetch=web) == of_hill(ED)
    assert method_of(HILL, None, jwk=ED.method.jwk(), fetch=web).key == ED.method.key
    with pytest.raises(ForeignKey):
        method_of(HILL, None, jwk=STRANGER.method.jwk(), fetch=web)
    with pytest.raises(ForeignKey):
        method_of(HILL, f"{HILL}#key", jwk=STRANGER.method.jwk(), fetch=web)
    with pytest.raises(NoSuchKey):
        method_of(HILL, f"{HILL}#gone", fetch=web)
    for foreign in (STRANGER.id, SigningKey.did_key(STRANGER.private_key).id, "https://stranger.example/key"):
        with pytest.raises(ForeignKey):
            method_of(HILL, foreign, fetch=web)
    assert set(web.asked) == {HILL}


@pytest.mark.parametrize("key", [RSA, P256, ED])
def test_the_pem_of_a_profile_is_its_key(key: SigningKey) -> None:
    for members in ({"publicKeyPem": key.method.pem()}, {"publicKey": key.method.pem()}):
        assert method_of(HILL, None, fetch=hill(**members)).key == key.method.key
    assert method_of(HILL, HILL, fetch=hill(publicKeyPem=key.method.pem())).key == key.method.key


@pytest.mark.parametrize(
    "changes", [{"use": "enc"}, {"key_ops": ["sign"]}, {"alg": "PS256"}, {"alg": "RS512"}, {"alg": "HS256"}, {"alg": 7}]
)
def test_a_key_that_is_published_for_another_use_does_not_sign_badges(changes: Document) -> None:
    jwk = RSA.method.jwk() | {"kid": "rsa"}
    assert method_of(HILL, "rsa", fetch=hill(jwks={"keys": [jwk | {"alg": "RS256", "use": "sig"}]})) == RSA.method
    with pytest.raises(ForeignKey, match="another"):
        method_of(HILL, "rsa", fetch=hill(jwks={"keys": [jwk | changes]}))


ONE_NAME = [key.method.jwk() | {"kid": "key"} for key in (RSA, P256, ED)]
"""Keys of several kinds that are "considered to be equivalent alternatives" (RFC 7517 §4.5)."""


@pytest.mark.parametrize("keys", [ONE_NAME, ONE_NAME[::-1]])
def test_of_keys_that_go_by_one_name_the_one_that_fits_the_signature_made_it(keys: list[Document]) -> None:
    at_address = hill(publicKey=[KEY])
    at_address.pages[KEY] = {"keys": [jwk | {"kid": KEY} for jwk in keys]}
    for name, web in (("key", hill(jwks={"keys": keys})), (KEY, at_address)):
        for key in (RSA, P256, ED):
            assert method_of(HILL, name, fetch=web, algorithm=key.algorithm).key == key.method.key


def test_of_keys_that_go_by_one_name_those_for_another_use_are_left_out() -> None:
    signing, other = P256.method.jwk() | {"kid": "key"}, p256(5).method.jwk() | {"kid": "key"}
    for keys in ([signing, other | {"use": "enc"}], [other | {"use": "enc"}, signing]):
        assert method_of(HILL, "key", fetch=hill(jwks={"keys": keys}), algorithm="ES256").key == P256.method.key
    with pytest.raises(ForeignKey, match="another use"):
        method_of(HILL, "key", fetch=hill(jwks={"keys": [other | {"use": "enc"}] * 2}))


def test_of_several_keys_of_one_name_and_kind_each_is_tried_on_the_signature() -> None:
    pair = [{**key.method.jwk(), "kid": "key"} for key in (p256(5), P256)]
    for keys in (pair, pair[::-1]):
        twins = hill(jwks={"keys": keys})
        for made_by in (p256(5), P256):
            for name, header in (
                ("key", None),
                ("key", made_by.method.jwk()),
                (None, made_by.method.jwk()),
                (None, None),
            ):
                found = method_of(HILL, name, jwk=header, fetch=twins, algorithm="ES256", made_by=made_by)
                assert found.key == made_by.method.key
        with pytest.raises(BadSignature):
            method_of(HILL, "key", fetch=twins, algorithm="ES256", made_by=p256(6))
        with pytest.raises(ForeignKey):
            method_of(HILL, "key", jwk=p256(6).method.jwk(), fetch=twins, algorithm="ES256", made_by=p256(6))
    same = hill(jwks={"keys": [P256.method.jwk() | {"kid": "key"}] * 2})
    assert method_of(HILL, "key", fetch=same).key == P256.method.key


def test_of_more_keys_of_one_name_than_are_tried_none_is() -> None:
    every = [{**p256(number).method.jwk(), "kid": "key"} for number in range(10, 19)]
    for keys in (every, every[::-1]):
        with pytest.raises(NoSuchKey, match="more than 8"):
            method_of(HILL, "key", fetch=hill(jwks={"keys": keys}), made_by=p256(10))
        assert method_of(HILL, "key", fetch=hill(jwks={"keys": keys[:8]}), made_by=p256(14)).key == p256(14).method.key


def test_a_key_of_that_name_that_cannot_be_read_leaves_open_who_signed() -> None:
    read, broken = P256.method.jwk() | {"kid": "key"}, P256.method.jwk() | {"kid": "key", "y": "AQ"}
    other_kind = {"kty": "RSA", "n": "AQ", "e": "AQAB", "kid": "key"}
    for keys in ([read, broken], [broken, read]):
        web = hill(jwks={"keys": keys})
        assert method_of(HILL, "key", fetch=web, algorithm="ES256", made_by=P256).key == P256.method.key
        for header in (None, p256(6).method.jwk()):
            with pytest.raises(UnreadableKey):
                method_of(HILL, "key", jwk=header, fetch=web, algorithm="ES256", made_by=p256(6))
    for keys in ([read, other_kind], [other_kind, read]):
        with pytest.raises(BadSignature):
            method_of(HILL, "key", fetch=hill(jwks={"keys": keys}), algorithm="ES256", made_by=p256(6))


@pytest.mark.parametrize("old", [{}, {"publicKeyMultibase": "z6Mk"}, {"publicKeyJwk": {"kty": "EC", "crv": "P-256"}}])
def test_a_key_in_a_header_is_foreign_though_an_old_key_of_the_issuer_was_struck_out(old: Document) -> None:
    struck = {"id": f"{HILL}#old", **old}
    for ended in ({"revoked": "2020-01-01T00:00:00Z"}, {"expires": "2020-01-01T00:00:00Z"}):
        for entries in ([struck | ended, multikey(of_hill(P256))], [multikey(of_hill(P256)), struck | ended]):
            web = hill(verificationMethod=entries)
            with pytest.raises(ForeignKey):
                method_of(HILL, None, jwk=STRANGER.method.jwk(), fetch=web)
    # What it signed before may be of the key that was struck out.
    web = hill(verificationMethod=[struck | {"revoked": "2020-01-01T00:00:00Z"}, multikey(of_hill(P256))])
    with pytest.raises(RevokedKey):
        method_of(HILL, None, jwk=STRANGER.method.jwk(), fetch=web, at=datetime(2019, 1, 1, tzinfo=UTC))


def test_the_key_set_that_a_profile_names_is_asked_wherever_it_is() -> None:
    web = hill(jwks_uri="https://keys.example/jwks")
    web.pages["https://keys.example/jwks"] = {"keys": [ED.method.jwk() | {"kid": "key"}]}
    assert method_of(HILL, "key", fetch=web) == of_hill(ED)
    web.pages["https://keys.example/jwks"] = 500
    with pytest.raises(Unreachable):
        method_of(HILL, "key", fetch=web)


def test_a_did_key_that_the_profile_lists_signs_for_it() -> None:
    own = SigningKey.did_key(ED.private_key)
    for members in ({"assertionMethod": [own.id]}, {"verificationMethod": [own.id]}):
        assert method_of(HILL, own.id, fetch=hill(**members)).key == ED.method.key
    with pytest.raises(NoSuchKey):
        method_of(HILL, own.id, fetch=hill())


def test_a_profile_that_cannot_be_had_says_nothing() -> None:
    for page in (404, 410, 500, b"<html>"):
        web = Web({HILL: page})
        for name, jwk in ((f"{HILL}#key", None), (None, ED.method.jwk()), (STRANGER.id, None)):
            with pytest.raises(Unreachable):
                method_of(HILL, name, jwk=jwk, fetch=web)
    with pytest.raises(NoSuchKey):
        method_of(HILL, "key", fetch=hill(id="https://stranger.example/"))


@pytest.mark.parametrize("member", ["controller", "owner"])
def test_a_key_in_a_profile_that_is_somebody_elses_is_foreign(member: str) -> None:
    node = {"id": f"{HILL}#key", "publicKeyPem": ED.method.pem(), member: "https://stranger.example/"}
    for listed in ("publicKey", "assertionMethod"):
        with pytest.raises(ForeignKey, match="controlled by"):
            method_of(HILL, "#key", fetch=hill(**{listed: node}))


# Keys at an address


@pytest.mark.parametrize("shape", ["jwk", "set", "object"])
def test_a_key_at_an_address_that_the_issuer_links_to_is_its_own(shape: str) -> None:
    page = {
        "jwk": ED.method.jwk(),
        "set": {"keys": [ED.method.jwk() | {"kid": KEY}, P256.method.jwk()]},
        "object": {"id": KEY, "owner": HILL, "publicKeyPem": ED.method.pem()},
    }[shape]
    for listed in ("publicKey", "assertionMethod"):
        web = hill(**{listed: [KEY]})
        web.pages[KEY] = page
        found = method_of(HILL, KEY, fetch=web)
        assert (found.key, found.id) == (ED.method.key, KEY)


def test_a_key_that_the_issuer_links_to_and_that_names_another_owner_is_foreign() -> None:
    web = hill(publicKey=KEY)
    web.pages[KEY] = {"id": KEY, "owner": "https://stranger.example/", "publicKeyPem": ED.method.pem()}
    with pytest.raises(ForeignKey):
        method_of(HILL, KEY, fetch=web)


@pytest.mark.parametrize(
    ("page", "refusal"),
    [
        (404, Unreachable),
        (410, Unreachable),
        (b"<html>", Unreachable),
        ({"id": HILL}, NoSuchKey),
        ({"id": HILL, "assertionMethod": []}, NoSuchKey),
    ],
)
@pytest.mark.parametrize("address", [KEY, f"{HILL}/keys/1", f"{HILL}?key=1"])
def test_any_file_on_the_site_of_an_issuer_that_lists_no_keys_signs_for_nobody(
    page: Any, refusal: type[BadgeError], address: str
) -> None:
    for own in (ED.method.jwk(), {"id": address, "controller": HILL, "publicKeyJwk": ED.method.jwk()}):
        web = Web({HILL: page, address: own})
        for jwk in (None, ED.method.jwk()):
            with pytest.raises(refusal):
                method_of(HILL, address, jwk=jwk, fetch=web)


def test_where_the_issuer_lists_keys_another_one_on_its_site_is_not_believed() -> None:
    for did_or_address in (HILL, DID):
        web = hill(publicKeyPem=P256.method.pem())
        web.pages[URL] = did_document(assertionMethod=[P256.id])
        web.pages[KEY] = ED.method.jwk()
        with pytest.raises(NoSuchKey):
            method_of(did_or_address, KEY, fetch=web)
        web.pages[KEY] = P256.method.jwk()
        assert method_of(did_or_address, KEY, fetch=web).key == P256.method.key


@pytest.mark.parametrize(
    "address",
    [
        "https://stranger.example/keys/1",
        "http://far.example/keys/1",
        "https://far.example:8443/keys/1",
        "https://far.example.stranger.example/keys/1",
        "https://keys.far.example/keys/1",
        "https://far.example@stranger.example/keys/1",
        "https://stranger.example\\@far.example/",
    ],
)
def test_a_key_on_another_site_is_foreign_and_never_asked_for(address: str) -> None:
    web = hill()
    with pytest.raises((ForeignKey, NoSuchKey)):
        method_of(HILL, address, fetch=web)
    assert set(web.asked) <= {HILL}


def test_while_the_issuer_is_silent_no_key_on_its_site_is_believed() -> None:
    with pytest.raises(Unreachable):
        method_of(HILL, KEY, fetch=Web({HILL: 503, KEY: ED.method.jwk()}))


def test_a_key_on_the_site_that_a_redirect_brings_is_not_on_the_site() -> None:
    def open_redirector(url: str, *, accept: str) -> Fetched:
        if url == HILL:
            return Fetched(200, "", json.dumps({"id": HILL, "publicKeyPem": STRANGER.method.pem()}).encode(), url)
        return Fetched(200, "", json.dumps(STRANGER.method.jwk()).encode(), "https://stranger.example/jwk")

    with pytest.raises(Unreachable):
        method_of(HILL, "https://far.example/go?to=https://stranger.example/jwk", fetch=open_redirector)


@pytest.mark.parametrize(
    "page", [{}, {"id": "https://far.example/other"}, {"keys": []}, {"keys": [{}, {}]}, {"keys": 7}]
)
def test_an_address_that_holds_no_one_key_says_nothing(page: Document) -> None:
    web = hill(publicKey=KEY)
    web.pages[KEY] = page
    with pytest.raises((NoSuchKey, UnreadableKey)):
        method_of(HILL, KEY, fetch=web)


@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "publicKey", "publicKeyPem", "jwks", "jwks_uri", "verificationMethod", "assertionMethod"]
        ),
        st.recursive(
            st.none() | st.integers(0, 9) | st.sampled_from([HILL, KEY, "#key", "", "-----BEGIN", "did:key:z6Mk"]),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["id", "keys", "kty", "kid", "publicKeyJwk", "publicKeyPem"]), inner)
            ),
        ),
    ),
    st.sampled_from([f"{HILL}#key", KEY, "key", HILL]),
)
def test_whatever_a_profile_says_only_our_refusals_leave(profile: Document, name: str) -> None:
    with pytest.raises(BadgeError):
        method_of(HILL, name, jwk=ED.method.jwk(), fetch=Web({HILL: {"id": HILL} | profile, KEY: profile}))
