import json
from datetime import datetime, timedelta
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from badges.controllers import did_web_url
from badges.documents import Document, timestamp
from badges.errors import (
    BadgeError,
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    NotConformant,
    RevokedKey,
    Unreachable,
    UnsupportedProof,
)
from badges.keys import SigningKey, VerificationMethod
from badges.methods import Signing, attribute
from badges.resolving import Fetch, Fetched
from badges.written_keys import base64url
from tests.badges.web import DID, URL, Web, ed25519, never, nobody
from tests.far_issuer import NOW


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


def the_web(**changes: Any) -> Web:
    return Web({URL: did_document(**changes)})


def method_of(
    issuer: str,
    name: str | None,
    *,
    fetch: Fetch,
    jwk: Document | None = None,
    at: datetime | None = None,
) -> VerificationMethod:
    return attribute(Signing(issuer, name, jwk, at, NOW), fetch=fetch)


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
        {},
    ):
        unknown = {"id": ED.id, "controller": DID, **node}
        with pytest.raises(UnsupportedProof):
            method_of(DID, ED.id, fetch=the_web(verificationMethod=[unknown]))


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
        found = attribute(Signing(HILL, KEY, None, None, NOW), fetch=web)
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
                attribute(Signing(HILL, address, jwk, None, NOW), fetch=web)


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
    with pytest.raises((NoSuchKey, UnsupportedProof)):
        method_of(HILL, KEY, fetch=web)


# Keys that end

DAY = timedelta(days=1)


def ending(**members: datetime) -> Web:
    return the_web(verificationMethod=[multikey(ED.method, **{k: timestamp(at) for k, at in members.items()})])


def test_a_key_that_expired_still_speaks_for_what_it_signed_before() -> None:
    web = ending(expires=NOW - DAY)
    assert method_of(DID, ED.id, fetch=web, at=NOW - 2 * DAY) == ED.method
    for at in (NOW - DAY, NOW, None):
        with pytest.raises(ForeignKey, match="expired"):
            method_of(DID, ED.id, fetch=web, at=at)
    assert method_of(DID, ED.id, fetch=ending(expires=NOW + DAY)) == ED.method


def test_of_a_revoked_key_nobody_can_tell_when_it_signed() -> None:
    web = ending(revoked=NOW - DAY)
    for header in (None, ED.method.jwk()):
        name = ED.id if header is None else None
        with pytest.raises(RevokedKey):
            method_of(DID, name, jwk=header, fetch=web, at=NOW - 2 * DAY)
        with pytest.raises(ForeignKey, match="revoked"):
            method_of(DID, name, jwk=header, fetch=web, at=NOW - DAY)
    assert method_of(DID, ED.id, fetch=ending(revoked=NOW + DAY), at=NOW) == ED.method


def test_a_key_that_ends_at_no_instant_is_invalid() -> None:
    for member in ("expires", "revoked"):
        with pytest.raises(InvalidKey):
            method_of(DID, ED.id, fetch=the_web(verificationMethod=[multikey(ED.method, **{member: "soon"})]))


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
