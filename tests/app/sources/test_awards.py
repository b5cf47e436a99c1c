"""Platforms award, what their policy lists and to whom it is meant for; each award once and for ever."""

from typing import Any

import pytest

from tests.app.guild import Guild, done, path_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_looking import came_to, linked, looked, merged
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def achievement(guild: Guild) -> str:
    id: str = guild.achievement()["id"]
    return id


def sender(guild: Guild, clock: SettableClock, achievement: str, name: str = "generic", **policy: Any) -> Platform:
    return listen(guild, clock, name, policy={"achievements": [achievement]} | policy)


def ask(sender: Platform, achievement: str, recipient: dict[str, str], id: str = "m1", **more: Any) -> None:
    data = {"achievement": achievement, "recipient": recipient, "external_id": "course-7"} | more.pop("of", {}) | more
    answer = sender.tell({"type": "award.requested", "timestamp": "2026-01-02T00:00:00Z", "data": data}, id=id)
    assert answer.status_code == 202, answer.text
    looked(sender.guild)


def take_back(sender: Platform, at: str = "2026-01-03T00:00:00Z", id: str = "r1") -> None:
    data = {"external_id": "course-7", "reason": "The course was annulled."}
    assert sender.tell({"type": "award.revoke_requested", "timestamp": at, "data": data}, id=id).status_code == 202
    looked(sender.guild)


def credentials(guild: Guild) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(guild.call("GET", guild.in_guild("credentials")), 200)["items"]
    return items


def states(guild: Guild) -> list[str]:
    return [each["state"] for each in credentials(guild)]


@on_both_databases
def test_an_award_is_offered_once_however_often_it_is_asked_for(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    linked(guild, "ana", "generic", "ana-there")
    platform = sender(guild, clock, achievement)
    for number in range(5):
        ask(platform, achievement, {"account": "ana-there"}, id=f"m{number}", narrative="Finished the course.")
    assert states(guild) == ["offered"]
    assert came_to(platform) == [["offered"], *[["duplicate"]] * 4]
    [award] = done(guild.call("GET", platform.at("/awards")), 200)["items"]
    assert (award["external_id"], award["credential"]) == ("course-7", credentials(guild)[0]["id"])


@pytest.mark.parametrize("recipient", [
    {"member": "ana"}, {"email": "ana@people.example"}, {"did": "did:example:ana"}, {"account": "ana-there"},
])  # fmt: skip
def test_whoever_is_named_is_offered_it(
    guild: Guild, clock: SettableClock, achievement: str, recipient: dict[str, str]
) -> None:
    linked(guild, "ana", "generic", "ana-there")
    ask(sender(guild, clock, achievement), achievement, recipient)
    assert states(guild) == ["offered"]


def test_who_has_no_token_answers_by_a_link(guild: Guild, clock: SettableClock, achievement: str) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"email": "somebody@people.example", "name": "Somebody"})
    [award] = done(guild.call("GET", platform.at("/awards")), 200)["items"]
    assert done(guild.call("GET", platform.at(f"/awards/{award['id']}")), 200) == award
    done(guild.post(path_of(award["claim_url"]), {"response": "accept"}, token=None), 200)
    assert states(guild) == ["active"]


