"""How people are part of a community: on a break, emeritus, gone, and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.kit.database import read_session
from app.members.person import Standing, standing_at
from tests.app.guild import Guild, done, refused
from tests.app.members.test_people import known
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN, SettableClock


def rest(guild: Guild, who: str, begins: datetime | None, ends: datetime, **options: Any) -> httpx2.Response:
    body = {"until": ends.isoformat()} | ({"from": begins.isoformat()} if begins else {})
    return guild.post(guild.in_guild(f"members/{who}/breaks"), body, **options)


def act(guild: Guild, who: str, what: str, method: str = "POST", **options: Any) -> httpx2.Response:
    return guild.call(method, guild.in_guild(f"members/{who}/{what}"), **options)


def standing(guild: Guild, who: str) -> str:
    found: str = done(guild.get(guild.in_guild(f"members/{who}"), token=ADMIN_TOKEN), 200)["standing"]
    return found


@on_both_databases
def test_a_break_begins_and_ends_by_itself(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    ana = guild.member("ana")
    own, then = guild.token("ana"), clock.now
    first, last = then + timedelta(days=3), then + timedelta(days=10)
    made = done(rest(guild, "ana", first, last, token=own), 201)
    assert (made["member"], made["from"], made["until"]) == (
        ana["id"],
        f"{first:%Y-%m-%dT%H:%M:%SZ}",
        f"{last:%Y-%m-%dT%H:%M:%SZ}",
    )
    assert done(act(guild, "ana", "breaks", "GET", token=own), 200)["items"] == [made]
    assert done(act(guild, "ana", f"breaks/{made['id']}", "GET", token=own), 200) == made
    seen = []
    for days in (2, 3, 9, 10):
        clock.now = then + timedelta(days=days)
        assert standing(guild, "ana") == known(engine, guild, clock.now)["ana"].standing
        seen.append((standing(guild, "ana"), known(engine, guild, clock.now)["ana"].absences))
    assert seen == [
        ("active", ()),
        ("on_break", ((first, last),)),
        ("on_break", ((first, last),)),
        ("active", ((first, last),)),
    ]


def test_who_is_on_a_break_may_still_call(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    own = guild.token("ana")
    done(rest(guild, "ana", None, clock.now + timedelta(days=3), token=own), 201)
    assert standing(guild, "ana") == "on_break"
    done(guild.get(guild.in_guild("members"), token=own), 200)
    done(act(guild, "ana", "emeritus", "PUT"), 200)
    done(guild.get(guild.in_guild("members"), token=own), 200)


@on_both_databases
def test_a_break_is_ended_early_or_called_off(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    then = clock.now
    running = done(rest(guild, "ana", None, then + timedelta(days=9)), 201)
    coming = done(rest(guild, "ana", then + timedelta(days=20), then + timedelta(days=30)), 201)
    clock.forward(days=2)
    ended = done(act(guild, "ana", f"breaks/{running['id']}", "DELETE"), 200)
    assert ended["until"] == f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
    off = done(act(guild, "ana", f"breaks/{coming['id']}", "DELETE"), 200)
    assert off["until"] == off["from"] == coming["from"]
    for over in (running, coming):
        refused(act(guild, "ana", f"breaks/{over['id']}", "DELETE"), 409, "break-over")
    done(rest(guild, "ana", then + timedelta(days=3), then + timedelta(days=25)), 201)
    clock.forward(days=40)
    assert known(engine, guild, clock.now)["ana"].absences == (
        (then, then + timedelta(days=2)),
        (then + timedelta(days=3), then + timedelta(days=25)),
    )


@on_both_databases
def test_breaks_do_not_overlap(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    guild.member("bo")
    day = [clock.now + timedelta(days=n) for n in range(40)]
    done(rest(guild, "ana", day[10], day[20]), 201)
    for begins, ends in ((9, 11), (10, 20), (12, 13), (19, 30), (0, 39)):
        refused(rest(guild, "ana", day[begins], day[ends]), 409, "break-overlaps")
    for begins, ends in ((5, 10), (20, 25)):
        done(rest(guild, "ana", day[begins], day[ends]), 201)
    done(rest(guild, "bo", day[10], day[20]), 201)


@on_both_databases
def test_of_those_who_ask_for_one_break_at_once_one_gets_it(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    ends = clock.now + timedelta(days=1)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: rest(guild, "ana", None, ends).status_code, range(4)))
    assert sorted(answers) == [201, 409, 409, 409]


def test_a_break_lies_ahead_and_ends_after_it_begins(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    now, hour = clock.now, timedelta(hours=1)
    for begins, ends, pointer in (
        (now - hour, now + hour, "/from"),
        (now + hour, now + hour, "/until"),
        (now + 2 * hour, now + hour, "/until"),
        (None, now, "/until"),
        (None, datetime(9999, 12, 31, tzinfo=UTC), "/until"),
    ):
        problem = refused(rest(guild, "ana", begins, ends), 422, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_break_of_somebody_else_is_not_found_under_ones_own_name(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    guild.member("bo")
    theirs = done(rest(guild, "bo", None, clock.now + timedelta(days=1)), 201)
    for method in ("GET", "DELETE"):
        answer = act(guild, "ana", f"breaks/{theirs['id']}", method, token=guild.token("ana"))
        refused(answer, 404, "not-found")


def test_nobody_sends_another_away(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    guild.member("bo")
    token = guild.token("bo")
    refused(act(guild, "ana", "leave", token=token), 403, "forbidden")
    refused(rest(guild, "ana", None, clock.now + timedelta(days=1), token=token), 403, "forbidden")
    refused(act(guild, "bo", "emeritus", "PUT", token=token), 403, "forbidden")
    refused(act(guild, "nobody", "leave", token=token), 404, "no-such-member")
    weak = guild.token("ana", "platform", "contributions:write")
    refused(act(guild, "ana", "leave", token=weak), 403, "forbidden")


@on_both_databases
def test_who_leaves_cannot_call_any_more_and_keeps_what_they_earned(guild: Guild, engine: sa.Engine) -> None:
    guild.member("ana", role="steward", email="ana@guild.example")
    badge = guild.badge(recipient={"member": "ana"})
    tokens = [guild.token("ana"), guild.token("ana", "steward"), guild.token("ana", "platform", "awards:write")]
    gone = done(act(guild, "ana", "leave", token=tokens[0]), 200)
    assert (gone["standing"], gone["name"], gone["email"]) == ("left", "Ana", "ana@guild.example")
    for token in tokens:
        refused(guild.get("/v1/credentials", token=token), 401, "unauthenticated")
    for role in ("member", "steward", "platform"):
        body = {"owner": "ana", "role": role, "scopes": ["awards:write"] if role == "platform" else None}
        refused(guild.post(guild.in_guild("tokens"), body), 409, "member-left")
    signed = guild.get(f"/credentials/{badge['id']}.json").content
    assert guild.verdict(signed)["verified"]
    assert "ana" not in known(engine, guild, datetime(2027, 1, 1, tzinfo=UTC))


@on_both_databases
def test_who_comes_back_needs_new_tokens(guild: Guild) -> None:
    ana = guild.member("ana")
    old = guild.token("ana")
    refused(act(guild, "ana", "return"), 409, "member-present")
    done(act(guild, "ana", "leave"), 200)
    assert done(act(guild, "ana", "return"), 200) == ana
    refused(guild.get(guild.in_guild("members"), token=old), 401, "unauthenticated")
    done(guild.get(guild.in_guild("members"), token=guild.token("ana")), 200)


def test_of_who_left_nothing_is_expected(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    done(act(guild, "ana", "leave"), 200)
    for answer in (
        act(guild, "ana", "leave"),
        act(guild, "ana", "emeritus", "PUT"),
        act(guild, "ana", "emeritus", "DELETE"),
        rest(guild, "ana", None, clock.now + timedelta(days=1)),
    ):
        refused(answer, 409, "member-left")


@on_both_databases
def test_of_those_who_leave_and_get_a_token_at_once_nobody_is_left_with_one(guild: Guild) -> None:
    guild.member("ana")
    calls: list[tuple[str, Any]] = [("members/ana/leave", None), ("tokens", {"owner": "ana", "role": "member"})]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda n: guild.post(guild.in_guild(calls[n % 2][0]), calls[n % 2][1]), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    listed = done(guild.get(guild.in_guild("tokens"), token=ADMIN_TOKEN), 200)["items"]
    assert all(token["revoked_at"] for token in listed)


def test_an_emeritus_is_one_until_recalled(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    for _ in range(2):
        assert done(act(guild, "ana", "emeritus", "PUT"), 200)["standing"] == "emeritus"
    assert known(engine, guild, clock.now)["ana"].standing is Standing.emeritus
    for _ in range(2):
        assert done(act(guild, "ana", "emeritus", "DELETE"), 200)["standing"] == "active"
    told = journal(engine)
    assert told.count("member.emeritus") == told.count("member.emeritus_ended") == 1


def test_all_of_it_is_in_the_journal(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    made = done(rest(guild, "ana", None, clock.now + timedelta(days=1)), 201)
    done(act(guild, "ana", f"breaks/{made['id']}", "DELETE"), 200)
    done(act(guild, "ana", "leave"), 200)
    done(act(guild, "ana", "return"), 200)
    assert journal(engine)[2:] == ["break.planned", "break.ended", "member.left", "member.readmitted"]


def journal(engine: sa.Engine) -> list[str]:
    with read_session(engine) as session:
        return list(session.scalars(sa.text("SELECT type FROM event ORDER BY seq")))


moments = st.integers(0, 300).map(lambda days: THEN + timedelta(days=days))


@given(st.lists(st.tuples(moments, moments), max_size=4), moments)
def test_who_left_or_is_emeritus_is_not_on_a_break(absences: list[tuple[datetime, datetime]], now: datetime) -> None:
    def stands(*, left: bool = False, emeritus: bool = False) -> Standing:
        return standing_at(left=left, emeritus=emeritus, absences=absences, now=now)

    assert stands(left=True, emeritus=True) is stands(left=True) is Standing.left
    assert stands(emeritus=True) is Standing.emeritus
    away = [(begun, over) for begun, over in absences if begun <= now < over]
    assert stands() is (Standing.on_break if away else Standing.active)


@pytest.mark.parametrize("body", [{}, {"until": "soon"}, {"until": "2030-01-01T00:00:00Z", "since": None}])
def test_what_is_no_break_is_refused(guild: Guild, body: dict[str, Any]) -> None:
    guild.member("ana")
    refused(act(guild, "ana", "breaks", body=body), 422, "invalid")
