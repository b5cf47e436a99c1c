"""A platform that awards is told what became of it, by its own name of the award; no other platform is."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.guild import Guild, done
from tests.app.sources.listening import Platform
from tests.app.sources.test_looking import looked
from tests.app.webhooks.post import Office
from tests.receiver import Receiver
from tests.service import ADMIN_TOKEN

Receivers = Callable[[], Receiver]
on_both = pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)


def sending(office: Office, achievement: str, token: str) -> Platform:
    """A source that somebody has added, and that may award this."""
    body = {"platform": "generic", "policy": {"achievements": [achievement]}}
    made = done(office.guild.post(office.guild.in_guild("sources"), body, token=token), 201)
    return Platform(office.guild, office.clock, "generic", made["id"], made["url"], made["secret"])


def ask(platform: Platform, achievement: str, member: str, external: str) -> None:
    data = {"achievement": achievement, "recipient": {"member": member}, "external_id": external}
    tell(platform, "award.requested", data, f"ask-{external}")


def take_back(platform: Platform, external: str) -> None:
    tell(platform, "award.revoke_requested", {"external_id": external}, f"end-{external}")


def tell(platform: Platform, type: str, data: dict[str, Any], id: str) -> None:
    stamp = platform.clock().isoformat()
    assert platform.tell({"type": type, "timestamp": stamp, "data": data}, id=id).status_code == 202
    looked(platform.guild)


def answer(guild: Guild, external: dict[str, str], member: str, response: str) -> None:
    path = f"/v1/credentials/{external[member]}/response"
    done(guild.post(path, {"response": response}, token=guild.token(member)), 200)


@on_both
def test_a_platform_is_told_back_by_its_own_id_and_no_other_is(office: Office, receivers: Receivers) -> None:
    guild = office.guild
    for handle in ("ana", "bo", "cy"):
        guild.member(handle)
    achievement = guild.achievement()["id"]
    own, another, stewards = receivers(), receivers(), receivers()
    scopes = ("webhooks:manage", "awards:write", "contributions:write")
    token = guild.token(None, "platform", *scopes)
    office.subscribe(own.url, "credential.*", token=token)
    office.subscribe(another.url, "credential.*", token=guild.token(None, "platform", *scopes))
    office.subscribe(stewards.url, "credential.*")
    platform = sending(office, achievement, token)
    for handle in ("ana", "bo", "cy"):
        ask(platform, achievement, handle, f"course-{handle}")
    listed = done(guild.call("GET", platform.at("/awards"), token=ADMIN_TOKEN), 200)["items"]
    badges = {each["external_id"].removeprefix("course-"): each["credential"] for each in listed}
    answer(guild, badges, "ana", "accept")
    answer(guild, badges, "bo", "refuse")
    office.clock.forward(minutes=1)
    take_back(platform, "course-ana")
    take_back(platform, "course-cy")
    by_hand = guild.badge(guild.achievement(name="Another"), recipient={"member": "ana"})["id"]
    office.work()
    ends = [("ana", "issued"), ("bo", "refused"), ("ana", "revoked"), ("cy", "withdrawn")]
    happened = [*((handle, "offered") for handle in badges), *ends]
    for receiver in (own, stewards):
        told = {
            (got.type, got.said["data"]["id"], got.said["data"]["external_id"])
            for got in receiver.got
            if got.said["data"].get("source") == platform.id
        }
        assert told == {(f"credential.{did}", badges[handle], f"course-{handle}") for handle, did in happened}
    assert len(another.got) == len(own.got)
    assert not any({"source", "external_id"} & set(got.said["data"]) for got in another.got)
    assert not any("external_id" in got.said["data"] for got in own.got if got.said["data"]["id"] == by_hand)


@on_both
def test_a_platform_is_told_what_was_not_awarded_and_what_waits(office: Office, receivers: Receivers) -> None:
    guild = office.guild
    guild.member("ana")
    done(guild.call("PUT", "/v1/me/never-add", token=guild.token("ana")), 200)
    achievement, other = (guild.achievement(name=name)["id"] for name in ("One", "Other"))
    own, badges_alone, another, stewards = (receivers() for _ in range(4))
    token = guild.token(None, "platform", "webhooks:manage", "awards:write", "contributions:write")
    office.subscribe(own.url, "award.*", "credential.*", token=token)
    office.subscribe(badges_alone.url, "credential.*", token=token)
    office.subscribe(another.url, "*", token=guild.token(None, "platform", "webhooks:manage", "awards:write"))
    office.subscribe(stewards.url, "award.*")
    platform = sending(office, achievement, token)
    ask(platform, achievement, "ana", "Ana's course")
    ask(platform, other, "ana", "another course")
    data = {"achievement": achievement, "recipient": {"account": "bo-there"}, "external_id": "Bo's course"}
    tell(platform, "award.requested", data, "bo")
    office.clock.forward(minutes=1)
    take_back(platform, "Bo's course")
    office.work()
    listed = done(guild.call("GET", platform.at("/awards"), token=ADMIN_TOKEN), 200)["items"]
    ids = {each["external_id"]: each["id"] for each in listed}
    deliveries = {each["external_id"]: each["delivery"] for each in listed}
    assert len({*deliveries.values()} - {None}) == 3
    named = {
        id: {
            "source": platform.id,
            "external_id": external,
            "delivery": deliveries[external],
            "achievement": None if external == "another course" else achievement,
        }
        for external, id in ids.items()
    }
    expected = [
        ("award.refused", {"reason": "recipient", "id": ids["Ana's course"]}),
        ("award.refused", {"reason": "policy", "id": ids["another course"]}),
        ("award.parked", {"id": ids["Bo's course"]}),
        ("award.withdrawn", {"id": ids["Bo's course"]}),
    ]
    for receiver in (own, stewards):
        told = sorted(receiver.got, key=lambda got: got.said["sequence"])
        assert [(got.type, got.said["data"]) for got in told] == [
            (type, data | named[data["id"]]) for type, data in expected
        ]
    assert not [got.type for got in another.got if got.type.startswith(("award.", "credential."))]
    told = sorted(badges_alone.got, key=lambda got: got.said["sequence"])
    assert [(got.type, got.said["data"]) for got in told] == [
        ("credential.refused", {"id": None, "award": id, "reason": reason} | named[id])
        for id, reason in ((ids["Ana's course"], "recipient"), (ids["another course"], "policy"))
    ]


def test_a_platform_is_not_told_who_did_what(
    office: Office, receiver: Receiver, receivers: Callable[[], Receiver]
) -> None:
    guild, other = office.guild, receivers()
    guild.member("ste", role="steward")
    bo = guild.member("bo")["id"]
    platform = guild.token("ste", "platform", "webhooks:manage", "metrics:read")
    office.subscribe(receiver.url, "contribution.*", token=guild.token("ste", "steward"))
    office.subscribe(other.url, "*", token=platform)
    at = {"occurred_at": "2026-11-01T09:00:00Z"}
    id = done(guild.post(guild.in_guild("contributions"), {"type": "hosting", "person": "bo"} | at), 201)["id"]
    office.work()
    [steward], [told] = receiver.got, [got for got in other.got if got.type.startswith("contribution.")]
    assert (steward.said["data"]["id"], steward.said["data"]["by"]) == (id, [bo])
    assert told.said["data"] == {"id": id, "type": "hosting", "source": "api"}
    own = guild.token("bo", "member", "contributions:write")
    done(guild.post(guild.in_guild("contributions"), {"type": "hosting", "person": "bo"} | at, token=own), 201)
    office.work()
    assert receiver.got[-1].said["data"]["source"] == f"member:{bo}"
    assert other.got[-1].said["data"]["source"] == "member"
    assert not any(bo in got.body for got in other.got if got.type.startswith("contribution."))


def test_what_becomes_of_contributions_can_be_subscribed_to(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    bo = guild.member("bo")["id"]
    office.subscribe(receiver.url, "contribution.*")
    begun = "2026-11-01T09:00:00Z"
    done_once = {"type": "hosting", "person": "bo", "occurred_at": begun, "dedupe_key": "call-1"}
    first = done(guild.post(guild.in_guild("contributions"), done_once), 201)["id"]
    longer = done_once | {"ends_at": "2026-11-01T11:00:00Z"}
    assert guild.post(guild.in_guild("contributions"), longer).status_code in {200, 201}
    done(guild.post(guild.in_guild(f"contributions/{first}/retract"), {"reason": "It was no call of ours."}), 200)
    office.work()
    told = [(got.type, got.said["data"]["id"]) for got in sorted(receiver.got, key=lambda got: got.said["sequence"])]
    assert told == [(f"contribution.{did}", first) for did in ("recorded", "extended", "retracted")]
    assert receiver.got[-1].said["data"].get("by", [bo]) == [bo]
