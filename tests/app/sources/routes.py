"""The routes of sources, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

import hashlib
from collections.abc import Callable
from typing import Any

from tests.app.guild import Guild, done, path_of
from tests.app.sources.signing import body_of, hexed
from tests.app.town import MARK, Town
from tests.service import ADMIN_TOKEN

LISTENERS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
"""Stewards."""
BY_SIGNATURE = (401,) * 9
"""Whoever has the secret of the source, and no token will do."""
OPEN = (200,) * 9
V1 = "/v1/communities/{c}/sources"
NOBODYS = "00000000-0000-7000-8000-000000000000"

Fills = dict[str, Callable[[Town], str]]


def source_of(guild: Guild, name: str = "Ours") -> dict[str, Any]:
    """A new source."""
    return done(guild.post(guild.in_guild("sources"), {"platform": "github", "name": name}, token=ADMIN_TOKEN), 201)


def delivery_of(guild: Guild, source: dict[str, Any]) -> str:
    """The id of what a source has sent."""
    raw = body_of({"zen": MARK})
    headers = {"x-hub-signature-256": "sha256=" + hexed(source["secret"], raw), "x-github-event": "ping"}
    id: str = done(guild.client.post(path_of(source["url"]), content=raw, headers=headers), 202)["delivery"]
    return id


def fresh(town: Town) -> str:
    id: str = source_of(town.guild)["id"]
    return id


def of_the_other(town: Town) -> str:
    id: str = source_of(town.other, MARK)["id"]
    return id


def told(town: Town) -> str:
    """A source and what it sent, as their path has them."""
    source = source_of(town.guild)
    return f"{source['id']}/deliveries/{delivery_of(town.guild, source)}"


PEOPLE = (401, 401, 200, 200, 200, 403, 200, 200, 403)
HELD = (401, 401, 200, 404, 404, 403, 404, 404, 403)
"""The member's own."""
ME = "/v1/me/identities"


def _account(town: Town) -> dict[str, Any]:
    """An account on a platform that both communities listen to."""
    for guild in (town.guild, town.other):
        listed = done(guild.get(guild.in_guild("sources"), token=ADMIN_TOKEN), 200)["items"]
        if not any(each["accounts"] == "github" for each in listed):
            source_of(guild)
    return {"platform": "github", "account": f"account-{next(town.days)}"}


def proof(town: Town) -> str:
    """The id of an account that the member says is theirs."""
    token = town.tokens["member"]
    listed = done(town.guild.get(ME, token=token), 200)["items"]
    if not listed:
        listed = [done(town.guild.post(ME, _account(town), token=token), 201)]
    return str(listed[0]["id"])


NOTHING = hashlib.sha256(b"[]").hexdigest()
"""The diff of a replay in which nothing would be otherwise."""
_ITS: Fills = {"source": fresh}
ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}", LISTENERS, {}, None),
    (f"POST {V1}", LISTENERS, {}, lambda _: {"platform": "generic"}),
    (f"GET {V1}/{{source}}", LISTENERS, _ITS, None),
    (f"PATCH {V1}/{{source}}", LISTENERS, _ITS, lambda _: {"name": "Theirs"}),
    (f"DELETE {V1}/{{source}}", LISTENERS, _ITS, None),
    (f"POST {V1}/{{source}}/rotate", LISTENERS, _ITS, lambda _: {}),
    (f"GET {V1}/{{source}}/deliveries", LISTENERS, _ITS, None),
    (f"GET {V1}/{{source}}/deliveries/{{inbound_id}}", LISTENERS, {"source}/deliveries/{inbound_id": told}, None),
    (f"POST {V1}/{{source}}/preview", LISTENERS, _ITS, lambda _: {"body": "{}"}),
    (f"POST {V1}/{{source}}/replay", LISTENERS, _ITS, lambda _: {"apply": True, "diff": NOTHING}),
    (f"GET {V1}/{{source}}/rules", LISTENERS, _ITS, None),
    (f"POST {V1}/{{source}}/rules", LISTENERS, _ITS, lambda _: {"rules": {}}),
    (f"GET {V1}/{{source}}/rules/{{version}}", LISTENERS, _ITS | {"version": lambda _: "0"}, None),
    (f"GET {V1}/{{source}}/awards", LISTENERS, _ITS, None),
    (f"GET {V1}/{{source}}/awards/{{award_id}}", (401, 401, 403, 403, 404, 403, 403, 403, 404),
     _ITS | {"award_id": lambda _: NOBODYS}, None),
    ("POST /hooks/{source}", BY_SIGNATURE, _ITS, lambda _: {}),
    ("POST /hooks/{source}/statements", BY_SIGNATURE, _ITS, lambda _: {}),
    ("PUT /hooks/{source}/_matrix/app/v1/transactions/{transaction}", BY_SIGNATURE,
     _ITS | {"transaction": lambda _: "7"}, lambda _: {}),
    ("POST /hooks/{source}/_matrix/app/v1/ping", BY_SIGNATURE, _ITS, lambda _: {}),
    (f"GET {ME}", PEOPLE, {}, None),
    (f"POST {ME}", PEOPLE, {}, _account),
    (f"GET {ME}/{{proof_id}}", HELD, {"proof_id": proof}, None),
    (f"DELETE {ME}/{{proof_id}}", HELD, {"proof_id": proof}, None),
    ("GET /v1/communities/{c}/disputed-accounts", LISTENERS, {}, None),
    ("GET /v1/communities/{c}/disputed-accounts/{proof_id}", (401, 401, 403, 403, 404, 403, 403, 403, 404),
     {"proof_id": lambda _: NOBODYS}, None),
    ("OPTIONS /hooks/{source}", OPEN, _ITS, None),
]  # fmt: skip
