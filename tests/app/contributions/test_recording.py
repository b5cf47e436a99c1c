"""What people did is recorded: once, by whoever may, for the right ones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.contributions.tables import Contribution
from app.kit.database import read_session
from app.kit.journal import Event
from app.kit.migrations import downgrade, upgrade
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN

GITHUB = {"platform": "github", "account": "ana"}
YESTERDAY = "2026-11-20T09:00:00Z"


def report(**changes: Any) -> dict[str, Any]:
    """Something that Ana did."""
    said = {"type": "hosting", "person": "ana", "occurred_at": YESTERDAY} | changes
    return {name: value for name, value in said.items() if value is not None}


def recorded(guild: Guild, **changes: Any) -> dict[str, Any]:
    return done(guild.post(guild.in_guild("contributions"), report(**changes)), 201)


def many(guild: Guild, *reports: dict[str, Any], **options: Any) -> dict[str, Any]:
    return done(guild.post(guild.in_guild("contributions"), list(reports), **options), 200)


def listed(guild: Guild, query: str = "", token: str = ADMIN_TOKEN) -> list[dict[str, Any]]:
    path = guild.in_guild(f"contributions?limit=200{query}")
    items: list[dict[str, Any]] = done(guild.get(path, token=token), 200)["items"]
    return items


@pytest.fixture
def guild(guild: Guild) -> Guild:
    for handle in ("ana", "bo", "cleo"):
        guild.member(handle)
    return guild


def test_what_was_done_is_recorded_with_who_when_and_from_where(guild: Guild) -> None:
    told = recorded(guild, url="https://calls.example/7", title="Open call", channel="calls", evidence_digest="a" * 64)
    ana = done(guild.get(guild.in_guild("members/ana"), token=ADMIN_TOKEN), 200)["id"]
    assert (told["outcome"], told["state"], told["source"], told["recorded_by"]) == (
        "recorded",
        "in_force",
        "api",
        "admin",
    )
    assert told["credits"] == [{"side": "by", "role": None, "member": ana, "platform": None, "account": None}]
    assert (told["title"], told["evidence_digest"], told["occurred_at"]) == ("Open call", "a" * 64, YESTERDAY)
    del told["outcome"]
    assert done(guild.get(guild.in_guild(f"contributions/{told['id']}"), token=ADMIN_TOKEN), 200) == told
    assert listed(guild) == [told]


def test_several_are_credited_in_their_roles(guild: Guild) -> None:
    credits = [{"person": "ana", "role": "host"}, {"person": "bo", "role": "notes"}, {"person": "cleo", "side": "for"}]
    told = recorded(guild, person=None, credits=credits)
    assert [(each["side"], each["role"]) for each in told["credits"]] == [
        ("by", "host"),
        ("by", "notes"),
        ("for", None),
    ]
    for handle in ("ana", "bo", "cleo"):
        assert [each["id"] for each in listed(guild, f"&member={handle}")] == [told["id"]]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "unheard_of"}, "unknown-type"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, "too-early"),
        ({"occurred_at": (THEN + timedelta(days=1, seconds=1)).isoformat()}, "in-the-future"),
        ({"ends_at": "2030-01-01T00:00:00Z"}, "in-the-future"),
        ({"ends_at": "2026-11-20T08:59:59Z"}, "ends-before-it-begins"),
        ({"person": "nobody"}, "no-such-member"),
        ({"person": None, "account": {"platform": "github", "account": "@"}}, "no-such-account"),
        ({"person": None, "credits": [{"person": "ana", "side": "for"}]}, "nobody-named"),
        ({"person": None, "credits": [{"person": "ana"}, {"person": "ana"}]}, "named-twice"),
        ({"person": None, "credits": [{"account": GITHUB}, {"account": GITHUB | {"account": "@Ana"}}]}, "named-twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason(guild: Guild, changes: dict[str, Any], reason: str) -> None:
    problem = refused(guild.post(guild.in_guild("contributions"), report(**changes)), 422, "contribution-refused")
    assert problem["reason"] == reason
    assert listed(guild) == []


def test_a_day_ahead_is_another_time_zone(guild: Guild) -> None:
    recorded(guild, occurred_at=(THEN + timedelta(days=1)).isoformat())


def test_what_is_wrong_with_one_is_no_matter_to_the_others(guild: Guild) -> None:
    told = many(guild, report(), report(type="unheard_of"), report(person="nobody"), report(person="bo"))
    assert [each["outcome"] for each in told["items"]] == ["recorded", "refused", "refused", "recorded"]
    assert [each["error"] and each["error"]["code"] for each in told["items"]] == [
        None, "unknown-type", "no-such-member", None,
    ]  # fmt: skip
    assert (told["recorded"], told["refused"], len(listed(guild))) == (2, 2, 2)


@on_both_databases
def test_what_is_reported_again_is_the_same_and_may_have_lasted_longer(guild: Guild) -> None:
    first = recorded(guild, dedupe_key="call-7")
    again = done(guild.post(guild.in_guild("contributions"), report(dedupe_key="call-7", title="Other")), 200)
    assert (again["outcome"], again["id"], again["title"]) == ("duplicate", first["id"], None)
    longer = report(dedupe_key="call-7", occurred_at="2026-11-19T09:00:00Z", ends_at="2026-11-20T11:00:00Z")
    told = done(guild.post(guild.in_guild("contributions"), longer), 200)
    assert (told["outcome"], told["id"]) == ("extended", first["id"])
    assert (told["occurred_at"], told["ends_at"]) == ("2026-11-19T09:00:00Z", "2026-11-20T11:00:00Z")
    assert len(listed(guild)) == 1
    shorter = done(guild.post(guild.in_guild("contributions"), report(dedupe_key="call-7")), 200)
    assert (shorter["outcome"], shorter["ends_at"]) == ("duplicate", "2026-11-20T11:00:00Z")
    # Another source's key is another thing.
    assert recorded(guild, dedupe_key="call-7", source="forum")["id"] != first["id"]


@on_both_databases
def test_a_thousand_reports_under_one_key_are_one_contribution(guild: Guild) -> None:
    told = many(guild, *(report(dedupe_key="x", ends_at=f"2026-11-20T10:00:{n % 60:02}Z") for n in range(1000)))
    assert (told["recorded"], told["extended"], told["duplicate"]) == (1, 59, 940)
    assert [each["ends_at"] for each in listed(guild)] == ["2026-11-20T10:00:59Z"]
    assert len({each["id"] for each in told["items"]}) == 1
    with read_session(runtime_of(guild).engine) as session:
        types = select(Event.type).where(col(Event.type).like("contribution.%"))
        happened = session.exec(types).all()
    assert happened == ["contribution.recorded"]


@on_both_databases
def test_ten_thousand_are_recorded_at_once_and_again_without_effect(guild: Guild) -> None:
    body = [report(dedupe_key=f"k{n}", person=("ana", "bo", "cleo")[n % 3]) for n in range(10_000)]
    told = many(guild, *body)
    assert told["recorded"] == 10_000
    assert many(guild, *reversed(body))["duplicate"] == 10_000
    with read_session(runtime_of(guild).engine) as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Contribution)).scalar_one() == 10_000
    assert done(guild.get(guild.in_guild("audit/verify"), token=ADMIN_TOKEN), 200)["holds"] is True


def test_more_than_ten_thousand_are_refused_whole(guild: Guild) -> None:
    refused(guild.post(guild.in_guild("contributions"), [report()] * 10_001), 422, "invalid")
    problem = refused(guild.post(guild.in_guild("contributions"), [report(), {}]), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {"/1/type", "/1/occurred_at"}
    assert listed(guild) == []


def test_a_dry_run_answers_the_same_and_keeps_nothing(guild: Guild) -> None:
    path = guild.in_guild("contributions?validate_only=true")
    assert done(guild.post(path, report()), 201)["outcome"] == "recorded"
    assert done(guild.post(path, [report(), report(type="no")]), 200)["recorded"] == 1
    assert listed(guild) == []


def test_members_report_what_they_did_themselves_in_their_own_name(guild: Guild) -> None:
    token, plain = guild.token("ana", "member", "contributions:write"), guild.token("bo")
    path = guild.in_guild("contributions")
    ana = done(guild.get(guild.in_guild("members/ana"), token=ADMIN_TOKEN), 200)["id"]
    told = done(guild.post(path, report(person=ana, dedupe_key="k"), token=token), 201)
    assert (told["source"], told["recorded_by"]) == (f"member:{ana}", ana)
    together = report(person=None, credits=[{"person": "bo"}, {"person": "ana"}])
    done(guild.post(path, together, token=token), 201)
    problem = refused(guild.post(path, report(person="bo"), token=token), 422, "contribution-refused")
    assert problem["reason"] == "not-yours"
    helped = report(person=None, credits=[{"person": "bo"}, {"person": "ana", "side": "for"}])
    refused(guild.post(path, helped, token=token), 422, "contribution-refused")
    refused(guild.post(path, report(source="forum"), token=token), 403, "forbidden")
    refused(guild.post(path, report(person="bo"), token=plain), 403, "forbidden")
    # What a member says under a key does not stand in the way of what others say under it.
    assert recorded(guild, dedupe_key="k")["id"] != told["id"]


@pytest.mark.parametrize("source", ["member:x", "source:x"])
def test_nobody_speaks_for_the_source_of_another(guild: Guild, source: str) -> None:
    refused(guild.post(guild.in_guild("contributions"), report(source=source)), 422, "invalid")


def test_the_list_is_narrowed_and_paged_newest_first(guild: Guild) -> None:
    days = [recorded(guild, occurred_at=f"2026-10-0{n}T00:00:00Z", type=("hosting", "teaching")[n % 2])["id"]
            for n in range(1, 6)]  # fmt: skip
    assert [each["id"] for each in listed(guild)] == days[::-1]
    assert [each["id"] for each in listed(guild, "&type=teaching")] == [days[4], days[2], days[0]]
    assert [each["id"] for each in listed(guild, "&since=2026-10-02T00:00:00Z&until=2026-10-04T00:00:00Z")] == [
        days[2], days[1],
    ]  # fmt: skip
    first = done(guild.get(guild.in_guild("contributions?limit=2"), token=ADMIN_TOKEN), 200)
    rest = done(guild.get(guild.in_guild(f"contributions?limit=9&cursor={first['next']}"), token=ADMIN_TOKEN), 200)
    assert [each["id"] for each in first["items"] + rest["items"]] == days[::-1]
    refused(guild.get(guild.in_guild("contributions?member=nobody"), token=ADMIN_TOKEN), 404, "no-such-member")


def test_the_journal_has_ids_and_no_names(guild: Guild) -> None:
    told = recorded(guild, title="Ana's call", person=None, credits=[
        {"person": "ana"}, {"account": {"platform": "github", "account": "stranger"}}, {"person": "bo", "side": "for"},
    ])  # fmt: skip
    ana = told["credits"][0]["member"]
    with read_session(runtime_of(guild).engine) as session:
        [event] = session.execute(sa.select(Event).where(Event.subject == told["id"])).scalars()
        assert (event.type, event.data) == ("contribution.recorded", {"type": "hosting", "by": [ana], "source": "api"})


def test_a_key_is_seen_by_who_gave_it_and_by_stewards(guild: Guild) -> None:
    path, platform = guild.in_guild("contributions"), guild.token(None, "platform", "contributions:write")
    told = done(guild.post(path, report(dedupe_key="forum:ana@people.example", source="forum"), token=platform), 201)
    own = done(guild.post(path, report(dedupe_key="k"), token=guild.token("ana", "member", "contributions:write")), 201)
    assert (told["dedupe_key"], own["dedupe_key"]) == ("forum:ana@people.example", "k")
    for token, seen in (
        (ADMIN_TOKEN, "forum:ana@people.example"),
        (guild.token("bo"), None),
        (guild.token("ana"), None),
    ):
        assert done(guild.get(f"{path}/{told['id']}", token=token), 200)["dedupe_key"] == seen


@on_both_databases
def test_keys_that_were_kept_of_platforms_are_taken_away(guild: Guild) -> None:
    ours, theirs = (recorded(guild, dedupe_key=key)["id"] for key in ("ours", "slack:ana@people.example"))
    engine = runtime_of(guild).engine
    with engine.begin() as connection:
        its = sa.update(Contribution).where(col(Contribution.id) == UUID(theirs))
        connection.execute(its.values(source="source:1"))
    downgrade(engine, "20261122_account_proofs")
    upgrade(engine)
    assert {each["id"]: each["dedupe_key"] for each in listed(guild)} == {ours: "ours", theirs: None}
