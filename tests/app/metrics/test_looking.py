"""Stewards say why, and are told what is worth a look; whom they looked at is told that, and what for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.kit.database import read_session
from app.kit.journal import Event
from app.metrics.prompts import PromptKind, advice
from app.metrics.publishing import JOBS
from app.metrics.tables import Look
from app.worker import run_once
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

GIVERS = ("cy", "di", "eli", "flo", "gus")


@pytest.fixture
def lopsided(guild: Guild, clock: SettableClock) -> Guild:
    """Ana did nearly everything last month, and Bo has all the thanks; Sol looks after them."""
    clock.now = clock.now.replace(day=20)
    guild.member("sol", role="steward")
    for handle in ("ana", "bo", *GIVERS):
        guild.member(handle)
    for handle in ("ana",) * 10 + ("bo",):
        of(guild, handle, occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    for giver in GIVERS:
        body = {"to": "bo", "text": "For the tea, and the talk."}
        done(guild.post(guild.in_guild("thanks"), body, token=guild.token(giver)), 201)
    clock.now = (clock.now.replace(day=1) + timedelta(days=32)).replace(day=5)
    run_once(runtime_of(guild), clock.now, jobs=JOBS)
    return guild


def looked(guild: Guild, token: str, query: str = "?purpose=nominating") -> Any:
    return guild.get(guild.in_guild(f"metrics/notes{query}"), token=token)


def notes(guild: Guild, token: str) -> dict[str, dict[str, Any]]:
    """One of each kind."""
    return {each["kind"]: each for each in done(looked(guild, token), 200)["items"]}


def looks_at(guild: Guild, handle: str) -> list[dict[str, Any]]:
    """What somebody is told of who looked."""
    told: list[dict[str, Any]] = done(guild.get("/v1/me/data", token=guild.token(handle)), 200)["steward_look"]
    return told


@on_both_databases
def test_who_is_unsung_is_named_with_what_to_consider_and_how_it_misleads(lopsided: Guild) -> None:
    sol = lopsided.token("sol", "steward")
    found = notes(lopsided, sol)
    note = found["unsung"]
    assert [each["handle"] for each in note["members"]] == ["ana"]
    assert (note["values"]["contributions"], note["values"]["recognitions"]) == (10, 0)
    assert "Consider nominating" in note["consider"]
    assert note["how"]
    assert note["misleads"]
    public = done(lopsided.get(note["method_url"].removeprefix(runtime_of(lopsided).settings.public_url)), 200)
    assert (public["what"], public["how"]) == (note["says"], note["how"])
    assert [each["handle"] for each in found["leans_on_one"]["members"]] == ["ana"]
    assert "capture" in found["unserved"]["values"]["potentials"]
    path = lopsided.in_guild(f"metrics/notes/{note['id']}?purpose=nominating")
    assert done(lopsided.get(path, token=sol), 200) == note


def test_whoever_is_named_is_told_who_looked_and_why(lopsided: Guild) -> None:
    sol = lopsided.token("sol", "steward")
    assert looks_at(lopsided, "ana") == []
    notes(lopsided, sol)
    told = looks_at(lopsided, "ana")
    assert {(each["kind"], each["purpose"]) for each in told} == {
        ("unsung", "nominating"),
        ("leans_on_one", "nominating"),
    }
    assert looks_at(lopsided, "cy") == []
    with read_session(runtime_of(lopsided).engine) as session:
        event = session.exec(select(Event).where(Event.type == "member.looked_at")).one()
    assert event.subject == told[0]["member_id"]
    assert event.actor == told[0]["by"]
    assert event.data == {"purpose": "nominating", "period": told[0]["period"]}, "what was found is not in the journal"


def test_without_a_purpose_nothing_is_shown(lopsided: Guild) -> None:
    sol = lopsided.token("sol", "steward")
    for path in ("metrics/notes", "members/ana/metrics"):
        refused(lopsided.get(lopsided.in_guild(path), token=sol), 403, "purpose-not-stated")
        refused(lopsided.get(lopsided.in_guild(f"{path}?purpose=curiosity"), token=sol), 422, "invalid")
        said = lopsided.in_guild(f"{path}?purpose=caring")
        refused(lopsided.get(said, token=lopsided.token("bo")), 403, "forbidden")
        refused(lopsided.get(said, token=lopsided.token(None, "platform", "metrics:read")), 403, "forbidden")
    with read_session(runtime_of(lopsided).engine) as session:
        assert session.exec(select(Look)).all() == []


def test_a_steward_sees_what_a_member_sees_of_themself_and_the_member_is_told(lopsided: Guild) -> None:
    path = lopsided.in_guild("members/ana/metrics?purpose=caring")
    told = done(lopsided.get(path, token=lopsided.token("sol", "steward")), 200)
    own = done(lopsided.get("/v1/me/metrics", token=lopsided.token("ana")), 200)
    assert told == {name: value for name, value in own.items() if name != "brought"}, "whom they brought is theirs"
    (look,) = looks_at(lopsided, "ana")
    assert (look["kind"], look["purpose"], look["period"]) == (None, "caring", told["period"])
    refused(lopsided.get(path, token=lopsided.token("ana")), 403, "forbidden")


def test_of_who_does_not_want_to_be_counted_stewards_are_told_nothing_not_even_that(lopsided: Guild) -> None:
    sol, ana = lopsided.token("sol", "steward"), lopsided.token("ana")
    path = lopsided.in_guild("members/{}/metrics?purpose=fairness&period={}")
    period = notes(lopsided, sol)["unsung"]["period"]
    note = notes(lopsided, sol)["unsung"]["id"]
    done(lopsided.call("PUT", "/v1/me/uncounted", token=ana), 200)
    assert notes(lopsided, sol).keys() == {"unserved"}
    one = lopsided.in_guild(f"metrics/notes/{note}?purpose=fairness")
    refused(lopsided.get(one, token=sol), 404, "no-such-stewards-note")
    lopsided.member("late")
    for asked in (period, "2019-01"):
        ana, late = (
            refused(lopsided.get(path.format(who, asked), token=sol), 404, "no-such-figures")["detail"].replace(who, "")
            for who in ("ana", "late")
        )
        assert ana == late


@on_both_databases
def test_whoever_is_looked_at_is_told_also_where_nothing_was_to_be_seen(lopsided: Guild) -> None:
    sol, ana = lopsided.token("sol", "steward"), lopsided.token("ana")
    note = notes(lopsided, sol)["unsung"]
    before = len(looks_at(lopsided, "ana"))
    done(lopsided.call("PUT", "/v1/me/uncounted", token=ana), 200)
    one = lopsided.in_guild(f"metrics/notes/{note['id']}?purpose=fairness")
    refused(lopsided.get(one, token=sol), 404, "no-such-stewards-note")
    refused(lopsided.get(lopsided.in_guild("members/ana/metrics?purpose=caring"), token=sol), 404, "no-such-figures")
    looks = [(each["kind"], each["purpose"], each["period"]) for each in looks_at(lopsided, "ana")[before:]]
    assert sorted(looks, key=str) == [("unsung", "fairness", note["period"]), (None, "caring", note["period"])]
    lopsided.member("late")
    refused(lopsided.get(lopsided.in_guild("members/late/metrics?purpose=asked"), token=sol), 404, "no-such-figures")
    (look,) = looks_at(lopsided, "late")
    assert (look["kind"], look["purpose"]) == (None, "asked")
    with read_session(runtime_of(lopsided).engine) as session:
        events = session.exec(select(Event).where(Event.type == "member.looked_at").order_by(col(Event.seq))).all()
    assert [event.data["purpose"] for event in events[-3:]] == ["fairness", "caring", "asked"]


def test_notes_that_name_who_left_or_was_erased_are_gone(lopsided: Guild) -> None:
    sol = lopsided.token("sol", "steward")
    assert "unsung" in notes(lopsided, sol)
    done(lopsided.post(lopsided.in_guild("members/ana/leave")), 200)
    assert "unsung" not in notes(lopsided, sol)
    refused(lopsided.get(lopsided.in_guild("members/ana/metrics?purpose=caring"), token=sol), 404, "no-such-figures")
    fate = "members/ana/data?confirm=ana&credentials=keep"
    done(lopsided.call("DELETE", lopsided.in_guild(fate)), 200)
    with read_session(runtime_of(lopsided).engine) as session:
        assert session.exec(select(Look).order_by(col(Look.id))).all() == []


def test_whom_a_note_names_is_told_what_it_says_but_not_whom_else_it_names(lopsided: Guild) -> None:
    told = done(lopsided.get("/v1/me/data", token=lopsided.token("ana")), 200)
    assert {each["kind"] for each in told["notes_to_stewards"]} == {"unsung", "leans_on_one"}
    assert done(lopsided.get("/v1/me/data", token=lopsided.token("cy")), 200)["notes_to_stewards"] == []


def test_notes_are_of_months_quarters_and_years_that_are_out(lopsided: Guild) -> None:
    sol = lopsided.token("sol", "steward")
    refused(looked(lopsided, sol, "?purpose=caring&period=2026-W40"), 422, "period-not-published")
    refused(looked(lopsided, sol, "?purpose=caring&period=2026-01"), 404, "no-such-figures")


def test_every_kind_of_note_is_explained() -> None:
    assert advice().keys() == {*PromptKind}
