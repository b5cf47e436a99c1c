"""A badge in a PNG: one uncompressed iTXt chunk, every other chunk untouched.

OB 2.0 Baking §PNG and OB 3.0 §5.3.1; the chunks are those of PNG (ISO/IEC 15948) §5. The picture is never decoded.
"""

import re
import struct
from typing import NamedTuple

from isal import isal_zlib

from badges.baking.carried import Carried
from badges.errors import TooLarge, Unreadable
from badges.versions import VERSIONS, Version

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 10_000
LARGEST_TEXT = 256 * 1024
"""Bytes of a badge, however small it was compressed."""

_HEAD, _CRC = struct.Struct(">I4s"), struct.Struct(">I")
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")
_DAMAGED: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # the stub calls the class an instance
_BY_KEYWORD = {version.png_keyword.encode(): version for version in VERSIONS}
_URL = re.compile(rb"https?://[\x21-\x7e]+")


class Chunk(NamedTuple):
    """A chunk by where it lies: `image[start:end]` is all of it, length and CRC included."""

    type: bytes
    start: int
    end: int


def bake(image: bytes, text: str, version: Version) -> bytes:
    """`image` with `text` as the only badge of `version`, right after its header. Raises `Unreadable`."""
    header, *others = _chunks(image)
    keyword, view, at = version.png_keyword.encode(), memoryview(image), header.end
    kept: list[bytes | memoryview] = [view[:at], _itxt(version.png_keyword, text)]
    for chunk in others:
        if chunk.type in _TEXT_CHUNKS and _keyword(image, chunk) == keyword:
            kept.append(view[at : chunk.start])
            at = chunk.end
    kept.append(view[at:])
    return b"".join(kept)


def unbake(image: bytes) -> dict[Version, Carried]:
    """The badge text of each version in `image`.

    Raises `Unreadable` for a broken PNG, and for a badge that two readers could read differently: one that is there
    twice, or in the wrong kind of chunk; `TooLarge` for one that is compressed and too large.
    """
    found: dict[Version, Carried] = {}
    for chunk in _chunks(image):
        version = _BY_KEYWORD.get(_keyword(image, chunk))
        if version is None:
            continue
        if version in found:
            raise Unreadable(f"The PNG holds two {version.name} badges; it is unclear which one counts.")
        found[version] = _text(image, chunk, version)
    return found


def _chunks(image: bytes) -> list[Chunk]:
    """Every chunk, in order. Structure, order and CRCs hold, and nothing follows the end."""
    if not image.startswith(SIGNATURE):
        raise Unreadable("The image is not a PNG.")
    view, size, at = memoryview(image), len(image), len(SIGNATURE)
    chunks: list[Chunk] = []
    while at < size:
        # 1. The chunk lies within the file, and its type is a name.
        if at + 12 > size:
            raise Unreadable("The PNG is cut short.")
        length, kind = _HEAD.unpack_from(image, at)
        end = at + 12 + length
        if not kind.isalpha():
            raise Unreadable(f"The PNG is damaged: there is no chunk at byte {at}.")
        if end > size:
            raise Unreadable(f"The PNG is cut short in its {kind.decode()} chunk.")
        # 2. Its CRC covers type and data (PNG §5.3).
        if isal_zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
            raise Unreadable(f"The PNG is damaged: the CRC of its {kind.decode()} chunk at byte {at} is wrong.")
        # 3. Reading stays bounded.
        if len(chunks) == MOST_CHUNKS:
            raise TooLarge(f"The PNG has more than {MOST_CHUNKS} chunks.")
        chunks.append(Chunk(kind, at, end))
        at = end
    _in_order(chunks)
    return chunks


def _in_order(chunks: list[Chunk]) -> None:
    """IHDR first, IDATs together, IEND last (PNG §5.6): otherwise readers stop at different places."""
    kinds = [chunk.type for chunk in chunks]
    if not kinds or kinds[0] != b"IHDR" or kinds.count(b"IHDR") != 1 or chunks[0].end - chunks[0].start != 25:
        raise Unreadable("The PNG does not begin with one IHDR chunk.")
    if kinds[-1] != b"IEND" or kinds.count(b"IEND") != 1:
        raise Unreadable("The PNG does not end with its IEND chunk: it is cut short, or something follows the end.")
    parts = kinds.count(b"IDAT")
    if not parts:
        raise Unreadable("The PNG has no picture in it (no IDAT chunk).")
    first = kinds.index(b"IDAT")
    if kinds[first : first + parts].count(b"IDAT") != parts:
        raise Unreadable("The PNG is damaged: its IDAT chunks do not stand together.")


def _itxt(keyword: str, text: str) -> bytes:
    """An iTXt chunk: keyword, not compressed, no language, no translated keyword, UTF-8 text (PNG §11.3.3.4)."""
    body = b"iTXt" + keyword.encode() + b"\0\0\0\0\0" + text.encode()
    return b"".join((_CRC.pack(len(body) - 4), body, _CRC.pack(isal_zlib.crc32(body))))


def _keyword(image: bytes, chunk: Chunk) -> bytes:
    """The keyword of a text chunk (1 to 79 bytes before a zero, PNG §11.3.3.1); empty for other chunks."""
    if chunk.type not in _TEXT_CHUNKS:
        return b""
    return image[chunk.start + 8 : min(chunk.end - 4, chunk.start + 88)].partition(b"\0")[0]


def _text(image: bytes, chunk: Chunk, version: Version) -> Carried:
    data = image[chunk.start + 8 + len(version.png_keyword) : chunk.end - 4]
    if chunk.type == b"zTXt":
        raise Unreadable(f"The {version.name} badge in the PNG is compressed in a zTXt chunk; its standard says iTXt.")
    if chunk.type == b"tEXt":
        # OB 2.0 Baking §Legacy PNGs: such a chunk holds the address of a hosted assertion, nothing else.
        if version.legacy_png_url and _URL.fullmatch(data[1:]):
            return Carried(data[1:].decode("ascii"))
        raise Unreadable(f"The {version.name} badge lies in a tEXt chunk of the PNG; its standard says iTXt.")
    fields = data[3:].split(b"\0", 2)
    if len(fields) != 3:
        raise Unreadable(f"The iTXt chunk of the {version.name} badge in the PNG is incomplete.")
    try:
        if data[1:2] == b"\0":
            return Carried(fields[2].decode())
        return Carried(_decompressed(fields[2], data[1:3]).decode(), is_compressed=True)
    except UnicodeDecodeError as error:
        raise Unreadable(f"The {version.name} badge in the PNG is not UTF-8.") from error


def _decompressed(data: bytes, how: bytes) -> bytes:
    """The text of a compressed iTXt chunk (PNG §11.3.3.4), as far as a badge may be long; all of `data`, and whole."""
    reader = isal_zlib.decompressobj()
    try:
        text = reader.decompress(data, max_length=LARGEST_TEXT + 1)
    except _DAMAGED as error:
        raise Unreadable(f"The badge in the PNG is compressed, and damaged: {error}.") from error
    if len(text) > LARGEST_TEXT:
        raise TooLarge(f"The badge in the PNG is longer than {LARGEST_TEXT} bytes.")
    if how != b"\1\0" or not reader.eof or reader.unused_data:
        raise Unreadable("The badge in the PNG is compressed in a way that PNG does not know, or cut short.")
    return text
