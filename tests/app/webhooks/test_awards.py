"""Platforms issue badges: what each really sends goes in by its hook, and a signed webhook tells it by its own id."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.worker import run_once
from tests.app.guild import done
from tests.app.sources import whole
from tests.app.sources.listening import GIVEN, Platform
from tests.app.webhooks.post import Office
from tests.receiver import Receiver


@dataclass(frozen=True)
class Case:
    """What a platform sends, and what a community says of it."""

    platform: str
    account: str
    """Of whoever is to be awarded."""
    external_id: str
    rules: Callable[[str], dict[str, Any]]
    """By the id of an achievement."""
    send: Callable[[Platform], None]


def _merging(achievement: str) -> dict[str, Any]:
    return {"award": [{
        "id": "merged",
        "discussion": "https://forum.example/t/9",
        "achievement": achievement,
        "match": {"event": "pull_request", "action": "closed"},
        "when": [{"eq": ["$.pull_request.merged", True]}],
        "not_if": [{"eq": ["$.pull_request.user.id", "$.pull_request.merged_by.id"]}],
        "to": {"person": "$.pull_request.user.login"},
        "external_id": "pr:{$.pull_request.node_id}",
        "evidence": "$.pull_request.html_url",
        "occurred_at": "$.pull_request.merged_at",
    }]}  # fmt: skip


def _completing(achievement: str) -> dict[str, Any]:
    return {"award": [{
        "id": "completed",
        "discussion": "https://forum.example/t/9",
        "achievement": achievement,
        "match": {"event": "completed"},
        "when": [{"eq": ["$.object.id", "https://moodle.example/course/view.php?id=7"]}],
        "to": {"person": "$.actor|account"},
        "external_id": "course:{$.object.id}",
        "occurred_at": "$.timestamp",
    }]}  # fmt: skip


def _hosting(achievement: str) -> dict[str, Any]:
    return {"gathering": [{"award_host": achievement}]}


def _merged(github: Platform) -> None:
    for number in range(2):  # as GitHub does when somebody presses "Redeliver", under another id even
        headers = {"x_github_event": "pull_request", "x_github_delivery": f"d{number}"}
        assert github.tell(whole.merged_pull_request(), **headers).status_code == 202


def _completed(moodle: Platform) -> None:
    assert moodle.tell(whole.completed_course(), at="/statements").status_code in {200, 202}


def _held(zoom: Platform) -> None:
    for one in whole.held_meeting():
        assert zoom.tell(one).status_code == 202


CASES = [
    Case("github", "ana-fictional", "pr:PR_18", _merging, _merged),
    Case(
        "moodle",
        "https://moodle.example#2",
        "course:https://moodle.example/course/view.php?id=7",
        _completing,
        _completed,
    ),
    Case("zoom", "host-of-ana", "zoom:4444AAAiAAAAAiAiAiiAii==", _hosting, _held),
]


def _platform(office: Office, case: Case, achievement: str, token: str) -> Platform:
    """A source that a platform has added, with the community's rules."""
    guild = office.guild
    policy = {"platform": case.platform, "policy": {"achievements": [achievement]}}
    secret = {"secret": GIVEN[case.platform]} if case.platform in GIVEN else {}
    made = done(guild.post(guild.in_guild("sources"), policy | secret, token=token), 201)
    platform = Platform(guild, office.clock, case.platform, made["id"], made["url"], made["secret"])
    rules = case.rules(achievement)
    if "gathering" in rules:
        [shipped] = done(guild.get(platform.at("/rules/0"), token=token), 200)["rules"]["gathering"]
        rules = {"gathering": [shipped | rules["gathering"][0]]}
    done(guild.post(platform.at("/rules"), {"rules": rules}, token=token), 201)
    return platform


def _work(office: Office) -> None:
    """Until nothing is left to be done."""
    while sum(run_once(office.runtime, office.clock()).values()):
        assert office.runtime.lanes.wait(20)


@pytest.mark.parametrize("case", CASES, ids=[case.platform for case in CASES])
def test_what_a_platform_really_sends_ends_as_a_badge_that_it_is_told_of(
    office: Office, receivers: Callable[[], Receiver], case: Case
) -> None:
    guild, receiver = office.guild, receivers()
    guild.member("ana", joined_at="2020-01-01T00:00:00Z")
    identity = {"member": "ana", "platform": case.platform, "account": case.account}
    done(guild.post(guild.in_guild("identities"), identity), 201)
    achievement = guild.achievement()["id"]
    token = guild.token(None, "platform", "webhooks:manage", "awards:write", "contributions:write")
    hook = office.subscribe(receiver.url, "credential.*", token=token)
    platform = _platform(office, case, achievement, token)
    case.send(platform)
    _work(office)
    [offered] = done(guild.get("/v1/credentials", token=guild.token("ana")), 200)["items"]
    assert (offered["state"], offered["achievement"]) == ("offered", achievement)
    answer = {"response": "accept", "visibility": "public"}
    done(guild.post(f"/v1/credentials/{offered['id']}/response", answer, token=guild.token("ana")), 200)
    _work(office)
    assert guild.verdict(guild.get(f"/credentials/{offered['id']}.json").content)["verdict"] == "valid"
    told = sorted(receiver.got, key=lambda got: got.said["sequence"])
    assert [got.type for got in told] == ["credential.offered", "credential.issued"]
    for got in told:
        assert got.signed_by(hook["secret"])
        names = {"id": offered["id"], "source": platform.id, "external_id": case.external_id}
        assert names.items() <= got.said["data"].items()


def test_where_consent_is_vouched_for_the_badge_is_there_at_once(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ana")
    achievement = guild.achievement()["id"]
    hook = office.subscribe(receiver.url, "credential.issued")
    policy = {"achievements": [achievement], "consent": "given"}
    made = done(guild.post(guild.in_guild("sources"), {"platform": "generic", "policy": policy}), 201)
    platform = Platform(guild, office.clock, "generic", made["id"], made["url"], made["secret"])
    data = {"achievement": achievement, "recipient": {"member": "ana"}, "external_id": "course-7", "consent": "given"}
    answer = platform.tell({"type": "award.requested", "data": data | {"occurred_at": "2026-06-01T12:00:00+02:00"}})
    delivery = done(answer, 202)["delivery"]
    _work(office)
    [badge] = done(guild.get("/v1/credentials", token=guild.token("ana")), 200)["items"]
    signed = guild.get(f"/credentials/{badge['id']}.json", token=guild.token("ana")).content
    assert guild.verdict(signed)["verdict"] == "valid"
    assert json.loads(signed)["credentialSubject"]["activityEndDate"] == "2026-06-01T10:00:00Z"
    [told] = receiver.got
    names = {"id": badge["id"], "source": platform.id, "external_id": "course-7", "delivery": delivery}
    assert names.items() <= told.said["data"].items()
    assert told.signed_by(hook["secret"])
