"""Keys as badges name them: verification methods, what they sign and verify, and did:key.

Four kinds are known: Ed25519 (`EdDSA`), P-256 (`ES256`), P-384 (`ES384`, in Data Integrity proofs only) and RSA
(`RS256`). The algorithm follows from the kind of the key and never from what a badge's header says. Primitives are
those of `cryptography`; how keys are written is said in `written_keys`, which of them bind nobody in `weak_keys`.
"""

import hashlib
import json
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from badges.documents import Document
from badges.errors import BadSignature, InvalidKey, UnreadableKey
from badges.weak_keys import refuse_weak
from badges.written_keys import PublicKey, base64url, curve_of, jwk_of, key_from_multikey, multikey, pem_of

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class VerificationMethod:
    """A public key, by what name it goes, and who says that it is theirs (Controlled Identifiers §2.2)."""

    id: str
    """URL of the key, e.g. `did:web:example.org#key-1`."""
    controller: str
    """Id of who controls it; has to be the issuer of what it signs."""
    key: PublicKey = field(repr=False)

    def __post_init__(self) -> None:
        refuse_weak(self.key)
        if isinstance(self.key, ec.EllipticCurvePublicKey):
            curve_of(self.key)

    @property
    def algorithm(self) -> str:
        """The JOSE algorithm of the key: `EdDSA`, `ES256`, `ES384` or `RS256`."""
        match self.key:
            case ed25519.Ed25519PublicKey():
                return "EdDSA"
            case ec.EllipticCurvePublicKey():
                return curve_of(self.key).algorithm
            case _:
                return "RS256"

    def verify(self, signature: bytes, message: bytes) -> None:
        """Returns when `signature` (as JOSE writes it: raw r || s for ECDSA) is this key's over `message`.

        Raises `BadSignature`.
        """
        try:
            match self.key:
                case ed25519.Ed25519PublicKey():
                    self.key.verify(signature, message)
                case ec.EllipticCurvePublicKey():
                    curve = curve_of(self.key)
                    self.key.verify(_der_signature(signature, curve.size), message, ec.ECDSA(curve.hash))
                case _:
                    self.key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as error:
            raise BadSignature("The signature is not the one this key makes over these bytes.") from error

    def jwk(self) -> Document:
        """The public key as a JWK (RFC 7517, RFC 8037)."""
        return jwk_of(self.key)

    def thumbprint(self) -> str:
        """SHA-256 thumbprint of the JWK (RFC 7638), base64url."""
        canonical = json.dumps(self.jwk(), sort_keys=True, separators=(",", ":"))
        return base64url(hashlib.sha256(canonical.encode()).digest())

    def multikey(self) -> str:
        """The key as Multikey text, `z6Mk…` or `zDn…` (Controlled Identifiers §2.2.2). Raises `InvalidKey` for RSA."""
        return multikey(self.key)

    def pem(self) -> str:
        """The public key as PEM (SubjectPublicKeyInfo), as OB 2.0 publishes it."""
        return pem_of(self.key)


@dataclass(frozen=True)
class SigningKey:
    """A private key with the verification method by which others check what it signs."""

    method: VerificationMethod
    private_key: PrivateKey = field(repr=False)

    @classmethod
    def of(cls, private_key: PrivateKey, *, id: str, controller: str) -> "SigningKey":
        """The key under a name of the issuer's choice: a did:web fragment, an https URL."""
        return cls(VerificationMethod(id, controller, private_key.public_key()), private_key)

    @classmethod
    def did_key(cls, private_key: PrivateKey) -> "SigningKey":
        """The key under its own name, `did:key:z…#z…`. Raises `InvalidKey` for RSA."""
        did = did_key(private_key.public_key())
        return cls.of(private_key, id=f"{did}#{did.removeprefix('did:key:')}", controller=did)

    @classmethod
    def from_pkcs8(cls, der: bytes, *, id: str, controller: str) -> "SigningKey":
        """The key in unencrypted PKCS #8 DER. Raises `InvalidKey`."""
        try:
            private_key = serialization.load_der_private_key(der, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise InvalidKey("This is not a private key in PKCS #8 DER of a kind that signs badges.") from error
        if not isinstance(private_key, PrivateKey):
            raise InvalidKey("Only Ed25519, P-256, P-384 and RSA keys sign badges.")
        return cls.of(private_key, id=id, controller=controller)

    @property
    def id(self) -> str:
        """URL of the verification method."""
        return self.method.id

    @property
    def controller(self) -> str:
        """Id of whose key it is."""
        return self.method.controller

    @property
    def algorithm(self) -> str:
        """`EdDSA`, `ES256`, `ES384` or `RS256`."""
        return self.method.algorithm

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, as JOSE writes it (raw r || s for ECDSA)."""
        match self.private_key:
            case ed25519.Ed25519PrivateKey():
                return self.private_key.sign(message)
            case ec.EllipticCurvePrivateKey():
                curve = curve_of(self.private_key)
                r, s = decode_dss_signature(self.private_key.sign(message, ec.ECDSA(curve.hash)))
                return r.to_bytes(curve.size, "big") + s.to_bytes(curve.size, "big")
            case _:
                return self.private_key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def pkcs8(self) -> bytes:
        """The private key as unencrypted PKCS #8 DER: encrypt it before it is written anywhere."""
        return self.private_key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def did_key(key: PublicKey) -> str:
    """The did:key of a public key (did:key §3.1)."""
    return f"did:key:{multikey(key)}"


def method_of_did_key(url: str) -> VerificationMethod:
    """The one verification method of a did:key, with or without its fragment. Raises `InvalidKey`."""
    did, _, fragment = url.partition("#")
    text = did.removeprefix("did:key:")
    if text == did or (fragment and fragment != text):
        raise InvalidKey(f"{url} is not a did:key, or names a key that it does not hold.")
    try:
        return VerificationMethod(f"{did}#{text}", did, key_from_multikey(text))
    except UnreadableKey as error:  # that is not for somebody else to put right
        raise InvalidKey(f"{did[:80]} is not a did:key. {error.detail}") from error


def _der_signature(signature: bytes, size: int) -> bytes:
    """r || s as DER; r and s are range-checked by the verification itself (RFC 7518 §3.4)."""
    if len(signature) != 2 * size:
        raise ValueError(f"the signature has {len(signature)} bytes instead of {2 * size}")
    return encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
