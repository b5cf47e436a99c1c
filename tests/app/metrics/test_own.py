"""What is found of one person is theirs to read: made with the figures, the same for ever, and gone when they are."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
import rfc8785
from sqlmodel import col, select

from app.kit.database import read_session
from app.members.tables import Community
from app.metrics.keeping import KEPT_FOR, keep
from app.metrics.loading import facts_of
from app.metrics.periods import parse
from app.metrics.publishing import JOBS, POLICY
from app.metrics.tables import OwnFigures
from app.worker import run_once
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def settled(guild: Guild, clock: SettableClock) -> str:
    """What people did last month is published; the month's name."""
    run_once(runtime_of(guild), clock.now, jobs=JOBS)
    return f"{clock.now.replace(day=1) - timedelta(days=1):%Y-%m}"


def did(guild: Guild, clock: SettableClock, *handles: str, days: int = 0) -> None:
    for handle in handles:
        of(guild, handle, occurred_at=f"{clock.now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}")


def mine(guild: Guild, handle: str, query: str = "") -> Any:
    return guild.get(f"/v1/me/metrics{query}", token=guild.token(handle))


def kept(guild: Guild) -> list[tuple[str, bytes]]:
    with read_session(runtime_of(guild).engine) as session:
        rows = session.exec(select(OwnFigures).order_by(col(OwnFigures.period), col(OwnFigures.member_id))).all()
        return [(row.period, row.body) for row in rows]


@pytest.fixture
def two(guild: Guild, clock: SettableClock) -> Guild:
    """Ana and Bo, who did something last month."""
    clock.now = clock.now.replace(day=20)
    for handle in ("ana", "bo"):
        guild.member(handle)
    did(guild, clock, "ana", "ana", "bo")
    clock.now = (clock.now.replace(day=1) + timedelta(days=32)).replace(day=5)
    return guild


@on_both_databases
def test_each_reads_their_own_and_it_never_changes(two: Guild, clock: SettableClock) -> None:
    month = settled(two, clock)
    told = done(mine(two, "ana"), 200)
    assert (told["period"], told["counted"], told["reason"]) == (month, True, None)
    assert told["figures"]["participation"]["acts"] == 2
    assert told["figures"]["strengths"]["types"] == {"hosting": 2}
    assert sha256(rfc8785.dumps(told["figures"])).hexdigest() == told["source"]["sha256"]
    assert done(mine(two, "bo"), 200)["figures"]["participation"]["acts"] == 1
    did(two, clock, "ana", days=20)
    run_once(runtime_of(two), clock.now, jobs=JOBS)
    assert done(mine(two, "ana", f"?period={month}&community={two.slug}"), 200) == told


def test_nothing_is_read_of_a_period_that_is_not_out_though_a_worker_had_begun_with_it(
    two: Guild, clock: SettableClock
) -> None:
    runtime, month = runtime_of(two), parse(f"{clock.now.replace(day=1) - timedelta(days=1):%Y-%m}")
    with read_session(runtime.engine) as session:
        guild = session.exec(select(Community)).one()
        community, known = guild.id, facts_of(session, guild).until(month.seconds[1])
    still = np.ones(known.people, dtype=np.bool_)
    keep(runtime, community, known, known, month, POLICY, still=still, now=clock.now)
    assert kept(two)
    refused(mine(two, "ana"), 404, "no-such-figures")
    settled(two, clock)
    done(mine(two, "ana"), 200)


def test_each_part_says_where_its_method_is_explained(two: Guild, clock: SettableClock) -> None:
    settled(two, clock)
    told = done(mine(two, "ana"), 200)
    for pointer, url in told["methods"].items():
        part = told["figures"]
        for name in pointer[1:].split("/"):
            part = part[name]
        done(two.get(url.removeprefix(runtime_of(two).settings.public_url)), 200)
    assert told["misleads"]


