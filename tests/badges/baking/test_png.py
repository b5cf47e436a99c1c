import hashlib
import io
import time
import zlib

import pytest
from PIL import Image

from badges.baking import bake, unbake
from badges.baking.png import LARGEST_TEXT, MOST_CHUNKS
from badges.errors import NoCredential, TooLarge, Unreadable
from badges.versions import OB20, OB30, Version
from tests.badges.baking.pictures import DATA, END, HEADER, PNG, SIGNATURE, chunk, jws, text


def png(*chunks: bytes) -> bytes:
    return b"".join([SIGNATURE, HEADER, *chunks])


def itxt(keyword: str, value: bytes, flag: int = 0) -> bytes:
    return chunk(b"iTXt", keyword.encode() + b"\0" + bytes([flag]) + b"\0en\0\0" + value)


def test_a_baked_png_is_the_same_bytes_in_every_release() -> None:
    assert hashlib.sha256(bake(PNG, '{"@context":"https://www.w3.org/ns/credentials/v2"}')).hexdigest() == (
        "afd4aa11f06784c4a9b3bc5faae1eccce3eac0c6289e7df471f1593f7a1259ae"
    )


@pytest.mark.parametrize(("version", "keyword"), [("OB20", b"openbadges"), ("OB30", b"openbadgecredential")])
def test_the_badge_is_one_uncompressed_itxt_chunk_and_nothing_else_changes(version: str, keyword: bytes) -> None:
    badge_chunk = chunk(b"iTXt", keyword + b"\0\0\0\0\0" + jws(version).encode())
    assert bake(PNG, jws(version)) == SIGNATURE + HEADER + badge_chunk + DATA + END


def test_the_picture_stays_valid_and_equal_to_the_pixel() -> None:
    baked = bake(PNG, text())
    Image.open(io.BytesIO(baked)).verify()
    with Image.open(io.BytesIO(baked)) as after, Image.open(io.BytesIO(PNG)) as before:
        assert after.tobytes() == before.tobytes()
        assert after.info["openbadgecredential"] == text()


def test_old_badges_in_every_kind_of_text_chunk_are_replaced_and_others_stay() -> None:
    others = [
        chunk(b"tEXt", b"Author\0A"),
        itxt("openbadges", text("OB20").encode()),
        chunk(b"tEXt", b"openbadgecredential2\0"),
    ]
    old = [
        itxt("openbadgecredential", b"old"),
        chunk(b"tEXt", b"openbadgecredential\0old"),
        chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"old")),
    ]
    mixed = png(others[0], old[0], old[1], DATA, others[1], old[2], others[2], END)
    assert bake(mixed, text()) == bake(png(others[0], DATA, *others[1:], END), text())


@pytest.mark.parametrize("keyword", ["openbadges", "openbadgecredential"])
def test_two_badges_of_one_version_are_refused(keyword: str) -> None:
    one, two = itxt(keyword, text().encode()), itxt(keyword, text(name="another").encode())
    with pytest.raises(Unreadable, match="two Open Badges"):
        unbake(png(one, DATA, two, END))


def test_a_compressed_badge_is_read_and_said_to_be() -> None:
    baked = unbake(png(itxt("openbadgecredential", zlib.compress(text().encode()), flag=1), DATA, END))
    assert (baked.text, baked.is_compressed) == (text(), True)
    assert not unbake(bake(PNG, text())).is_compressed


@pytest.mark.parametrize(
    "squeezed",
    [
        b"",
        zlib.compress(text().encode())[:-4],
        zlib.compress(text().encode()) + b"{}",
        zlib.compress(b"\xff"),
        zlib.compress(text().encode())[2:],
        text().encode(),
    ],
)
def test_what_is_not_compressed_as_it_says_is_refused(squeezed: bytes) -> None:
    with pytest.raises(Unreadable):
        unbake(png(itxt("openbadgecredential", squeezed, flag=1), DATA, END))
    with pytest.raises(Unreadable, match="compressed"):
        unbake(png(itxt("openbadgecredential", zlib.compress(text().encode()), flag=2), DATA, END))
    with pytest.raises(Unreadable, match="compressed"):
        unbake(png(chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(text().encode())), DATA, END))


