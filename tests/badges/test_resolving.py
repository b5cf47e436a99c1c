import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from badges.documents import Document
from badges.errors import (
    BadgeError,
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    NotConformant,
    Unreachable,
    UnsupportedProof,
)
from badges.keys import SigningKey, VerificationMethod
from badges.resolving import (
    BoundedFetch,
    Fetched,
    did_web_url,
    document_at,
    linked_key,
    verification_method,
)

DID = "did:web:far.example:issuers:hill"
URL = "https://far.example/issuers/hill/did.json"


def ed25519(number: int, *, id: str = f"{DID}#ed", controller: str = DID) -> SigningKey:
    return SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), id=id, controller=controller)


def p256(number: int, *, id: str = f"{DID}#p256") -> SigningKey:
    return SigningKey.of(ec.derive_private_key(number, ec.SECP256R1()), id=id, controller=DID)


ED, P256, STRANGER = ed25519(1), p256(2), ed25519(3, id="did:web:stranger.example#ed")


def multikey(method: VerificationMethod, **changes: Any) -> Document:
    return {
        "id": method.id,
        "controller": method.controller,
        "type": "Multikey",
        "publicKeyMultibase": method.multikey(),
    } | changes


def json_web_key(method: VerificationMethod) -> Document:
    return {"id": method.id, "controller": method.controller, "type": "JsonWebKey", "publicKeyJwk": method.jwk()}


def did_document(**changes: Any) -> Document:
    return {
        "id": DID,
        "verificationMethod": [multikey(ED.method), json_web_key(P256.method)],
        "assertionMethod": [ED.id, P256.id],
    } | changes


class Web:
    """Addresses and what they answer; anything else answers 404."""

    def __init__(self, pages: dict[str, Document | bytes | int]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str, *, accept: str) -> Fetched:
        self.asked.append(url)
        page = self.pages.get(url, 404)
        if isinstance(page, int):
            return Fetched(page, "text/plain", b"", url)
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        return Fetched(200, "application/did+json", body, url)


def nobody(url: str, *, accept: str) -> Fetched:
    raise Unreachable(f"{url}: nobody answered.")


def never(url: str, *, accept: str) -> Fetched:
    raise AssertionError(f"{url} was asked")


def the_web(**changes: Any) -> Web:
    return Web({URL: did_document(**changes)})


# A did:key issuer


@pytest.mark.parametrize("key", [ED, P256])
def test_a_did_key_is_its_own_key_and_asks_nobody(key: SigningKey) -> None:
    own = SigningKey.did_key(key.private_key)
    for named in (own.id, own.controller, None):
        assert verification_method(own.controller, named, fetch=never) == own.method


def test_a_did_key_signs_with_no_other_key() -> None:
    own, other = SigningKey.did_key(ED.private_key), SigningKey.did_key(P256.private_key)
    with pytest.raises(ForeignKey):
        verification_method(own.controller, other.id, fetch=never)
    with pytest.raises(NoSuchKey):
        verification_method(own.controller, f"{own.controller}#other", fetch=never)
    with pytest.raises(ForeignKey):
        verification_method(own.controller, None, jwk=other.method.jwk(), fetch=never)


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
        verification_method(did, f"{did}#k", fetch=never)


@given(st.text())
def test_any_did_web_leads_to_its_own_host_or_nowhere(rest: str) -> None:
    try:
        url = did_web_url(f"did:web:{rest}")
    except NotConformant:
        return
    host = rest.split(":")[0].replace("%3A", ":").replace("%3a", ":")
    assert url.startswith(f"https://{host}/")


@pytest.mark.parametrize("named", [ED.id, "#ed"])
def test_a_key_is_found_by_its_whole_or_its_relative_name(named: str) -> None:
    assert verification_method(DID, named, fetch=the_web()) == ED.method


def test_a_document_may_name_its_keys_relatively() -> None:
    methods = [multikey(ED.method, id="#ed")]
    for assertion_method in (["#ed"], [ED.id]):
        web = the_web(verificationMethod=methods, assertionMethod=assertion_method)
        assert verification_method(DID, ED.id, fetch=web) == ED.method


