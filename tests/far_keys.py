"""The keys of an issuer, in memory: by what names they go, and what it publishes of them."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.documents import Document, serialize
from badges.keys import SigningKey
from tests.far_site import FarSite

Mode = Literal["did:web", "https", "did:key", "did:jwk"]


class FarKeys(FarSite):
    """Says who it is by did:web or an https address (its keys are in a document that it hosts), or by did:key or
    did:jwk (its key is its name).
    """

    def __init__(self, mode: Mode, name: str, base: str | None = None) -> None:
        super().__init__(base)
        self.mode = mode
        self.name = name
        self.retired: list[SigningKey] = []
        self.marks: dict[str, Document] = {}
        self._generation = 0
        self._make_keys()
        self.pages[f"{self.base}/did.json"] = self.pages[self.base] = self.did_document

    @property
    def id(self) -> str:
        return self.ed25519.controller

    @property
    def did_url(self) -> str:
        """Where the document is in which it lists its keys."""
        return self.base if self.mode == "https" else f"{self.base}/did.json"

    def rotate(self, *, forget: bool = False, **marks: str) -> None:
        """New keys. The old ones stay listed, with `marks` (`expires`, `revoked`) if there are any, or are forgotten as
        a careless issuer would.
        """
        self.retired = [] if forget else [*self.retired, self.ed25519, self.p256]
        self.marks |= {key.id: marks for key in (self.ed25519, self.p256)}
        self._generation += 1
        self._make_keys()

    def did_document(self) -> Document:
        methods = [
            {"id": key.id, "controller": self.id, "type": "JsonWebKey", "publicKeyJwk": key.method.jwk()}
            if key.algorithm == "ES256"
            else {
                "id": key.id,
                "controller": self.id,
                "type": "Multikey",
                "publicKeyMultibase": key.method.multikey(),
            }
            for key in [self.p256, self.ed25519, *self.retired]
        ]
        methods = [method | self.marks.get(str(method["id"]), {}) for method in methods]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.id,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods],
            "authentication": [method["id"] for method in methods],
        }

    def _make_keys(self) -> None:
        seed = sha256(f"{self.name} {self._generation}".encode()).digest()
        edwards = Ed25519PrivateKey.from_private_bytes(seed)
        if self.mode == "did:key":
            self.ed25519 = self.p256 = SigningKey.did_key(edwards)
        elif self.mode == "did:jwk":
            jwk = SigningKey.did_key(edwards).method.jwk()
            did = "did:jwk:" + urlsafe_b64encode(serialize(jwk).encode()).rstrip(b"=").decode()
            self.ed25519 = self.p256 = SigningKey.of(edwards, id=f"{did}#0", controller=did)
        else:
            host, *path = self.base.partition("://")[2].split("/")
            did = self.base if self.mode == "https" else ":".join(["did:web", host.replace(":", "%3A"), *path])
            weierstrass = ec.derive_private_key(int.from_bytes(seed) >> 1, ec.SECP256R1())
            self.ed25519 = SigningKey.of(edwards, id=f"{did}#ed-{self._generation}", controller=did)
            self.p256 = SigningKey.of(weierstrass, id=f"{did}#p256-{self._generation}", controller=did)
        self.rsa = SigningKey.of(
            _rsa(self._generation), id=f"{self.base}/ob2/key", controller=f"{self.base}/ob2/profile"
        )


@cache
def _rsa(generation: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)
