"""The routes of round-ups, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from app.metrics.publishing import publish
from app.reports.digest.making import make
from tests.app.guild import PUBLIC_URL, Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.metrics.routes import READERS, published
from tests.app.town import Town
from tests.service import ADMIN_TOKEN

OF_PEOPLE = (401, 401, 200, 200, 200, 403, 200, 200, 403)
OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)
INSIDE = (404, 401, 200, 200, 200, 404, 404, 404, 200)
"""Shown to the community."""
V1 = "/v1/communities/{c}"

Fills = dict[str, Callable[[Town], str]]


def settled(guild: Guild) -> None:
    """Publishes and puts together whatever is due."""
    runtime = runtime_of(guild)
    while publish(runtime, runtime.clock()) or make(runtime, runtime.clock()):
        pass


def weekly(town: Town, guild: Guild | None = None) -> str:
    """The id of a week that was put together."""
    here = guild or town.guild
    published(town, guild)
    settled(here)
    listed = done(here.get(here.in_guild("digests?limit=1"), token=ADMIN_TOKEN), 200)
    return str(listed["items"][0]["id"])


def c(town: Town) -> str:
    weekly(town)
    return town.guild.slug


def _inside(town: Town) -> str:
    return str(town.badge("community")["id"])


def _all(town: Town, method: str) -> None:
    for who in ("member", "recipient", "steward", "other member", "other steward"):
        done(town.guild.call(method, "/v1/me/introduction", token=town.tokens[who]), 200)


def _feeds(town: Town) -> None:
    for who in ("member", "recipient", "steward", "other member", "other steward"):
        feed_of(town.guild, town.tokens[who])


def feed_of(guild: Guild, token: str | None) -> str:
    """The address of a feed of weeks, which somebody has just made."""
    made = done(guild.post("/v1/me/digest-feed", token=token), 201)
    return str(made["url"]).removeprefix(PUBLIC_URL)


def _secret(town: Town) -> str:
    return feed_of(town.guild, town.tokens["member"]).rpartition("/")[2]


THEIRS: Fills = {
    "celebration_id": lambda town: str(town.badge("community", town.other)["id"]),
    "digest_id": lambda town: weekly(town, town.other),
}

ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/digests", READERS, {}, None),
    (f"GET {V1}/digests/{{digest_id}}", READERS, {"digest_id": weekly}, None),
    (f"GET {V1}/digest", READERS, {"c": c}, None),
    (f"GET {V1}/reports/digest", READERS, {"c": c}, None),
    ("GET /v1/me/introduction", OF_PEOPLE, {}, None),
    ("PUT /v1/me/introduction", OF_PEOPLE, {}, lambda town: _all(town, "DELETE")),
    ("DELETE /v1/me/introduction", OF_PEOPLE, {}, lambda town: _all(town, "PUT")),
    ("GET /v1/me/digest-feed", OF_PEOPLE, {}, None),
    ("POST /v1/me/digest-feed", OF_PEOPLE, {}, None),
    ("DELETE /v1/me/digest-feed", OF_PEOPLE, {}, _feeds),
    ("GET /feeds/weeks/{feed_secret}", OPEN, {"feed_secret": _secret}, None),
    (f"GET {V1}/celebrations", SEEN, {}, None),
    (f"GET {V1}/celebrations/{{celebration_id}}", SEEN, {"celebration_id": lambda town: town.badge()["id"]}, None),
    (f"GET {V1}/celebrations/{{celebration_id}}", INSIDE, {"celebration_id": _inside}, None),
]
