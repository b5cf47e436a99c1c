"""What somebody hands in to be imported: badges alone, in an array, or in a zip as other platforms export them.

Nothing is written to a disk, and no name in an archive is a path: it is told in the answer, and used for nothing else.
All that unpacks is bounded before it is unpacked.
"""

import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

from app.kit.errors import Invalid, Unprocessable
from app.kit.pieces import elements
from app.kit.strict import MIB
from app.portfolio.import_rules import Why
from app.verifier.submissions import submitted

MOST = 1_000
"""Badges, and files of an archive, in one request."""
LARGEST = 3 * MIB
"""Bytes of one file: a picture may have 2 MiB, also as a `data:` URL."""
LARGEST_UNPACKED = 64 * MIB
"""Bytes of all files of an archive."""
MOST_PACKED = 100
"""How many times the size of an archive what is in it may have: signed texts have ten times that, zeros a thousand."""

_ALWAYS = MIB
"""Bytes that any archive may unpack to."""
_LARGEST_LIST = MIB
"""Bytes of the list of files of an archive."""
_LONGEST_ADDRESS = 2_000
_END, _END_64, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", b"PK\x06\x07", 22, 65_535
_ZIP = (b"PK\x03\x04", _END)
_KINDS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_PASSED_OVER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into archives by themselves."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class NoSuchArchive(Unprocessable):
    """This archive is not read."""

    code = "archive-not-read"
    fix = "Send a plain zip of at most 1,000 files, not larger than `detail` says, or the badges one by one."


class Part(NamedTuple):
    """A file or a text of a request."""

    name: str | None
    body: bytes


@dataclass(frozen=True)
class Parcel:
    """One thing that was handed in."""

    name: str | None
    """Of its file, as far as that can be shown."""
    data: bytes = b""
    """What is to be kept, byte for byte."""
    url: str | None = None
    """Where that is to be had, instead."""
    refused: Why | None = None
    """Why nobody looks at it."""


def parcels_in(parts: Sequence[Part]) -> list[Parcel]:
    """Everything in some files and texts. Raises `Invalid` for too much or nothing at all, `NoSuchArchive`."""
    found: list[Parcel] = []
    for part in parts:
        unpacked = _unpacked(part.body) if part.body.startswith(_ZIP) else [part]
        for each in unpacked:
            found += [each] if isinstance(each, Parcel) else _spread(each)
            if len(found) > MOST:
                raise Invalid(f"At most {MOST} badges are imported at once; send them in several parts.")
    if not found:
        raise Invalid("There is nothing to import in it.")
    return found


def _spread(part: Part) -> list[Parcel]:
    """What is in a file: a badge, or an array of badges."""
    name = shown(part.name)
    if not part.body.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"["):
        return [_parcel(name, part.body)]
    array = elements(part.body.removeprefix(b"\xef\xbb\xbf"), most=MOST)
    return [_parcel(name, part.body)] if array is None else [_parcel(name, element) for element in array]


def _parcel(name: str | None, data: bytes) -> Parcel:
    if data.startswith(_ZIP):
        return Parcel(name, refused=Why("nested-archive", "It is an archive inside of another; send it by itself."))
    if not data.strip():
        return Parcel(name, refused=Why("empty", "There is nothing in it."))
    try:
        given = submitted(data)
    except Invalid as error:
        told = "; ".join(f"{wrong['pointer']} {wrong['message']}" for wrong in error.errors)
        return Parcel(name, refused=Why("invalid-item", told[:1000]))
    if given.recipient is not None:
        told = "Whose badge it is, is not said here: it is to be the member's."
        return Parcel(name, refused=Why("invalid-item", told))
    if given.url is not None and len(given.url) > _LONGEST_ADDRESS:
        return Parcel(name, refused=Why("invalid-item", f"An address has at most {_LONGEST_ADDRESS} characters here."))
    return Parcel(name, given.data, given.url)


def shown(name: str | None) -> str | None:
    """A name that somebody gave a file, as text that does nothing where it is read."""
    if name is None:
        return None
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in _composed(name))[:200]


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name[:400].encode("utf-8", "replace").decode())


def _unpacked(data: bytes) -> Iterator[Part | Parcel]:
    """The files of an archive, one after the other. Raises `NoSuchArchive`."""
    _check_end(data)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _DAMAGED as error:
        raise NoSuchArchive(f"It is no zip archive that can be read: {error}."[:500]) from None
    listed = archive.infolist()
    if len(listed) > MOST:
        raise NoSuchArchive(f"It has {len(listed)} files; at most {MOST} are read.")
    unpacked = sum(each.file_size for each in listed)
    if unpacked > min(LARGEST_UNPACKED, max(_ALWAYS, MOST_PACKED * len(data))):
        raise NoSuchArchive(
            f"It would unpack to {unpacked} bytes; at most {LARGEST_UNPACKED // MIB} MiB are read, and {MOST_PACKED} "
            "times what it has itself."
        )
    for about in listed:
        name = shown(about.filename)
        if about.is_dir() or any(part in about.filename for part in _PASSED_OVER):
            continue
        why = _not_read(about)
        if why is not None:
            yield Parcel(name, refused=why)
            continue
        try:
            with archive.open(about) as file:
                body = file.read(LARGEST + 1)
        except _DAMAGED:
            yield Parcel(name, refused=Why("damaged", "It is damaged: its checksum or its packing is wrong."))
        else:
            yield Part(about.filename, body)


def _not_read(about: zipfile.ZipInfo) -> Why | None:
    if about.flag_bits & _ENCRYPTED:
        return Why("encrypted", "It is encrypted.")
    if about.compress_type not in _KINDS:
        return Why("unknown-packing", "It is packed in a way that is not read here; deflate is.")
    if about.file_size > LARGEST:
        return Why("too-large", f"It has more than {LARGEST // MIB} MiB.")
    return None


def _check_end(data: bytes) -> None:
    """Raises `NoSuchArchive` before a list of files is read that would fill the memory."""
    place = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    end = data[place : place + _END_SIZE] if place >= 0 else b""
    if len(end) < _END_SIZE:
        raise NoSuchArchive("It is no whole zip archive: its end is missing.")
    if data[max(0, place - 20) :].startswith(_END_64) or int.from_bytes(end[12:16], "little") > _LARGEST_LIST:
        raise NoSuchArchive(f"Its list of files is too long; at most {MOST} files are read.")
