"""The routes of charts, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from tests.app.stories.routes import FELLOWS
from tests.app.town import Town

ROWS: list[tuple[str, tuple[int, ...], dict[str, Callable[[Town], str]], Callable[[Town], Any] | None]] = [
    ("GET /v1/communities/{c}/artefact-chart", FELLOWS, {}, None)
]
