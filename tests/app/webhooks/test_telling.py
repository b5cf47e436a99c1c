"""What happened is told: signed, once, to whom it concerns, and nothing that they may not see."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.webhooks.reading import row
from app.webhooks.rules import EVENTS, LARGEST, told_of
from app.webhooks.service import MOST
from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import EVIDENCE, STATEMENT
from tests.app.surveys.routes import open_wave_of, slip_of
from tests.app.webhooks.post import Office
from tests.receiver import Receiver
from tests.service import ADMIN_TOKEN
from tests.stand_ins import THEN

Receivers = Callable[[], Receiver]
on_both = pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)


@on_both
def test_a_subscriber_is_told_what_happens_from_then_on(office: Office, receiver: Receiver) -> None:
    office.people(1)
    made = office.subscribe(receiver.url, "member.*")
    [bo] = office.people(1, 1)
    office.guild.achievement()
    office.work()
    [got] = receiver.got
    [entry] = done(office.guild.get(office.guild.in_guild(f"audit?subject={bo}"), token=ADMIN_TOKEN), 200)["items"]
    assert got.said == {
        "type": "member.joined",
        "timestamp": "2026-11-21T09:00:00Z",
        "sequence": entry["seq"],
        "community": "guild",
        "data": {"id": bo},
    }
    assert got.signed_by(made["secret"])
    assert not got.signed_by("whsec_" + "AAAA" * 8)
    assert made["secret"].startswith("whsec_")
    assert int(got.stamp) == THEN.timestamp()


@on_both
def test_each_event_arrives_once_under_one_id_for_ever(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url, "member.joined")
    everybody = office.people(70)
    for _ in range(3):
        office.work()
    assert sorted(office.told(receiver)) == sorted(everybody)
    assert len(set(receiver.ids)) == 70
    listed = office.deliveries(made)
    assert {each["id"] for each in listed} == set(receiver.ids)
    assert {(each["state"], each["status"], each["attempts"]) for each in listed} == {("arrived", 204, 1)}
    order = [got.said["sequence"] for got in receiver.got]
    assert len(set(order)) == 70
    assert receiver.most_at_once <= 4
    assert receiver.connections <= 4


def test_of_what_was_undone_nothing_is_told(office: Office, receiver: Receiver) -> None:
    office.subscribe(receiver.url)
    office.people(1)
    refused(office.guild.post(office.guild.in_guild("members"), {"handle": "p0", "name": "P"}), 409, "member-exists")
    office.work()
    assert [got.type for got in receiver.got] == ["member.joined"]


def test_each_attempt_is_kept_with_what_was_answered(office: Office, receiver: Receiver) -> None:
    receiver.always(200, "Dank\u00e9, \u202eBo".encode() + b"\x00\xff" + b"x" * 2000)
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    [delivery] = office.deliveries(made)
    [attempt] = office.attempts(made, delivery["id"])
    assert (attempt["status"], attempt["error"], attempt["at"][:16]) == (200, None, "2026-11-21T09:00")
    assert attempt["answer"].startswith("Danké,  Bo �xxx")
    assert len(attempt["answer"]) <= 500
    path = office.at(f"/{made['id']}/deliveries/{delivery['id']}")
    assert done(office.guild.get(f"{path}/attempts/{attempt['id']}", token=ADMIN_TOKEN), 200) == attempt
    assert done(office.guild.get(path, token=ADMIN_TOKEN), 200) == delivery
    assert delivery["body"] == receiver.got[0].body


# What may be told


def test_a_type_of_ones_own_or_none_at_all_cannot_be_subscribed_to(office: Office, receiver: Receiver) -> None:
    for pattern in ("badge.*", "nomination.held", "token.created", "webhook.disabled", "Member.joined", ""):
        refused(office.guild.post(office.at(), {"url": receiver.url, "events": [pattern]}), 422, "invalid")


def test_what_the_journal_withholds_from_an_owner_they_are_not_told(office: Office, receivers: Receivers) -> None:
    guild = office.guild
    for handle in ("nominator", "steward", "other"):
        guild.member(handle, role="member" if handle == "nominator" else "steward", joined_at="2020-01-01T00:00:00Z")
    guild.member("nominee", email="nominee@guild.example")
    concerned, unconcerned, platform = receivers(), receivers(), receivers()
    office.subscribe(concerned.url, "nomination.*", token=guild.token("steward", "steward"))
    office.subscribe(unconcerned.url, "nomination.*", token=guild.token("other", "steward"))
    office.subscribe(platform.url, "nomination.*", token=guild.token(None, "platform", "webhooks:manage"))
    achievement = guild.achievement()
    body = {"achievement": achievement["id"], "nominee": "steward", "statement": STATEMENT, "evidence": EVIDENCE}
    draft = body | {"nominee": "nominee", "submit": False}
    nominator = guild.token("nominator")
    about = done(guild.post(guild.in_guild("nominations"), body, token=nominator), 201)
    done(guild.post(guild.in_guild("nominations"), draft, token=nominator), 201)
    office.work()
    assert concerned.got == []
    for told in (unconcerned, platform):
        assert [(got.type, got.said["data"]) for got in told.got] == [("nomination.submitted", {"id": about["id"]})]


def test_that_somebody_refused_only_stewards_are_told() -> None:
    def told_as(type: str, came_from: str, *, looks_after: bool) -> list[str]:
        return [told.type for told in told_of(type, "x", {"from": came_from}, looks_after=looks_after)]

    assert told_as("nomination.refused", "offered", looks_after=True) == ["nomination.refused"]
    assert told_as("nomination.refused", "offered", looks_after=False) == ["nomination.closed"]
    assert told_as("nomination.expired", "offered", looks_after=False) == ["nomination.closed"]
    assert told_as("nomination.expired", "submitted", looks_after=False) == ["nomination.expired"]
    assert told_as("nomination.held", "submitted", looks_after=True) == []


def test_that_a_badge_was_endorsed_is_told_as_whichever_is_wanted(office: Office, receivers: Receivers) -> None:
    guild = office.guild
    of_badges, of_endorsements, of_all = receivers(), receivers(), receivers()
    office.subscribe(of_badges.url, "credential.endorsed")
    office.subscribe(of_endorsements.url, "endorsement.*")
    office.subscribe(of_all.url, "endorsement.*", "credential.endorsed")
    guild.member("bo")
    guild.member("eli")
    badge = guild.badge(recipient={"member": "bo"})
    body = {"subject": "credential", "id": badge["id"], "comment": "I have seen it done, often."}
    endorsement = done(guild.post("/v1/endorsements", body, token=guild.token("eli")), 201)["id"]
    path = f"/v1/endorsements/{endorsement}/response"
    office.work()
    assert of_endorsements.got == []  # what was never shown is told to nobody
    done(guild.post(path, {"response": "accept"}, token=guild.token("bo")), 200)
    office.work()
    [got] = of_badges.got
    assert (got.type, got.said["data"]) == ("credential.endorsed", {"id": badge["id"], "endorsement": endorsement})
    for told in (of_endorsements, of_all):
        assert [(got.type, got.said["data"]["id"]) for got in told.got] == [("endorsement.accepted", endorsement)]


def test_of_a_badge_its_id_is_told_and_nobodys_name(office: Office, receiver: Receiver) -> None:
    office.subscribe(receiver.url, "credential.*")
    badge = office.guild.badge(recipient={"email": "zed@people.example", "name": "Zed Zedder"})
    office.work()
    assert {got.type for got in receiver.got} == {"credential.offered", "credential.issued"}
    assert all(got.said["data"]["id"] == badge["id"] for got in receiver.got)
    assert not any("zed" in got.body.lower() for got in receiver.got)


def test_what_is_told_has_only_words_of_the_catalogue() -> None:
    assert all(len(type) <= 64 for type in EVENTS)
    assert {name for kind in EVENTS.values() for name in kind.told} == {
        *("achievement", "edition", "from", "subject", "about", "endorsement"),
        *("type", "by", "source", "corrects", "milestone", "kind", "reason", "family", "period"),
        "week",
    }


def test_that_a_survey_can_be_answered_is_told_and_not_that_it_is(office: Office, receiver: Receiver) -> None:
    office.subscribe(receiver.url, "*")
    guild = office.guild
    guild.member("fay")
    wave = open_wave_of(guild)
    office.work()
    [told] = [got for got in receiver.got if got.type.startswith("wave.")]
    assert (told.type, told.said["data"]) == ("wave.opened", {"id": wave})
    fay, before = guild.token("fay"), len(receiver.got)
    slip = slip_of(guild, wave, fay)
    done(guild.post(guild.in_guild(f"waves/{wave}/answer"), {"slip": slip, "answers": {"trust": 4}}, token=None), 201)
    office.work()
    assert len(receiver.got) == before


def test_a_body_is_never_too_large() -> None:
    many = {"id": "x", "by": [str(number) for number in range(5000)], "type": "hosting"}
    values = row(UUID(int=1), id=UUID(int=2), type="contribution.recorded", sequence=1, at=THEN, slug="guild",
                 data=many, now=THEN)  # fmt: skip
    assert len(values["body"]) < LARGEST
    assert '"abridged":true' in values["body"]
    assert '"type":"hosting"' in values["body"]


# Whose it is


def test_who_has_left_is_told_nothing_more(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    guild.member("tia", role="steward")
    made = office.subscribe(receiver.url, token=guild.token("ste", "steward"))
    done(guild.call("PATCH", guild.in_guild("members/ste"), {"role": "member"}, If_Match="*"), 200)
    office.people(1)
    office.work()
    assert receiver.got == []
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "owner_left")


def test_what_waits_for_who_has_left_is_not_sent(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    made = office.subscribe(receiver.url, "member.joined", token=guild.token("ste", "steward"))
    receiver.always(500)
    office.people(3)
    office.work()
    came = len(receiver.got)
    receiver.always(204)
    done(guild.call("PATCH", guild.in_guild("members/ste"), {"role": "member"}, If_Match="*"), 200)
    office.later(hours=1)
    assert len(receiver.got) == came > 0
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "owner_left")


@on_both
def test_a_platform_is_told_while_it_holds_its_token(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    token = token_made(guild)
    made = office.subscribe(receiver.url, "member.joined", token=token["token"])
    office.people(1)
    office.work()
    assert len(receiver.got) == 1
    receiver.always(500)
    office.people(1, 1)
    office.work()
    came = len(receiver.got)
    receiver.always(204)
    done(guild.call("DELETE", guild.in_guild(f"tokens/{token['id']}")), 200)
    office.people(1, 2)
    office.later(hours=1)
    assert len(receiver.got) == came
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "right_ended")
    assert done(guild.call("PATCH", office.at(f"/{made['id']}"), {"state": "active"}, If_Match="*"), 200)
    office.later(hours=1)
    assert len(receiver.got) == came  # nor when somebody else has it go on


def test_a_token_that_expires_ends_its_webhook(office: Office, receiver: Receiver) -> None:
    token = token_made(office.guild, expires_at="2026-11-21T10:00:00Z")
    made = office.subscribe(receiver.url, "member.joined", token=token["token"])
    office.people(1)
    office.later(minutes=59)
    assert len(receiver.got) == 1
    office.people(1, 1)
    office.later(minutes=2)
    assert len(receiver.got) == 1
    assert office.hook(made)["reason"] == "right_ended"


def test_no_other_token_of_the_same_owner_keeps_a_platforms_webhook_alive(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ana", role="steward")
    first, _ = token_made(guild, owner="ana"), token_made(guild, owner="ana")
    guild.token("ana", "steward")
    made = office.subscribe(receiver.url, "member.joined", token=first["token"])
    office.people(1)
    office.work()
    guild.call("DELETE", guild.in_guild(f"tokens/{first['id']}"))
    office.people(1, 1)
    office.later(hours=1)
    assert len(receiver.got) == 1
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "right_ended")


def token_made(guild: Guild, *scopes: str, owner: str | None = None, **more: str) -> dict[str, Any]:
    body = {"owner": owner, "role": "platform", "scopes": list(scopes or ("webhooks:manage",))} | more
    return done(guild.post(guild.in_guild("tokens"), body), 201)


def test_what_one_steward_may_see_another_does_not_lead_away(office: Office, receivers: Receivers) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    guild.member("tia", role="steward")
    ste, tia = guild.token("ste", "steward"), guild.token("tia", "steward")
    platform = guild.token(None, "platform", "webhooks:manage")
    made = office.subscribe(receivers().url, token=ste)
    theirs = office.subscribe(receivers().url, token=platform)
    path = office.at(f"/{made['id']}")
    assert [each["id"] for each in done(guild.get(office.at(), token=tia), 200)["items"]] == [made["id"], theirs["id"]]
    assert [each["id"] for each in done(guild.get(office.at(), token=platform), 200)["items"]] == [theirs["id"]]
    refused(guild.get(path, token=platform), 404, "no-such-webhook")
    for change in ({"url": "https://tia.example/"}, {"events": ["*"]}, {"state": "active"}):
        refused(guild.call("PATCH", path, change, token=tia, If_Match="*"), 403, "anothers-webhook")
    refused(guild.get(f"{path}/deliveries", token=tia), 403, "anothers-webhook")
    for act in ("rotate", "test"):
        refused(guild.post(f"{path}/{act}", {}, token=tia), 403, "anothers-webhook")
    assert done(guild.call("PATCH", path, {"state": "paused"}, token=tia, If_Match="*"), 200)["state"] == "paused"
    assert guild.call("DELETE", path, token=tia).status_code == 204
    refused(guild.get(path, token=ste), 404, "no-such-webhook")


def test_what_a_steward_has_told_is_not_their_platforms_to_lead_away(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    made = office.subscribe(receiver.url, token=guild.token("ste", "steward"))
    platform = token_made(guild, owner="ste")["token"]
    assert done(guild.get(office.at(), token=platform), 200)["items"] == []
    change = {"url": "https://elsewhere.example/"}
    path = office.at(f"/{made['id']}")
    refused(guild.call("PATCH", path, change, token=platform, If_Match="*"), 404, "no-such-webhook")


def test_what_is_paused_goes_on_where_it_stopped(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url, "member.*")
    path = office.at(f"/{made['id']}")
    refused(office.guild.call("PATCH", path, {"state": "paused"}), 428, "precondition-required")
    done(office.guild.call("PATCH", path, {"state": "paused"}, If_Match='"1"'), 200)
    refused(office.guild.call("PATCH", path, {"name": "N"}, If_Match='"1"'), 412, "precondition-failed")
    missed = office.people(3)
    office.work()
    assert receiver.got == []
    refused(office.guild.post(f"{path}/test"), 409, "webhook-not-active")
    done(office.guild.call("PATCH", path, {"state": "active"}, If_Match="*"), 200)
    office.work()
    assert sorted(office.told(receiver)) == sorted(missed)


def test_a_community_has_only_so_many(office: Office) -> None:
    for number in range(MOST):
        office.subscribe(f"https://hooks{number}.example/")
    body = {"url": "https://one-more.example/", "events": ["*"]}
    refused(office.guild.post(office.at(), body), 409, "too-many-webhooks")


@pytest.mark.parametrize(
    "url",
    ["http://far.example/", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://metadata.internal/",
     "https://far.example:22/", "ftp://far.example/", "https://user@far.example/", "https://localhost.localdomain.local/"],
)  # fmt: skip
def test_an_address_that_is_never_sent_to_is_not_taken(office: Office, url: str) -> None:
    problem = refused(office.guild.post(office.at(), {"url": url, "events": ["*"]}), 422, "invalid")
    assert "/url" in str(problem["errors"])


@on_both
def test_what_is_removed_is_gone(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    office.people(2)
    office.work()
    assert office.guild.call("DELETE", office.at(f"/{made['id']}")).status_code == 204
    office.people(1, 2)
    office.work()
    assert len(receiver.got) == 2
    refused(office.guild.get(office.at(f"/{made['id']}"), token=ADMIN_TOKEN), 404, "no-such-webhook")


def test_what_ended_long_ago_is_forgotten(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    assert office.later(days=29)["forget deliveries"] == 0
    assert office.later(days=2)["forget deliveries"] == 1
    assert office.deliveries(made) == []


@on_both
def test_what_a_steward_had_told_goes_with_what_is_kept_of_them(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    token = guild.token("ste", "steward")
    made = office.subscribe(receiver.url, token=token)
    office.people(2)
    office.work()
    [kept] = done(guild.get("/v1/me/data", token=token), 200)["webhook"]
    assert (kept["id"], kept["url"]) == (made["id"], receiver.url)
    assert "sealed" not in kept
    answer = guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=ste", token=token)
    assert answer.is_success, answer.text
    assert done(guild.get(office.at(), token=ADMIN_TOKEN), 200)["items"] == []
