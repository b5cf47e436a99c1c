"""What platforms tell becomes contributions: once each, whoever tells it how often and in which order."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session, write_session
from app.kit.leases import Stage
from app.sources import applying
from app.sources.tables import Inbound
from app.sources.turns import look_into_deliveries
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def looked(guild: Guild) -> None:
    """Until nothing waits any more."""
    runtime = runtime_of(guild)
    while look_into_deliveries(runtime, runtime.clock()):
        pass


def found(guild: Guild) -> list[dict[str, Any]]:
    """The contributions in force, oldest first."""
    answer = done(guild.call("GET", guild.in_guild("contributions?limit=200"), token=ADMIN_TOKEN), 200)
    return sorted(answer["items"], key=lambda each: each["occurred_at"])


def types(guild: Guild) -> list[str]:
    return [each["type"] for each in found(guild)]


def came_to(platform: Platform) -> list[list[str]]:
    """What came of each delivery, oldest first."""
    return [[each["did"] for each in one["came_to"]] for one in reversed(platform.deliveries())]


def linked(guild: Guild, handle: str, platform: str, account: str) -> None:
    guild.member(handle, joined_at="2020-01-01T00:00:00Z")
    body = {"member": handle, "platform": platform, "account": account}
    done(guild.post(guild.in_guild("identities"), body), 201)


@pytest.fixture
def github(guild: Guild, clock: SettableClock) -> Platform:
    return listen(guild, clock, "github")


def merged(github: Platform, id: str = "d1", **changes: Any) -> None:
    answer = github.tell(told.closed(**changes), x_github_event="pull_request", x_github_delivery=id)
    assert answer.status_code == 202, answer.text


@on_both_databases
def test_a_merged_pull_request_is_its_authors_contribution(guild: Guild, github: Platform) -> None:
    linked(guild, "ana", "github", "Ana-Fictional")
    merged(github)
    assert found(guild) == []
    looked(guild)
    [contribution] = found(guild)
    assert contribution["type"] == "co_creating"
    assert contribution["occurred_at"] == "2026-05-15T15:21:18Z"
    assert contribution["url"] == "https://github.example/guild/handbook/pull/2"
    assert contribution["source"] == f"source:{github.id}"
    [delivery] = github.deliveries()
    assert delivery["state"] == "done"
    [came] = delivery["came_to"]
    assert came["rule"] == "github-pull-request-merged"
    assert (came["did"], came["contribution"], came["why"]) == ("recorded", contribution["id"], None)


@on_both_databases
def test_told_a_thousand_times_it_is_one(guild: Guild, github: Platform) -> None:
    for number in range(1, 31):
        merged(github, f"d{number}")
        merged(github, f"d{number}")
    looked(guild)
    assert types(guild) == ["co_creating"]
    assert [did for each in came_to(github) for did in each] == ["recorded", *["duplicate"] * 29]


def test_what_is_no_contribution_says_why(guild: Guild, github: Platform) -> None:
    merged(github, merged=False)
    merged(github, merged_by=told.ANA)
    github.tell({"zen": 1}, x_github_event="ping")
    looked(guild)
    assert found(guild) == []
    assert came_to(github) == [["not"], ["not"], []]
    assert github.deliveries()[2]["came_to"][0]["why"] == "when/0 does not hold"


def test_what_somebody_did_before_their_account_was_known_is_theirs(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    [parked] = found(guild)
    linked(guild, "ana", "github", "ana-fictional")
    [theirs] = found(guild)
    assert parked["id"] == theirs["id"]
    assert str(parked["credits"]) != str(theirs["credits"])


def answered(github: Platform, id: str) -> None:
    github.tell(told.answered(), x_github_event="discussion", x_github_delivery=id)


def unanswered(github: Platform, id: str, at: str = "2026-03-31T08:00:00Z") -> None:
    github.tell(told.unanswered(at=at), x_github_event="discussion", x_github_delivery=id)


@on_both_databases
def test_what_is_undone_is_taken_back_and_may_come_again(guild: Guild, github: Platform) -> None:
    answered(github, "1")
    looked(guild)
    assert types(guild) == ["supporting"]
    unanswered(github, "2")
    looked(guild)
    assert types(guild) == []
    answered(github, "3")  # the same event, told again under another name: it is older than its undoing
    looked(guild)
    assert types(guild) == []
    again = told.answered()
    again["discussion"]["answer_chosen_at"] = "2026-04-01T09:00:00Z"
    github.tell(again, x_github_event="discussion", x_github_delivery="4")
    looked(guild)
    assert types(guild) == ["supporting"]
    assert came_to(github) == [["recorded"], ["undone"], ["past"], ["recorded"]]


def test_an_undoing_that_is_told_first_counts_as_well(guild: Guild, github: Platform) -> None:
    unanswered(github, "1")
    answered(github, "2")
    looked(guild)
    assert types(guild) == []
    assert came_to(github) == [["undone"], ["past"]]


def test_what_is_refused_for_its_date_keeps_nothing_from_being_undone(guild: Guild, github: Platform) -> None:
    ahead = told.answered()
    ahead["answer"]["created_at"] = ahead["discussion"]["answer_chosen_at"] = "2099-01-01T00:00:00Z"
    github.tell(ahead, x_github_event="discussion", x_github_delivery="0")
    answered(github, "1")
    unanswered(github, "2")
    looked(guild)
    assert came_to(github) == [["refused"], ["recorded"], ["undone"]]
    assert types(guild) == []


def test_an_old_undoing_takes_nothing_back_that_is_newer(guild: Guild, github: Platform) -> None:
    answered(github, "1")
    unanswered(github, "2", at="2026-03-30T20:00:00Z")
    looked(guild)
    assert types(guild) == ["supporting"]
    assert came_to(github) == [["recorded"], ["past"]]


MEETING = [
    told.came("host1"),
    told.came("p1"),
    told.came("p2", "17:05"),
    told.came("p3"),
    told.came("p1", "17:40", went=True),
]


@on_both_databases
@pytest.mark.parametrize("order", [list, lambda told: [*reversed(told)], lambda told: [told[-1], *told]])
def test_a_meeting_is_hosted_once_it_is_known_that_it_was(
    guild: Guild, clock: SettableClock, order: Callable[[list[Any]], list[Any]]
) -> None:
    zoom = listen(guild, clock, "zoom")
    clock.forward(days=365)
    for one in order([*MEETING, told.ended()]):
        assert zoom.tell(one).status_code == 202
        looked(guild)
    assert sorted(types(guild)) == ["attending"] * 4 + ["hosting"]
    assert {each["ends_at"] for each in found(guild)} == {"2026-07-09T18:00:00Z"}


def test_meetings_of_a_series_are_told_apart(guild: Guild, clock: SettableClock) -> None:
    zoom = listen(guild, clock, "zoom")
    clock.forward(days=365)
    for uuid in ("one==", "two=="):
        for one in [told.came(f"p{n}", uuid=uuid) for n in range(3)]:
            zoom.tell(one)
        zoom.tell(told.ended(uuid=uuid))
    looked(guild)
    assert types(guild).count("hosting") == 2


def test_a_reaction_is_for_whoever_wrote_the_message(guild: Guild, clock: SettableClock) -> None:
    matrix = listen(guild, clock, "matrix")
    linked(guild, "ana", "matrix", "@ana:matrix.example")
    linked(guild, "bo", "matrix", "@bo:matrix.example")
    clock.forward(days=365)
    annotation = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e1", "key": "👍"}}
    unknown = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e0", "key": "👍"}}
    for number, event in enumerate([
        told.matrix("m.room.message", {"body": "Hello", "msgtype": "m.text"}),
        told.matrix("m.reaction", annotation, "@bo:matrix.example", "$r1"),
        told.matrix("m.reaction", annotation, "@ana:matrix.example", "$r2"),
        told.matrix("m.reaction", unknown, "@bo:matrix.example", "$r3"),
    ]):  # fmt: skip
        matrix.tell({"events": [event]}, at=f"/_matrix/app/v1/transactions/{number}", method="PUT")
    looked(guild)
    assert types(guild) == ["encouraging"]
    assert came_to(matrix) == [["not"], ["recorded"], ["not"], ["not"]]
    redacted = told.matrix("m.room.redaction", {"redacts": "$r1"}, id="$x") | {"origin_server_ts": 1783000001000}
    matrix.tell({"events": [redacted]}, at="/_matrix/app/v1/transactions/9", method="PUT")
    looked(guild)
    assert types(guild) == []


def test_a_team_tells_of_a_longer_time(guild: Guild, clock: SettableClock) -> None:
    team = listen(guild, clock, "debian", accounts="team")
    ids = [{"type": "login", "id": "ana"}]
    for begin, end in (("2026-01-05", "2026-01-20"), ("2026-01-10", "2026-03-01"), ("2026-01-06", "2026-01-07")):
        team.tell([{"id": ids, "contributions": [{"type": "translating", "begin": begin, "end": end}]}])
    looked(guild)
    [contribution] = found(guild)
    assert (contribution["occurred_at"], contribution["ends_at"]) == ("2026-01-05T00:00:00Z", "2026-03-01T00:00:00Z")
    assert came_to(team) == [["recorded"], ["extended"], ["duplicate"]]


def test_of_several_ways_to_know_somebody_the_one_that_is_known_counts(guild: Guild, clock: SettableClock) -> None:
    team = listen(guild, clock, "debian", accounts="team")
    guild.member("ana", email="ana@people.example", joined_at="2020-01-01T00:00:00Z")
    ids = [{"type": "login", "id": "nobody-knows"}, {"type": "email", "id": "Ana@People.example"}]
    team.tell([{"id": ids, "contributions": [{"type": "translating", "begin": "2026-01-05"}]}])
    looked(guild)
    [contribution] = found(guild)
    [credit] = contribution["credits"]
    assert credit["member"] is not None


@pytest.mark.parametrize("of", [
    {"type": "juggling"}, {"occurred_at": "1970-01-01T00:00:00Z"}, {"occurred_at": "2046-01-01T00:00:00Z"},
    {"ends_at": "2020-01-01T00:00:00Z"},
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason(guild: Guild, clock: SettableClock, of: dict[str, str]) -> None:
    sender = listen(guild, clock, "generic")
    data = {"id": "7", "type": "mentoring", "account": "ana", "occurred_at": "2026-01-01T00:00:00Z"} | of
    sender.tell({"type": "contribution.recorded", "timestamp": "2026-01-02T00:00:00Z", "data": data})
    looked(guild)
    assert found(guild) == []
    [came] = sender.deliveries()[0]["came_to"]
    assert came["did"] == "refused"
    assert came["why"]


def test_two_sources_do_not_speak_for_each_other(guild: Guild, clock: SettableClock) -> None:
    one, other = listen(guild, clock, "generic"), listen(guild, clock, "generic")
    data = {"id": "7", "type": "mentoring", "account": "ana", "occurred_at": "2026-01-01T00:00:00Z"}
    for sender in (one, other):
        sender.tell({"type": "contribution.recorded", "timestamp": "2026-01-02T00:00:00Z", "data": data})
    looked(guild)
    assert len(found(guild)) == 2
    one.tell({"type": "contribution.retracted", "timestamp": "2026-01-03T00:00:00Z", "data": {"id": "7"}}, id="m2")
    looked(guild)
    [left] = found(guild)
    assert left["source"] == f"source:{other.id}"


def test_more_than_a_rule_looks_at_is_given_up_and_said(guild: Guild, github: Platform) -> None:
    pages = [{"page_name": str(n), "action": "edited", "sha": str(n)} for n in range(2_600)]
    github.tell({"pages": pages, "sender": told.ANA, "repository": told.REPOSITORY}, x_github_event="gollum")
    looked(guild)
    [delivery] = github.deliveries()
    assert delivery["state"] == "given_up"
    assert "more than" in delivery["came_to"][0]["why"]


CALLS = {
    "id": "our-calls",
    "discussion": "https://forum.example/t/9",
    "key": "call:{$.data.call}",
    "came": {"event": "call.joined", "at": "$.data.at"},
    "went": {"event": "call.left", "at": "$.data.at"},
    "ended": {"event": "call.ended", "begin": "$.data.begin", "at": "$.data.at"},
    "host": {"person": "$.data.host"},
    "guest": {"person": "$.data.who"},
    "least_guests": 2,
}


def called(kind: str, at: str, **data: str) -> dict[str, Any]:
    said = {"call": "7", "host": "ana", "begin": "2026-07-09T17:00:00Z", "at": f"2026-07-09T{at}:00Z"} | data
    return {"type": f"call.{kind}", "data": said}


def test_a_gathering_that_is_told_at_once_is_put_together(guild: Guild, clock: SettableClock) -> None:
    calls = listen(guild, clock, "generic")
    done(guild.post(calls.at("/rules"), {"rules": {"gathering": [CALLS]}}), 201)
    calls.tell([*(called("joined", "17:00", who=who) for who in ("bo", "cy")), called("ended", "18:00")])
    looked(guild)
    assert sorted(types(guild)) == ["attending", "attending", "hosting"]
    assert [sorted(came) for came in came_to(calls)] == [["recorded"] * 3]


@pytest.mark.parametrize("changed", [{"size": applying.MOST_OF_GATHERINGS // 2}, {"sealed": None}])
def test_a_gathering_is_put_together_of_so_much_and_no_more(
    guild: Guild, clock: SettableClock, changed: dict[str, Any]
) -> None:
    calls = listen(guild, clock, "generic")
    done(guild.post(calls.at("/rules"), {"rules": {"gathering": [CALLS]}}), 201)
    for who in ("bo", "cy", "di"):
        calls.tell(called("joined", "17:00", who=who), id=who)
    looked(guild)
    with write_session(runtime_of(guild).engine) as session:
        session.execute(sa.update(Inbound).values(changed))
    calls.tell(called("ended", "18:00"), id="end")
    looked(guild)
    [came] = calls.deliveries()[0]["came_to"]
    assert (came["rule"], came["did"]) == ("our-calls", "not")
    assert types(guild) == []


def test_what_a_removed_source_told_comes_to_nothing(guild: Guild, github: Platform) -> None:
    merged(github)
    done(guild.call("DELETE", github.at()), 200)
    looked(guild)
    assert found(guild) == []
    with read_session(runtime_of(guild).engine) as session:
        [inbound] = session.exec(select(Inbound)).all()
    assert inbound.stage is Stage.given_up
    assert inbound.came_to[0]["why"] == "the source was removed before this was looked into"


@on_both_databases
def test_an_account_of_any_length_is_remembered(guild: Guild, clock: SettableClock) -> None:
    matrix = listen(guild, clock, "matrix")
    longest = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(500))  # which no index packs
    written = told.matrix("m.room.message", {"body": "Hello", "msgtype": "m.text"}, f"@{longest}")
    matrix.tell({"events": [written]}, at="/_matrix/app/v1/transactions/1", method="PUT")
    annotation = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e1", "key": "👍"}}
    reacted = told.matrix("m.reaction", annotation, "@bo:matrix.example", "$r1")
    matrix.tell({"events": [reacted]}, at="/_matrix/app/v1/transactions/2", method="PUT")
    clock.forward(days=365)
    looked(guild)
    assert came_to(matrix) == [["not"], ["recorded"]]


def test_what_was_deleted_and_recovered_counts_again(guild: Guild, clock: SettableClock) -> None:
    forum = listen(guild, clock, "discourse")

    def tell(event: str, **changes: Any) -> None:
        forum.tell({"post": told.post(**changes)}, x_discourse_event=event, x_discourse_event_id=event)
        looked(guild)

    tell("post_created")
    tell("post_destroyed", deleted_at="2026-01-16T10:00:00Z")
    assert types(guild) == []
    tell("post_recovered")
    assert types(guild) == ["opening_dialogue"], "it was last changed before it was deleted"


def test_a_statement_that_is_voided_is_taken_back(guild: Guild, clock: SettableClock) -> None:
    moodle = listen(guild, clock, "moodle")
    three = [told.statement(told.ATTENDED, actor, context=told.INSTRUCTED, id=f"s{actor}") for actor in ("2", "3", "4")]
    moodle.tell(three, at="/statements")
    looked(guild)
    assert sorted(types(guild)) == ["attending", "attending", "attending", "hosting"]
    voided = "http://adlnet.gov/expapi/verbs/voided"
    gone = {"objectType": "StatementRef", "id": "s3"}
    for id in ("v1", "v2"):
        moodle.tell(
            [told.statement(voided, "1", object=gone, id=id, timestamp="2026-07-10T09:00:00Z")], at="/statements"
        )
        looked(guild)
    assert sorted(types(guild)) == ["attending", "attending", "hosting"]


def test_whoever_encourages_themself_by_another_membership_does_not(guild: Guild, clock: SettableClock) -> None:
    slack = listen(guild, clock, "slack")
    for handle, accounts in (("ana", ("U1", "UX")), ("anna", ("U2", "UX"))):
        guild.member(handle, joined_at="2020-01-01T00:00:00Z")
        for account in accounts:
            body = {"member": handle, "platform": "slack", "account": account}
            done(guild.post(guild.in_guild("identities"), body), 201)
    slack.tell(told.reaction())
    looked(guild)
    assert types(guild) == []
    assert slack.deliveries()[0]["came_to"][0]["why"] == "it was done for whoever did it"
