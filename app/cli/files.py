"""Files and standard streams, as commands name them."""

import sys
from pathlib import Path

from app.cli.talking import Unread
from badges.errors import TooLarge

MIB = 1_048_576
MOST = 4 * MIB
"""Bytes that are read. The library takes less of anything, and says how much."""


def read(name: str) -> bytes:
    """What a file or standard input (`-`) holds. Raises `Unread`; `TooLarge` for more than any badge or image has."""
    data = beginning(name, MOST + 1)
    if len(data) > MOST:
        raise TooLarge(
            f"This has more than {MOST // MIB} MiB. Of a picture at most 2 MiB are read, of anything else 1 MiB."
        )
    return data


def beginning(name: str, most: int) -> bytes:
    """The first `most` bytes of a file or of standard input (`-`). Raises `Unread`."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:  # a ValueError: no file can be called so
        raise Unread(f"{name}: {getattr(error, 'strerror', None) or error}") from None


def write(data: bytes, output: Path | None) -> None:
    """Into a file, or to standard output. Raises `OSError`."""
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
