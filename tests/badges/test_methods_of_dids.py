"""Whose key signed: of issuers that are a DID."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.controllers import did_web_url
from badges.documents import Document
from badges.errors import (
    BadgeError,
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    NotConformant,
    Unreachable,
    UnreadableKey,
    UnsupportedProof,
)
from badges.keys import SigningKey, VerificationMethod
from badges.resolving import Fetched
from badges.written_keys import base64url
from tests.badges.web import (
    DID,
    ED,
    P256,
    STRANGER,
    URL,
    Web,
    did_document,
    json_web_key,
    method_of,
    multikey,
    never,
    nobody,
    the_web,
)

# A did:key issuer


@pytest.mark.parametrize("key", [ED, P256])
def test_a_did_key_is_its_own_key_and_asks_nobody(key: SigningKey) -> None:
    own = SigningKey.did_key(key.private_key)
    for named in (own.id, own.controller, None):
        assert method_of(own.controller, named, fetch=never) == own.method


def test_a_did_key_signs_with_no_other_key() -> None:
    own, other = SigningKey.did_key(ED.private_key), SigningKey.did_key(P256.private_key)
    with pytest.raises(ForeignKey):
        method_of(own.controller, other.id, fetch=never)
    with pytest.raises(NoSuchKey):
        method_of(own.controller, f"{own.controller}#other", fetch=never)
    with pytest.raises(ForeignKey):
        method_of(own.controller, None, jwk=other.method.jwk(), fetch=never)


# A did:web issuer


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:far.example", "https://far.example/.well-known/did.json"),
        ("did:web:far.example%3A8443", "https://far.example:8443/.well-known/did.json"),
        ("did:web:far.example%3a8443:a:b", "https://far.example:8443/a/b/did.json"),
        (DID, URL),
        ("did:web:xn--bcher-kva.example:caf%C3%A9", "https://xn--bcher-kva.example/caf%C3%A9/did.json"),
    ],
)
def test_a_did_web_is_an_address_by_https(did: str, url: str) -> None:
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:far.example:",
        "did:web:far.example::a",
        "did:web:far.example:..",
        "did:web:far.example:%2e%2e:a",
        "did:web:far.example:a%2Fb",
        "did:web:far.example:a%3Fb",
        "did:web:user@far.example",
        "did:web:user%40far.example",
        "did:web:far.example/a",
        "did:web:far.example?x=1",
        "did:web:far.example#k",
        "did:web:far.example%3Anoport",
        "did:web:far.example\n",
        "did:web:fär.example",
    ],
)
def test_what_is_no_did_web_is_refused_before_anybody_is_asked(did: str) -> None:
    with pytest.raises(NotConformant):
        did_web_url(did)
    with pytest.raises((NotConformant, ForeignKey)):
        method_of(did, f"{did}#k", fetch=never)


@given(st.text())
def test_any_did_web_leads_to_its_own_host_or_nowhere(rest: str) -> None:
    try:
        url = did_web_url(f"did:web:{rest}")
    except NotConformant:
        return
    host = rest.split(":")[0].replace("%3A", ":").replace("%3a", ":")
    assert url.startswith(f"https://{host}/")


@pytest.mark.parametrize("named", [ED.id, "#ed", "ed"])
def test_a_key_is_found_by_its_whole_or_its_relative_name(named: str) -> None:
    assert method_of(DID, named, fetch=the_web()) == ED.method


def test_a_document_may_name_its_keys_relatively() -> None:
    methods = [multikey(ED.method, id="#ed")]
    for assertion_method in (["#ed"], [ED.id]):
        web = the_web(verificationMethod=methods, assertionMethod=assertion_method)
        assert method_of(DID, ED.id, fetch=web) == ED.method


def test_a_key_may_stand_within_assertion_method() -> None:
    web = the_web(verificationMethod=[], assertionMethod=[multikey(ED.method)])
    assert method_of(DID, ED.id, fetch=web) == ED.method


def test_a_single_key_may_stand_without_a_list() -> None:
    web = the_web(verificationMethod=multikey(ED.method), assertionMethod=ED.id)
    assert method_of(DID, None, fetch=web) == ED.method


def test_a_json_web_key_is_a_key() -> None:
    assert method_of(DID, P256.id, fetch=the_web()) == P256.method


def test_the_key_in_a_header_counts_only_when_the_issuer_lists_it() -> None:
    assert method_of(DID, None, jwk=P256.method.jwk(), fetch=the_web()) == P256.method
    with pytest.raises(ForeignKey):
        method_of(DID, None, jwk=STRANGER.method.jwk(), fetch=the_web())


def test_a_listed_key_that_is_not_for_signing_does_not_count() -> None:
    web = the_web(assertionMethod=[P256.id], authentication=[ED.id])
    with pytest.raises(ForeignKey):
        method_of(DID, ED.id, fetch=web)
    with pytest.raises(ForeignKey):
        method_of(DID, None, jwk=ED.method.jwk(), fetch=web)


def test_a_header_whose_name_and_key_disagree_is_refused() -> None:
    with pytest.raises(ForeignKey):
        method_of(DID, ED.id, jwk=P256.method.jwk(), fetch=the_web())


def test_a_foreign_name_is_never_followed() -> None:
    for foreign in ("did:web:stranger.example#ed", f"{DID}2#ed", "did:key:z6Mk", f"{DID}/x#ed"):
        with pytest.raises(ForeignKey):
            method_of(DID, foreign, fetch=never)
    web = the_web()
    with pytest.raises(ForeignKey):
        method_of(DID, "https://stranger.example/jwk", fetch=web)
    assert web.asked == [URL]


def test_a_key_that_somebody_else_controls_is_not_the_issuers() -> None:
    web = the_web(verificationMethod=[multikey(ED.method, controller="did:web:stranger.example")])
    with pytest.raises(ForeignKey):
        method_of(DID, ED.id, fetch=web)


def test_a_key_that_is_not_listed_is_another_answer_than_none() -> None:
    with pytest.raises(NoSuchKey):
        method_of(DID, f"{DID}#gone", fetch=the_web())
    with pytest.raises(NoSuchKey):
        method_of(DID, None, fetch=the_web())
    with pytest.raises(Unreachable):
        method_of(DID, ED.id, fetch=nobody)


@pytest.mark.parametrize("answer", [404, 410, 500, 301, b"<html>", b"[]", b'{"id": 1, "id": 2}', b"\xff", b""])
def test_an_answer_that_is_no_document_says_nothing_about_the_badge(answer: bytes | int) -> None:
    with pytest.raises(Unreachable):
        method_of(DID, ED.id, fetch=Web({URL: answer}))


def test_a_document_of_another_id_is_not_the_issuers() -> None:
    with pytest.raises(NoSuchKey):
        method_of(DID, ED.id, fetch=the_web(id="did:web:stranger.example"))


def test_a_weak_key_is_refused_and_an_unknown_kind_is_not_called_weak() -> None:
    weak = multikey(ED.method, publicKeyMultibase="z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP")
    with pytest.raises(InvalidKey):
        method_of(DID, ED.id, fetch=the_web(verificationMethod=[weak]))
    for node in (
        {"publicKeyMultibase": "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"},
        {"publicKeyJwk": {"kty": "EC", "crv": "secp256k1"}},
        {"publicKeyJwk": {"kty": ["EC"], "crv": {}}},
        {"publicKeyJwk": "text"},
    ):
        unknown = {"id": ED.id, "controller": DID, **node}
        with pytest.raises(UnsupportedProof):
            method_of(DID, ED.id, fetch=the_web(verificationMethod=[unknown]))
    with pytest.raises(UnreadableKey):
        method_of(DID, ED.id, fetch=the_web(verificationMethod=[{"id": ED.id, "controller": DID}]))


def test_one_odd_key_does_not_spoil_the_others() -> None:
    odd = {"id": f"{DID}#odd", "controller": DID, "publicKeyMultibase": "z6Mkodd"}
    web = the_web(
        verificationMethod=[odd, json_web_key(P256.method), "text", {"no": "id"}],
        assertionMethod=[odd["id"], P256.id, 7, None, f"{DID}#dangling"],
    )
    assert method_of(DID, None, jwk=P256.method.jwk(), fetch=web) == P256.method


def test_issuers_of_other_kinds_are_not_called_forgers() -> None:
    for issuer in ("did:example:1", "did:key:zUC7", "urn:uuid:1", "", "https://a@b.example/", "https://b.example\\@c/"):
        with pytest.raises(UnsupportedProof):
            method_of(issuer, None, fetch=never)


@given(
    st.dictionaries(
        st.sampled_from(["id", "verificationMethod", "assertionMethod"]),
        st.recursive(
            st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from([DID, ED.id, "#ed", ""]),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["id", "controller", "publicKeyJwk", "publicKeyMultibase"]), inner)
            ),
        ),
    )
)
def test_whatever_a_did_document_says_only_our_refusals_leave(document: Document) -> None:
    with pytest.raises(BadgeError):
        method_of(DID, ED.id, fetch=Web({URL: {"id": DID} | document}))


def test_a_did_key_of_a_kind_that_is_not_used_here_is_named() -> None:
    with pytest.raises(UnsupportedProof, match="secp256k1"):
        method_of("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", None, fetch=never)


def test_a_document_that_a_redirect_leads_to_is_not_the_issuers() -> None:
    def elsewhere(url: str, *, accept: str) -> Fetched:
        return Fetched(200, "", json.dumps(did_document()).encode(), "https://stranger.example/did.json")

    with pytest.raises(Unreachable, match="elsewhere"):
        method_of(DID, ED.id, fetch=elsewhere)


# A did:jwk issuer


def did_jwk(method: VerificationMethod, **changes: Any) -> str:
    return "did:jwk:" + base64url(json.dumps(method.jwk() | changes).encode())


@pytest.mark.parametrize("key", [ED, P256])
def test_a_did_jwk_is_its_own_key_and_asks_nobody(key: SigningKey) -> None:
    did = did_jwk(key.method, kid="mine", use="sig")
    for named in (f"{did}#0", "#0", did, None):
        found = method_of(did, named, fetch=never)
        assert (found.id, found.controller, found.key) == (f"{did}#0", did, key.method.key)
    assert method_of(did, None, jwk=key.method.jwk(), fetch=never).key == key.method.key


def test_a_did_jwk_signs_with_no_other_key_and_for_no_other_use() -> None:
    did = did_jwk(ED.method)
    for foreign in (f"{did_jwk(P256.method)}#0", "https://far.example/jwk", ED.id):
        with pytest.raises(ForeignKey):
            method_of(did, foreign, fetch=never)
    with pytest.raises(NoSuchKey):
        method_of(did, f"{did}#1", fetch=never)
    for changes in ({"use": "enc"}, {"key_ops": ["encrypt"]}, {"key_ops": 7}):
        with pytest.raises((NoSuchKey, ForeignKey)):
            method_of(did_jwk(ED.method, **changes), "#0", fetch=never)


@pytest.mark.parametrize("text", ["", "e30", "W10", "!!", "eyJ9", "e30=", "ImEi"])
def test_what_holds_no_jwk_is_no_did_jwk(text: str) -> None:
    with pytest.raises((InvalidKey, UnsupportedProof)):
        method_of(f"did:jwk:{text}", "#0", fetch=never)


def test_a_did_jwk_that_gives_its_secret_away_is_refused() -> None:
    did = did_jwk(ED.method, d="AAAA")
    with pytest.raises(InvalidKey, match="private"):
        method_of(did, f"{did}#0", fetch=never)
