import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from badges.documents import Document
from badges.errors import InvalidKey
from badges.keys import VerificationMethod
from badges.written_keys import (
    base64url,
    decoded64,
    jwk_of,
    key_from_jwk,
    key_from_multikey,
    multikey,
    unknown_multikey,
)

PUBLIC = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
MULTIKEY = multikey(PUBLIC)
ED25519 = jwk_of(PUBLIC)
P256 = jwk_of(ec.derive_private_key(7, ec.SECP256R1()).public_key())
RSA = jwk_of(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())


@pytest.mark.parametrize(
    "text",
    [
        *("", "z", "u" + MULTIKEY[1:], MULTIKEY + " ", MULTIKEY + "\n", " " + MULTIKEY, MULTIKEY[:-1], MULTIKEY + "1"),
        *("z0OIl", "z6Mké", "z" + "1" * 200, "z" + "6Mk" * 60, MULTIKEY.replace("z", "Z", 1)),
    ],
)
def test_what_is_no_multikey_is_refused_so_that_a_key_has_one_name(text: str) -> None:
    with pytest.raises(InvalidKey):
        key_from_multikey(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "secp256k1"),
        ("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "X25519"),
    ],
)
def test_keys_of_kinds_that_are_not_used_here_are_refused_by_name(text: str, kind: str) -> None:
    assert unknown_multikey(text) == kind
    with pytest.raises(InvalidKey, match=kind):
        key_from_multikey(text)


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "AA"},
        ED25519 | {"d": "AA"},
        RSA | {"p": "AQAB"},
        RSA | {"oth": []},
        ED25519 | {"crv": "X25519"},
        ED25519 | {"x": ED25519["x"] + "="},
        ED25519 | {"x": ED25519["x"][:-1]},
        ED25519 | {"x": 5},
        {"kty": "OKP", "crv": "Ed25519"},
        P256 | {"crv": "P-384"},
        P256 | {"y": P256["x"]},
        P256 | {"x": base64url(b"\0" + decoded64(P256["x"]))},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"} | {"n": base64url(b"\xff" * 2000)},
        {"kty": "RSA", "n": "", "e": ""},
        {"kty": ["RSA"], "crv": {}},
    ],
)
def test_what_is_no_public_jwk_is_refused(jwk: Document) -> None:
    with pytest.raises(InvalidKey):
        key_from_jwk(jwk)


@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "n", "e"]), st.sampled_from(["OKP", "EC", "RSA", "AQ", 1, None])
    )
)
def test_any_jwk_is_a_key_or_refused(jwk: Document) -> None:
    with pytest.raises(InvalidKey):
        VerificationMethod("urn:x:1", "urn:x", key_from_jwk(jwk))
