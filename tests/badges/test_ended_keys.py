"""Until when a published key counts."""

import json
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from badges import Outcome, SigningKey, Verdict
from badges.documents import Document, serialize, timestamp
from badges.errors import (
    ForeignKey,
    RevokedKey,
    UnreadableKey,
)
from badges.proofs import jws
from tests.badges.judging import found, judge
from tests.badges.web import DID, ED, Web, method_of, multikey, the_web
from tests.far_issuer import FIRST, NOW, FarIssuer

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


def test_a_key_that_is_revoked_in_one_place_is_revoked_in_all() -> None:
    revoked = multikey(ED.method, revoked=timestamp(NOW - DAY))
    for changes in (
        {"verificationMethod": [revoked], "assertionMethod": [multikey(ED.method)]},
        {"verificationMethod": [multikey(ED.method), revoked]},
        {"verificationMethod": [revoked, multikey(ED.method)], "assertionMethod": [multikey(ED.method)]},
    ):
        for name, header in ((ED.id, None), (None, ED.method.jwk())):
            with pytest.raises(RevokedKey):
                method_of(DID, name, jwk=header, fetch=the_web(**changes), at=NOW - 2 * DAY)


@pytest.mark.parametrize("member", ["expires", "revoked"])
def test_a_key_that_ends_at_no_instant_cannot_be_read(member: str) -> None:
    for when in ("soon", "2020-01-01", True):
        with pytest.raises(UnreadableKey):
            method_of(DID, ED.id, fetch=the_web(verificationMethod=[multikey(ED.method, **{member: when})]))
    never = the_web(verificationMethod=[multikey(ED.method, **{member: None})])
    assert method_of(DID, ED.id, fetch=never) == ED.method


def test_who_controls_a_key_may_be_said_in_a_list_or_not_at_all() -> None:
    for controller in ([DID], ["did:web:stranger.example", DID], None, []):
        web = the_web(verificationMethod=[multikey(ED.method, controller=controller)])
        assert method_of(DID, ED.id, fetch=web) == ED.method
    with pytest.raises(ForeignKey, match="controlled"):
        method_of(DID, ED.id, fetch=the_web(verificationMethod=[multikey(ED.method, controller=["urn:x"])]))


def test_a_key_at_an_address_that_is_listed_as_revoked_is_revoked() -> None:
    address = "https://far.example/keys/1"
    web = ending(revoked=NOW - DAY)
    web.pages[address] = {"id": address, "publicKeyJwk": ED.method.jwk()}
    with pytest.raises(RevokedKey):
        method_of(DID, address, fetch=web, at=NOW - 2 * DAY)


def test_the_keys_of_an_issuer_that_end_are_all_looked_at_or_none_counts() -> None:
    ended = [multikey(ED.method, id=f"{DID}#{n}", revoked=timestamp(NOW - DAY)) for n in range(301)]
    for entries in (ended, ended[::-1]):
        with pytest.raises(UnreadableKey, match="More than 300"):
            method_of(DID, ED.id, fetch=the_web(authentication=entries))
        with pytest.raises(RevokedKey):
            method_of(DID, ED.id, fetch=the_web(authentication=entries[:300]), at=NOW - 2 * DAY)
    struck = [{"id": ED.id, "revoked": timestamp(NOW - DAY)}] * 101
    with pytest.raises(UnreadableKey, match="More than 100"):
        method_of(DID, ED.id, fetch=the_web(authentication=struck))


def test_a_key_at_an_address_is_revoked_when_anything_there_says_so() -> None:
    address, jwk, revoked = "https://far.example/keys/1", ED.method.jwk(), {"revoked": timestamp(NOW - DAY)}
    pages: list[Document] = [
        jwk | revoked,
        {"id": address, "publicKeyJwk": jwk | revoked},
        {"keys": [jwk | {"kid": address}, jwk | {"kid": "old"} | revoked]},
        {"keys": [jwk | {"kid": "old"} | revoked, jwk | {"kid": address}]},
    ]
    for page in pages:
        for linked in (the_web(), the_web(verificationMethod=[], assertionMethod=[address])):
            linked.pages[address] = page
            with pytest.raises(RevokedKey):
                method_of(DID, address, fetch=linked, at=NOW - 2 * DAY)


