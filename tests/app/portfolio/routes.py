"""The routes of portfolios, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from tests.app.guild import done
from tests.app.town import Town
from tests.service import ADMIN_TOKEN

SEEN = (200, 401, *[200] * 7)
"""Of the recipient, who has a badge that everybody sees."""
OWNER = (401, 401, 403, 200, 403, 403, 404, 404, 403)


def member_id(town: Town) -> str:
    id: str = done(town.guild.get(town.guild.in_guild("members/rio"), token=ADMIN_TOKEN), 200)["id"]
    return id


_OF_THE_RECIPIENT: dict[str, Callable[[Town], str]] = {"member_id": member_id}

ROWS: list[tuple[str, tuple[int, ...], dict[str, Callable[[Town], str]], Callable[[Town], Any] | None]] = [
    ("GET /v1/members/{member_id}/portfolio", SEEN, _OF_THE_RECIPIENT, None),
    ("GET /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, None),
    ("PUT /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, lambda _: {"title": "T"}),
]
