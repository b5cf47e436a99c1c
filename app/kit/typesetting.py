"""PDFs, set from a template and data in a process that ends with the file (decision record 22).

A folder holds `main.typ`, a Typst template which reads `data.json`, and `given.json`:

    {"title": text, "owner": text, "made_at": "2026-11-04T09:00:00+00:00", "codes": {"qr.svg": "https://…"}, …}

What people wrote is a `text`, wherever it stands: `{"text": ["a paragraph", …], "otherwise": "what stands for none"}`.
The template has it as an array of paragraphs, each with the direction of its writing, in characters that the fonts here
have. `codes` are drawn as QR codes before it is set.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.kit.errors import Busy, Unprocessable

SECONDS: Final = 60.0
"""After so long a file is given up."""
OUT: Final = "set.pdf"

_log = logging.getLogger(__name__)


class NotSet(Unprocessable):
    """What stands in it cannot be set as a PDF."""

    code = "not-set"
    fix = "Take another format, which holds the same; of a portfolio, change the title, or choose fewer badges."


def text(value: str | None, *, otherwise: str | None = None) -> dict[str, Any]:
    """A text in one paragraph, or none; `otherwise` is a heading's, which PDF/UA wants to be seen."""
    return paragraphs([value] if value else [], otherwise=otherwise)


def paragraphs(lines: Sequence[str], *, otherwise: str | None = None) -> dict[str, Any]:
    """A text in several."""
    return {"text": list(lines)} | ({"otherwise": otherwise} if otherwise is not None else {})


def set_in(folder: Path) -> Path:
    """The PDF of what is laid out in a folder. Raises `NotSet`, `Busy`."""
    try:
        # It gets the way to the code and nothing else of the environment: no token, no password of a database.
        path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
        subprocess.run(  # noqa: S603  a command of our own, of which nobody chooses any part
            [sys.executable, "-P", "-m", "app.kit.typesetter", str(folder)],
            env={"PYTHONPATH": path, "RAYON_NUM_THREADS": "1"},  # a thread for each core would reserve a lot of memory
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Busy(f"It took longer than {SECONDS:.0f} seconds.", fix="Choose less, or try again.") from slow
    except subprocess.CalledProcessError as failed:
        _log.error("A file could not be set: %s", failed.stderr.decode(errors="replace")[-2000:])
        raise NotSet("What stands in it could not be set.") from failed
    except OSError as error:
        raise Busy("There is no room to set it in.") from error
    return folder / OUT
