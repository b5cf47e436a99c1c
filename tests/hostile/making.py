"""Badges made to be expensive: each family grows one thing, as far as a document of a given size allows.

A stranger writes whatever it likes and signs it properly, since a did:key costs nothing. Where the work comes before
the signature, one of the right length does as well.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

import base58

from badges.documents import BADGE_LIMITS, Document, walk
from badges.errors import BadgeError
from badges.proofs import jws
from badges.proofs.canonical import jcs
from tests.far_issuer import FarIssuer

KIB = 1024
SIZE = 256 * KIB

Made = tuple[FarIssuer, bytes]
"""Who answers, and what is handed in."""

FAMILIES: dict[str, Callable[[int], Made]] = {}
"""By name; called with the most bytes that may be handed in."""


def family(make: Callable[[int], Made]) -> Callable[[int], Made]:
    FAMILIES[make.__name__.replace("_", "-")] = make
    return make


def issuer() -> FarIssuer:
    return FarIssuer(mode="did:key")


def credential(far: FarIssuer, **members: Any) -> Document:
    made = far.credential() | members
    del made["credentialStatus"]
    return made


def as_much_as_fits(size: int, part: Callable[[int], Any], *, aside: int = 4 * KIB) -> list[Any]:
    """`part(0)`, `part(1)`… as long as their JSON stays within `size`, with some bytes left for the rest."""
    parts: list[Any] = []
    room = size - aside
    for n in count():
        one = part(n)
        text = json.dumps(one, separators=(",", ":"), ensure_ascii=False)
        room -= max(len(text.encode()) + 1, _least(one, spare=0))
        if room < 0:
            return parts
        parts.append(one)
    raise AssertionError


def embedded(far: FarIssuer, document: Document, form: str = "eddsa-rdfc-2022") -> bytes:
    """As JSON with a proof that is no proof, since the work comes before the signature."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": form,
        "created": "2026-11-01T00:00:00Z",
        "verificationMethod": far.ed25519.id,
        "proofPurpose": "assertionMethod",
        "proofValue": "z" + base58.b58encode(bytes(64)).decode(),
    }
    return as_json(document | {"proof": [proof]})


def signed(far: FarIssuer, document: Document) -> bytes:
    """As JSON, properly signed whatever it says (Data Integrity EdDSA Cryptosuites §3.3)."""
    made = json.loads(embedded(far, document, "eddsa-jcs-2022"))
    proof = made["proof"][0] | {"@context": document["@context"]}
    del proof["proofValue"]
    digest = sha256(jcs(proof)).digest() + sha256(jcs(document)).digest()
    value = base58.b58encode(far.ed25519.sign(digest)).decode()
    return as_json(document | {"proof": [proof | {"proofValue": f"z{value}"}]})


def as_json(value: Document) -> bytes:
    """As JSON text, with as much white space as it takes to be let in for its length."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"{" + b" " * (_least(value) - len(text)) + text[1:]


def _least(value: Any, *, spare: int = 8) -> int:
    """Bytes that a document of so many values and objects has to have."""
    values = [each for _, each in walk(value)]
    objects = sum(isinstance(each, dict) for each in values)
    return max(BADGE_LIMITS.bytes_per_value * (len(values) + spare), BADGE_LIMITS.bytes_per_object * (objects + spare))


def token(far: FarIssuer, document: Document) -> bytes:
    """As a VC-JWT, properly signed whatever it says."""
    try:
        payload = document | jws.claims_of(document)
    except BadgeError:
        payload = document
    return jws.sign(as_json(payload), far.ed25519, header={"kid": far.ed25519.id}).encode()


def in_achievement(far: FarIssuer, **members: Any) -> Document:
    made = credential(far)
    made["credentialSubject"]["achievement"] |= members
    return made
