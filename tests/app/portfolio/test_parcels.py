"""What is handed in is taken apart within bounds, whatever it is."""

import json
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.errors import Invalid
from app.portfolio.parcels import LARGEST, MOST, NoSuchArchive, Part, parcels_in


def archive(*files: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        for name, body in files:
            made.writestr(name, body)
    return out.getvalue()


def test_an_archive_is_as_many_things_as_it_has_files_and_their_names_are_only_told() -> None:
    made = archive(
        ("../../etc/a.json", b'{"id": 1}'),
        ("C:\\b\u202e.json", b"two"),
        ("folder/", b""),
        ("__MACOSX/._a.json", b"x"),
        ("many.json", b'[{"id": 3}, "https://far.example/4"]'),
    )
    found = parcels_in([Part("export.zip", made), Part(None, b"five")])
    assert [each.name for each in found] == ["../../etc/a.json", "C:\\b\N{REPLACEMENT CHARACTER}.json",
                                             "many.json", "many.json", None]  # fmt: skip
    assert [each.data for each in found] == [b'{"id": 1}', b"two", b'{"id": 3}', b"", b"five"]
    assert found[3].url == "https://far.example/4"


def test_what_is_wrong_with_one_file_stops_no_other() -> None:
    good = ("good.json", b"{}")
    asked = ("asked.json", b'{"badge": {}, "recipient": "eve@x.example"}')
    rest = (("inner.zip", archive(good)), ("large", b"ab" * LARGEST), ("empty.json", b" "), asked)
    made = archive(good, *rest, packing=zipfile.ZIP_STORED)
    damaged = made.replace(b"good.json{}", b"good.json{]", 1)
    codes = [each.refused and each.refused.code for each in parcels_in([Part(None, damaged)])]
    assert codes == ["damaged", "nested-archive", "too-large", "empty", "invalid-item"]
    [odd] = parcels_in([Part(None, archive(good, packing=zipfile.ZIP_BZIP2))])
    assert odd.refused is not None
    assert odd.refused.code == "unknown-packing"
    encrypted = bytearray(archive(good))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    [locked] = parcels_in([Part(None, bytes(encrypted))])
    assert locked.refused is not None
    assert locked.refused.code == "encrypted"


def hostile() -> dict[str, bytes]:
    good = archive(("a.json", b"{}"))
    end = good.index(b"PK\x05\x06")
    return {
        "zeros": archive(*((f"{number}", b"\0" * (3 * 1_048_576)) for number in range(5))),
        "more than fits": archive(*((f"{number}", b"\0" * (3 * 1_048_576)) for number in range(23)), packing=0),
        "too many": archive(*((f"{number}", b"{}") for number in range(MOST + 1))),
        "cut": good[:end],
        "half an end": good[: end + 10],
        "a long list": good[: end + 12] + (2_000_000).to_bytes(4, "little") + good[end + 16 :],
        "a list elsewhere": good[: end + 12] + (40).to_bytes(4, "little") + good[end + 16 :],
        "zip64": good[:end] + b"PK\x06\x07" + bytes(16) + good[end:],
    }


@pytest.mark.parametrize(("name", "made"), hostile().items(), ids=hostile())
def test_an_archive_that_could_do_harm_is_not_read(name: str, made: bytes) -> None:
    assert name
    with pytest.raises(NoSuchArchive):
        parcels_in([Part(None, made)])


def test_too_much_and_nothing_are_refused() -> None:
    for parts in ([], [Part(None, b"[]")], [Part(None, json.dumps([1] * (MOST + 1)).encode())]):
        with pytest.raises(Invalid):
            parcels_in(parts)


GOOD = archive(("a.json", b'{"id": 1}'), ("b.png", b"\x89PNG"))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_whatever_an_archive_is_made_of_it_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    made = bytearray(GOOD)
    for place, value in changes:
        made[place] = value
    try:
        found = parcels_in([Part(None, bytes(made))])
    except (NoSuchArchive, Invalid):
        return
    assert all(each.refused or each.data or each.url for each in found)
