"""What documents for people say, read, so that it can be held against what is so."""

import re
import subprocess
from pathlib import Path

from tests.live import Live

ROOT = Path(__file__).resolve().parents[1]


def blocks(language: str, text: str) -> list[str]:
    """The blocks of code in a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def expected(block: str) -> list[str]:
    """What the comments at the ends of lines say will be printed."""
    return re.findall(r"\s# (\S.*)$", block, re.MULTILINE)


def dead_links(text: str, folder: Path) -> list[str]:
    """Links to files, as seen from a folder, that lead nowhere."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    return [link for link in links if not (folder / link).exists()]


def printed(
    script: str, live: Live, cwd: Path, *, path: str = "/usr/local/bin:/usr/bin:/bin", timeout: int = 60
) -> str:
    """What a script prints that is run against a live service, with nothing else known to it; it has to succeed."""
    told = subprocess.run(
        ["/bin/bash", "-c", f"set -euo pipefail\n{script}"],
        env={"PATH": path, "BASE": live.url, "ADMIN": live.admin},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout
