"""What may be the secret of a source: made here, or by the platform."""

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SHORTEST, LONGEST = 16, 4_000


def plain(random: str) -> str:
    return random


def standard(random: str) -> str:
    """`whsec_` and 32 bytes in base64, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(hashlib.sha256(random.encode()).digest()).decode()


def any_text(given: str) -> str:
    """Raises `ValueError`."""
    if not SHORTEST <= len(given) <= LONGEST or not given.isprintable() or not given.isascii():
        raise ValueError(f"a secret has at least {SHORTEST} visible ASCII characters")
    return given


def public_key_in_hex(given: str) -> str:
    """Raises `ValueError`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(given))
    except ValueError:
        raise ValueError("the public key (Ed25519) of the relay is needed, in 64 hexadecimal digits") from None
    return given.lower()


def standard_or_key(given: str) -> str:
    """`whsec_…` or `whpk_…`. Raises `ValueError`."""
    kind, _, rest = given.partition("_")
    try:
        key = base64.b64decode(rest, validate=True)
        if kind == "whpk":
            Ed25519PublicKey.from_public_bytes(key)
    except (ValueError, binascii.Error):
        key = b""
    if kind not in {"whsec", "whpk"} or not 24 <= len(key) <= 64:
        raise ValueError("whsec_ with 24 to 64 bytes in base64, or whpk_ with an Ed25519 public key, is needed")
    return given


def token_or_standard(given: str) -> str:
    """Raises `ValueError`."""
    return standard_or_key(given) if given.startswith(("whsec_", "whpk_")) else any_text(given)


def token_or_pem(given: str) -> str:
    """A token, or a public key (RSA, Ed25519) in PEM. Raises `ValueError`."""
    if not given.startswith("-----BEGIN"):
        return any_text(given)
    try:
        key = load_pem_public_key(given.encode()) if len(given) <= LONGEST else None
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey | Ed25519PublicKey) or (isinstance(key, RSAPublicKey) and key.key_size < 2048):
        raise ValueError("this is no public key (RSA from 2048 bits on, or Ed25519) in PEM")
    return given
