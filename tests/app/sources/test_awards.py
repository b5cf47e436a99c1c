"""Platforms award, what their policy lists and to whom it is meant for; each award once and for ever."""

from typing import Any

import pytest

from app.sources.keeping import forget_answered
from tests.app.guild import Guild, done, path_of
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_looking import came_to, linked, looked, merged
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def achievement(guild: Guild) -> str:
    id: str = guild.achievement()["id"]
    return id


def sender(guild: Guild, clock: SettableClock, achievement: str, name: str = "generic", **policy: Any) -> Platform:
    return listen(guild, clock, name, policy={"achievements": [achievement]} | policy)


def ask(sender: Platform, achievement: str, recipient: dict[str, str], id: str = "m1", **more: Any) -> None:
    data = {"achievement": achievement, "recipient": recipient, "external_id": "course-7"} | more.pop("of", {}) | more
    at = data.pop("at", "2026-01-02T00:00:00Z")
    answer = sender.tell({"type": "award.requested", "timestamp": at, "data": data}, id=id)
    assert answer.status_code == 202, answer.text
    looked(sender.guild)


def take_back(sender: Platform, at: str = "2026-01-03T00:00:00Z", id: str = "r1", **narrower: Any) -> None:
    data = {"external_id": "course-7", "reason": "The course was annulled."} | narrower
    answer = sender.tell({"type": "award.revoke_requested", "timestamp": at, "data": data}, id=id)
    assert answer.status_code == 202, answer.text
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
    for called, number in (("course-7", 1), ("course-8", 0)):
        found = done(guild.call("GET", platform.at(f"/awards?external_id={called}")), 200)["items"]
        assert len(found) == number
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


STACKABLE = {"stackable": True, "period": "year"}
"""So that it is not by holding it that somebody does not get it twice."""


@on_both_databases
def test_one_id_of_a_platforms_is_an_award_for_each_achievement_and_each_person(
    guild: Guild, clock: SettableClock
) -> None:
    guild.member("bo")
    linked(guild, "ana", "generic", "ana-there")
    one, other = (guild.achievement(name=name, policy=STACKABLE)["id"] for name in ("One", "Other"))
    platform = sender(guild, clock, one, achievements=[one, other])
    asked = [(one, "ana"), (other, "ana"), (one, "bo"), (other, "bo")]
    for number, (achievement, member) in enumerate([*asked, *asked]):
        ask(platform, achievement, {"member": member}, id=f"m{number}")
    assert came_to(platform) == [["offered"]] * 4 + [["duplicate"]] * 4
    ask(platform, one, {"account": "Ana-There"}, id="by-account")  # she again
    assert came_to(platform)[-1] == ["duplicate"]
    assert len(states(guild)) == 4


def test_who_joined_by_the_address_that_was_awarded_is_not_awarded_again(guild: Guild, clock: SettableClock) -> None:
    achievement = guild.achievement(policy=STACKABLE)["id"]
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"email": "ana@people.example"})
    guild.member("ana", email="ana@people.example")
    for number, recipient in enumerate(({"member": "ana"}, {"email": "ana@people.example"})):
        ask(platform, achievement, recipient, id=f"again{number}")
    assert came_to(platform) == [["offered"], ["duplicate"], ["duplicate"]]


def test_an_account_of_two_memberships_reaches_the_person_who_has_both(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    for handle in ("ana", "ana-at-work"):
        linked(guild, handle, "generic", "ana-there")
    members = {each["handle"]: each["id"] for each in done(guild.call("GET", guild.in_guild("members")), 200)["items"]}
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"account": "ana-there"})
    done(guild.post(guild.in_guild("members/ana/leave")), 200)
    ask(platform, achievement, {"account": "ana-there"}, id="m2")
    ask(platform, achievement, {"account": "ana-there"}, id="m3", external_id="course-8")
    assert came_to(platform) == [["offered"], ["duplicate"], ["offered"]]
    assert [each["recipient"]["member"] for each in credentials(guild)] == [members["ana-at-work"], members["ana"]]


