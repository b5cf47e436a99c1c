"""The routes of stories, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.stories.effort.rules import quarter_of
from app.stories.effort.service import JOBS, name_of
from app.worker import run_once
from tests.app.contributions.routes import fresh as contribution
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import MARK, Town
from tests.service import ADMIN_TOKEN

IN_PERSON = (401, 401, 200, 200, 200, 403, 403, 403, 403)
AUTHOR = (401, 401, 404, 200, 404, 403, 403, 403, 403)
"""The recipient told it."""
SEEN = (200, 401, *[200] * 7)
FOR_STEWARDS = (404, 401, 404, 200, 200, 404, 404, 404, 200)
"""Told by the recipient, for stewards alone."""
FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
THEIRS = (401, 401, 403, 200, 200, 403, 403, 403, 200)
"""The recipient's, and every steward's."""
ASKER = (401, 401, 403, 200, 403, 403, 403, 403, 403)
V1 = "/v1/communities/{c}"
PUBLIC = {"audience": "public", "may_quote": True, "named": True}
INSIDE = {"audience": "community", "may_quote": False, "named": True}

Fills = dict[str, Callable[[Town], str]]


def story(**more: Any) -> dict[str, Any]:
    """What somebody may tell."""
    return {"title": "The shared shelf", "cycles": [1], "what_happened": "We met.", "consent": INSIDE} | more


def told(guild: Guild, token: str | None, **more: Any) -> dict[str, Any]:
    """A new story of whose token it is."""
    return done(guild.post(guild.in_guild("stories"), story(**more), token=token), 201)


def of_the_other(town: Town) -> str:
    said = {"title": f"Story of {MARK}", "consent": PUBLIC | {"audience": "community"}}
    return str(told(town.other, town.tokens["other member"], **said)["id"])


def _told(town: Town) -> str:
    return str(told(town.guild, town.tokens["recipient"])["id"])


def _public(town: Town) -> str:
    return str(told(town.guild, town.tokens["recipient"], consent=PUBLIC)["id"])


def _for_stewards(town: Town) -> str:
    return str(told(town.guild, town.tokens["recipient"], consent=INSIDE | {"audience": "stewards"})["id"])


UPTAKE = {
    "what": "The checklist for shared rooms",
    "place": "Harbour Library",
    "place_kind": "organisation",
    "outcome": "Rooms are warm when people come.",
    "happened_at": "2026-11-01T09:00:00Z",
    "evidence_url": "https://harbour.example/rooms",
    "evidence_digest": "a" * 64,
}


def taken_up(guild: Guild, token: str | None = ADMIN_TOKEN, **more: Any) -> dict[str, Any]:
    """A new record of uptake."""
    return done(guild.post(guild.in_guild("uptake"), UPTAKE | more, token=token), 201)


def asked(guild: Guild, token: str | None, **more: Any) -> dict[str, Any]:
    """A new need of whose token it is."""
    body = {"kind": "question", "title": "How do others keep rooms warm?"} | more
    return done(guild.post(guild.in_guild("needs"), body, token=token), 201)


def answered(guild: Guild, token: str | None, by: str) -> dict[str, Any]:
    """A need that somebody answered."""
    need = asked(guild, token)
    return done(guild.post(guild.in_guild(f"needs/{need['id']}/answer"), {"member": by}, token=token), 200)


def artefact(*contributors: str, **more: Any) -> dict[str, Any]:
    """Something that members made, each as an author."""
    parts = [{"member": each, "role": "author"} for each in contributors]
    return {"title": "A checklist", "url": "https://x.example/checklist", "contributors": parts} | more


def made(guild: Guild, *contributors: str, token: str | None = ADMIN_TOKEN, **more: Any) -> dict[str, Any]:
    """A new artefact of these members."""
    return done(guild.post(guild.in_guild("artefacts"), artefact(*contributors, **more), token=token), 201)


def uptake_of_the_other(town: Town) -> str:
    return str(taken_up(town.other, what=f"List of {MARK}")["id"])


def need_of_the_other(town: Town) -> str:
    return str(asked(town.other, town.tokens["other member"], title=f"How, {MARK}?")["id"])


def artefact_of_the_other(town: Town) -> str:
    return str(made(town.other, "zora", title=f"Book of {MARK}")["id"])


def _uptake(town: Town) -> str:
    return str(taken_up(town.guild, town.tokens["recipient"])["id"])


def _need(town: Town) -> str:
    return str(asked(town.guild, town.tokens["recipient"])["id"])


def _wanted(town: Town) -> str:
    """A need that the member, the recipient and the steward want, too."""
    id = _need(town)
    for who in ("member", "recipient", "steward"):
        done(town.guild.call("PUT", town.guild.in_guild(f"needs/{id}/vote"), token=town.tokens[who]), 200)
    return id


def _answered(town: Town) -> str:
    return str(answered(town.guild, town.tokens["recipient"], town.newcomer())["id"])


def _artefact(town: Town) -> str:
    return str(made(town.guild, "rio")["id"])


def _of_others(town: Town) -> str:
    """An artefact in which none of those who call had a part."""
    return str(made(town.guild, town.newcomer(), token=town.tokens["member"])["id"])


def stated(guild: Guild, token: str | None, **more: Any) -> dict[str, Any]:
    """Hours of whose token it is, in the month that it is."""
    month = f"{runtime_of(guild).clock():%Y-%m}"
    return done(guild.post(guild.in_guild("effort"), {"month": month, "hours": 2.5} | more, token=token), 201)


def summed(guild: Guild, token: str | None) -> str:
    """The name of a quarter that was summed."""
    stated(guild, token)
    runtime = runtime_of(guild)
    now = runtime.clock()
    assert run_once(runtime, now + timedelta(days=100), jobs=JOBS).keys() == {"sum up hours"}
    return name_of(quarter_of(now.date()))


def effort_of_the_other(town: Town) -> str:
    return str(stated(town.other, town.tokens["other member"])["id"])


def quarter_of_the_other(town: Town) -> str:
    return summed(town.other, town.tokens["other member"])


def _effort(town: Town) -> str:
    return str(stated(town.guild, town.tokens["recipient"])["id"])


def _quarter(town: Town) -> str:
    return summed(town.guild, town.tokens["recipient"])


ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"POST {V1}/stories", IN_PERSON, {}, lambda town: story(links={"contributions": [contribution(town)]})),
    (f"GET {V1}/stories", SEEN, {}, None),
    (f"GET {V1}/value-matrix", SEEN, {}, None),
    (f"GET {V1}/stories/{{story_id}}", SEEN, {"story_id": _public}, None),
    (f"GET {V1}/stories/{{story_id}}", FOR_STEWARDS, {"story_id": _for_stewards}, None),
    (f"PATCH {V1}/stories/{{story_id}}", AUTHOR, {"story_id": _told}, lambda _: {"title": "T"}),
    (f"PUT {V1}/stories/{{story_id}}/consent", AUTHOR, {"story_id": _told}, lambda _: PUBLIC),
    (f"DELETE {V1}/stories/{{story_id}}", AUTHOR, {"story_id": _told}, None),
    (f"POST {V1}/uptake", FELLOWS, {}, lambda _: UPTAKE),
    (f"GET {V1}/uptake", FELLOWS, {}, None),
    (f"GET {V1}/uptake/{{uptake_id}}", FELLOWS, {"uptake_id": _uptake}, None),
    (f"POST {V1}/uptake/{{uptake_id}}/verify", STEWARDS, {"uptake_id": _uptake}, None),
    (f"DELETE {V1}/uptake/{{uptake_id}}", THEIRS, {"uptake_id": _uptake}, None),
    ("GET /v1/landscape", (200,) * 9, {}, None),
    (f"POST {V1}/needs", IN_PERSON, {}, lambda _: {"kind": "topic", "title": "Seeds in winter"}),
    (f"GET {V1}/needs", FELLOWS, {}, None),
    (f"GET {V1}/needs/{{need_id}}", FELLOWS, {"need_id": _need}, None),
    (f"PATCH {V1}/needs/{{need_id}}", ASKER, {"need_id": _need}, lambda _: {"title": "T"}),
    (f"DELETE {V1}/needs/{{need_id}}", THEIRS, {"need_id": _need}, None),
    (f"PUT {V1}/needs/{{need_id}}/vote", IN_PERSON, {"need_id": _need}, None),
    (f"DELETE {V1}/needs/{{need_id}}/vote", IN_PERSON, {"need_id": _wanted}, None),
    (f"POST {V1}/needs/{{need_id}}/answer", THEIRS, {"need_id": _need}, lambda town: {"member": town.newcomer()}),
    (f"POST {V1}/needs/{{need_id}}/capture", THEIRS, {"need_id": _answered},
     lambda town: {"member": town.newcomer(), "url": "https://x.example/notes"}),
    (f"POST {V1}/needs/{{need_id}}/reopen", THEIRS, {"need_id": _answered}, None),
    (f"POST {V1}/effort", IN_PERSON, {}, lambda _: {"month": "2026-11", "hours": 0.5}),
    (f"GET {V1}/effort", IN_PERSON, {}, None),
    (f"GET {V1}/effort/{{effort_id}}", AUTHOR, {"effort_id": _effort}, None),
    (f"DELETE {V1}/effort/{{effort_id}}", AUTHOR, {"effort_id": _effort}, None),
    (f"GET {V1}/effort-sums", FELLOWS, {}, None),
    (f"GET {V1}/effort-sums/{{effort_quarter}}", FELLOWS, {"effort_quarter": _quarter}, None),
    (f"POST {V1}/artefacts", FELLOWS, {}, lambda _: artefact("rio")),
    (f"GET {V1}/artefacts", FELLOWS, {}, None),
    (f"GET {V1}/artefact-graph", FELLOWS, {}, None),
    (f"GET {V1}/artefacts/{{artefact_id}}", FELLOWS, {"artefact_id": _artefact}, None),
    (f"PATCH {V1}/artefacts/{{artefact_id}}", THEIRS, {"artefact_id": _artefact}, lambda _: {"title": "T"}),
    (f"POST {V1}/artefacts/{{artefact_id}}/reviews", STEWARDS, {"artefact_id": _of_others},
     lambda _: {"verdict": "approved"}),
    (f"DELETE {V1}/artefacts/{{artefact_id}}", THEIRS, {"artefact_id": _artefact}, None),
]  # fmt: skip