def test_what_cannot_be_had_is_refused_with_the_nearest_that_can(two: Guild, clock: SettableClock) -> None:
    for query, status, code in (
        ("", 404, "no-such-figures"),
        ("?period=2026-01", 404, "no-such-figures"),
        ("?period=2026-W40", 422, "period-not-published"),
        ("?period=2099", 422, "period-not-over"),
        ("?period=today", 422, "period-not-published"),
    ):
        problem = refused(mine(two, "ana", query), status, code)
        assert "nearest" not in problem, "nothing is out yet"
        assert "week" not in problem["fix"], "of which nothing could be had either"
    month = settled(two, clock)
    week = f"{clock.now - timedelta(days=14):%G-W%V}"
    this = f"{clock.now:%Y-%m}"
    for period, status, code in (
        ("2020-01", 404, "no-such-figures"),
        (week, 422, "period-not-published"),
        (this, 422, "period-not-over"),
        (f"{clock.now.year - 1}", 404, "no-such-figures"),
    ):
        problem = refused(mine(two, "ana", f"?period={period}"), status, code)
        assert (problem["nearest"], problem["nearest"] in problem["detail"]) == (month, True)
    assert "800 days" in refused(mine(two, "ana", "?period=2020-01"), 404, "no-such-figures")["detail"]
    assert done(mine(two, "ana"), 200)["period"] == month
    clock.now = (clock.now.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert done(mine(two, "ana"), 200)["period"] == month, "the newest that is out, though another month is over"


def test_of_before_they_joined_nobody_has_figures_and_is_told_since_when(two: Guild, clock: SettableClock) -> None:
    two.member("new")
    month = settled(two, clock)
    for query in ("", f"?period={month}"):
        problem = refused(mine(two, "new", query), 404, "no-such-figures")
        assert f"You joined on {clock.now:%Y-%m-%d}" in problem["detail"]
        assert "nearest" not in problem
    clock.now = (clock.now.replace(day=1) + timedelta(days=32)).replace(day=5)
    later = settled(two, clock)
    assert refused(mine(two, "new", f"?period={month}"), 404, "no-such-figures")["nearest"] == later
    assert done(mine(two, "new"), 200)["period"] == later


def test_another_community_is_none_of_theirs(two: Guild) -> None:
    refused(mine(two, "ana", "?community=nowhere"), 404, "no-such-community")


def test_a_token_of_another_community_reads_nothing_here(two: Guild) -> None:
    other = Guild(two.client, slug="elsewhere").found()
    refused(mine(two, "ana", f"?community={other.slug}"), 403, "another-community")


@on_both_databases
def test_who_does_not_want_to_be_counted_is_told_just_that(two: Guild, clock: SettableClock) -> None:
    settled(two, clock)
    token = two.token("ana")
    done(two.call("PUT", "/v1/me/uncounted", token=token), 200)
    told = done(two.get("/v1/me/metrics", token=token), 200)
    assert (told["counted"], told["reason"], told["figures"], told["source"]) == (False, "not-counted", None, None)
    before = len(kept(two))
    run_once(runtime_of(two), clock.now, jobs=JOBS)
    assert 0 < len(kept(two)) < before, "and what was found of them is forgotten"


@on_both_databases
def test_whether_those_whom_somebody_helped_want_to_be_counted_their_own_figures_do_not_tell(
    guild: Guild, clock: SettableClock
) -> None:
    """Ana and Bo helped and thanked each other, as Ana and Cy did; then Bo opts out, and time goes by."""
    clock.now = clock.now.replace(day=20)
    for handle in ("ana", "bo", "cy"):
        guild.member(handle, affiliation=f"Of {handle}")

    def helped_each_other() -> None:
        at = f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
        for giver, receiver in (("ana", "bo"), ("bo", "ana"), ("ana", "cy"), ("cy", "ana")):
            credits = [{"person": giver}, {"person": receiver, "side": "for"}]
            body = {"type": "supporting", "occurred_at": at, "credits": credits}
            done(guild.post(guild.in_guild("contributions"), body), 201)
            thanks = {"to": receiver, "text": f"For the tea on {at}."}
            done(guild.post(guild.in_guild("thanks"), thanks, token=guild.token(giver)), 201)

    def next_month() -> Any:
        clock.now = (clock.now.replace(day=1) + timedelta(days=32)).replace(day=5)
        settled(guild, clock)
        told = done(mine(guild, "ana"), 200)
        return told["period"], told["figures"]

    helped_each_other()
    month, before = next_month()
    assert (before["influence"]["people_helped"], before["influence"]["ties"]["people"]) == (2, 2)
    done(guild.call("PUT", "/v1/me/uncounted", token=guild.token("bo")), 200)
    assert done(mine(guild, "ana", f"?period={month}"), 200)["figures"] == before
    clock.now = clock.now.replace(day=20)
    helped_each_other()
    _, after = next_month()
    assert after["influence"]["people_helped"] == 2
    assert after["belonging"] == before["belonging"]
    ties = {name: after["influence"]["ties"][name] for name in ("people", "across_affiliations")}
    assert ties == {"people": 2, "across_affiliations": 1.0}
    assert after["influence"]["standing"]["recognition_h_index"] == 2, "two who thanked twice"
    done(guild.call("DELETE", "/v1/me/uncounted", token=guild.token("bo")), 200)
    assert done(mine(guild, "cy"), 200)["figures"]["influence"]["people_helped"] == 1
    assert done(mine(guild, "bo"), 200)["figures"] is None, "of Bo nothing was worked out meanwhile"


def test_of_who_was_not_counted_then_nothing_is_kept(two: Guild, clock: SettableClock) -> None:
    settled(two, clock)
    done(two.call("PUT", "/v1/me/uncounted", token=two.token("ana")), 200)
    settled(two, clock)
    done(two.call("DELETE", "/v1/me/uncounted", token=two.token("ana")), 200)
    told = done(mine(two, "ana"), 200)
    assert (told["counted"], told["reason"], told["figures"]) == (True, "not-there", None)


def test_of_who_has_left_nothing_more_is_worked_out(two: Guild, clock: SettableClock) -> None:
    done(two.post(two.in_guild("members/ana/leave")), 200)
    settled(two, clock)
    with read_session(runtime_of(two).engine) as session:
        assert len({row.member_id for row in session.exec(select(OwnFigures)).all()}) == 1


def test_two_memberships_of_one_person_read_the_same(two: Guild, clock: SettableClock) -> None:
    two.member("ana2")
    for handle in ("ana", "ana2"):
        body = {"member": handle, "platform": "github", "account": "ana"}
        done(two.post(two.in_guild("identities"), body), 201)
    settled(two, clock)
    assert done(mine(two, "ana2"), 200) == done(mine(two, "ana"), 200)


def test_it_is_told_with_all_else_that_is_kept_and_erased_with_it(two: Guild, clock: SettableClock) -> None:
    month = settled(two, clock)
    token = two.token("ana")
    told = done(two.get("/v1/me/data", token=token), 200)["own_figures"]
    assert month in {row["period"] for row in told}
    before = len(kept(two))
    done(two.call("DELETE", "/v1/me/data?confirm=ana&credentials=keep", token=token), 200)
    assert len(kept(two)) == before - len(told)


@on_both_databases
def test_after_two_years_and_more_it_is_forgotten(two: Guild, clock: SettableClock) -> None:
    month = settled(two, clock)
    assert month in {period for period, _ in kept(two)}
    clock.now += KEPT_FOR
    for _ in range(9):
        run_once(runtime_of(two), clock.now, jobs=JOBS)
    assert month not in {period for period, _ in kept(two)}
    assert kept(two), "of later periods there is"


def test_of_those_whom_somebody_brought_only_who_contributed_counts(two: Guild, clock: SettableClock) -> None:
    brought = [f"cy{n}" for n in range(7)]
    for handle in (*brought, "di", "eli"):
        two.member(handle, invited_by="ana")
    did(two, clock, *brought, "cy0", days=20)
    did(two, clock, "di")  # after the month
    settled(two, clock)
    for handle in ("cy0", "cy1"):
        assert done(mine(two, "ana"), 200)["brought"] == 5
        done(two.call("PUT", "/v1/me/uncounted", token=two.token(handle)), 200)
    assert done(mine(two, "ana"), 200)["brought"] == 5, "who brought them does not see one opt out"
    done(two.call("PUT", "/v1/me/uncounted", token=two.token("cy2")), 200)
    assert done(mine(two, "ana"), 200)["brought"] == 0
    assert done(mine(two, "bo"), 200)["brought"] == 0
    as_steward = two.get(two.in_guild("members/ana/metrics?purpose=caring"))
    assert "brought" not in as_steward.text


def test_who_did_it_under_an_account_of_theirs_counts_once(two: Guild, clock: SettableClock) -> None:
    cy, twin, *others = (two.member(handle, invited_by="ana") for handle in ("cy", "twin", "di", "eli", "flo"))
    did(two, clock, *(each["handle"] for each in others), days=20)
    for member in (cy, twin):
        account = {"member": member["id"], "platform": "github", "account": "cy-fictional"}
        done(two.post(two.in_guild("identities"), account), 201)
    body = {"type": "hosting", "account": {"platform": "github", "account": "cy-fictional"}}
    two.post(
        two.in_guild("contributions"), body | {"occurred_at": f"{clock.now - timedelta(days=20):%Y-%m-%dT%H:%M:%SZ}"}
    )
    two.member("gus", invited_by="ana")
    settled(two, clock)
    assert done(mine(two, "ana"), 200)["brought"] == 0, "four people, under five names"