def test_a_did_key_that_is_listed_is_revoked_by_its_name() -> None:
    hill = "https://far.example/issuers/hill"
    own = SigningKey.did_key(ED.private_key)
    for name in (own.id, own.controller):
        struck = {"id": name, "revoked": timestamp(NOW - DAY)}
        web = Web({hill: {"id": hill, "verificationMethod": [struck], "assertionMethod": [multikey(own.method)]}})
        with pytest.raises(RevokedKey):
            method_of(hill, own.id, fetch=web, at=NOW - 2 * DAY)


# Through the front door

HILL = FarIssuer(mode="https")
KEY = f"{HILL.id}#key"
JWK = HILL.p256.method.jwk()
ENDED = {"revoked": timestamp(FIRST)}
NEW = SigningKey.did_key(ec.derive_private_key(11, ec.SECP256R1()))
THIRD = SigningKey.did_key(ec.derive_private_key(12, ec.SECP256R1()))
LISTED: Document = {"id": KEY, "type": "JsonWebKey", "controller": HILL.id, "publicKeyJwk": JWK}


def asked(members: Document, key: SigningKey, *, form: str = "kid") -> tuple[Verdict, tuple[Outcome, str]]:
    """What is said of a badge of the first day, when its issuer publishes these members."""
    header: Document = {"kid": "key"} if "kid" in form else {}
    header |= {"jwk": key.method.jwk()} if "jwk" in form else {}
    credential = {name: value for name, value in HILL.credential().items() if name != "credentialStatus"}
    HILL.answer(HILL.id, {"id": HILL.id, "type": ["Profile"], "name": HILL.name, **members})
    report = judge(HILL, jws.sign(serialize(credential | jws.claims_of(credential)).encode(), key, header=header))
    return report.verdict, found(report, "proof")


