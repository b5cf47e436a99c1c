"""Reading a zip archive that a stranger may have made: nothing is written, and all is bounded before it is read."""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.kit.errors import Unprocessable

MIB = 1_048_576
LARGEST_FILE = 64 * MIB
"""Bytes of one file: a manifest of 5,000 badges has 15 million."""
LARGEST = 2048 * MIB
"""Bytes of all of them."""
MOST_FILES = 150_000
LARGEST_LIST = 24 * MIB
"""Bytes of the list of files."""
MOST_PACKED = 300
"""How many times its packed size a file may have: signed texts have five times that, zeros a thousand."""
LONGEST_NAME = 240

MAGIC = b"PK\x03\x04"
_ENCRYPTED = 0x1
_KINDS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class HostileArchive(Unprocessable):
    """This archive is not read."""

    code = "hostile-archive"
    fix = "Send the archive as it was exported, or its files one by one."


@dataclass(frozen=True)
class Archive:
    """The files of an archive, by name."""

    _zip: zipfile.ZipFile
    _files: dict[str, zipfile.ZipInfo]

    def names(self) -> Iterator[str]:
        """Every file."""
        return iter(self._files)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        """What a file holds. Raises `HostileArchive` also where there is none, or its checksum is wrong."""
        about = self._files.get(name)
        if about is None:
            raise HostileArchive(f"There is no file {name[:200]!r} in it.")
        try:
            with self._zip.open(about) as file:
                body = file.read(about.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise HostileArchive(f"{name}: {error}") from None
        if len(body) != about.file_size:
            raise HostileArchive(f"{name} has another size than is said of it.")
        return body


def opened(file: BinaryIO) -> Archive:
    """The archive in a file that can be read at any place. Raises `HostileArchive`."""
    try:
        archive = zipfile.ZipFile(_Bounded(file))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise HostileArchive(f"It is no zip archive that can be read: {error}.") from None
    found = archive.infolist()
    if len(found) > MOST_FILES:
        raise HostileArchive(f"It has {len(found)} files; at most {MOST_FILES} are read.")
    if sum(each.file_size for each in found) > LARGEST:
        raise HostileArchive(f"Unpacked it has more than {LARGEST // MIB} MiB.")
    _check_places(found)
    files: dict[str, zipfile.ZipInfo] = {}
    alike: set[str] = set()
    for each in found:
        _check(each)
        name = unicodedata.normalize("NFC", each.filename).casefold()
        if name in alike:
            raise HostileArchive(f"It has two files {each.filename[:200]!r}.")
        alike.add(name)
        if not each.is_dir():
            files[each.filename] = each
    return Archive(archive, files)


def is_within(name: str) -> bool:
    """Whether a name stays within the folder that it is unpacked to, on every system."""
    parts = name.removesuffix("/").split("/")
    return (
        len(name) <= LONGEST_NAME
        and name.isprintable()
        and not any(part in {"", ".", ".."} for part in parts)
        and not any(letter in name for letter in '\\:*?"<>|')
    )


def _check(about: zipfile.ZipInfo) -> None:
    name, mode = about.filename, about.external_attr >> 16
    if not is_within(name) or name != about.orig_filename:
        raise HostileArchive(f"{name[:200]!r} is no name of a file that stays in its folder.")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise HostileArchive(f"{name} is a link, or no plain file.")
    if about.flag_bits & _ENCRYPTED or about.compress_type not in _KINDS:
        raise HostileArchive(f"{name} is encrypted, or packed in a way that is not read here.")
    if about.file_size > LARGEST_FILE or about.file_size > MIB + MOST_PACKED * about.compress_size:
        raise HostileArchive(f"{name} would unpack to {about.file_size} bytes.")


def _check_places(found: list[zipfile.ZipInfo]) -> None:
    """Raises `HostileArchive` where files share bytes: a small archive of that kind unpacks to a very large one."""
    end = 0
    for each in sorted(found, key=lambda about: about.header_offset):
        if each.header_offset < end:
            raise HostileArchive(f"{each.filename[:200]!r} lies inside another file.")
        end = each.header_offset + each.compress_size


class _Bounded:
    """A file of which no more is read at once than a list of files may have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(LARGEST_LIST + 1 if size < 0 else min(size, LARGEST_LIST + 1))
        if len(data) > LARGEST_LIST:
            raise ValueError("its list of files is too long")
        return data

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True
