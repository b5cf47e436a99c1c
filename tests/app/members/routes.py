"""The routes of communities, their charters and profiles, and what a call of each comes to (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from sqlmodel import col, select

from app.kit.database import read_session
from app.members.communities.interest import letter_of
from app.members.communities.tables import Interest
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import MARK, Town

OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
ADMIN = (401, 401, 403, 403, 403, 403, 403, 403, 200)
ELSEWHERE = (401, 401, 403, 403, 403, 403, 403, 403, 200)
"""Of a community without members: the admin looks after it."""
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


def potential(town: Town) -> str:
    """The slug of a community that has not begun."""
    return begun(Guild(town.guild.client, f"potential-{next(town.days)}"), phase="potential").slug


def begun(guild: Guild, **more: Any) -> Guild:
    """A community that has just been founded."""
    said = {"name": "N", "description": "D", "url": "https://x.example", "email": "x@x.example"}
    done(guild.post("/v1/communities", {"slug": guild.slug} | said | more), 201)
    return guild


def link_of_interest(guild: Guild, email: str) -> str:
    """The secret of the link in the letter that this address has yet to get."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        waiting = session.exec(select(Interest).where(col(Interest.letter).is_not(None))).all()
        letters = [letter_of(row, at=runtime.installation) for row in waiting]
    return next(letter.secret for letter in letters if letter.to == email and letter.secret)


def interested(town: Town) -> str:
    """The secret of the link of somebody who said that they would come."""
    email = town.guild.somebody()["email"]
    done(town.guild.post(f"/v1/communities/{potential(town)}/interest", {"email": email}, token=None), 202)
    return link_of_interest(town.guild, email)


def _archived(town: Town) -> str:
    guild = begun(Guild(town.guild.client, f"archived-{next(town.days)}"))
    done(guild.post(guild.in_guild("archive")), 200)
    return guild.slug


def farewell(guild: Guild, to: str, text: str = "Thank you.") -> str:
    """The id of a farewell that is prepared for a member."""
    body = {"to": to, "text": text}
    return str(done(guild.post(guild.in_guild("farewells"), body), 201)["id"])


def farewell_of_the_other(town: Town) -> str:
    return farewell(town.other, town.newcomer(town.other), f"Thanks, {MARK}.")


def _farewell(town: Town) -> str:
    return farewell(town.guild, town.newcomer())


ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"POST {V1}/charter/versions", STEWARDS, {}, lambda _: CHARTER),
    (f"GET {V1}/charter/versions", OPEN, {}, None),
    (f"GET {V1}/charter/versions/{{n}}", OPEN, {"n": _chartered}, None),
    (f"GET {V1}/charter", OPEN, {"c": lambda town: _chartered(town) and town.guild.slug}, None),
    ("GET /issuers/{c}/charter", OPEN, {"c": lambda town: _chartered(town) and town.guild.slug}, None),
    (f"GET {V1}/profile", SEEN, {"c": _published}, None),
    (f"PATCH {V1}/profile", STEWARDS, {}, lambda _: {"domain": "Shared data"}),
    (f"POST {V1}/launch", ELSEWHERE, {"c": potential}, None),
    (f"POST {V1}/archive", ELSEWHERE, {"c": potential}, None),
    (f"POST {V1}/reopen", ADMIN, {"c": _archived}, None),
    (f"PUT {V1}/end", STEWARDS, {}, lambda _: {"ends_at": "2080-01-01T00:00:00Z"}),
    (f"DELETE {V1}/end", STEWARDS, {}, None),
    (f"POST {V1}/farewells", STEWARDS, {}, lambda town: {"to": town.newcomer(), "text": "Thank you."}),
    (f"GET {V1}/farewells", FELLOWS, {}, None),
    (
        f"GET {V1}/farewells/{{farewell_id}}",
        (401, 401, 404, 404, 200, 403, 403, 403, 200),
        {"farewell_id": _farewell},
        None,
    ),
    (f"DELETE {V1}/farewells/{{farewell_id}}", STEWARDS, {"farewell_id": _farewell}, None),
    (f"GET {V1}/interest", OPEN, {"c": potential}, None),
    (f"POST {V1}/interest", OPEN, {"c": potential}, lambda town: {"email": town.guild.somebody()["email"]}),
    ("GET /v1/interest/{secret}", OPEN, {"secret": interested}, None),
    ("POST /v1/interest/{secret}", OPEN, {"secret": interested}, None),
    ("DELETE /v1/interest/{secret}", OPEN, {"secret": interested}, None),
    ("GET /interest/{secret}", OPEN, {"secret": interested}, None),
]