def test_a_key_may_stand_within_assertion_method() -> None:
    web = the_web(verificationMethod=[], assertionMethod=[multikey(ED.method)])
    assert verification_method(DID, ED.id, fetch=web) == ED.method


def test_a_single_key_may_stand_without_a_list() -> None:
    web = the_web(verificationMethod=multikey(ED.method), assertionMethod=ED.id)
    assert verification_method(DID, None, fetch=web) == ED.method


def test_a_json_web_key_is_a_key() -> None:
    assert verification_method(DID, P256.id, fetch=the_web()) == P256.method


def test_the_key_in_a_header_counts_only_when_the_issuer_lists_it() -> None:
    assert verification_method(DID, None, jwk=P256.method.jwk(), fetch=the_web()) == P256.method
    with pytest.raises(ForeignKey):
        verification_method(DID, None, jwk=STRANGER.method.jwk(), fetch=the_web())


def test_a_listed_key_that_is_not_for_signing_does_not_count() -> None:
    web = the_web(assertionMethod=[P256.id], authentication=[ED.id])
    with pytest.raises(ForeignKey):
        verification_method(DID, ED.id, fetch=web)
    with pytest.raises(ForeignKey):
        verification_method(DID, None, jwk=ED.method.jwk(), fetch=web)


def test_a_header_whose_name_and_key_disagree_is_refused() -> None:
    with pytest.raises(ForeignKey):
        verification_method(DID, ED.id, jwk=P256.method.jwk(), fetch=the_web())


def test_a_foreign_name_is_never_followed() -> None:
    for foreign in ("did:web:stranger.example#ed", f"{DID}2#ed", "did:key:z6Mk", "ed", f"{DID}/x#ed"):
        with pytest.raises(ForeignKey):
            verification_method(DID, foreign, fetch=never)
    with pytest.raises(UnsupportedProof):
        verification_method(DID, "https://stranger.example/jwk", fetch=never)


def test_a_key_that_somebody_else_controls_is_not_the_issuers() -> None:
    web = the_web(verificationMethod=[multikey(ED.method, controller="did:web:stranger.example")])
    with pytest.raises(ForeignKey):
        verification_method(DID, ED.id, fetch=web)


def test_a_key_that_is_not_listed_is_another_answer_than_none() -> None:
    with pytest.raises(NoSuchKey):
        verification_method(DID, f"{DID}#gone", fetch=the_web())
    with pytest.raises(NoSuchKey):
        verification_method(DID, None, fetch=the_web())
    with pytest.raises(Unreachable):
        verification_method(DID, ED.id, fetch=nobody)


@pytest.mark.parametrize("answer", [404, 410, 500, 301, b"<html>", b"[]", b'{"id": 1, "id": 2}', b"\xff", b""])
def test_an_answer_that_is_no_document_says_nothing_about_the_badge(answer: bytes | int) -> None:
    with pytest.raises(Unreachable):
        verification_method(DID, ED.id, fetch=Web({URL: answer}))


def test_a_document_of_another_id_is_not_the_issuers() -> None:
    with pytest.raises(NoSuchKey):
        verification_method(DID, ED.id, fetch=the_web(id="did:web:stranger.example"))


def test_a_weak_key_is_refused_and_an_unknown_kind_is_not_called_weak() -> None:
    weak = multikey(ED.method, publicKeyMultibase="z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP")
    with pytest.raises(InvalidKey):
        verification_method(DID, ED.id, fetch=the_web(verificationMethod=[weak]))
    for node in (
        {"publicKeyMultibase": "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"},
        {"publicKeyJwk": {"kty": "EC", "crv": "secp256k1"}},
        {"publicKeyJwk": {"kty": ["EC"], "crv": {}}},
        {"publicKeyJwk": "text"},
        {},
    ):
        unknown = {"id": ED.id, "controller": DID, **node}
        with pytest.raises(UnsupportedProof):
            verification_method(DID, ED.id, fetch=the_web(verificationMethod=[unknown]))