def test_an_account_that_is_somebody_elses_by_now_is_another_award(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    linked(guild, "ana", "generic", "handed-on")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"account": "handed-on"})
    [identity] = done(guild.get(guild.in_guild("identities"), token=ADMIN_TOKEN), 200)["items"]
    assert guild.call("DELETE", guild.in_guild(f"identities/{identity['id']}")).status_code in {200, 204}
    linked(guild, "bo", "generic", "handed-on")
    ask(platform, achievement, {"account": "handed-on"}, id="m2")
    ask(platform, achievement, {"account": "handed-on"}, id="m3")
    assert came_to(platform) == [["offered"], ["offered"], ["duplicate"]]


def test_a_claim_link_is_for_who_looks_after_the_source_and_until_it_is_used(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"email": "somebody@people.example", "name": "Somebody"})
    another = guild.token(None, "platform", "awards:write", "webhooks:manage")

    def link(token: str) -> str | None:
        [award] = done(guild.get(platform.at("/awards"), token=token), 200)["items"]
        assert done(guild.get(platform.at(f"/awards/{award['id']}"), token=token), 200) == award
        url: str | None = award["claim_url"]
        return url

    url = link(ADMIN_TOKEN)
    assert (url is None, link(another)) == (False, None)
    assert forget_answered(runtime_of(guild), clock()) == 0
    done(guild.post(path_of(str(url)), {"response": "accept"}, token=None), 200)
    assert link(ADMIN_TOKEN) is None
    assert [forget_answered(runtime_of(guild), clock()) for _ in range(2)] == [1, 0]


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


