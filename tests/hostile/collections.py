"""Credentials in credentials: each is part of all that are around it, and looked at with them again."""

import json
from hashlib import sha512
from itertools import combinations, islice

from badges import contexts
from badges.documents import Document
from badges.proofs import jws
from badges.written_keys import base64url
from tests.far_issuer import OB3, VC2, FarIssuer
from tests.hostile.expansion import SCOPED
from tests.hostile.making import KIB, Made, as_json, as_much_as_fits, credential, embedded, family, issuer

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def _presented(far: FarIssuer, *members: Document) -> Document:
    document = {"@context": [VC2, OB3], "type": ["VerifiablePresentation"], "holder": far.id}
    signed: Document = json.loads(far.sign(document | {"verifiableCredential": list(members)}))
    return signed


def _recorded(far: FarIssuer, *members: Document) -> Document:
    subject = {"id": far.id, "type": ["ClrSubject"], "verifiableCredential": list(members)}
    document = credential(far) | {
        "@context": [VC2, CLR, OB3],
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "All of it",
        "credentialSubject": subject,
    }
    signed: Document = json.loads(far.sign(document))
    return signed


def _dense(far: FarIssuer, size: int, n: int = 0) -> Document:
    claims = as_much_as_fits(size, lambda m: {"type": ["Evidence"], "name": f"{n} {m:022}"}, aside=0)
    signed: Document = json.loads(far.sign(credential(far, id=f"urn:x:{n}", evidence=claims)))
    return signed


@family
def a_presentation_of_one_large_badge(size: int) -> Made:
    far = issuer()
    return far, as_json(_presented(far, _dense(far, size - 8 * KIB)))


@family
def a_presentation_of_many_badges(size: int) -> Made:
    far = issuer()
    badges = as_much_as_fits(size, lambda n: _dense(far, 1 * KIB, n))
    return far, as_json(_presented(far, *badges))


@family
def a_record_of_many_badges(size: int) -> Made:
    far = issuer()
    badges = as_much_as_fits(size, lambda n: _dense(far, 1 * KIB, n))
    return far, as_json(_recorded(far, *badges))


@family
def a_record_in_a_record_in_a_presentation(size: int) -> Made:
    far = issuer()
    inner = _recorded(far, _dense(far, size - 16 * KIB))
    return far, as_json(_presented(far, _recorded(far, inner)))


def _unsigned(*members: Document) -> bytes:
    """A presentation that nobody signed, since that is one work less for its maker and more for each badge."""
    return as_json({"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": list(members)})


@family
def different_contexts_in_every_badge(size: int) -> Made:
    far = issuer()
    chosen = combinations(sorted(contexts.index().keys() - {VC2, OB3, "https://www.w3.org/2018/credentials/v1"}), 9)

    def badge(_: int) -> Document:
        made: Document = json.loads(embedded(far, credential(far) | {"@context": [VC2, OB3, *next(chosen)]}))
        return made

    return far, _unsigned(*as_much_as_fits(size, badge))


@family
def a_shape_of_its_own_for_every_badge(size: int) -> Made:
    far = issuer()

    def badge(n: int) -> Document:
        own = {f"urn:t:{n}:{k}": "v" for k in range(5)}
        made: Document = json.loads(embedded(far, credential(far, evidence=[{"type": ["Evidence"], **own}])))
        return made

    return far, _unsigned(*as_much_as_fits(size, badge))


@family
def scoped_types_beside_each_other_in_every_badge(size: int) -> Made:
    far = issuer()
    chosen = [list(types) for types in islice(combinations(SCOPED, 8), 15)]

    def badge(n: int) -> Document:
        evidence = [{"id": f"urn:e:{n}:{k}", "type": types} for k, types in enumerate(chosen)]
        made: Document = json.loads(embedded(far, credential(far, evidence=evidence)))
        return made

    return far, _unsigned(*as_much_as_fits(size, badge))


@family
def tokens_of_an_issuer_of_many_keys(size: int) -> Made:
    """Each is signed with a key that the issuer does not have, so that it has to be held against all of them."""
    far, other = FarIssuer(), issuer().p256
    listed = [
        {"kty": "RSA", "n": base64url(b"\xff" + sha512(bytes([n])).digest() * 16), "e": "AQAB"} for n in range(100)
    ]
    methods = [
        {"id": f"{far.id}#{n}", "type": "JsonWebKey", "controller": far.id, "publicKeyJwk": jwk}
        for n, jwk in enumerate(listed)
    ]
    published = {"id": far.id, "verificationMethod": methods, "assertionMethod": [each["id"] for each in methods]}
    far.pages[f"{far.base}/did.json"] = lambda: published

    def token(n: int) -> Document:
        document = credential(far, id=f"urn:x:{n}")
        payload = document | jws.claims_of(document)
        signed = jws.sign(json.dumps(payload).encode(), other, header={"jwk": other.method.jwk()})
        return {"@context": VC2, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{signed}"}

    return far, _unsigned(*as_much_as_fits(size, token))