def test_one_odd_key_does_not_spoil_the_others() -> None:
    odd = {"id": f"{DID}#odd", "controller": DID, "publicKeyMultibase": "z6Mkodd"}
    web = the_web(
        verificationMethod=[odd, json_web_key(P256.method), "text", {"no": "id"}],
        assertionMethod=[odd["id"], P256.id, 7, None, f"{DID}#dangling"],
    )
    assert verification_method(DID, None, jwk=P256.method.jwk(), fetch=web) == P256.method


def test_issuers_of_other_kinds_are_not_called_forgers() -> None:
    for issuer in ("did:example:1", "did:key:zUC7", "https://far.example/profile", "urn:uuid:1", ""):
        with pytest.raises(UnsupportedProof):
            verification_method(issuer, None, fetch=never)


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
        verification_method(DID, ED.id, fetch=Web({URL: {"id": DID} | document}))


# Open Badges 2.0

PROFILE = "https://far.example/profile"
KEY = "https://far.example/key"
RS = ed25519(9, id=KEY, controller=PROFILE)


def profile(**changes: Any) -> Document:
    return {"id": PROFILE, "publicKey": KEY} | changes


def key(**changes: Any) -> Document:
    return {"id": KEY, "owner": PROFILE, "publicKeyPem": RS.method.pem()} | changes


def test_a_linked_key_is_named_by_its_issuer_and_names_it() -> None:
    web = Web({KEY: key()})
    for creator in (KEY, None):
        assert linked_key(profile(), creator, fetch=web) == RS.method
    assert linked_key(profile(publicKey=[{"id": KEY, "type": "CryptographicKey"}]), KEY, fetch=web) == RS.method
    assert linked_key(profile(publicKey=key()), KEY, fetch=never) == RS.method


def test_a_key_that_the_issuer_does_not_link_to_is_foreign_and_not_fetched() -> None:
    with pytest.raises(ForeignKey):
        linked_key(profile(), "https://stranger.example/key", fetch=never)


@pytest.mark.parametrize("changes", [{"owner": "https://stranger.example/"}, {"owner": None}, {"id": f"{KEY}2"}])
def test_a_key_that_does_not_link_back_is_foreign(changes: Document) -> None:
    with pytest.raises(ForeignKey):
        linked_key(profile(), KEY, fetch=Web({KEY: key(**changes)}))


def test_a_profile_without_a_key_or_with_a_choice_of_keys_has_none_to_offer() -> None:
    for public_key in (None, [], [KEY, f"{KEY}2"], 7):
        with pytest.raises(NoSuchKey):
            linked_key(profile(publicKey=public_key), None, fetch=never)


def test_a_linked_key_that_is_no_pem_is_invalid() -> None:
    for pem in (None, 7, "", "-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(InvalidKey):
            linked_key(profile(), KEY, fetch=Web({KEY: key(publicKeyPem=pem)}))


# Fetching


def test_one_verification_asks_each_address_once_and_not_more_than_its_bound() -> None:
    web = Web({f"https://far.example/{n}": {} for n in range(9)})
    fetch = BoundedFetch(web, most=3)
    for _ in range(2):
        for n in range(3):
            document_at(f"https://far.example/{n}", fetch=fetch)
    with pytest.raises(Unreachable):
        document_at("https://far.example/3", fetch=fetch)
    assert web.asked == [f"https://far.example/{n}" for n in range(3)]


def test_silence_is_remembered_too() -> None:
    asked = []

    def silent(url: str, *, accept: str) -> Fetched:
        asked.append(url)
        raise Unreachable("Nobody answered.")

    fetch = BoundedFetch(silent)
    for _ in range(2):
        with pytest.raises(Unreachable):
            document_at(URL, fetch=fetch)
    assert asked == [URL]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "data:application/json,{}", "ftp://far.example/", "far.example"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(NotConformant):
        document_at(url, fetch=never)
