"""Keys, and a web of a few addresses, to look them up in."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.documents import Document
from badges.errors import Unreachable
from badges.keys import SigningKey
from badges.resolving import Fetched

DID = "did:web:far.example:issuers:hill"
URL = "https://far.example/issuers/hill/did.json"


def ed25519(number: int, *, id: str = f"{DID}#ed", controller: str = DID) -> SigningKey:
    return SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), id=id, controller=controller)


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
