"""Keys that bind nobody: too small, too costly, of small order, or written in a second way.

A key of these kinds is refused before any signature is looked at, whoever publishes it (OB 3.0 §8.2; RFC 8032 §8.8).
"""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.errors import InvalidKey

SMALLEST_RSA, LARGEST_RSA = 2048, 8192
"""Bits. Below is forgeable, above costs a verifier too much (OB 3.0 §8.2; NIST SP 800-131A)."""
SMALLEST_EXPONENT = 3
"""Of an RSA key; with 1 every message is its own signature."""

_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        # and their encodings that are not canonical
        "0100000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    )
)
"""Ed25519 keys under which one signature fits many messages (RFC 8032 §8.8; "Taming the many EdDSAs", §2)."""

_FIELD = 2**255 - 19
"""Coordinates of Ed25519 points are below it (RFC 8032 §5.1)."""


def refuse_weak(key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> None:
    """Returns when `key` can bind its owner; on which curve it lies is for `keys` to say. Raises `InvalidKey`."""
    match key:
        case ed25519.Ed25519PublicKey():
            point = key.public_bytes_raw()
            if point in _SMALL_ORDER:
                raise InvalidKey("This Ed25519 key is of small order: anyone can sign for it.")
            # RFC 8032 §5.1.3 step 1: the decoder beneath takes both ways of writing such a point.
            if int.from_bytes(point, "little") & (2**255 - 1) >= _FIELD:
                raise InvalidKey("This Ed25519 key is not written in its one canonical form.")
        case rsa.RSAPublicKey():
            numbers = key.public_numbers()
            if not SMALLEST_RSA <= key.key_size <= LARGEST_RSA or numbers.e < SMALLEST_EXPONENT or numbers.e % 2 == 0:
                raise InvalidKey(f"An RSA key has {SMALLEST_RSA} to {LARGEST_RSA} bits and an odd exponent from 3.")
