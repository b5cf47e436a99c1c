"""Charts as pictures: SVG that says what it is to whoever does not see it."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from threading import Lock
from typing import Final

from app.kit.errors import Busy
from app.metrics.telling import Json
from app.reports.charts.chart import Chart

SECONDS: Final = 60.0
"""After so long a batch is given up; forty charts take five on a busy machine."""

_HEAD = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')

_ONE_AT_A_TIME: Final = Lock()
"""A process takes 200 MB: so many people as look at reports may wait for each other."""
PATIENCE: Final = 10.0
"""Seconds to wait for them."""

_log = logging.getLogger(__name__)


def drawn(charts: Iterable[Chart]) -> dict[str, str]:
    """By id, the SVG of each chart that has something to draw. One process draws them all, one batch at a time.

    What cannot be drawn is left out, and logged: its text and its table say the same.

    Raises:
        Busy: there is no room for a process, others are drawn for too long, it took too long, or it broke.
    """
    wanted = [(chart, chart.spec) for chart in charts if chart.spec is not None]
    if not wanted:
        return {}
    if not _ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        raise Busy("Others are being drawn.")
    try:
        pictures = _engraved([spec for _, spec in wanted])
    finally:
        _ONE_AT_A_TIME.release()
    return {chart.id: _said(chart, svg) for (chart, _), svg in zip(wanted, pictures, strict=True) if svg is not None}


def _engraved(specs: Sequence[Mapping[str, Json]]) -> list[str | None]:
    # It gets the way to the code and nothing else of the environment: no token, no password of a database.
    path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "app.reports.charts.engraver"],
            env={"PYTHONPATH": path},
            input=json.dumps(specs).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Busy(f"Drawing took longer than {SECONDS:.0f} seconds.") from slow
    except subprocess.CalledProcessError as failed:
        _log.error("Drawing broke off: %s", _end(failed.stderr))
        raise Busy("Drawing broke off.") from failed
    except OSError as error:
        raise Busy("There is no room to draw in.") from error
    pictures: list[str | None] = json.loads(done.stdout)
    if None in pictures:
        _log.error("A chart could not be drawn: %s", _end(done.stderr))
    return pictures


def _end(said: bytes) -> str:
    return said.decode(errors="replace")[-2000:]


def _said(chart: Chart, picture: str) -> str:
    """One image with a name and a description, which is as wide as the page lets it be."""
    head = _HEAD.match(picture)
    assert head is not None  # noqa: S101  that is how what draws begins
    name, (width, height) = f"chart-{chart.id}", head.groups()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="100%" viewBox="0 0 {width} {height}"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-text">'
        f'<title id="{name}-title">{escape(chart.title)}</title><desc id="{name}-text">{escape(chart.text)}</desc>'
        f"{picture[head.end() :]}"
    )
