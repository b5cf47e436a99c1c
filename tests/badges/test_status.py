import base64
import gzip
import tracemalloc
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges import ob3
from badges.documents import Document
from badges.errors import NotConformant, TooLarge, Unreadable
from badges.status import LARGEST, NO_REASON, SMALLEST, StatusList, list_credential, revocations_in
from tests.badges import samples

INDEXES = st.sets(st.integers(0, SMALLEST - 1), max_size=20)


def encoded(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


@settings(max_examples=30)
@given(INDEXES)
def test_the_bits_that_were_set_survive_and_no_others(indexes: set[int]) -> None:
    read = StatusList.decode(StatusList.empty().with_bits(indexes).encode())
    assert len(read) == SMALLEST
    assert {index for index in range(SMALLEST) if read.get(index)} == indexes


@settings(max_examples=30)
@given(INDEXES, st.integers(0, SMALLEST - 1), st.booleans())
def test_setting_one_bit_changes_that_one_alone(indexes: set[int], index: int, value: bool) -> None:
    changed = StatusList.empty().with_bits(indexes).set(index, value)
    assert changed == StatusList.empty().with_bits(indexes | {index} if value else indexes - {index})


@pytest.mark.parametrize(("index", "byte", "bit"), [(0, 0, 0x80), (1, 0, 0x40), (7, 0, 0x01), (8, 1, 0x80)])
def test_the_first_entry_is_the_highest_bit_of_the_first_byte(index: int, byte: int, bit: int) -> None:
    bits = StatusList.empty().set(index).bits
    assert bits[byte] == bit
    assert sum(bits) == bit


def test_equal_lists_are_written_equally() -> None:
    assert StatusList.empty().with_bits([1, 2]).encode() == StatusList.empty().set(2).set(1).encode()


def test_the_empty_list_of_the_standard_is_read() -> None:
    # Bitstring Status List 1.0, the encodedList of example 2.
    published = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert StatusList.decode(published) == StatusList.empty()


@pytest.mark.parametrize("length", [0, 8, SMALLEST - 8, SMALLEST + 1, -SMALLEST])
def test_a_list_that_gives_its_members_away_is_not_made(length: int) -> None:
    with pytest.raises(NotConformant):
        StatusList.empty(length)


def test_a_short_list_is_read_so_that_a_set_bit_in_it_still_counts() -> None:
    short = StatusList.decode(encoded(b"\x01" * 10))
    assert len(short) == 80
    assert short.get(7)


@pytest.mark.parametrize("index", [-1, SMALLEST])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(NotConformant, match="outside"):
        StatusList.empty().get(index)
    with pytest.raises(NotConformant, match="outside"):
        StatusList.empty().set(index)
    with pytest.raises(NotConformant, match="outside"):
        StatusList.empty().with_bits([index])


def test_a_bomb_is_refused_while_it_expands() -> None:
    bomb = encoded(bytes(20_000_000))
    assert len(bomb) < 50_000
    with pytest.raises(TooLarge):
        StatusList.decode(bomb)


def test_a_list_of_exactly_the_largest_size_is_read() -> None:
    assert len(StatusList.decode(encoded(bytes(1000)), largest=1000)) == 8000
    with pytest.raises(TooLarge):
        StatusList.decode(encoded(bytes(1001)), largest=1000)


@pytest.mark.parametrize("text", ["", "H4sIAAAA", "zH4sI", encoded(bytes(9)) + "="])
def test_a_list_without_its_multibase_prefix_or_with_padding_does_not_conform(text: str) -> None:
    with pytest.raises(NotConformant):
        StatusList.decode(text)


@pytest.mark.parametrize(
    "text",
    ["u", "u$", "uAAAA", "uü", encoded(bytes(999))[:-8], "u" + base64.urlsafe_b64encode(bytes(9)).decode(), "u\n"],
)
def test_what_is_not_gzip_in_base64url_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        StatusList.decode(text)


def test_what_follows_the_gzip_data_is_not_overlooked() -> None:
    twice = gzip.compress(bytes(9)) + gzip.compress(b"\xff" * 9)
    with pytest.raises(Unreadable):
        StatusList.decode("u" + base64.urlsafe_b64encode(twice).rstrip(b"=").decode())


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, "u" + text):
        with suppress(NotConformant, Unreadable):
            StatusList.decode(candidate)


def test_the_credential_of_a_list_says_what_for_and_how_long() -> None:
    url = "https://guild.example/status/1"
    statuses = StatusList.empty().with_bits([5])
    document = list_credential(
        statuses,
        id=url,
        issuer="did:web:guild.example",
        purpose="suspension",
        valid_from=samples.AWARDED,
        valid_until=samples.AWARDED + timedelta(days=1),
        ttl=300_000,
    )
    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:guild.example",
        "validFrom": "2026-11-21T09:00:00Z",
        "validUntil": "2026-11-22T09:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "suspension",
            "encodedList": statuses.encode(),
            "ttl": 300_000,
        },
    }
    read = ob3.BitstringStatusListCredential.from_document(document)
    assert read.to_document() == document
    assert StatusList.decode(read.credential_subject.encoded_list).get(5)


