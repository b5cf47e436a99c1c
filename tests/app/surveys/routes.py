"""The routes of surveys, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from app.surveys.deadlines import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.surveys.polls import THREE
from tests.app.town import MARK, Town
from tests.service import ADMIN_TOKEN

FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
IN_PERSON = (401, 401, 200, 200, 200, 403, 403, 403, 403)
OPEN = (200,) * 9
V1 = "/v1/communities/{c}"

NOTE = {"method": "focus_group", "held_on": "2026-11-01", "n": 7, "themes": ["Evenings are too long"]}
REMARK = {"text": "There is enough tea.", "may_quote": True}

Fills = dict[str, Callable[[Town], str]]


def survey_of(guild: Guild, **more: Any) -> str:
    """The id of a new survey."""
    path, body = guild.in_guild("surveys"), {"instrument": THREE | more}
    id: str = done(guild.post(path, body, token=ADMIN_TOKEN), 201)["id"]
    return id


def wave_of(guild: Guild, *, ahead: int = 0, **more: Any) -> str:
    """The id of a wave that opens so many days ahead, for a day; of those before it none stays."""
    today = runtime_of(guild).clock().date()
    for other in done(guild.get(guild.in_guild("waves?limit=200"), token=ADMIN_TOKEN), 200)["items"]:
        if other["state"] in {"planned", "open"}:
            done(guild.post(guild.in_guild(f"waves/{other['id']}/cancel"), token=ADMIN_TOKEN), 200)
    opens = today + timedelta(days=ahead)
    days = {"opens_on": f"{opens}", "closes_on": f"{opens + timedelta(days=1)}"}
    body = {"survey": survey_of(guild), "name": f"Wave of {MARK}"} | days | more
    id: str = done(guild.post(guild.in_guild("waves"), body, token=ADMIN_TOKEN), 201)["id"]
    return id


def open_wave_of(guild: Guild) -> str:
    """The id of a wave that is open."""
    id = wave_of(guild)
    runtime = runtime_of(guild)
    run_once(runtime, runtime.clock(), jobs=JOBS)
    return id


def counted_wave_of(guild: Guild, handles: list[str], **more: Any) -> str:
    """The id of a wave that has been counted, in which these members answered."""
    id = open_wave_of(guild)
    for handle in handles:
        answer = {"slip": slip_of(guild, id, guild.token(handle)), "answers": {"trust": 4}} | more
        done(guild.post(guild.in_guild(f"waves/{id}/answer"), answer, token=None), 201)
    closed(guild)
    return id


def closed(guild: Guild) -> None:
    """Waves that are open have closed, and are counted."""
    runtime = runtime_of(guild)
    run_once(runtime, runtime.clock() + timedelta(days=1), jobs=JOBS)


def slip_of(guild: Guild, wave: str, token: str | None) -> str:
    slip: str = done(guild.post(guild.in_guild(f"waves/{wave}/slip"), token=token), 201)["slip"]
    return slip


def remark_of(guild: Guild, handles: list[str], *, quoted: bool = False) -> str:
    """The id of a remark of one of these members, who answer in a new wave."""
    wave = counted_wave_of(guild, handles, remark=REMARK)
    id: str = done(guild.get(guild.in_guild(f"remarks?wave={wave}"), token=ADMIN_TOKEN), 200)["items"][0]["id"]
    if quoted:
        done(guild.post(guild.in_guild(f"remarks/{id}/quote"), token=ADMIN_TOKEN), 200)
    return id


def note_of(guild: Guild) -> str:
    """The id of a new note."""
    id: str = done(guild.post(guild.in_guild("qualitative-notes"), NOTE, token=ADMIN_TOKEN), 201)["id"]
    return id


def planning(survey: str, today: date) -> dict[str, Any]:
    """A body for a wave, next year."""
    return {"survey": survey, "name": "N", "opens_on": f"{today + timedelta(days=365)}"}


def _people(town: Town, guild: Guild | None = None) -> list[str]:
    return [town.newcomer(guild) for _ in range(5)]


def _answer(town: Town) -> dict[str, Any]:
    """An answer in a wave that has just opened, with the member's slip."""
    wave = open_wave_of(town.guild)
    return {"slip": slip_of(town.guild, wave, town.tokens["member"]), "answers": {"trust": 4}}


