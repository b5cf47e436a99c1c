"""What is awarded to an account that is nobody's yet waits until it is somebody's, for as long as that takes."""

from typing import Any

import pytest

from app.sources.keeping import drop_old
from app.sources.taking_up import take_up_awards
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.sources.listening import Platform
from tests.app.sources.test_awards import ask, rule, sender, states, take_back
from tests.app.sources.test_looking import came_to, linked, looked, merged
from tests.app.sources.test_proving import ask as ask_for_proof
from tests.app.sources.test_proving import commented
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def achievement(guild: Guild) -> str:
    id: str = guild.achievement()["id"]
    return id


def taken_up(guild: Guild) -> int:
    runtime = runtime_of(guild)
    return take_up_awards(runtime, runtime.clock())


def awards(platform: Platform) -> list[tuple[str, str | None]]:
    items: list[dict[str, Any]] = done(platform.guild.call("GET", platform.at("/awards")), 200)["items"]
    return [(each["state"], each["reason"]) for each in items]


@on_both_databases
def test_it_is_given_once_the_account_is_linked_long_after_the_body_is_gone(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement, consent="given")
    for number in range(2):
        said = {"consent": "given", "narrative": "Well done.", "occurred_at": "2025-11-01T00:00:00Z"}
        ask(platform, achievement, {"account": "Ana-There"}, id=f"m{number}", **said)
    assert (came_to(platform), awards(platform), taken_up(guild)) == (
        [["parked"], ["duplicate"]],
        [("parked", None)],
        0,
    )
    clock.forward(days=400)
    runtime = runtime_of(guild)
    drop_old(runtime, clock())
    linked(guild, "ana", "generic", "ana-there")
    assert (taken_up(guild), taken_up(guild)) == (1, 0)
    assert (states(guild), awards(platform)) == (["active"], [("awarded", None)])
    [badge] = done(guild.get("/v1/credentials", token=guild.token("ana")), 200)["items"]
    assert badge["activity_end_date"] == "2025-11-01T00:00:00Z"
    ask(platform, achievement, {"account": "ana-there"}, id="again", consent="given")
    assert came_to(platform)[-1] == ["duplicate"]


def test_it_is_given_once_the_account_is_proven(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    github = sender(guild, clock, achievement, "github")
    merging = rule(
        "award-merged",
        achievement,
        match={"event": "pull_request", "action": "closed"},
        to={"person": "$.pull_request.user.login"},
        external_id="pr:{$.pull_request.node_id}",
    )
    done(guild.post(github.at("/rules"), {"rules": {"award": [merging]}}), 201)
    merged(github)
    looked(guild)
    assert awards(github) == [("parked", None)]
    commented(github, "d2", ask_for_proof(guild, "ana", "ana-fictional")["code"], "ana-fictional")
    assert taken_up(guild) == 1
    assert states(guild) == ["offered"]


def test_it_is_given_once_the_address_is_proven(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement, "github")
    pushing = rule(
        "award-pushed",
        achievement,
        match={"event": "push"},
        to={"person": "$.sender.login", "email": "$.pusher.email"},
        external_id="push:{$.after}",
    )
    done(guild.post(platform.at("/rules"), {"rules": {"award": [pushing]}}), 201)
    body = {"after": "c0ffee", "sender": {"login": "ana-fictional"}, "pusher": {"email": "Ana@People.example"}}
    platform.tell(body, x_github_event="push", x_github_delivery="d1")
    looked(guild)
    assert (awards(platform), taken_up(guild)) == ([("parked", None)], 0)
    done(guild.post("/v1/me/emails", {"email": "ana@people.example"}, token=guild.token("ana")), 201)
    assert taken_up(guild) == 0
    done(guild.post(f"/v1/emails/{address_link(guild, 'ana@people.example')}", token=None), 200)
    assert (taken_up(guild), states(guild)) == (1, ["offered"])


def test_it_is_taken_back_while_it_waits(guild: Guild, clock: SettableClock, achievement: str) -> None:
    platform = sender(guild, clock, achievement)
    for number, account in enumerate(("ana-there", "bo-there")):
        ask(platform, achievement, {"account": account}, id=f"m{number}")
    take_back(platform, recipient={"account": "ana-there"})
    assert sorted(awards(platform)) == [("parked", None), ("withdrawn", None)]
    for handle in ("ana", "bo"):
        linked(guild, handle, "generic", f"{handle}-there")
    assert (taken_up(guild), states(guild)) == (1, ["offered"])


def test_who_never_wants_to_be_recognised_is_not_when_it_is_their_account(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"account": "ana-there"})
    linked(guild, "ana", "generic", "ana-there")
    done(guild.call("PUT", "/v1/me/never-add", token=guild.token("ana")), 200)
    assert (taken_up(guild), taken_up(guild)) == (1, 0)
    assert (states(guild), awards(platform)) == ([], [("refused", "recipient")])


def test_what_waits_is_gone_with_its_source(guild: Guild, clock: SettableClock, achievement: str) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"account": "ana-there"})
    done(guild.call("DELETE", platform.at()), 200)
    linked(guild, "ana", "generic", "ana-there")
    assert (taken_up(guild), states(guild)) == (0, [])
    [told] = done(guild.get(guild.in_guild("audit?type=award.withdrawn"), token=ADMIN_TOKEN), 200)["items"]
    assert told["data"] == {"source": platform.id}


def test_what_waits_is_told_to_whose_it_is_and_gone_with_them(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"account": "ana-there"}, narrative="A word about Ana.")
    linked(guild, "ana", "generic", "ana-there")
    token = guild.token("ana")
    [kept] = done(guild.get("/v1/me/data", token=token), 200)["platform_award"]
    assert (kept["account"], kept["external_id"]) == ("ana-there", "course-7")
    assert not {"key", "named", "asked", "claim", "address"} & kept.keys()
    done(guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=ana", token=token), 200)
    assert (taken_up(guild), awards(platform)) == (0, [])


def test_stewards_see_for_whom_it_waits_and_other_platforms_do_not(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement)
    guild.member("ana")
    ask(platform, achievement, {"account": "Bo-There"})
    ask(platform, achievement, {"member": "ana"}, id="m2")
    parked = platform.at("/awards?state=parked")
    [waiting] = done(guild.get(parked, token=ADMIN_TOKEN), 200)["items"]
    assert waiting["waits_for"] == {"platform": "generic", "account": "bo-there"}
    [seen] = done(guild.get(parked, token=guild.token(None, "platform", "awards:write")), 200)["items"]
    assert seen == waiting | {"waits_for": None}
    [event] = done(guild.get(guild.in_guild("audit?type=award.parked"), token=ADMIN_TOKEN), 200)["items"]
    assert event["data"] == {"source": platform.id}
