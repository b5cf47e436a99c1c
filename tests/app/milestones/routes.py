"""The routes of milestones, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.milestones.watching import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import MARK, Town
from tests.service import ADMIN_TOKEN

FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
CURATORS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
OF_THE_RECIPIENT = (401, 401, 403, 200, 200, 403, 403, 403, 200)
SUGGESTED = (401, 401, 404, 200, 200, 403, 403, 403, 200)
"""The one who met it, and the stewards."""
SEEN = (200, 401, *[200] * 7)
V1 = "/v1/communities/{c}"

Fills = dict[str, Callable[[Town], str]]


def saying(achievement: str, kind: str = "suggest", **more: Any) -> dict[str, Any]:
    """A milestone that whoever hosted twice meets."""
    hosted = {"kind": "count", "of": {"types": ["hosting"]}, "at_least": 2}
    rule = {"all_of": [hosted], "result": {"kind": kind, "achievement": achievement}, "a_day": 1000}
    said = {"name": "Two sessions", "description": "Hosted two sessions.", "discussion": "https://talk.example/d"}
    return said | {"rule": rule} | more


def drawn(guild: Guild, achievement: str, **more: Any) -> str:
    """The id of a new draft."""
    body = saying(achievement, **more)
    id: str = done(guild.post(guild.in_guild("milestones"), body, token=ADMIN_TOKEN), 201)["id"]
    return id


def approved(guild: Guild, achievement: str, token: str, **more: Any) -> str:
    """The id of a new draft that a steward, whose token it is, has approved of."""
    id = drawn(guild, achievement, **more)
    done(guild.post(guild.in_guild(f"milestones/{id}/reviews"), {"verdict": "approve"}, token=token), 200)
    return id


def met(guild: Guild, achievement: str, handle: str, token: str, **more: Any) -> dict[str, Any]:
    """The attainment of a member who has met a new milestone, which is retired then."""
    id = approved(guild, achievement, token, **more)
    done(guild.post(guild.in_guild(f"milestones/{id}/activate"), {"backfill": True}, token=token), 200)
    runtime = runtime_of(guild)
    for hours in (1, 2):
        when = (runtime.clock() - timedelta(hours=hours)).isoformat()
        body = {"type": "hosting", "person": handle, "occurred_at": when}
        done(guild.post(guild.in_guild("contributions"), body, token=ADMIN_TOKEN), 201)
    while any(run_once(runtime, runtime.clock(), jobs=JOBS).values()):
        pass
    path = guild.in_guild(f"attainments?milestone={id}")
    member = done(guild.get(guild.in_guild(f"members/{handle}"), token=token), 200)["id"]
    [attainment] = [one for one in done(guild.get(path, token=token), 200)["items"] if one["member"] == member]
    done(guild.post(guild.in_guild(f"milestones/{id}/retire"), token=token), 200)
    found: dict[str, Any] = attainment
    return found


def of_the_other(town: Town) -> str:
    return drawn(town.other, town.theirs["id"], name=f"Two sessions of {MARK}")


def met_in_the_other(town: Town) -> str:
    handle = town.newcomer(town.other)
    found: str = met(town.other, town.theirs["id"], handle, str(town.tokens["other steward"]))["id"]
    return found


def _draft(town: Town) -> str:
    return drawn(town.guild, town.achievement["id"])


def _approved(town: Town) -> str:
    return approved(town.guild, town.achievement["id"], str(town.tokens["steward"]))


def _suggested(town: Town) -> str:
    """The id of an attainment of the recipient, who is counted and may be recognised whatever other calls said.

    By any caller: some calls have made one person of the recipient and another member.
    """
    for token in town.tokens.values():
        for wish in ("uncounted", "never-add"):
            town.guild.call("DELETE", f"/v1/me/{wish}", token=token)
    found: str = met(town.guild, town.achievement["id"], "rio", str(town.tokens["steward"]))["id"]
    return found


def _of_somebody(town: Town) -> str:
    found: str = met(town.guild, town.achievement["id"], town.newcomer(), str(town.tokens["steward"]))["id"]
    return found


def _given(town: Town) -> str:
    """The id of an attainment whose badge is public."""
    handle = town.newcomer()
    attainment = met(town.guild, town.achievement["id"], handle, str(town.tokens["steward"]), kind="offer")
    answer, token = {"response": "accept", "visibility": "public"}, town.guild.token(handle)
    done(town.guild.post(f"/v1/credentials/{attainment['credential']}/response", answer, token=token), 200)
    found: str = attainment["id"]
    return found


ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/milestones", FELLOWS, {}, None),
    (f"POST {V1}/milestones", CURATORS, {}, lambda town: saying(town.achievement["id"])),
    (f"GET {V1}/milestones/{{milestone_id}}", FELLOWS, {"milestone_id": _draft}, None),
    (f"PATCH {V1}/milestones/{{milestone_id}}", CURATORS, {"milestone_id": _draft}, lambda _: {"name": "N"}),
    (f"POST {V1}/milestones/{{milestone_id}}/reviews", (401, 401, 403, 403, 200, 403, 403, 403, 409),
     {"milestone_id": _draft}, lambda _: {"verdict": "approve"}),
    (f"GET {V1}/milestones/{{milestone_id}}/dry-run", CURATORS, {"milestone_id": _draft}, None),
    (f"POST {V1}/milestones/{{milestone_id}}/activate", CURATORS, {"milestone_id": _approved}, lambda _: {}),
    (f"POST {V1}/milestones/{{milestone_id}}/retire", CURATORS, {"milestone_id": _draft}, lambda _: None),
    (f"GET {V1}/members/{{m}}/milestones", OF_THE_RECIPIENT, {"m": lambda _: "rio"}, None),
    (f"GET {V1}/attainments", FELLOWS, {}, None),
    (f"GET {V1}/attainments/{{attainment_id}}", SUGGESTED, {"attainment_id": _suggested}, None),
    (f"POST {V1}/attainments/{{attainment_id}}/dismiss", CURATORS, {"attainment_id": _of_somebody}, lambda _: None),
    ("GET /evidence/{attainment_id}", SEEN, {"attainment_id": _given}, None),
    ("GET /standing/evidence/{attainment_id}", SEEN, {"attainment_id": _given}, None),
    ("GET /evidence/{attainment_id}/standing", SEEN, {"attainment_id": _given}, None),
]  # fmt: skip
