import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadSignature, InvalidKey
from badges.keys import PrivateKey, SigningKey, VerificationMethod, did_key, method_of_did_key
from badges.written_keys import base64url, key_from_jwk, key_from_multikey, key_from_pem, multikey

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: dict[str, PrivateKey] = {
    "EdDSA": ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    "ES256": ec.derive_private_key(7, ec.SECP256R1()),
    "ES384": ec.derive_private_key(7, ec.SECP384R1()),
    "RS256": RSA_KEY,
}
SHORT = {name: KEYS[name] for name in ("EdDSA", "ES256", "ES384")}


@pytest.fixture(params=KEYS.values(), ids=list(KEYS))
def key(request: pytest.FixtureRequest) -> SigningKey:
    return SigningKey.of(request.param, id="https://guild.example/keys/1", controller="https://guild.example")


@pytest.fixture(params=SHORT.values(), ids=list(SHORT))
def short(request: pytest.FixtureRequest) -> SigningKey:
    return SigningKey.did_key(request.param)


def bytes64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Published vectors


def test_rfc_8037_ed25519_key_thumbprint_and_signature_are_reproduced() -> None:
    private_key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    key = SigningKey.did_key(private_key)
    assert key.method.jwk() == {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert key.method.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    signature = key.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
    published = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    assert base64url(signature) == published


def test_rfc_7515_es256_signature_is_verified() -> None:
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    message = (
        b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
        b"Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    signature = bytes64("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    method = VerificationMethod("urn:x:1", "urn:x", key_from_jwk(jwk))
    method.verify(signature, message)
    assert method.jwk() == jwk


def test_rfc_7638_thumbprint_of_rsa_is_reproduced() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )
    method = VerificationMethod("urn:x:1", "urn:x", key_from_jwk({"kty": "RSA", "n": n, "e": "AQAB"}))
    assert method.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize(
    ("did", "kind"),
    [
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", ed25519.Ed25519PublicKey),
        ("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", ec.EllipticCurvePublicKey),
    ],
)
def test_published_did_keys_are_read_and_written(did: str, kind: type) -> None:
    method = method_of_did_key(did)
    assert isinstance(method.key, kind)
    assert (method.id, method.controller) == (f"{did}#{did.removeprefix('did:key:')}", did)
    assert did_key(method.key) == did


# Signing and verifying


def test_the_algorithm_follows_from_the_kind_of_the_key() -> None:
    assert [SigningKey.of(key, id="urn:x:1", controller="urn:x").algorithm for key in KEYS.values()] == list(KEYS)


def test_what_a_key_signs_it_verifies(key: SigningKey) -> None:
    key.method.verify(key.sign(b"message"), b"message")


def test_a_signature_over_anything_else_is_bad(key: SigningKey) -> None:
    signature = key.sign(b"message")
    for forged in (
        b"",
        signature[:-1],
        signature + b"\0",
        bytes(len(signature)),
        bytes([signature[0] ^ 1]) + signature[1:],
    ):
        with pytest.raises(BadSignature):
            key.method.verify(forged, b"message")
    with pytest.raises(BadSignature):
        key.method.verify(signature, b"massage")


def test_an_es256_signature_is_raw_not_der() -> None:
    assert len(SigningKey.did_key(KEYS["ES256"]).sign(b"message")) == 64


@pytest.mark.parametrize("half", [bytes(32), b"\xff" * 32])
def test_an_es256_signature_of_zeros_or_past_the_order_is_bad(half: bytes) -> None:
    with pytest.raises(BadSignature):
        SigningKey.did_key(KEYS["ES256"]).method.verify(half * 2, b"message")


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_any_ed25519_key_goes_by_its_did_and_verifies_under_it(seed: bytes, message: bytes) -> None:
    key = SigningKey.did_key(ed25519.Ed25519PrivateKey.from_private_bytes(seed))
    method_of_did_key(key.id).verify(key.sign(message), message)
    assert method_of_did_key(key.controller) == key.method


# Writing and reading


def test_a_key_is_read_back_from_every_form_it_is_written_in(key: SigningKey) -> None:
    public = key.method.jwk()
    assert VerificationMethod("urn:x:1", "urn:x", key_from_jwk(public)).jwk() == public
    assert VerificationMethod("urn:x:1", "urn:x", key_from_pem(key.method.pem())).jwk() == public
    assert SigningKey.from_pkcs8(key.pkcs8(), id=key.id, controller=key.controller).method.jwk() == public


def test_a_multikey_is_read_back(short: SigningKey) -> None:
    read = key_from_multikey(short.method.multikey())
    assert VerificationMethod("urn:x:1", "urn:x", read).jwk() == short.method.jwk()


def test_rsa_has_no_short_form() -> None:
    with pytest.raises(InvalidKey, match="RSA"):
        multikey(RSA_KEY.public_key())
    with pytest.raises(InvalidKey, match="RSA"):
        SigningKey.did_key(RSA_KEY)


def test_private_keys_stay_out_of_print(key: SigningKey) -> None:
    assert "private" not in repr(key)
    assert not {"d", "p", "q", "k"}.intersection(key.method.jwk())


# Refusals

MULTIKEY = SigningKey.did_key(KEYS["EdDSA"]).method.multikey()


@pytest.mark.parametrize(
    "url",
    ["did:key:", "did:web:guild.example", MULTIKEY, f"did:key:{MULTIKEY}#{MULTIKEY[:-1]}", f"did:key:{MULTIKEY}\n"],
)
def test_what_is_no_did_key_is_refused(url: str) -> None:
    with pytest.raises(InvalidKey):
        method_of_did_key(url)


def other_kinds() -> dict[str, Any]:
    return {
        "x25519": x25519.X25519PrivateKey.generate(),
        "x448": x448.X448PrivateKey.generate(),
        "brainpool": ec.generate_private_key(ec.BrainpoolP256R1()),
        "p521": ec.derive_private_key(7, ec.SECP521R1()),
    }


@pytest.mark.parametrize("kind", ["x25519", "x448", "brainpool", "p521"])
def test_keys_of_other_kinds_sign_no_badges(kind: str) -> None:
    private_key = other_kinds()[kind]
    der = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(InvalidKey):
        SigningKey.from_pkcs8(der, id="urn:x:1", controller="urn:x")
    with pytest.raises(InvalidKey):
        VerificationMethod("urn:x:1", "urn:x", key_from_pem(pem))


def test_keys_of_kinds_that_nobody_knows_are_refused_like_any_other() -> None:
    private_key = x448.X448PrivateKey.generate()
    known, unknown = bytes.fromhex("2b656f"), bytes.fromhex("2b6501")
    der = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).replace(known, unknown, 1)
    spki = private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    body = base64.encodebytes(spki.replace(known, unknown, 1)).decode()
    with pytest.raises(InvalidKey):
        SigningKey.from_pkcs8(der, id="urn:x:1", controller="urn:x")
    with pytest.raises(InvalidKey):
        key_from_pem(f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n")


@pytest.mark.parametrize(
    "read", [key_from_pem, lambda text: SigningKey.from_pkcs8(text.encode(), id="a", controller="b")]
)
@pytest.mark.parametrize("text", ["", "key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "é"])
def test_what_is_no_key_is_refused(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(InvalidKey):
        read(text)
