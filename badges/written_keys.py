"""Public keys as texts: JWK, Multikey, PEM, and base64url, in which JOSE writes them.

Four kinds are known: Ed25519, P-256, P-384 and RSA. Primitives are those of `cryptography`; which keys bind nobody is
said in `weak_keys`.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache

import base58
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.documents import Document
from badges.errors import InvalidKey, UnreadableKey
from badges.weak_keys import LARGEST_RSA, SMALLEST_EXPONENT

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ED25519_PREFIX = b"\xed\x01"
"""Multicodec prefix of an Ed25519 public key (Controlled Identifiers §2.2.2)."""


@dataclass(frozen=True)
class Curve:
    """An elliptic curve of ECDSA with what goes with it in JOSE and Multikey."""

    name: str
    algorithm: str
    size: int
    """Bytes of a coordinate, and of each half of a signature."""
    prefix: bytes
    """Multicodec prefix of a compressed public key (Controlled Identifiers §2.2.2)."""
    group: ec.EllipticCurve
    hash: hashes.HashAlgorithm


CURVES = {
    curve.group.name: curve
    for curve in (
        Curve("P-256", "ES256", 32, b"\x80\x24", ec.SECP256R1(), hashes.SHA256()),
        Curve("P-384", "ES384", 48, b"\x81\x24", ec.SECP384R1(), hashes.SHA384()),
    )
}

_OTHER_CODECS = {
    b"\xe7\x01": "secp256k1",
    b"\xec\x01": "X25519",
    b"\xeb\x01": "BLS12-381 G2",
    b"\xea\x01": "BLS12-381 G1",
    b"\x82\x24": "P-521",
    b"\x85\x24": "RSA",
    b"\x83\x24": "Ed448",
    b"\x86\x26": "Ed25519 (private)",
    b"\x80\x26": "Ed25519 (private)",
}
"""Other prefixes that occur (the multicodec table), so that a refusal can say what was met."""

_MULTIBASE58 = re.compile("z[1-9A-HJ-NP-Za-km-z]{1,127}")
"""Checked here, since the decoder overlooks white space at the end and one key would go by many names."""

_SECRET_MEMBERS = {"d", "k", "p", "q", "dp", "dq", "qi", "oth"}
"""Members of a JWK that belong to private and symmetric keys only (RFC 7518 §6)."""


def multikey(key: PublicKey) -> str:
    """A public key as Multikey text. Raises `InvalidKey` for kinds that have no short form."""
    match key:
        case ed25519.Ed25519PublicKey():
            raw = ED25519_PREFIX + key.public_bytes_raw()
        case ec.EllipticCurvePublicKey():
            point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
            raw = curve_of(key).prefix + point
        case _:
            raise InvalidKey("RSA keys are published as JWK or PEM, not as Multikey.")
    return "z" + base58.b58encode(raw).decode()


def key_from_multikey(text: str) -> PublicKey:
    """The public key in Multikey text. Raises `UnreadableKey`."""
    if not _MULTIBASE58.fullmatch(text):
        raise UnreadableKey("A Multikey is 'z' followed by at most 127 base58btc characters.")
    try:
        raw = base58.b58decode(text[1:])
        if raw.startswith(ED25519_PREFIX):
            return ed25519.Ed25519PublicKey.from_public_bytes(raw[2:])
        for curve in CURVES.values():
            if raw.startswith(curve.prefix) and len(raw) == 3 + curve.size:
                return ec.EllipticCurvePublicKey.from_encoded_point(curve.group, raw[2:])
    except ValueError as error:
        raise UnreadableKey(f"The Multikey {text[:16]}… holds no key: {error}.") from error
    raise UnreadableKey(f"The Multikey {text[:16]}… is {_kind_of(raw)}, and not Ed25519, P-256 or P-384.")


def unknown_multikey(text: str) -> str | None:
    """What kind of key `text` holds where it is one that is known by name and not used here, such as `secp256k1`."""
    if not _MULTIBASE58.fullmatch(text):
        return None
    return _OTHER_CODECS.get(base58.b58decode(text[1:])[:2])


def key_from_base58(text: str) -> PublicKey:
    """The Ed25519 key in base58btc alone, as classes of 2018 have it. Raises `UnreadableKey`."""
    if not _MULTIBASE58.fullmatch(f"z{text}"):
        raise UnreadableKey("A key in base58btc has at most 127 characters of that alphabet.")
    try:
        return ed25519.Ed25519PublicKey.from_public_bytes(base58.b58decode(text))
    except ValueError as error:
        raise UnreadableKey(f"The text {text[:16]}… holds no Ed25519 key: {error}.") from error


def jwk_of(key: PublicKey) -> Document:
    """A public key as a JWK (RFC 7517, RFC 8037). Raises `InvalidKey` for curves that are not accepted."""
    match key:
        case ed25519.Ed25519PublicKey():
            return {"kty": "OKP", "crv": "Ed25519", "x": base64url(key.public_bytes_raw())}
        case ec.EllipticCurvePublicKey():
            curve, numbers = curve_of(key), key.public_numbers()
            x, y = _integer64(numbers.x, curve.size), _integer64(numbers.y, curve.size)
            return {"kty": "EC", "crv": curve.name, "x": x, "y": y}
        case _:
            rsa_numbers = key.public_numbers()
            n, e = rsa_numbers.n, rsa_numbers.e
            return {
                "kty": "RSA",
                "n": _integer64(n, (n.bit_length() + 7) // 8),
                "e": _integer64(e, (e.bit_length() + 7) // 8),
            }


def key_from_jwk(jwk: Document) -> PublicKey:
    """The public key of a JWK (RFC 7517). Raises `UnreadableKey`, and `InvalidKey` when it gives a private key away."""
    if jwk.keys() & _SECRET_MEMBERS:
        raise InvalidKey("The JWK holds a private or symmetric key; such a key proves nothing.")
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "OKP", "Ed25519":
                return ed25519.Ed25519PublicKey.from_public_bytes(decoded64(jwk["x"]))
            case "EC", str(crv) if found := [curve for curve in CURVES.values() if curve.name == crv]:
                return _point_of(found[0].algorithm, jwk["x"], jwk["y"])
            case "RSA", _:
                return _rsa_of(jwk["n"], jwk["e"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableKey(f"The JWK holds no key: {error}.") from error
    raise UnreadableKey("The JWK is none of Ed25519 (OKP), P-256 and P-384 (EC) and RSA.")


# An issuer may list a hundred keys, and a collection hold a hundred badges of that issuer.
@lru_cache(maxsize=256)
def _point_of(algorithm: str, x: str, y: str) -> PublicKey:
    (curve,) = (curve for curve in CURVES.values() if curve.algorithm == algorithm)
    return _point(curve, decoded64(x), decoded64(y))


@lru_cache(maxsize=256)
def _rsa_of(modulus: str, exponent: str) -> PublicKey:
    n, e = decoded64(modulus), decoded64(exponent)
    if len(n) > LARGEST_RSA // 8 + 1 or len(e) > 8:
        raise InvalidKey(f"An RSA key may have at most {LARGEST_RSA} bits.")
    if int.from_bytes(e) < SMALLEST_EXPONENT:
        raise InvalidKey("With that exponent anybody can sign for the RSA key.")
    return rsa.RSAPublicNumbers(int.from_bytes(e, "big"), int.from_bytes(n, "big")).public_key()


def pem_of(key: PublicKey) -> str:
    """A public key as PEM (SubjectPublicKeyInfo), as OB 2.0 publishes it."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def key_from_pem(pem: str) -> PublicKey:
    """The public key in PEM. Raises `UnreadableKey`."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm) as error:
        raise UnreadableKey("This is not a public key in PEM of a kind that signs badges.") from error
    if not isinstance(key, PublicKey):
        raise UnreadableKey("Only Ed25519, P-256, P-384 and RSA keys sign badges.")
    return key


def curve_of(key: ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey) -> Curve:
    """The curve of a key with what goes with it. Raises `UnreadableKey` for curves that are not accepted."""
    curve = CURVES.get(key.curve.name)
    if curve is None:
        raise UnreadableKey(f"Of the elliptic curves only P-256 and P-384 are accepted, not {key.curve.name}.")
    return curve


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded64(text: str) -> bytes:
    """The bytes in strict base64url without padding. Raises ValueError or, for anything but a string, TypeError."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(raw) != text:
        raise ValueError("this is not base64url without padding")
    return raw


def _point(curve: Curve, x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    if len(x) != curve.size or len(y) != curve.size:
        raise UnreadableKey(f"The coordinates of a {curve.name} JWK have {curve.size} bytes each (RFC 7518 §6.2.1.2).")
    return ec.EllipticCurvePublicKey.from_encoded_point(curve.group, b"\x04" + x + y)


def _kind_of(raw: bytes) -> str:
    return _OTHER_CODECS.get(raw[:2], "of a kind or length that is not known here")


def _integer64(number: int, size: int) -> str:
    return base64url(number.to_bytes(size, "big"))