def test_a_list_may_serve_several_purposes_when_read() -> None:
    document = list_credential(StatusList.empty(), id="urn:x:1", issuer="did:x:1", valid_from=samples.AWARDED)
    document["credentialSubject"]["statusPurpose"] = ["revocation", "suspension"]
    read = ob3.BitstringStatusListCredential.from_document(document)
    assert read.credential_subject.status_purpose == ("revocation", "suspension")
    assert read.to_document() == document


OB20: Document = {
    "type": "RevocationList",
    "revokedAssertions": [
        "urn:uuid:1",
        {"id": "urn:uuid:2", "revocationReason": "By mistake."},
        {"uid": "3", "revocationReason": "Left."},
        {"id": "urn:uuid:4"},
        {"id": "urn:uuid:5", "revocationReason": 6},
    ],
}


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        (["urn:uuid:1"], NO_REASON),
        (["urn:uuid:2"], "By mistake."),
        (["urn:uuid:0", "3"], "Left."),
        (["urn:uuid:4"], NO_REASON),
        (["urn:uuid:0"], None),
        ([], None),
    ],
)
def test_a_revocation_list_of_2_0_says_who_was_revoked_and_why(ids: list[str], reason: str | None) -> None:
    listed = revocations_in(OB20)
    assert next((listed[id] for id in ids if id in listed), None) == reason


def test_one_entry_may_stand_without_a_list() -> None:
    assert revocations_in({"revokedAssertions": "urn:uuid:1"}) == {"urn:uuid:1": NO_REASON}
    assert revocations_in({"revokedAssertions": {"id": "urn:uuid:1"}}) == {"urn:uuid:1": NO_REASON}


def test_a_1edtech_revocation_list_is_read() -> None:
    document = {
        "revokedCredential": [
            {"id": "https://guild.example/1", "revoked": True, "revocationReason": "By mistake."},
            {"id": "https://guild.example/2", "revoked": False},
            {"id": "https://guild.example/3"},
        ]
    }
    expected = {"https://guild.example/1": "By mistake.", "https://guild.example/3": NO_REASON}
    assert revocations_in(document) == expected
    assert revocations_in({"revokedCredentials": document["revokedCredential"]}) == expected


@pytest.mark.parametrize("document", [{}, {"error": "not found"}, {"revoked": ["urn:uuid:1"]}])
def test_a_document_that_lists_nothing_clears_nobody(document: Document) -> None:
    with pytest.raises(NotConformant):
        revocations_in(document)


@pytest.mark.parametrize("listed", [None, "x", "", {}, 7, False, {"items": []}])
@pytest.mark.parametrize("member", ["revokedAssertions", "revokedCredential", "revokedCredentials"])
def test_what_is_no_list_clears_nobody(member: str, listed: Any) -> None:
    with pytest.raises(NotConformant):
        revocations_in({member: listed})
    assert revocations_in({member: []}) == {}


@pytest.mark.parametrize("entry", [None, 7, [], {}, {"id": 7, "uid": None}, {"id": ["urn:uuid:1"]}])
def test_a_list_with_an_entry_that_names_no_badge_clears_nobody(entry: Any) -> None:
    with pytest.raises(NotConformant):
        revocations_in({"revokedAssertions": [entry, "urn:uuid:2"]})


@given(st.binary(min_size=1, max_size=64), st.integers(1, 16), st.integers(0, 600))
def test_an_entry_of_several_bits_is_the_number_that_they_write(bits: bytes, size: int, index: int) -> None:
    written = "".join(f"{byte:08b}" for byte in bits)[index * size :][:size]
    if len(written) == size:
        assert StatusList(bits).value(index, size) == int(written, 2)
    else:
        with pytest.raises(NotConformant, match="outside"):
            StatusList(bits).value(index, size)


def test_the_list_of_2021_is_read_in_either_alphabet_with_or_without_padding() -> None:
    bits = bytes(range(256)) * 64
    packed = gzip.compress(bits, mtime=0)
    for written in (base64.b64encode(packed), base64.urlsafe_b64encode(packed), base64.b64encode(packed).rstrip(b"=")):
        assert StatusList.decode_2021(written.decode()).bits == bits
    assert StatusList.decode_2021(encoded(bits)).bits == bits
    for text in ("", "!", "H4sI", encoded(bits)[:-8]):
        with pytest.raises(Unreadable):
            StatusList.decode_2021(text)


def test_a_bomb_costs_no_more_memory_than_the_largest_list() -> None:
    bomb = encoded(bytes(200_000_000))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        StatusList.decode(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * LARGEST


def test_bits_that_were_damaged_on_the_way_are_not_read() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 64, mtime=0))
    for at in (len(packed) - 8, len(packed) - 4):  # the checksum, and the length
        damaged = packed.copy()
        damaged[at] ^= 1
        with pytest.raises(Unreadable):
            StatusList.decode("u" + base64.urlsafe_b64encode(damaged).rstrip(b"=").decode())
