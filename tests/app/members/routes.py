"""The routes of charters and profiles, and what a call of each comes to (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from tests.app.guild import Guild, done
from tests.app.town import Town

OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
V1 = "/v1/communities/{c}"

CHARTER = {
    "purpose": "That nobody learns this alone.",
    "principles": "Whoever asks is answered.",
    "participants": "Whoever looks after what is shared.",
    "structure": "Two stewards, elected each spring.",
    "practices": "An open evening every other week.",
}

Fills = dict[str, Callable[[Town], str]]


def adopted(guild: Guild, **more: Any) -> dict[str, Any]:
    """A new version of the charter."""
    return done(guild.post(guild.in_guild("charter/versions"), CHARTER | more), 201)


def described(guild: Guild, **said: Any) -> dict[str, Any]:
    """The profile, once this has been said."""
    return done(guild.call("PATCH", guild.in_guild("profile"), said, If_Match="*"), 200)


def _chartered(town: Town) -> str:
    return str(adopted(town.guild)["number"])


def _published(town: Town) -> str:
    described(town.guild, domain="Shared data", public=True)
    return town.guild.slug


ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"POST {V1}/charter/versions", STEWARDS, {}, lambda _: CHARTER),
    (f"GET {V1}/charter/versions", OPEN, {}, None),
    (f"GET {V1}/charter/versions/{{n}}", OPEN, {"n": _chartered}, None),
    (f"GET {V1}/charter", OPEN, {"c": lambda town: _chartered(town) and town.guild.slug}, None),
    (f"GET {V1}/profile", SEEN, {"c": _published}, None),
    (f"PATCH {V1}/profile", STEWARDS, {}, lambda _: {"domain": "Shared data"}),
]
