"""A zip archive that is written as it is read, each file with its digest."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any, NamedTuple

PIECE = 262_144
"""Bytes that are gathered before they leave."""
_FAST = 3
"""Level of compression: signed texts hold digests and signatures, of which more effort makes little less."""
_READABLE = 0o644 << 16


class Sealed(NamedTuple):
    """What a manifest says of a file."""

    sha256: str
    bytes: int


class Zip:
    """Files go in with `add`, the archive comes out of `taken` in pieces; in memory is what was not taken yet."""

    def __init__(self, made_at: datetime) -> None:
        self._out = _Gathering()
        self._archive = zipfile.ZipFile(self._out, "w")
        self._at = made_at.timetuple()[:6]
        self.sealed: dict[str, Sealed] = {}
        """What is in it, by path."""

    def add(self, path: str, body: bytes) -> None:
        """One file. Pictures go in as they are: they are compressed already."""
        about = zipfile.ZipInfo(path, (max(self._at[0], 1980), *self._at[1:]))
        about.external_attr = _READABLE
        about.create_system = 3
        about.compress_type = zipfile.ZIP_STORED if path.endswith(".png") else zipfile.ZIP_DEFLATED
        self._archive.writestr(about, body, compresslevel=_FAST)
        self.sealed[path] = Sealed(hashlib.sha256(body).hexdigest(), len(body))

    def taken(self, at_least: int = PIECE) -> Iterator[bytes]:
        """What is ready to leave, if it is `at_least` so much."""
        if len(self._out.gathered) >= at_least:
            yield bytes(self._out.gathered)
            self._out.gathered.clear()

    def close(self) -> None:
        """Writes the list of the files, without which it is no archive."""
        self._archive.close()


class _Gathering(RawIOBase):
    """Where the archive is written; nobody goes back in it."""

    def __init__(self) -> None:
        self.gathered = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.gathered += data
        return len(data)
