"""Reads the first sheet of a spreadsheet, in a process of its own: `python -m app.contributions.spreadsheet`, from
standard input to a JSON array of rows, each with its number and its cells as text.

In a process, since a cell far out has the reader make room for all cells before it, and native code that finds none
ends the process that it runs in.
"""

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import load_workbook

_MOST_MEMORY = 1024**3
_SECONDS = 20


def main() -> None:
    """Writes the rows that are not empty."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    sheet = load_workbook(BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    first = sheet.start[0] + 1 if sheet.start is not None else 1
    rows = enumerate(sheet.to_python(skip_empty_area=True), start=first)
    told = ((number, [text_of(cell) for cell in row]) for number, row in rows)
    json.dump([each for each in told if any(each[1])], sys.stdout)


def text_of(cell: Any) -> str:
    """A cell as it would stand in a table of text; of a formula, what it has come to."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date():
            return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
