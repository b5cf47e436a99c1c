"""Keys, and a web of a few addresses, to look them up in."""

import json
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.documents import Document
from badges.errors import BadSignature, Unreachable
from badges.keys import SigningKey, VerificationMethod
from badges.methods import Signing, attribute
from badges.resolving import Fetch, Fetched
from tests.far_issuer import NOW

DID = "did:web:far.example:issuers:hill"
URL = "https://far.example/issuers/hill/did.json"


def ed25519(number: int, *, id: str = f"{DID}#ed", controller: str = DID) -> SigningKey:
    return SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), id=id, controller=controller)


def p256(number: int, *, id: str = f"{DID}#p256") -> SigningKey:
    return SigningKey.of(ec.derive_private_key(number, ec.SECP256R1()), id=id, controller=DID)


ED, P256, STRANGER = ed25519(1), p256(2), ed25519(3, id="did:web:stranger.example#ed")


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
    algorithm: str | None = None,
    made_by: SigningKey | None = None,
) -> VerificationMethod:
    """The key that is found for a signature `made_by` a key; by whichever is tried first, if that is not said."""

    def verify(method: VerificationMethod) -> None:
        if made_by and method.key != made_by.method.key:
            raise BadSignature("The signature is not this key's.")

    signing = Signing(issuer, name, jwk, at, NOW, algorithms=(algorithm,) if algorithm else ())
    return attribute(signing, verify=verify, fetch=fetch)