FORMS = ("kid", "jwk", "kid and jwk")
STRUCK_OUT: dict[str, Document] = {
    "nothing is left": {},
    "of no kind": {"type": "Multikey", "publicKeyMultibase": "zUC7..."},
    "half a key": {"type": "Multikey", "publicKeyMultibase": "z6Mk"},
    "half a JWK": {"publicKeyJwk": {"kty": "EC", "crv": "P-256", "x": JWK["x"]}},
    "no PEM": {"publicKeyPem": "-----BEGIN PUBLIC KEY-----"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("left", STRUCK_OUT)
@pytest.mark.parametrize("end", ["revoked", "expires"])
def test_a_key_whose_name_was_struck_out_is_not_believed_though_a_copy_is_left(form: str, left: str, end: str) -> None:
    struck = {"id": KEY, "controller": HILL.id, end: timestamp(FIRST)} | STRUCK_OUT[left]
    for members in (
        {"verificationMethod": [struck], "assertionMethod": [LISTED]},
        {"verificationMethod": [struck, LISTED], "assertionMethod": [KEY]},
        {"verificationMethod": [LISTED, struck], "assertionMethod": [KEY]},
        {"verificationMethod": [LISTED], "assertionMethod": [KEY], "authentication": [struck]},
        {"verificationMethod": [LISTED, struck | {"id": "key"}]},
        {"jwks": {"keys": [JWK | {"kid": "key"}]}, "publicKey": [struck]},
    ):
        assert asked(members, HILL.p256, form=form) == (Verdict.unknown, (Outcome.unknown, "unreadable-key"))
        assert asked(members, THIRD, form=form)[0] is Verdict.forged


@pytest.mark.parametrize("form", FORMS)
def test_a_key_that_is_revoked_by_any_name_and_in_any_form_is_revoked(form: str) -> None:
    multibase = HILL.p256.method.multikey()
    for revoked in (
        LISTED | ENDED,
        LISTED | ENDED | {"id": "#key"},
        LISTED | ENDED | {"id": "key"},
        LISTED | ENDED | {"id": f"{HILL.id}#old"},
        LISTED | ENDED | {"controller": "https://else.example/"},
        LISTED | {"publicKeyJwk": JWK | ENDED},
        LISTED | {"publicKeyJwk": JWK | ENDED | {"use": "enc"}},
        {"id": f"{HILL.id}#old", "publicKeyMultibase": multibase} | ENDED,
        {"id": f"{HILL.id}#old", "publicKeyPem": HILL.p256.method.pem()} | ENDED,
        {"publicKeyPem": HILL.p256.method.pem()} | ENDED,
    ):
        for members in (
            {"verificationMethod": [revoked], "assertionMethod": [LISTED]},
            {"verificationMethod": [LISTED, revoked]},
            {"verificationMethod": [revoked, LISTED]},
            {"verificationMethod": [LISTED], "assertionMethod": [KEY], "keyAgreement": [revoked]},
            {"jwks": {"keys": [JWK | {"kid": "key"}]}, "verificationMethod": [revoked]},
        ):
            assert asked(members, HILL.p256, form=form) == (Verdict.forged, (Outcome.failed, "foreign-key"))
    for jwks in ([JWK | {"kid": "key"} | ENDED], [JWK | {"kid": "key"}, JWK | {"kid": "old"} | ENDED]):
        for keys in permutations(jwks):
            assert asked({"jwks": {"keys": keys}}, HILL.p256, form=form)[0] is Verdict.forged
            HILL.answer(f"{HILL.id}/jwks", {"keys": keys})
            assert asked({"jwks_uri": f"{HILL.id}/jwks"}, HILL.p256, form=form)[0] is Verdict.forged


@pytest.mark.parametrize("form", FORMS)
def test_an_issuer_may_give_the_name_of_a_revoked_key_to_a_new_one(form: str) -> None:
    rsa = {"publicKeyJwk": HILL.rsa.method.jwk()}
    other_kind = {"publicKeyMultibase": "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"}
    old, new = LISTED | ENDED, LISTED | {"publicKeyJwk": NEW.method.jwk()}
    alike = {name: value for name, value in LISTED.items() if name != "publicKeyJwk"} | ENDED
    for entries in permutations([old, new, alike | rsa, alike | other_kind]):
        members = {"verificationMethod": list(entries), "assertionMethod": [KEY]}
        assert asked(members, NEW, form=form) == (Verdict.valid, (Outcome.passed, "signature-valid"))
        assert asked(members, HILL.p256, form=form) == (Verdict.forged, (Outcome.failed, "foreign-key"))
        code = "bad-signature" if form == "kid" else "foreign-key"
        assert asked(members, THIRD, form=form) == (Verdict.forged, (Outcome.failed, code))
    later = old | {"revoked": timestamp(FIRST + DAY)}
    for entries in permutations([later, new]):
        members = {"verificationMethod": list(entries)}
        assert asked(members, NEW, form=form)[0] is Verdict.valid
        assert asked(members, HILL.p256, form=form) == (Verdict.unknown, (Outcome.unknown, "revoked-key"))


def test_whatever_says_most_about_a_key_counts_wherever_it_stands() -> None:
    said = [{"revoked": timestamp(FIRST)}, {"revoked": timestamp(FIRST + DAY)}, {"revoked": "yes"}, {}]
    for entries in permutations([LISTED | each for each in said]):
        for members in ({"verificationMethod": entries}, {"publicKey": entries}):
            assert asked(members, HILL.p256) == (Verdict.forged, (Outcome.failed, "foreign-key"))


def test_a_proof_inside_a_badge_is_tried_with_every_key_of_its_name() -> None:
    issuer = FarIssuer()
    credential = {name: value for name, value in issuer.credential().items() if name != "credentialStatus"}
    own, other = issuer.ed25519, FarIssuer(name="Another").ed25519.method.multikey()
    current = {"id": own.id, "type": "Multikey", "controller": issuer.id, "publicKeyMultibase": own.method.multikey()}
    old = current | {"publicKeyMultibase": other} | ENDED
    for form in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        genuine = issuer.sign(credential, form)
        changed = serialize(json.loads(genuine) | {"name": "Something else"})
        for entries in permutations([current, old]):
            issuer.answer(issuer.did_url, {"id": issuer.id, "verificationMethod": entries, "assertionMethod": own.id})
            assert judge(issuer, genuine).verdict is Verdict.valid
            assert judge(issuer, changed).verdict is Verdict.forged
        struck = {"id": own.id, "type": "Multikey", "controller": issuer.id} | ENDED
        issuer.answer(issuer.did_url, {"id": issuer.id, "verificationMethod": [struck], "assertionMethod": [current]})
        assert judge(issuer, genuine).verdict is Verdict.unknown
        assert judge(issuer, changed).verdict is Verdict.forged
