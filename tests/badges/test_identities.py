import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.identities import identity_hash, is_hash_of, is_identity_hash

# The example of OB 3.0 Appendix B, IdentityHash.
PUBLISHED = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"


def test_the_published_example_is_reproduced() -> None:
    assert identity_hash("a@example.com", "Kosher") == PUBLISHED


@given(identity=st.text(), salt=st.text())
def test_a_hash_is_of_its_identity_and_salt_and_of_no_other(identity: str, salt: str) -> None:
    claimed = identity_hash(identity, salt)
    assert is_identity_hash(claimed)
    assert is_hash_of(claimed, identity, salt)
    assert not is_hash_of(claimed, identity + "x", salt)


def test_the_salt_comes_after_the_identity() -> None:
    assert not is_hash_of(PUBLISHED, "Kosher", "a@example.com")


def test_hexadecimal_of_either_case_counts() -> None:
    assert is_hash_of("sha256$" + PUBLISHED.removeprefix("sha256$").upper(), "a@example.com", "Kosher")


def test_md5_is_read() -> None:
    digest = hashlib.md5(b"a@example.comKosher", usedforsecurity=False).hexdigest()
    assert is_hash_of(f"md5${digest.upper()}", "a@example.com", "Kosher")
    assert not is_hash_of(f"md5${digest}", "a@example.com")


@pytest.mark.parametrize(
    "text", ["", "a@example.com", PUBLISHED[:-1], "sha1$" + "0" * 40, PUBLISHED.removeprefix("sha256$")]
)
def test_what_is_no_hash_is_the_hash_of_nobody(text: str) -> None:
    assert not is_identity_hash(text)
    assert not is_hash_of(text, "a@example.com", "Kosher")
