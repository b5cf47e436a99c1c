"""Communities read, change and try what counts of a source; what somebody set stays to be read."""

import json
from typing import Any

import pytest

from tests.app.guild import Guild, done, refused
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_looking import linked, looked, merged, types
from tests.stand_ins import SettableClock

OURS = {
    "id": "our-merges",
    "discussion": "https://forum.example/t/7",
    "match": {"event": "pull_request", "action": "closed", "when": [{"eq": ["$.pull_request.merged", True]}]},
    "type": "gardening",
    "credit": {"person": "$.pull_request.user.login"},
    "occurred_at": "$.pull_request.merged_at",
    "dedupe": "ours:{$.pull_request.node_id}",
}


@pytest.fixture
def github(guild: Guild, clock: SettableClock) -> Platform:
    return listen(guild, clock, "github")


def put(guild: Guild, github: Platform, rules: dict[str, Any]) -> dict[str, Any]:
    return done(guild.post(github.at("/rules"), {"rules": rules}), 201)


def preview(guild: Guild, github: Platform, body: Any, event: str, **more: Any) -> list[dict[str, Any]]:
    asked = {"body": json.dumps(body), "headers": {"X-GitHub-Event": event}} | more
    would: list[dict[str, Any]] = done(guild.post(github.at("/preview"), asked), 200)["would"]
    return would


def test_a_community_says_what_counts_beside_and_instead_of_what_is_shipped(guild: Guild, github: Platform) -> None:
    put(guild, github, {"rule": [OURS], "without": ["github-pull-request-merged"]})
    merged(github)
    looked(guild)
    assert types(guild) == ["gardening"]
    put(guild, github, {"rule": [OURS | {"id": "github-pull-request-merged", "type": "organising"}]})
    merged(github, "d2")
    looked(guild)
    assert types(guild) == ["gardening"], "it is the same deed"
    put(guild, github, {})
    merged(github, "d3")
    looked(guild)
    assert sorted(types(guild)) == ["co_creating", "gardening"]


def test_every_version_stays_to_be_read_and_the_first_is_what_is_shipped(guild: Guild, github: Platform) -> None:
    for version in (1, 2):
        assert put(guild, github, {"without": ["github-wiki-edited"] * version})["version"] == version
    items = done(guild.call("GET", github.at("/rules")), 200)["items"]
    assert [each["version"] for each in items] == [2, 1]
    assert done(guild.call("GET", github.at("/rules/1")), 200)["rules"] == {"without": ["github-wiki-edited"]}
    shipped = done(guild.call("GET", github.at("/rules/0")), 200)["rules"]
    assert {"github-answer-accepted", "github-pull-request-merged"} <= {each["id"] for each in shipped["rule"]}
    assert put(guild, github, shipped)["version"] == 3, "what is shown can be given back"
    refused(guild.call("GET", github.at("/rules/4")), 404, "no-such-rules")


