"""Keys and signatures at the edge, named by their fault; the families are those of Project Wycheproof."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from badges.errors import BadSignature, InvalidKey
from badges.keys import SigningKey, VerificationMethod
from badges.written_keys import PublicKey

MESSAGE = b"a badge"
FIELD = 2**255 - 19
EDWARDS_ORDER = 2**252 + 27742317777372353535851937790883648493
ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}
ED25519 = SigningKey.did_key(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
RSA = SigningKey.of(rsa.generate_private_key(65537, 2048), id="urn:x:1", controller="urn:x")
CURVES = {
    "secp256r1": SigningKey.did_key(ec.derive_private_key(7, ec.SECP256R1())),
    "secp384r1": SigningKey.did_key(ec.derive_private_key(7, ec.SECP384R1())),
}


def method(key: PublicKey) -> VerificationMethod:
    return VerificationMethod("urn:x:1", "urn:x", key)


# Keys

SMALL_ORDER = {
    "order-1": 1,
    "order-2": FIELD - 1,
    "order-4": 0,
    "order-4-signed": 2**255,
    "order-8": 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    "order-8-other": 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    "order-1-past-the-field": FIELD + 1,
    "order-4-past-the-field": FIELD,
    "order-1-negative-zero": 1 + 2**255,
}


@pytest.mark.parametrize("fault", SMALL_ORDER)
def test_an_ed25519_key_of_small_order_binds_nobody(fault: str) -> None:
    point = SMALL_ORDER[fault].to_bytes(32, "little")
    with pytest.raises(InvalidKey, match="small order"):
        method(ed25519.Ed25519PublicKey.from_public_bytes(point))


@pytest.mark.parametrize("past", range(3, 19))
@pytest.mark.parametrize("sign", [0, 2**255])
def test_an_ed25519_key_that_is_written_in_a_second_way_is_refused(past: int, sign: int) -> None:
    point = (FIELD + past + sign).to_bytes(32, "little")
    with pytest.raises(InvalidKey):
        method(ed25519.Ed25519PublicKey.from_public_bytes(point))


@pytest.mark.parametrize(
    ("bits", "exponent"),
    [(1024, 65537), (2047, 65537), (8200, 65537), (2048, 1), (2048, 2), (2048, 65536)],
    ids=["1024-bits", "2047-bits", "8200-bits", "exponent-1", "exponent-2", "exponent-even"],
)
def test_an_rsa_key_that_is_too_small_too_large_or_of_no_use_is_refused(bits: int, exponent: int) -> None:
    with pytest.raises((InvalidKey, ValueError), match=r"RSA|e must be"):
        method(rsa.RSAPublicNumbers(exponent, (1 << bits) - 1).public_key())


# Signatures


def edwards_faults() -> dict[str, bytes]:
    signature = ED25519.sign(MESSAGE)
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    y = int.from_bytes(r, "little")
    return {
        "s-plus-order": r + (s + EDWARDS_ORDER).to_bytes(32, "little"),
        "s-plus-twice-order": r + (s + 2 * EDWARDS_ORDER).to_bytes(32, "little"),
        "s-zero": r + bytes(32),
        "s-all-ones": r + b"\xff" * 32,
        "s-high-bit": r + (s | 2**255).to_bytes(32, "little"),
        "r-zero": bytes(32) + signature[32:],
        "r-sign-flipped": (y ^ 2**255).to_bytes(32, "little") + signature[32:],
        "r-past-the-field": (FIELD + 1).to_bytes(32, "little") + signature[32:],
        "r-and-s-zero": bytes(64),
        "r-identity-s-zero": b"\x01" + bytes(63),
        "63-bytes": signature[:-1],
        "65-bytes": signature + b"\0",
        "twice": signature * 2,
        "empty": b"",
    }


@pytest.mark.parametrize("fault", edwards_faults())
def test_an_ed25519_signature_at_the_edge_is_bad(fault: str) -> None:
    with pytest.raises(BadSignature):
        ED25519.method.verify(edwards_faults()[fault], MESSAGE)


@pytest.mark.parametrize("fault", ["r-identity-s-zero", "r-small-order"])
def test_a_signature_that_fits_every_message_under_a_key_of_small_order_needs_such_a_key(fault: str) -> None:
    r = {"r-identity-s-zero": 1, "r-small-order": SMALL_ORDER["order-8"]}[fault].to_bytes(32, "little")
    with pytest.raises(BadSignature):
        ED25519.method.verify(r + bytes(32), MESSAGE)


def curve_faults(curve: str) -> dict[str, bytes]:
    key, order = CURVES[curve], ORDERS[curve]
    signature = key.sign(MESSAGE)
    size = len(signature) // 2
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")

    def raw(r: int, s: int) -> bytes:
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return {
        "r-zero": raw(0, s),
        "s-zero": raw(r, 0),
        "both-zero": raw(0, 0),
        "r-is-order": raw(order, s),
        "s-is-order": raw(r, order),
        "both-are-order": raw(order, order),
        "r-one-s-one": raw(1, 1),
        "r-all-ones": b"\xff" * size + signature[size:],
        "r-and-s-swapped": raw(s, r),
        "r-complemented": raw(order - r, s),
        "der": encode_dss_signature(r, s),
        "a-byte-short": signature[:-1],
        "a-byte-long": b"\0" + signature,
        "half": signature[:size],
        "padded-halves": b"\0" + signature[:size] + b"\0" + signature[size:],
        "empty": b"",
    }


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("fault", curve_faults("secp256r1"))
def test_an_ecdsa_signature_at_the_edge_is_bad(curve: str, fault: str) -> None:
    with pytest.raises(BadSignature):
        CURVES[curve].method.verify(curve_faults(curve)[fault], MESSAGE)


def rsa_faults() -> dict[str, bytes]:
    signature = RSA.sign(MESSAGE)
    assert isinstance(RSA.private_key, rsa.RSAPrivateKey)
    modulus = RSA.private_key.public_key().public_numbers().n
    number = int.from_bytes(signature, "big")
    return {
        "zero": bytes(256),
        "one": b"\0" * 255 + b"\x01",
        "is-modulus": modulus.to_bytes(256, "big"),
        "modulus-less-one": (modulus - 1).to_bytes(256, "big"),
        "plus-modulus": (number + modulus).to_bytes(257, "big"),
        "a-byte-short": signature[1:],
        "a-byte-long": b"\0" + signature,
        "trailing-byte": signature + b"\0",
        "empty": b"",
    }


@pytest.mark.parametrize("fault", rsa_faults())
def test_an_rsa_signature_at_the_edge_is_bad(fault: str) -> None:
    with pytest.raises(BadSignature):
        RSA.method.verify(rsa_faults()[fault], MESSAGE)
