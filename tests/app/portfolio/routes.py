"""The routes of portfolios, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.app.guild import done
from tests.app.town import Town
from tests.service import ADMIN_TOKEN

OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)
"""Of the recipient, who has a badge that everybody sees."""
OWNER = (401, 401, 403, 200, 403, 403, 404, 404, 403)


def member_id(town: Town) -> str:
    id: str = done(town.guild.get(town.guild.in_guild("members/rio"), token=ADMIN_TOKEN), 200)["id"]
    return id


def shared(town: Town) -> dict[str, Any]:
    """A new link to what the recipient shows."""
    ends_at = (town.clock.now + timedelta(days=30)).isoformat()
    path = f"/v1/members/{member_id(town)}/portfolio/links"
    return done(town.guild.post(path, {"ends_at": ends_at}, token=town.tokens["recipient"]), 201)


def link_id(town: Town) -> str:
    return str(shared(town)["id"])


def secret(town: Town) -> str:
    return str(shared(town)["secret"])


def _new(town: Town) -> dict[str, Any]:
    return {"ends_at": (town.clock.now + timedelta(days=30)).isoformat()}


_OF_THE_RECIPIENT: dict[str, Callable[[Town], str]] = {"member_id": member_id}
_A_LINK: dict[str, Callable[[Town], str]] = {"member_id": member_id, "link_id": link_id}

ROWS: list[tuple[str, tuple[int, ...], dict[str, Callable[[Town], str]], Callable[[Town], Any] | None]] = [
    ("GET /v1/members/{member_id}/portfolio", SEEN, _OF_THE_RECIPIENT, None),
    ("GET /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, None),
    ("PUT /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, lambda _: {"title": "T"}),
    ("POST /v1/members/{member_id}/portfolio/links", OWNER, _OF_THE_RECIPIENT, _new),
    ("GET /v1/members/{member_id}/portfolio/links", OWNER, _OF_THE_RECIPIENT, None),
    ("GET /v1/members/{member_id}/portfolio/links/{link_id}", OWNER, _A_LINK, None),
    ("DELETE /v1/members/{member_id}/portfolio/links/{link_id}", OWNER, _A_LINK, None),
    ("GET /portfolios/{secret}", OPEN, {"secret": secret}, None),
    ("GET /portfolios/{secret}.json", OPEN, {"secret": secret}, None),
]
