"""Whose an account is, is asked when it is read: linking, unlinking, merging and splitting people loses no history."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

import badges
from app.contributions import reading
from app.contributions.rules import Side
from app.contributions.tables import Credit
from app.kit.database import read_session
from app.members.links import accounts_of
from app.members.tables import Member
from tests.app.contributions.test_recording import listed, many, recorded, report
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

GITHUB = {"platform": "github", "account": "Ana-Fictional"}


@pytest.fixture
def guild(guild: Guild) -> Guild:
    for handle in ("ana", "bo"):
        guild.member(handle, email=f"{handle}@people.example")
    return guild


def link(guild: Guild, handle: str, account: str = "ana-fictional") -> str:
    body = {"member": handle, "platform": "github", "account": account}
    id: str = done(guild.post(guild.in_guild("identities"), body), 201)["id"]
    return id


def unlink(guild: Guild, id: str) -> None:
    done(guild.call("DELETE", guild.in_guild(f"identities/{id}")), 200)


def by_account(account: dict[str, str] = GITHUB, **changes: Any) -> dict[str, Any]:
    return report(person=None, account=account, **changes)


def counts(guild: Guild, handle: str, **narrowed: Any) -> list[str]:
    """The ids of what counts for a person."""
    member = UUID(done(guild.get(guild.in_guild(f"members/{handle}"), token=ADMIN_TOKEN), 200)["id"])
    with read_session(runtime_of(guild).engine) as session:
        community = session.execute(sa.text("SELECT id FROM community WHERE slug = 'guild'")).scalar_one()
        community = community if isinstance(community, UUID) else UUID(community)
        persons = frozenset(accounts_of(session, community, [member]))
        found = reading.credited(session, community, persons, **narrowed)
        assert reading.counted(session, community, persons, **narrowed) == len(found)
    return [str(deed.contribution) for deed in found]


def credits(guild: Guild) -> list[dict[str, Any]]:
    """What the database has of who is credited."""
    rows = select(Credit).order_by(col(Credit.contribution_id), col(Credit.position))
    with read_session(runtime_of(guild).engine) as session:
        return [row.model_dump() for row in session.exec(rows).all()]


@on_both_databases
def test_an_account_is_parked_and_counts_for_whoever_it_is_linked_to_later(guild: Guild) -> None:
    [id] = [each["id"] for each in many(guild, by_account())["items"]]
    [parked] = listed(guild, "&unclaimed=true")
    assert parked["credits"] == [
        {"side": "by", "role": None, "member": None, "platform": "github", "account": "ana-fictional"}
    ]
    assert (counts(guild, "ana"), listed(guild, "&member=ana")) == ([], [])
    written = credits(guild)
    identity = link(guild, "ana")
    assert counts(guild, "ana") == [id]
    assert [each["id"] for each in listed(guild, "&member=ana")] == [id]
    assert listed(guild, "&unclaimed=true") == []
    unlink(guild, identity)
    assert counts(guild, "ana") == []
    link(guild, "bo")
    assert counts(guild, "bo") == [id]
    assert credits(guild) == written  # no row has changed


@on_both_databases
def test_two_who_turn_out_to_be_one_have_what_both_did_until_they_are_two_again(guild: Guild) -> None:
    mine, yours = recorded(guild)["id"], recorded(guild, person="bo")["id"]
    link(guild, "ana")
    merged = link(guild, "bo")
    assert set(counts(guild, "ana")) == set(counts(guild, "bo")) == {mine, yours}
    both = recorded(guild, person=None, credits=[{"person": "ana"}, {"person": "bo"}])["id"]
    assert sorted(counts(guild, "ana")) == sorted([mine, yours, both])  # once, though named twice
    unlink(guild, merged)
    assert set(counts(guild, "ana")) == {mine, both}
    assert set(counts(guild, "bo")) == {yours, both}


@on_both_databases
def test_an_address_is_kept_as_a_keyed_hash_and_counts_for_whoever_reads_it(guild: Guild) -> None:
    address = {"platform": "email", "account": "Ana@People.example"}
    stranger = address | {"account": "x@y.example"}
    known, unknown = (each["id"] for each in many(guild, by_account(address), by_account(stranger))["items"])
    assert counts(guild, "ana") == [known]
    shown = {each["id"]: each["credits"][0] for each in listed(guild)}
    assert shown[known]["member"] is not None
    assert shown[unknown] == {"side": "by", "role": None, "member": None, "platform": "email", "account": None}
    assert [each["id"] for each in listed(guild, "&unclaimed=true")] == [unknown]
    assert not any("people.example" in str(row) or "y.example" in str(row) for row in credits(guild))


def test_what_was_done_before_an_address_was_given_up_stays_whose_it_was(guild: Guild, clock: SettableClock) -> None:
    office = {"platform": "email", "account": "office@people.example"}
    path = guild.in_guild("members/{}")
    guild.member("dan", email="office@people.example")
    before = many(guild, by_account(office, occurred_at="2026-11-20T00:00:00Z"))["items"][0]["id"]
    clock.forward(days=10)
    done(guild.call("PATCH", path.format("dan"), {"email": None}, If_Match="*"), 200)
    assert counts(guild, "dan") == [before]
    guild.member("eve", email="office@people.example")
    clock.forward(days=10)
    after = many(guild, by_account(office, occurred_at="2026-12-09T00:00:00Z"))["items"][0]["id"]
    assert (counts(guild, "dan"), counts(guild, "eve")) == ([before], [after])


def test_what_counts_is_narrowed_by_type_time_and_side(guild: Guild) -> None:
    first = recorded(guild, occurred_at="2026-10-01T00:00:00Z", type="teaching")["id"]
    second = recorded(guild, occurred_at="2026-10-02T00:00:00Z")["id"]
    helped = recorded(guild, person=None, credits=[{"person": "bo"}, {"person": "ana", "side": "for"}])["id"]
    assert counts(guild, "ana") == [second, first]
    assert counts(guild, "ana", types=["teaching"]) == [first]
    assert counts(guild, "ana", types=[]) == []
    when = {each["id"]: each["occurred_at"] for each in listed(guild)}
    instant = badges.instant(when[second])
    assert counts(guild, "ana", since=instant) == [second]
    assert counts(guild, "ana", until=instant) == [first]
    assert counts(guild, "ana", side=Side.benefits) == [helped]


def test_what_is_not_in_force_does_not_count(guild: Guild) -> None:
    gone, wrong = recorded(guild)["id"], recorded(guild)["id"]
    reason = {"reason": "A slip."}
    done(guild.post(guild.in_guild(f"contributions/{gone}/retract"), reason), 200)
    right = done(guild.post(guild.in_guild(f"contributions/{wrong}/correct"), reason | {"type": "teaching"}), 201)["id"]
    assert counts(guild, "ana") == [right]


def test_accounts_are_told_to_their_holder_and_to_stewards_alone(guild: Guild) -> None:
    many(guild, by_account())
    link(guild, "ana")
    for handle, account in (("ana", "ana-fictional"), ("bo", None)):
        [shown] = listed(guild, token=guild.token(handle))
        assert (shown["credits"][0]["account"], shown["credits"][0]["member"] is not None) == (account, True)


def test_who_does_not_want_to_be_counted_is_not_under_any_of_their_names(guild: Guild) -> None:
    mine, token = recorded(guild)["id"], guild.token("ana")
    by_other = many(guild, by_account())["items"][0]["id"]
    link(guild, "ana")
    link(guild, "bo")
    assert set(counts(guild, "bo")) == {mine, by_other}
    assert done(guild.get("/v1/me/uncounted", token=token), 200) == {"uncounted": False, "since": None}
    chosen = done(guild.call("PUT", "/v1/me/uncounted", token=token), 200)
    assert done(guild.call("PUT", "/v1/me/uncounted", token=token), 200) == chosen
    assert done(guild.get("/v1/me/uncounted", token=token), 200) == chosen
    assert chosen["uncounted"] is True
    assert (counts(guild, "ana"), counts(guild, "bo")) == ([], [])
    assert len(listed(guild, "&member=ana")) == 2
    happened = done(guild.get(guild.in_guild("audit?limit=200"), token=ADMIN_TOKEN), 200)["items"]
    [said] = [event for event in happened if event["action"] == "counting.changed"]
    ana = done(guild.get(guild.in_guild("members/ana"), token=ADMIN_TOKEN), 200)["id"]
    assert ana not in str(said)
    done(guild.call("DELETE", "/v1/me/uncounted", token=token), 200)
    assert set(counts(guild, "ana")) == {mine, by_other}


@on_both_databases
def test_what_a_person_did_is_listed_in_pages_from_all_their_accounts(guild: Guild) -> None:
    days = [f"2026-10-{day:02}T00:00:00Z" for day in range(1, 8)]
    reports = [by_account(occurred_at=day) if n % 2 else report(occurred_at=day) for n, day in enumerate(days)]
    ids = [each["id"] for each in many(guild, *reports)["items"]]
    both = recorded(guild, person=None, credits=[{"person": "ana"}, {"account": GITHUB}], source="forum")["id"]
    link(guild, "ana")
    path, seen = guild.in_guild("contributions?member=ana&limit=3"), list[str]()
    cursor: str | None = ""
    while cursor is not None:
        page = done(guild.get(path + (f"&cursor={cursor}" if cursor else ""), token=ADMIN_TOKEN), 200)
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert seen == [both, *reversed(ids)]
    assert [each["id"] for each in listed(guild, "&member=ana&source=forum&type=hosting")] == [both]
    narrow = f"&member=ana&since={days[2]}&until={days[4]}"
    assert [each["id"] for each in listed(guild, narrow)] == [ids[3], ids[2]]
    done(guild.post(guild.in_guild(f"contributions/{both}/retract"), {"reason": "A slip."}), 200)
    assert len(listed(guild, "&member=ana")) == 7
    assert len(listed(guild, "&member=ana&ended=true")) == 8


def test_of_each_type_the_newest_are_looked_at_however_much_else_was_done_since(guild: Guild) -> None:
    hosted = report(type="hosting", occurred_at="2026-01-01T00:00:00Z")
    welcomed = [report(type="welcoming", occurred_at=f"2026-01-0{day}T00:00:00Z") for day in (2, 3, 4)]
    for each in (hosted, *welcomed):
        done(guild.post(guild.in_guild("contributions"), each), 201)
    with runtime_of(guild).writing() as session:
        ana = session.exec(select(Member).where(Member.handle == "ana")).one()
        types = ["hosting", "welcoming"]
        newest = reading.newest_done(session, ana.community_id, [ana.id], types=types, since=None, most=2)
    assert [(each.type, each.occurred_at.day) for each in newest] == [
        ("hosting", 1),
        ("welcoming", 3),
        ("welcoming", 4),
    ]