def test_a_badge_that_swells_is_too_large_at_its_bound() -> None:
    with pytest.raises(TooLarge):
        unbake(png(itxt("openbadgecredential", zlib.compress(b"{" + b" " * LARGEST_TEXT), flag=1), DATA, END))
    squeezed = zlib.compress(bytes(100_000_000), 9)
    start = time.perf_counter()
    with pytest.raises(TooLarge):
        unbake(png(itxt("openbadgecredential", squeezed, flag=1), DATA, END))
    assert time.perf_counter() - start < 0.5


def test_a_tampered_chunk_is_refused_by_its_crc() -> None:
    baked = bake(PNG, text(name="honest"))
    for at in range(8, len(baked)):
        with pytest.raises(Unreadable):
            unbake(baked[:at] + bytes([baked[at] ^ 1]) + baked[at + 1 :])


def test_what_follows_the_end_is_refused() -> None:
    for tail in (b"x", itxt("openbadgecredential", text().encode()), END):
        with pytest.raises(Unreadable):
            unbake(bake(PNG, text()) + tail)


def test_every_truncation_is_refused() -> None:
    baked = bake(PNG, text())
    for length in range(8, len(baked)):
        with pytest.raises(Unreadable):
            unbake(baked[:length])


@pytest.mark.parametrize(
    "broken",
    [
        SIGNATURE + DATA + END,
        png(END),
        png(DATA, chunk(b"tEXt", b"a\0b"), DATA, END),
        png(HEADER, DATA, END),
        png(DATA, chunk(b"12 4"), END),
    ],
    ids=["no header", "no picture", "split picture", "two headers", "no such chunk"],
)
def test_a_png_out_of_order_is_refused(broken: bytes) -> None:
    for act in (unbake, lambda image: bake(image, text())):
        with pytest.raises(Unreadable):
            act(broken)


def test_a_heap_of_chunks_is_refused() -> None:
    with pytest.raises(TooLarge):
        unbake(png(chunk(b"tEXt", b"a\0") * MOST_CHUNKS, DATA, END))


def test_the_old_form_with_an_address_in_a_text_chunk_is_read() -> None:
    baked = unbake(png(chunk(b"tEXt", b"openbadges\0https://badges.example.org/1"), DATA, END))
    assert (baked.text, baked.version) == ("https://badges.example.org/1", OB20)


@pytest.mark.parametrize("version", [OB20, OB30], ids=["OB20", "OB30"])
def test_a_badge_in_a_text_chunk_is_refused(version: Version) -> None:
    keyword = version.png_keyword.encode()
    with pytest.raises(Unreadable, match="tEXt"):
        unbake(png(chunk(b"tEXt", keyword + b"\0" + text().encode()), DATA, END))


def test_an_unfinished_or_unreadable_badge_is_refused() -> None:
    for data in (b"openbadgecredential", b"openbadgecredential\0\0\0en", b"openbadgecredential\0\0\0\0\0\xff"):
        with pytest.raises(Unreadable):
            unbake(png(chunk(b"iTXt", data), DATA, END))


def test_a_keyword_that_only_begins_alike_is_no_badge() -> None:
    with pytest.raises(NoCredential):
        unbake(png(itxt("openbadgecredentials", text().encode()), itxt("OpenBadges", b"x"), DATA, END))


def test_a_language_and_a_translated_keyword_do_not_matter() -> None:
    data = b"openbadgecredential\0\0\0de\0Anerkennung\0" + text().encode()
    assert unbake(png(DATA, chunk(b"iTXt", data), END)).text == text()
