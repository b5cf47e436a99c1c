"""Tables that people hand in: CSV, or the first sheet of an XLSX; every cell as text, and no formula worked out."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.kit.errors import Busy, Unprocessable

_ZIP = b"PK\x03\x04"
_BOM = "\ufeff"
_SECONDS = 30.0


class TableUnreadable(Unprocessable):
    """This table cannot be read."""

    code = "table-unreadable"
    fix = "Send CSV in UTF-8 with a line of column names first, or an XLSX whose first sheet is such a table."


@dataclass(frozen=True)
class Line:
    """A line of a table: its number, counted as an editor does, and its cells by column; empty ones are left out."""

    number: int
    cells: dict[str, str]


def lines_of(data: bytes, *, known: frozenset[str], needed: frozenset[str], most: int) -> list[Line]:
    """The lines of a table that are not empty. Its first line names the columns, each of them `known`.

    Raises `TableUnreadable`, and `Busy` where there is no room to read a spreadsheet.
    """
    rows = _of_spreadsheet(data) if data.startswith(_ZIP) else _of_text(data)
    header = next(rows, None)
    if header is None:
        raise TableUnreadable("There is nothing in it.")
    columns = [cell.strip().lower() for cell in header[1]]
    _check(columns, known, needed)
    lines = list(islice((line for row in rows if (line := _line(columns, row)).cells), most + 1))
    if len(lines) > most:
        raise TableUnreadable(f"It has more than {most:,} lines.", fix="Send it in several parts.")
    return lines


def _check(columns: Sequence[str], known: frozenset[str], needed: frozenset[str]) -> None:
    counts = Counter(columns)
    if strange := [column for column in counts if column and column not in known]:
        named = ", ".join(repr(column[:40]) for column in strange[:5])
        raise TableUnreadable(f"There is no column {named} here; there are {', '.join(sorted(known))}.")
    if twice := [column for column, count in counts.items() if column and count > 1]:
        raise TableUnreadable(f"It has the column {twice[0]!r} twice.")
    if missing := sorted(needed - counts.keys()):
        raise TableUnreadable(f"It has no column {missing[0]!r}.")


def _line(columns: Sequence[str], row: tuple[int, list[str]]) -> Line:
    number, cells = row
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise TableUnreadable(f"Line {number} has more cells than there are columns.")
    named = zip(columns, cells, strict=False)
    return Line(number, {column: cell.strip() for column, cell in named if column and cell.strip()})


def _of_text(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        raise TableUnreadable("It is no text in UTF-8.") from None
    if "\0" in text:
        raise TableUnreadable("It holds U+0000.")
    first = text.partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableUnreadable(f"Line {reader.line_num}: {error}.") from None


def _of_spreadsheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "app.contributions.spreadsheet"],
            # It gets the way to the code and nothing else of the environment: no token, no password of a database.
            env={"PYTHONPATH": path},
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback would tell what stands in it
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise TableUnreadable("It is no spreadsheet that can be read, or one with cells very far out.") from None
    except OSError as error:
        raise Busy("There is no room to read it in.") from error
    for number, cells in json.loads(done.stdout):
        yield number, [str(cell).replace("\0", "") for cell in cells]
