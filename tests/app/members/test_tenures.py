"""Roles with time: who is in which, from when to when; after its end a seat is worth nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from app.kit.database import read_session
from app.members.service import community_by_slug
from app.members.tenures import Seat, seats
from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN, SettableClock

DAY = timedelta(days=1)


def begin(guild: Guild, who: str, role: str, start: float | None = None, end: float | None = None, **more: Any) -> Any:
    """A tenure, with its times in days from the beginning."""
    body = {"member": who, "role": role} | more
    for name, days in (("from", start), ("to", end)):
        if days is not None:
            body[name] = (THEN + days * DAY).isoformat()
    return guild.post(guild.in_guild("tenures"), body)


def end(guild: Guild, tenure: dict[str, Any], when: datetime, if_match: str = "*") -> httpx2.Response:
    path = guild.in_guild(f"tenures/{tenure['id']}")
    return guild.call("PATCH", path, {"to": when.isoformat()}, If_Match=if_match)


def seated(engine: sa.Engine, guild: Guild, *roles: str, now: datetime, scope: str | None = None) -> list[Seat]:
    with read_session(engine) as session:
        community = community_by_slug(session, guild.slug)
        return seats(session, community.id, roles, now=now, scope=scope)


@on_both_databases
def test_a_seat_is_held_from_the_beginning_until_just_before_the_end(guild: Guild, engine: sa.Engine) -> None:
    ana = guild.member("ana")
    made = done(begin(guild, "ana", "council", 10, 20), 201)
    assert made == {
        "id": made["id"],
        "member": ana["id"],
        "role": "council",
        "scope": None,
        "from": f"{THEN + 10 * DAY:%Y-%m-%dT%H:%M:%SZ}",
        "to": f"{THEN + 20 * DAY:%Y-%m-%dT%H:%M:%SZ}",
    }
    held = [bool(seated(engine, guild, "council", now=THEN + days * DAY)) for days in (9.9, 10, 15, 19.9, 20, 30)]
    assert held == [False, True, True, True, False, False]
    [seat] = seated(engine, guild, "council", now=THEN + 10 * DAY)
    assert (str(seat.member_id), seat.role, seat.scope) == (ana["id"], "council", None)
    assert (seat.until, str(seat.tenure_id)) == (THEN + 20 * DAY, made["id"])


@on_both_databases
def test_a_seat_for_one_thing_is_none_for_another(guild: Guild, engine: sa.Engine) -> None:
    ids = {guild.member(handle)["id"]: handle for handle in ("ana", "bo", "cleo")}
    done(begin(guild, "ana", "reviewer"), 201)
    done(begin(guild, "bo", "reviewer", scope="hosting"), 201)
    done(begin(guild, "cleo", "council", scope="hosting"), 201)

    def who(*roles: str, scope: str | None) -> list[str]:
        return [ids[str(seat.member_id)] for seat in seated(engine, guild, *roles, now=THEN, scope=scope)]

    assert who("reviewer", scope=None) == ["ana"]
    assert who("reviewer", scope="hosting") == ["ana", "bo"]
    assert who("reviewer", scope="mentoring") == ["ana"]
    assert who("reviewer", "council", scope="hosting") == ["ana", "bo", "cleo"]
    assert who(scope="hosting") == []


@on_both_databases
def test_one_is_in_one_role_once_at_a_time(guild: Guild) -> None:
    guild.member("ana")
    guild.member("bo")
    done(begin(guild, "ana", "host", 10, 20), 201)
    for start, last in ((10, 20), (5, 11), (19, 25), (12, 13), (0, None)):
        refused(begin(guild, "ana", "host", start, last), 409, "tenure-overlaps")
    done(begin(guild, "ana", "host", 20), 201)
    refused(begin(guild, "ana", "host", 100, 101), 409, "tenure-overlaps")
    done(begin(guild, "ana", "host", 5, 10), 201)
    done(begin(guild, "ana", "host", 10, 20, scope="tuesdays"), 201)
    done(begin(guild, "ana", "moderator", 10, 20), 201)
    done(begin(guild, "bo", "host", 10, 20), 201)


@on_both_databases
def test_of_those_who_begin_one_tenure_at_once_one_does(guild: Guild) -> None:
    guild.member("ana")
    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(lambda _: begin(guild, "ana", "host").status_code, range(4)))
    assert statuses == [201, 409, 409, 409]


@on_both_databases
def test_a_tenure_is_ended_once(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    made = done(begin(guild, "ana", "host"), 201)
    clock.forward(days=5)
    tag = guild.get(guild.in_guild(f"tenures/{made['id']}"), token=ADMIN_TOKEN).headers["etag"]
    later = end(guild, made, clock.now + 3 * DAY, tag)
    assert done(later, 200)["to"] == f"{clock.now + 3 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    assert later.headers["etag"] != tag
    refused(end(guild, made, clock.now, tag), 412, "precondition-failed")
    done(end(guild, made, clock.now), 200)
    assert seated(engine, guild, "host", now=clock.now) == []
    assert len(seated(engine, guild, "host", now=clock.now - DAY)) == 1
    refused(end(guild, made, clock.now + DAY), 409, "tenure-over")
    without = guild.call("PATCH", guild.in_guild(f"tenures/{made['id']}"), {})
    refused(without, 428, "precondition-required")


def test_a_tenure_is_not_put_off_into_the_next(guild: Guild) -> None:
    guild.member("ana")
    first = done(begin(guild, "ana", "host", 0, 10), 201)
    done(begin(guild, "ana", "host", 20, 30), 201)
    done(end(guild, first, THEN + 20 * DAY), 200)
    refused(end(guild, first, THEN + 21 * DAY), 409, "tenure-overlaps")


@on_both_databases
def test_who_leaves_is_in_no_role_any_more(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    for role, times in (("host", (0, None)), ("council", (0, 50)), ("reviewer", (20, None)), ("moderator", (-9, -5))):
        done(begin(guild, "ana", role, *times), 201)
    clock.forward(days=10)
    done(guild.post(guild.in_guild("members/ana/leave")), 200)
    roles = ("host", "council", "reviewer", "moderator")
    for days in (10, 11, 30):
        assert seated(engine, guild, *roles, now=THEN + days * DAY) == []
    assert len(seated(engine, guild, *roles, now=THEN + 9 * DAY)) == 2
    assert len(seated(engine, guild, *roles, now=THEN - 7 * DAY)) == 1
    refused(begin(guild, "ana", "host", 11), 409, "member-left")
    done(begin(guild, "ana", "host", -30, -20), 201)
    done(guild.post(guild.in_guild("members/ana/return")), 200)
    assert seated(engine, guild, *roles, now=THEN + 30 * DAY) == []
    done(begin(guild, "ana", "reviewer", 20), 201)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "The Council"}, "/role"),
        ({"role": ""}, "/role"),
        ({"scope": "a b"}, "/scope"),
        ({"from": "2027-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}, "/to"),
        ({"to": "2026-01-01T00:00:00Z"}, "/to"),
        ({"from": "soon"}, "/from"),
        ({"since": "2027-01-01T00:00:00Z"}, "/since"),
    ],
)
def test_what_is_no_tenure_is_refused(guild: Guild, body: dict[str, Any], pointer: str) -> None:
    guild.member("ana")
    answer = guild.post(guild.in_guild("tenures"), {"member": "ana", "role": "host"} | body)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer
    refused(begin(guild, "nobody", "host"), 404, "no-such-member")


def test_an_end_comes_after_the_beginning(guild: Guild) -> None:
    guild.member("ana")
    made = done(begin(guild, "ana", "host"), 201)
    assert refused(end(guild, made, THEN), 422, "invalid")["errors"][0]["pointer"] == "/to"
    answer = guild.call("PATCH", guild.in_guild(f"tenures/{made['id']}"), {"to": None}, If_Match="*")
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/to"


def test_members_see_who_is_in_which_role(guild: Guild, engine: sa.Engine) -> None:
    guild.member("ana")
    made = done(begin(guild, "ana", "host", scope="tuesdays"), 201)
    token = guild.token("ana")
    assert done(guild.get(guild.in_guild("tenures"), token=token), 200)["items"] == [made]
    assert done(guild.get(guild.in_guild(f"tenures/{made['id']}"), token=token), 200) == made
    done(end(guild, made, THEN + DAY), 200)
    with read_session(engine) as session:
        told = list(session.scalars(sa.text("SELECT type FROM event ORDER BY seq")))
    assert [kind for kind in told if kind.startswith("tenure.")] == ["tenure.began", "tenure.ended"]
