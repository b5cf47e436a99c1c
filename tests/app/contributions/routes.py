"""The routes of contributions, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from tests.app.guild import Guild, done
from tests.app.town import MARK, Town
from tests.service import ADMIN_TOKEN

MEMBERS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
"""Fellows: platforms do not see who did what."""
OF_THE_COMMUNITY = (401, 401, 200, 200, 200, 200, 403, 403, 200)
PEOPLE = (401, 401, 200, 200, 200, 403, 200, 200, 403)
WRITERS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
V1 = "/v1/communities/{c}"

Fills = dict[str, Callable[[Town], str]]


def of(guild: Guild, handle: str, **more: Any) -> str:
    """The id of a new contribution of somebody's."""
    body = {"type": "hosting", "person": handle, "occurred_at": "2026-11-01T09:00:00Z"} | more
    id: str = done(guild.post(guild.in_guild("contributions"), body, token=ADMIN_TOKEN), 201)["id"]
    return id


def fresh(town: Town) -> str:
    return of(town.guild, "rio")


def of_the_other(town: Town) -> str:
    return of(town.other, "zora", title=f"Call of {MARK}")


def type_of(guild: Guild, key: str, name: str = "N") -> str:
    """The key of a new type."""
    body = {"key": key, "name": name, "description": "D", "mode": "contribute", "cycles": [1], "potential": "action"}
    made: str = done(guild.post(guild.in_guild("contribution-types"), body, token=ADMIN_TOKEN), 201)["key"]
    return made


def new_key(town: Town) -> str:
    return f"type_{next(town.days)}"


def fresh_type(town: Town) -> str:
    return type_of(town.guild, new_key(town))


def type_of_the_other(town: Town) -> str:
    return type_of(town.other, new_key(town), f"N {MARK}")


def _a_type(town: Town) -> dict[str, Any]:
    return {"key": new_key(town), "name": "N", "description": "D", "mode": "champion", "cycles": [1, 2],
            "potential": "connect"}  # fmt: skip


def _done(_: Town) -> dict[str, Any]:
    return {"type": "hosting", "person": "rio", "occurred_at": "2026-11-01T09:00:00Z"}


def _all(town: Town, method: str) -> None:
    for who in ("member", "recipient", "steward", "other member", "other steward"):
        done(town.guild.call(method, "/v1/me/uncounted", token=town.tokens[who]), 200)


def _table(town: Town) -> bytes:
    return f"type,person,occurred_at,title\nhosting,rio,2026-11-01,{new_key(town)}\n".encode()


ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/contribution-types", OF_THE_COMMUNITY, {}, None),
    (f"POST {V1}/contribution-types", WRITERS, {}, _a_type),
    (f"GET {V1}/contribution-types/{{type}}", OF_THE_COMMUNITY, {"type": fresh_type}, None),
    (f"PATCH {V1}/contribution-types/{{type}}", WRITERS, {"type": fresh_type}, lambda _: {"name": "M"}),
    (f"GET {V1}/contributions", MEMBERS, {}, None),
    (f"POST {V1}/contributions", WRITERS, {}, _done),
    (f"POST {V1}/contributions", WRITERS, {}, lambda town: [_done(town)] * 3),
    (f"GET {V1}/contributions/{{contribution_id}}", MEMBERS, {"contribution_id": fresh}, None),
    (
        f"POST {V1}/contributions/{{contribution_id}}/correct",
        WRITERS,
        {"contribution_id": fresh},
        lambda _: {"reason": "r", "title": "T"},
    ),
    (
        f"POST {V1}/contributions/{{contribution_id}}/retract",
        WRITERS,
        {"contribution_id": fresh},
        lambda _: {"reason": "r"},
    ),
    (f"POST {V1}/contributions/import", WRITERS, {}, _table),
    ("GET /v1/me/uncounted", PEOPLE, {}, None),
    ("PUT /v1/me/uncounted", PEOPLE, {}, lambda town: _all(town, "DELETE")),
    ("DELETE /v1/me/uncounted", PEOPLE, {}, lambda town: _all(town, "PUT")),
]
