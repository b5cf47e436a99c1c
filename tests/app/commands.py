"""Commands as people type them: real processes, each run to its end."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

VERIFIED, NOT_VERIFIED, COULD_NOT_TELL = 0, 1, 2
WRONG_USAGE, UNUSABLE, NO_INPUT, REFUSED, WRONG_SETTINGS = 64, 65, 66, 69, 78  # sysexits.h


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: bytes
    talk: str


def laurels(*arguments: str | Path, env: dict[str, str], stdin: bytes = b"", folder: Path | None = None) -> Done:
    """Runs a command to its end."""
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    root = {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, env=env | root, input=stdin, capture_output=True, timeout=120, cwd=folder, check=False
    )
    return Done(ended.returncode, ended.stdout, ended.stderr.decode())