@pytest.mark.parametrize(("rules", "pointer"), [
    ({"rule": [OURS | {"discussion": "ask"}]}, "/rules/rule/0/discussion"),
    ({"rule": [OURS | {"dedupe": "{"}]}, "/rules/rule/0/dedupe"),
    ({"rule": [OURS | {"not_if": [{"eval": "1"}]}]}, "/rules/rule/0/not_if/0"),
    ({"rule": [OURS, OURS]}, "/rules"),
    ({"without": ["github-wiki-edited", "github-wiki-edit"]}, "/rules/without/1"),
    ({"rule": [OURS], "without": [OURS["id"]]}, "/rules/without/0"),
    ({"rules": []}, "/rules/rules"),
    ({"rule": [{name: value for name, value in OURS.items() if name != "discussion"}]}, "/rules/rule/0/discussion"),
])  # fmt: skip
def test_what_is_no_rule_is_refused_by_its_place(
    guild: Guild, github: Platform, rules: dict[str, Any], pointer: str
) -> None:
    problem = refused(guild.post(github.at("/rules"), {"rules": rules}), 422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert not any("Input" in error["message"] or "Value error" in error["message"] for error in problem["errors"])
    tried = refused(guild.post(github.at("/preview"), {"body": "{}", "rules": rules}), 422, "invalid")
    assert tried["errors"] == problem["errors"]
    assert done(guild.call("GET", github.at("/rules")), 200)["items"] == []


def test_a_preview_says_who_would_be_credited_with_what_and_nothing_happens(guild: Guild, github: Platform) -> None:
    linked(guild, "ana", "github", "ana-fictional")
    [would] = preview(guild, github, told.closed(), "pull_request")
    assert (would["does"], would["type"], would["rule"]) == ("record", "co_creating", "github-pull-request-merged")
    [person] = would["people"]
    assert (person["platform"], person["account"], len(person["members"])) == ("github", "ana-fictional", 1)
    [nobodys] = preview(guild, github, told.closed(author=told.CY), "pull_request")
    assert nobodys["people"][0]["members"] == []
    looked(guild)
    assert types(guild) == []
    assert github.deliveries() == []


def test_a_preview_says_why_nobody_is_credited(guild: Guild, github: Platform) -> None:
    [would] = preview(guild, github, told.closed(merged=False), "pull_request")
    assert (would["does"], would["why"]) == ("not", "when/0 does not hold")
    assert preview(guild, github, {"zen": 1}, "ping") == []
    linked(guild, "ana", "github", "ana-fictional")
    body = {"member": "ana", "platform": "github", "account": "bo-fictional"}
    done(guild.post(guild.in_guild("identities"), body), 201)
    [own] = preview(guild, github, told.reviewed(), "pull_request_review")
    assert (own["does"], own["why"]) == ("not", "it was done for whoever did it"), "both accounts are hers"


def test_a_platform_is_not_told_whose_an_account_is(guild: Guild, github: Platform) -> None:
    linked(guild, "ana", "github", "ana-fictional")
    body = {"member": "ana", "platform": "github", "account": "bo-fictional"}
    done(guild.post(guild.in_guild("identities"), body), 201)
    asked = {"body": json.dumps(told.reviewed()), "headers": {"X-GitHub-Event": "pull_request_review"}}
    platform = guild.token(None, "platform", "webhooks:manage")
    [would] = done(guild.post(github.at("/preview"), asked, token=platform), 200)["would"]
    assert would["does"] == "record", "nor that two accounts are one person's"
    assert [person["members"] for person in would["people"]] == [[], []]


def test_rules_are_tried_before_they_are_set(guild: Guild, github: Platform) -> None:
    own = {"rule": [OURS]}
    found = preview(guild, github, told.closed(), "pull_request", rules=own)
    assert {each["type"] for each in found} == {"co_creating", "gardening"}
    asked = {"body": "{}", "rules": {"rule": [OURS | {"match": {}}]}}
    refused(guild.post(github.at("/preview"), asked), 422, "invalid")
    refused(guild.post(github.at("/preview"), {"body": "no json"}), 400, "malformed-json")


def test_a_rule_that_looks_too_often_is_told_so_and_records_nothing(guild: Guild, github: Platform) -> None:
    pairs = {"eq": ["$.a[*]", "$.b[*]"]}
    slow = OURS | {"match": {"event": "ping"}, "each": "$.l[*]", "not_if": [pairs], "dedupe": "{@}"}
    body = {"l": list(range(2_500)), "a": ["a"] * 300, "b": ["b"] * 300}
    asked = {"body": json.dumps(body), "headers": {"X-GitHub-Event": "ping"}, "rules": {"rule": [slow]}}
    problem = refused(guild.post(github.at("/preview"), asked), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/body"]
    put(guild, github, {"rule": [slow]})
    github.tell(body, x_github_event="ping")
    looked(guild)
    [delivery] = github.deliveries()
    assert (delivery["state"], [came["did"] for came in delivery["came_to"]]) == ("given_up", ["refused"])
    assert delivery["came_to"][0]["why"] == "All that the rules of its source look at in this delivery is too much."
    assert done(guild.post(github.at("/replay"), {}), 200)["unreadable"] == 1