def _slip(town: Town) -> dict[str, Any]:
    return {"slip": slip_of(town.guild, open_wave_of(town.guild), town.tokens["member"])}


def _filled_in(town: Town) -> dict[str, Any]:
    return _slip(town) | {"answer.trust": "4"}


def _open_now(town: Town) -> str:
    waves = done(town.guild.get(town.guild.in_guild("waves?limit=200"), token=ADMIN_TOKEN), 200)["items"]
    [wave] = [each["id"] for each in waves if each["state"] == "open"]
    return str(wave)


def _plan(town: Town) -> dict[str, Any]:
    wave_of(town.guild, ahead=30)
    return planning(survey_of(town.guild), town.clock().date() + timedelta(days=next(town.days)))


WAVE: Fills = {"wave_id": lambda town: open_wave_of(town.guild)}
COUNTED: Fills = {"wave_id": lambda town: counted_wave_of(town.guild, [])}
REMARKS: Fills = {"remark_id": lambda town: remark_of(town.guild, _people(town))}
QUOTED: Fills = {"remark_id": lambda town: remark_of(town.guild, _people(town), quoted=True)}
NOTES: Fills = {"note_id": lambda town: note_of(town.guild)}

THEIRS: Fills = {
    "survey_id": lambda town: survey_of(town.other, name=f"Survey of {MARK}"),
    "wave_id": lambda town: counted_wave_of(town.other, []),
    "remark_id": lambda town: remark_of(town.other, _people(town, town.other), quoted=True),
    "note_id": lambda town: note_of(town.other),
}

ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/surveys", FELLOWS, {}, None),
    (f"POST {V1}/surveys", STEWARDS, {}, lambda _: {"frame": "pulse"}),
    (f"GET {V1}/surveys/{{survey_id}}", FELLOWS, {"survey_id": lambda town: survey_of(town.guild)}, None),
    (f"GET {V1}/survey-advice", STEWARDS, {}, None),
    (f"GET {V1}/waves", FELLOWS, {}, None),
    (f"POST {V1}/waves", STEWARDS, {}, _plan),
    (f"GET {V1}/waves/{{wave_id}}", FELLOWS, WAVE, None),
    (f"POST {V1}/waves/{{wave_id}}/cancel", STEWARDS, WAVE, lambda _: None),
    (f"GET {V1}/waves/{{wave_id}}/results", FELLOWS, COUNTED, None),
    (f"GET {V1}/waves/{{wave_id}}/comparison", FELLOWS, COUNTED, None),
    (f"POST {V1}/waves/{{wave_id}}/slip", IN_PERSON, WAVE, lambda _: None),
    (f"POST {V1}/waves/{{wave_id}}/answer", OPEN, {"wave_id": _open_now}, _answer),
    ("GET /waves/{wave_id}", OPEN, WAVE, None),
    (f"GET {V1}/remarks", FELLOWS, {}, None),
    (f"GET {V1}/remarks/{{remark_id}}", FELLOWS, QUOTED, None),
    (f"POST {V1}/remarks/{{remark_id}}/quote", STEWARDS, REMARKS, lambda _: {}),
    (f"POST {V1}/remarks/{{remark_id}}/keep", STEWARDS, REMARKS, lambda _: None),
    (f"GET {V1}/qualitative-notes", FELLOWS, {}, None),
    (f"POST {V1}/qualitative-notes", STEWARDS, {}, lambda _: NOTE),
    (f"GET {V1}/qualitative-notes/{{note_id}}", FELLOWS, NOTES, None),
    (f"DELETE {V1}/qualitative-notes/{{note_id}}", STEWARDS, NOTES, None),
]

FORMS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any]]] = [
    ("POST /waves/{wave_id}/slip", OPEN, WAVE, lambda town: {"token": town.tokens["member"]}),
    ("POST /waves/{wave_id}/questions", OPEN, {"wave_id": _open_now}, _slip),
    ("POST /waves/{wave_id}/answer", OPEN, {"wave_id": _open_now}, _filled_in),
    ("POST /waves/{wave_id}/results", OPEN, COUNTED, lambda town: {"token": town.tokens["member"]}),
]
"""What the pages of a wave send: whoever calls, what counts is the token or the slip in the form."""