@pytest.mark.parametrize("of", [
    {"recipient": {}}, {"recipient": {"member": "ana", "did": "did:x:y"}}, {"external_id": ""}, {"achievement": None},
    {"recipient": {"email": "no address"}}, {"consent": "assumed"}, {"evidence": [{"url": "javascript:1"}]}, {"x": 1},
    {"recipient": {"member": "nobody"}},
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


@pytest.mark.parametrize("timestamp", ["yesterday", "2026-01-02T00:00:00", 12, True, {}])
def test_a_time_that_cannot_be_read_is_said_and_not_taken_for_now(
    guild: Guild, clock: SettableClock, achievement: str, timestamp: Any
) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"}, of={"at": timestamp})
    take_back(platform, timestamp)
    came = [one for each in platform.deliveries() for one in each["came_to"]]
    assert [(one["did"], one["why"].split(":")[0]) for one in came] == [("not", "timestamp")] * 2
    assert states(guild) == []


def test_what_is_still_to_come_is_not_awarded_and_a_later_clock_counts_as_now(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"}, occurred_at="2030-01-01T00:00:00Z")
    assert platform.deliveries()[0]["came_to"][0]["why"] == "data/occurred_at: it is still to come"
    ask(
        platform, achievement, {"member": "ana"}, id="m2", at="2030-01-01T00:00:00Z", occurred_at="2026-01-01T00:00:00Z"
    )
    clock.forward(seconds=1)
    take_back(platform, clock().isoformat())
    assert came_to(platform) == [["not"], ["offered"], ["revoked"]]


def test_where_nothing_happens_it_is_said_why(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement)
    take_back(platform, external_id="misspelt", id="nothing")
    ask(platform, achievement, {"member": "ana"})
    ask(platform, achievement, {"member": "ana"}, id="again")
    take_back(platform)
    ask(platform, achievement, {"member": "ana"}, id="past")
    ask(platform, achievement, {"member": "ana"}, id="over", at="2026-01-04T00:00:00Z")
    take_back(platform, "2026-01-05T00:00:00Z", id="over-too")
    said = [(one["did"], "why" in one and one["why"] is not None) for each in platform.deliveries()[::-1]
            for one in each["came_to"]]  # fmt: skip
    assert said == [
        ("undone", True), ("offered", False), ("duplicate", False), ("revoked", False), ("past", True),
        ("duplicate", True), ("duplicate", True),
    ]  # fmt: skip


SECOND = "ana@second.example"
OF_ANA: list[dict[str, str]] = [
    {"member": "ana"}, {"member": "ana-at-work"}, {"account": "ana-there"}, {"email": "ana@people.example"},
    {"email": SECOND}, {"did": "did:example:ana"},
]  # fmt: skip


def enlisted(guild: Guild, by: str) -> None:
    """Ana, of two memberships, never wants to be recognised; after that she proves another address."""
    linked(guild, "ana-at-work", "generic", "ana-there")
    guild.member("ana", email="ana@people.example", did="did:example:ana")
    done(
        guild.post(guild.in_guild("identities"), {"member": "ana", "platform": "generic", "account": "ana-there"}), 201
    )
    done(guild.call("PUT", "/v1/me/never-add", token=guild.token(by)), 200)
    done(guild.post("/v1/me/emails", {"email": SECOND}, token=guild.token("ana")), 201)
    done(guild.post(f"/v1/emails/{address_link(guild, SECOND)}", token=None), 200)


@pytest.mark.parametrize("by", ["ana", "ana-at-work"])
def test_who_never_wants_to_be_recognised_is_not_by_any_name_of_theirs(
    guild: Guild, clock: SettableClock, achievement: str, by: str
) -> None:
    enlisted(guild, by)
    platform = sender(guild, clock, achievement, consent="given")
    for number, recipient in enumerate(OF_ANA):
        ask(platform, achievement, recipient, id=f"m{number}", consent="given")
    assert (states(guild), came_to(platform)) == ([], [["refused"]] * 6)


def test_nobody_learns_who_never_wants_to_be_recognised(guild: Guild, clock: SettableClock, achievement: str) -> None:
    """The same is said of them, of who has left, of who has it already, and of nobody."""
    for handle in ("ana", "gone", "has"):
        guild.member(handle, email=f"{handle}@people.example")
    done(guild.call("PUT", "/v1/me/never-add", token=guild.token("ana")), 200)
    done(guild.post(guild.in_guild("members/gone/leave")), 200)
    done(guild.award({"id": achievement}, {"member": "has"}), 201)
    platform = sender(guild, clock, achievement)
    for handle in ("ana", "gone", "has", "nobody"):
        ask(platform, achievement, {"member": handle}, id=handle, external_id=handle)
    for handle in ("ana", "gone", "has"):
        ask(platform, achievement, {"email": f"{handle}@people.example"}, id=f"{handle}@", external_id=handle)
    came = [each["came_to"] for each in platform.deliveries()]
    assert came == [came[0]] * 7
    assert (came[0][0]["did"], came[0][0]["why"]) == ("refused", "it cannot be awarded to whom this names")
    awards = done(guild.call("GET", platform.at("/awards")), 200)["items"]
    assert {(each["state"], each["reason"]) for each in awards} == {("refused", "recipient")}
    told = done(guild.get(guild.in_guild("audit?type=award.refused"), token=ADMIN_TOKEN), 200)["items"]
    assert [each["data"] for each in told] == [{"source": platform.id, "reason": "recipient"}] * 7


def test_what_was_refused_can_be_asked_for_again(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    platform = sender(guild, clock, guild.achievement(name="Another")["id"])
    for number in range(2):
        ask(platform, achievement, {"member": "ana"}, id=f"m{number}")
    [told] = done(guild.get(guild.in_guild("audit?type=award.refused"), token=ADMIN_TOKEN), 200)["items"]
    assert told["data"] == {"source": platform.id, "reason": "policy"}  # once, however often it is asked for
    policy = {"policy": {"achievements": [achievement]}}
    done(guild.call("PATCH", platform.at(), policy, If_Match="*"), 200)
    ask(platform, achievement, {"member": "ana"}, id="m2")
    assert came_to(platform) == [["refused"], ["refused"], ["offered"]]


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
