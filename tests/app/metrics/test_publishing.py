"""Figures are published when a period is over, once, and are read as they were published."""

from collections import defaultdict
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlmodel import col, select

from app.kit.database import read_session, write_session
from app.kit.journal import Event
from app.members.tables import Community
from app.metrics.families import Family
from app.metrics.loading import facts_of
from app.metrics.periods import Window
from app.metrics.publishing import AT_ONCE, issued, publish
from app.metrics.recomputing import Again, held_against
from app.metrics.tables import Published
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def settle(guild: Guild, clock: SettableClock) -> None:
    """Publishes until nothing is due."""
    while publish(runtime_of(guild), clock.now):
        pass


def rows(guild: Guild) -> list[Published]:
    with read_session(runtime_of(guild).engine) as session:
        return list(session.exec(select(Published).order_by(col(Published.ends_at), col(Published.id))).all())


def figures(guild: Guild, family: str = "participation", query: str = "") -> Any:
    return guild.get(guild.in_guild(f"metrics/{family}{query}"), token=guild.token("ana"))


@pytest.fixture
def busy(guild: Guild, clock: SettableClock) -> Guild:
    """Six people who did something, five weeks ago."""
    for handle in ("ana", "bo", "cy", "di", "eli", "flo"):
        guild.member(handle)
        of(guild, handle, occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(days=40)
    return guild


@on_both_databases
def test_what_is_published_is_published_once_and_never_again(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    clock.forward(days=12)
    settle(guild, clock)
    first = [(row.id, row.sha256) for row in rows(guild)]
    assert first
    of(guild, "ana", occurred_at=f"{clock.now - timedelta(days=11):%Y-%m-%dT%H:%M:%SZ}")
    settle(guild, clock)
    assert [(row.id, row.sha256) for row in rows(guild)] == first


def test_figures_are_those_of_the_snapshot_and_say_where_they_are_explained(busy: Guild, clock: SettableClock) -> None:
    settle(busy, clock)
    period = rows(busy)[-1].period
    told = done(figures(busy, query=f"?period={period}"), 200)
    snapshot = done(
        busy.get(busy.in_guild(f"metrics/snapshots/{told['snapshot']['id']}"), token=busy.token("ana")), 200
    )
    assert sha256(snapshot["body"].encode()).hexdigest() == told["snapshot"]["sha256"]
    assert {one["metric"] for one in told["items"]} >= {"P1", "P3", "P19"}
    for one in told["items"]:
        method = done(busy.get(one["method_url"].removeprefix(runtime_of(busy).settings.public_url)), 200)
        assert method["misleads"]


def test_the_same_facts_give_the_same_bytes_again(busy: Guild, clock: SettableClock) -> None:
    settle(busy, clock)
    all = rows(busy)
    with read_session(runtime_of(busy).engine) as session:
        facts = facts_of(session, session.exec(select(Community)).one())
    windows = list(dict.fromkeys((row.starts_at, row.ends_at) for row in all))
    for start, end in windows:
        again = issued(facts, Window(start, end), now=clock.now)
        for row in all:
            if (row.starts_at, row.ends_at) == (start, end):
                assert (again.facts, again.bodies[row.family]) == (row.facts, row.body)
    assert len(windows) >= 5


def test_a_period_is_out_two_days_after_it_is_over(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    clock.now = clock.now.replace(day=1, hour=0) + timedelta(days=32)
    clock.now = clock.now.replace(day=1) + timedelta(days=1)
    settle(guild, clock)
    over = f"?period={clock.now - timedelta(days=5):%Y-%m}"
    refused(figures(guild, query=over), 404, "no-such-figures")
    clock.forward(days=1)
    settle(guild, clock)
    assert done(figures(guild, query=over), 200) == done(figures(guild), 200), "by default the last month that is out"


def test_other_windows_are_refused_with_the_nearest(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    query = "?from=2026-11-02T00:00:00Z&to=2026-12-01T00:00:00Z"
    assert "nearest" not in refused(figures(guild, query=query), 422, "period-not-published"), "nothing is out yet"
    clock.forward(days=40)
    settle(guild, clock)
    assert refused(figures(guild, query=query), 422, "period-not-published")["nearest"] == "2026-11"
    ever = refused(
        figures(guild, query="?from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z"), 422, "period-not-published"
    )
    done(figures(guild, query=f"?period={ever['nearest']}"), 200)
    refused(figures(guild, query="?from=2026-11-01T00:00:00Z&to=2026-10-01T00:00:00Z"), 422, "period-not-published")
    refused(figures(guild, query="?from=2026-10-01T00:00:00Z"), 422, "period-not-published")
    refused(figures(guild, query="?period=2026-13"), 422, "period-not-published")
    refused(figures(guild, query="?period=2900"), 422, "period-not-over")
    refused(figures(guild, "happiness"), 404, "not-found")


def test_how_a_figure_comes_about_is_a_page_for_people_and_a_document_for_machines(guild: Guild) -> None:
    page = guild.get("/methods/P3", Accept="text/html")
    assert page.headers["content-type"].startswith("text/html")
    assert "How it misleads" in page.text
    assert done(guild.get("/methods/P3"), 200) == done(guild.get("/v1/methods/P3"), 200)
    assert done(guild.get("/v1/methods"), 200)["items"]
    refused(guild.get("/methods/P0"), 404, "no-such-method")


def test_a_platform_reads_figures_with_the_scope_for_it_alone(guild: Guild) -> None:
    token = guild.token(None, "platform", "awards:write")
    refused(guild.get(guild.in_guild("metrics/snapshots"), token=token), 403, "forbidden")


def test_who_came_back_after_long_is_told_once(guild: Guild, clock: SettableClock) -> None:
    ana = guild.member("ana")["id"]
    of(guild, "ana", occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(days=70)
    of(guild, "ana", occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(days=10)
    settle(guild, clock)
    clock.forward(days=30)
    settle(guild, clock)
    with read_session(runtime_of(guild).engine) as session:
        back = session.exec(select(Event.subject).where(Event.type == "member.returned")).all()
    assert back == [ana]


def test_of_few_people_no_figure_is_told(guild: Guild, clock: SettableClock) -> None:
    for handle in ("ana", "bo"):
        guild.member(handle)
        of(guild, handle, occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(days=12)
    settle(guild, clock)
    for row in rows(guild):
        told = done(figures(guild, row.family.value, f"?period={row.period}"), 200)["items"]
        assert all(one["n"] in (None, 0) and one["value"] is None for one in told)


def test_a_job_does_no_more_at_once_than_it_may(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    clock.forward(days=300)
    assert publish(runtime_of(guild), clock.now) == AT_ONCE


def test_what_is_worked_out_again_is_the_same_until_something_is_recorded_about_that_time(
    busy: Guild, clock: SettableClock
) -> None:
    def again() -> dict[str, set[Again]]:
        found = defaultdict[str, set[Again]](set)
        with read_session(runtime_of(busy).engine) as session:
            for held in held_against(session, session.exec(select(Community)).one()):
                found[held.period].add(held.again)
        return found

    settle(busy, clock)
    of(busy, "ana", occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    busy.member("gil")
    assert set().union(*again().values()) == {Again.same}, "what happens afterwards changes nothing"
    late_by = f"{clock.now - timedelta(days=20):%Y-%m-%dT%H:%M:%SZ}"
    of(busy, "ana", occurred_at=late_by)
    assert set().union(*again().values()) == {Again.same}, "nothing is told otherwise for one of them"
    for handle in ("bo", "cy", "di", "eli", "flo"):
        of(busy, handle, occurred_at=late_by)
    told = again()
    late = f"{clock.now - timedelta(days=20):%G-W%V}"
    earlier = f"{clock.now - timedelta(days=34):%G-W%V}"
    assert (told[late], told[earlier]) == ({Again.past_changed, Again.same}, {Again.same})


def test_somebody_who_writes_into_the_database_is_found_out(busy: Guild, clock: SettableClock) -> None:
    settle(busy, clock)
    with write_session(runtime_of(busy).engine) as session:
        row = session.exec(select(Published).where(Published.family == Family.participation)).first()
        assert row is not None
        row.body = row.body.replace(b'"version":1', b'"version":2')
        session.add(row)
        period = row.period

    def others() -> list[tuple[str, Family, Again]]:
        with read_session(runtime_of(busy).engine) as session:
            held = list(held_against(session, session.exec(select(Community)).one()))
        return [(one.period, one.family, one.again) for one in held if one.again is not Again.same]

    forged = [(period, Family.participation, Again.differs)]
    assert others() == forged
    changed = ({"role": "steward"}, {"affiliation": "Harbour"}, {"affiliation": None})
    for said in changed:
        done(busy.call("PATCH", busy.in_guild("members/bo"), said, If_Match="*"), 200)
        assert others() == forged, "nothing that happens afterwards hides it"


def test_the_last_days_of_a_community_are_told_once_they_are_over(busy: Guild, clock: SettableClock) -> None:
    busy.member("ste", role="steward")
    settle(busy, clock)
    of(busy, "bo", occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    done(busy.post(busy.in_guild("archive"), token=busy.token("ste", "steward")), 200)
    last = f"{clock.now:%Y-%m}"
    clock.forward(days=75)
    settle(busy, clock)
    published = {row.period for row in rows(busy)}
    assert {last, f"{clock.now - timedelta(days=75):%G-W%V}"} <= published
    assert f"{clock.now - timedelta(days=40):%Y-%m}" not in published, "nothing of the time after it"


@on_both_databases
def test_whoever_brings_a_history_along_has_time_for_it_and_may_say_when_it_is_whole(
    guild: Guild, clock: SettableClock
) -> None:
    clock.now = clock.now.replace(day=15)
    month, ago = f"{clock.now.replace(day=1) - timedelta(days=1):%Y-%m}", clock.now - timedelta(days=20)
    guild.member("ste", role="steward")
    for handle in ("ana", "bo", "cy", "di", "eli", "flo"):
        guild.member(handle, joined_at="2025-01-06T18:00:00Z")
    settle(guild, clock)
    refused(figures(guild, query=f"?period={month}"), 404, "no-such-figures")
    door, steward = guild.in_guild("metrics/beginning"), guild.token("ste", "steward")
    assert done(guild.get(door, token=steward), 200)["begins_at"] > f"{clock.now + timedelta(days=6):%Y-%m-%d}"
    refused(
        guild.call("PUT", door, {"on": f"{clock.now + timedelta(days=500):%Y-%m-%d}"}, token=steward), 422, "invalid"
    )
    for handle in ("ana", "bo", "cy", "di", "eli"):
        of(guild, handle, occurred_at=f"{ago:%Y-%m-%dT%H:%M:%SZ}")
    done(guild.call("PUT", door, {"on": f"{clock.now:%Y-%m-%d}"}, token=steward), 200)
    settle(guild, clock)
    told = {one["metric"]: one["value"] for one in done(figures(guild, query=f"?period={month}"), 200)["items"]}
    assert told["P5"]["active"] == 5
    refused(guild.call("PUT", door, {"on": f"{clock.now:%Y-%m-%d}"}, token=steward), 409, "figures-are-out")


def test_of_a_community_that_is_new_here_figures_come_out_after_a_week(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana", joined_at="2025-01-06T18:00:00Z")
    clock.forward(days=6)
    settle(guild, clock)
    assert rows(guild) == []
    clock.forward(days=2)
    settle(guild, clock)
    assert rows(guild)