def test_what_the_policy_does_not_list_is_not_awarded(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    other = guild.achievement(name="Another")["id"]
    platform = sender(guild, clock, other)
    ask(platform, achievement, {"member": "ana"})
    assert states(guild) == []
    assert came_to(platform) == [["refused"]]


def test_only_who_may_vouch_gives_consent(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    guild.member("bo")
    ask(sender(guild, clock, achievement), achievement, {"member": "ana"}, consent="given")
    assert states(guild) == ["offered"]
    ask(sender(guild, clock, achievement, consent="given"), achievement, {"member": "bo"}, consent="given")
    assert sorted(states(guild)) == ["active", "offered"]
    body = {"platform": "generic", "policy": {"achievements": [achievement], "consent": "given"}}
    guild.member("stu", role="steward")
    assert guild.post(guild.in_guild("sources"), body, token=guild.token("stu", "steward")).status_code == 403


@on_both_databases
def test_an_award_is_taken_back_in_whatever_order_it_is_told(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement, consent="given")
    ask(platform, achievement, {"member": "ana"}, consent="given")
    take_back(platform)
    take_back(platform, id="r2")
    assert states(guild) == ["revoked"]
    ask(platform, achievement, {"member": "ana"}, id="m2", consent="given")
    assert states(guild) == ["revoked"]
    assert came_to(platform) == [["issued"], ["revoked"], ["duplicate"], ["past"]]
    early = sender(guild, clock, achievement)
    take_back(early)
    ask(early, achievement, {"member": "ana"})
    assert states(guild) == ["revoked"]


def test_an_offer_that_is_taken_back_lapses(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"})
    take_back(platform)
    assert states(guild) == ["lapsed"]


@pytest.mark.parametrize("of", [
    {"recipient": {}}, {"recipient": {"member": "ana", "did": "did:x:y"}}, {"external_id": ""}, {"achievement": None},
    {"recipient": {"email": "no address"}}, {"consent": "assumed"}, {"evidence": [{"url": "javascript:1"}]}, {"x": 1},
    {"recipient": {"member": "nobody"}}, {"recipient": {"account": "nobody"}},
])  # fmt: skip
def test_what_cannot_be_awarded_says_why(
    guild: Guild, clock: SettableClock, achievement: str, of: dict[str, Any]
) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"did": "did:example:bo"}, of=of)
    assert states(guild) == []
    [came] = platform.deliveries()[0]["came_to"]
    assert came["did"] in {"not", "refused"}
    assert came["why"]


def test_who_never_wants_to_be_recognised_is_not(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    done(guild.call("PUT", "/v1/me/never-add", token=guild.token("ana")), 200)
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"})
    assert (states(guild), came_to(platform)) == ([], [["refused"]])


def rule(id: str, achievement: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "discussion": "https://forum.example/t/9", "achievement": achievement} | more


def test_a_merged_pull_request_is_awarded(guild: Guild, clock: SettableClock, achievement: str) -> None:
    linked(guild, "ana", "github", "ana-fictional")
    github = sender(guild, clock, achievement, "github")
    merging = rule(
        "award-merged",
        achievement,
        match={"event": "pull_request", "action": "closed"},
        when=[{"eq": ["$.pull_request.merged", True]}],
        not_if=[{"eq": ["$.pull_request.user.id", "$.pull_request.merged_by.id"]}],
        to={"person": "$.pull_request.user.login"},
        external_id="pr:{$.pull_request.node_id}",
        evidence="$.pull_request.html_url",
    )
    done(guild.post(github.at("/rules"), {"rules": {"award": [merging]}}), 201)
    for number in range(3):
        merged(github, f"d{number}")
    looked(guild)
    [credential] = credentials(guild)
    assert credential["state"] == "offered"
    assert credential["evidence"][0]["url"] == "https://github.example/guild/handbook/pull/2"


def test_a_course_that_was_completed_is_awarded(guild: Guild, clock: SettableClock, achievement: str) -> None:
    linked(guild, "ana", "moodle", "2")
    moodle = sender(guild, clock, achievement, "moodle")
    completing = rule(
        "award-completed",
        achievement,
        match={"event": "completed"},
        when=[{"eq": ["$.object.id", "https://moodle.example/course/view.php?id=2"]}],
        to={"person": "$.actor.account.name"},
        external_id="course:{$.object.id}:{$.actor.account.name}",
    )
    done(guild.post(moodle.at("/rules"), {"rules": {"award": [completing]}}), 201)
    course = {"id": "https://moodle.example/course/view.php?id=2", "objectType": "Activity"}
    statement = told.statement("http://adlnet.gov/expapi/verbs/completed", object=course)
    moodle.tell([statement, statement | {"id": "again"}], at="/statements")
    looked(guild)
    assert states(guild) == ["offered"]


def test_whoever_held_a_meeting_is_awarded(guild: Guild, clock: SettableClock, achievement: str) -> None:
    linked(guild, "ana", "zoom", "host1")
    zoom = sender(guild, clock, achievement, "zoom")
    clock.forward(days=365)
    shipped = done(guild.call("GET", zoom.at("/rules/0")), 200)["rules"]["gathering"][0]
    done(guild.post(zoom.at("/rules"), {"rules": {"gathering": [shipped | {"award_host": achievement}]}}), 201)
    for one in [told.came("p1"), told.came("p2"), told.came("p3"), told.ended()]:
        zoom.tell(one)
    looked(guild)
    assert states(guild) == ["offered"]
