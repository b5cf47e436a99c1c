"""Credentials in credentials: each is part of all that are around it, and looked at with them again."""

import json

from badges.documents import Document
from tests.far_issuer import OB3, VC2, FarIssuer
from tests.hostile.making import KIB, Made, as_json, as_much_as_fits, credential, family, issuer

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
