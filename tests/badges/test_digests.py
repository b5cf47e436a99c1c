"""Digests that pin what stands elsewhere."""

import base64
import hashlib

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

import badges
from badges.digests import matches

BODY = b"three sessions"
SHA256 = b"\x12\x20" + hashlib.sha256(BODY).digest()


def sri(name: str, body: bytes = BODY) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, body).digest()).decode()}"


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_what_is_pinned_is_found_again_and_nothing_else(body: bytes, other: bytes) -> None:
    pin = {"digestMultibase": badges.digest_multibase(body)}
    assert matches(pin, body) is True
    assert matches(pin, other) is (body == other)


@pytest.mark.parametrize(
    "pin",
    [
        {"digestMultibase": "z" + base58.b58encode(SHA256).decode()},
        {"digestMultibase": "f" + SHA256.hex()},
        {"digestMultibase": "z" + base58.b58encode(b"\x13\x40" + hashlib.sha512(BODY).digest()).decode()},
        {"digestSRI": sri("sha384")},
        {"digestSRI": f"{sri('sha256', b'older')} {sri('sha512')}?for=later"},
    ],
)
def test_every_way_to_write_a_digest_is_read(pin: dict[str, str]) -> None:
    assert matches(pin, BODY) is True
    assert matches(pin, b"four sessions") is False


@pytest.mark.parametrize(
    "pin",
    [
        {},
        {"digestMultibase": ""},
        {"digestMultibase": "z0OIl"},
        {"digestMultibase": "u%%%"},
        {"digestMultibase": "fzz"},
        {"digestMultibase": "f" + SHA256.hex()[:-2]},
        {"digestMultibase": "z" * 100_000},
        {"digestMultibase": 7},
        {"digestSRI": "md5-AAAA"},
        {"digestSRI": ""},
    ],
)
def test_of_a_digest_of_another_kind_nothing_can_be_told(pin: dict[str, str]) -> None:
    assert matches(pin, BODY) is None


def test_of_two_digests_both_have_to_be_right() -> None:
    assert (
        matches({"digestMultibase": badges.digest_multibase(BODY), "digestSRI": sri("sha256", b"other")}, BODY) is False
    )
