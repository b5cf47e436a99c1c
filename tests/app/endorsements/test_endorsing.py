"""Somebody vouches for a badge; its owner accepts, and the badge shows it, signed, from then on."""

import json
from typing import Any

import pytest

from tests.app.guild import PUBLIC_URL, Guild, done, path_of, refused
from tests.app.pages.test_pages import BROWSER
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

SAID = "I sat beside him at every one of these calls."


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    """Public, of Bo; Cy is a fellow member, Ste a steward."""
    for handle, role in (("bo", "member"), ("cy", "member"), ("ste", "steward")):
        guild.member(handle, role=role)
        guild.tokens[handle] = guild.token(handle, role)
    return guild.badge(recipient={"member": "bo"})


def endorse(guild: Guild, id: str, by: str = "cy", **more: Any) -> Any:
    body = {"subject": "credential", "id": id, "comment": SAID} | more
    return guild.post("/v1/endorsements", body, token=guild.tokens[by])


def respond(guild: Guild, id: str, response: str, by: str = "bo") -> Any:
    return guild.post(f"/v1/endorsements/{id}/response", {"response": response}, token=guild.tokens[by])


@on_both_databases
def test_an_accepted_endorsement_is_signed_and_shown_in_every_form_of_the_next_edition(
    guild: Guild, badge: dict[str, Any], clock: SettableClock
) -> None:
    first = {form: guild.get(f"/credentials/{badge['id']}.{form}").text for form in ("json", "jwt")}
    clock.forward(days=3)
    offered = done(endorse(guild, badge["id"], skills=["facilitation"]), 201)
    assert (offered["state"], offered["url"]) == ("offered", None)
    assert guild.get(f"/credentials/{badge['id']}.json").text == first["json"]
    accepted = done(respond(guild, offered["id"], "accept"), 200)
    assert accepted["state"] == "accepted"
    now = json.loads(guild.get(f"/credentials/{badge['id']}.json").text)
    before = json.loads(first["json"])
    for same in ("id", "awardedDate", "credentialStatus", "credentialSubject", "issuer"):
        assert now[same] == before[same]
    assert now["validFrom"] > before["validFrom"]
    [shown] = now["endorsement"]
    assert shown["id"] == accepted["url"]
    assert shown["credentialSubject"]["endorsementComment"] == SAID
    assert shown["evidence"][0]["name"] == "Cy"
    assert shown == json.loads(guild.get(path_of(accepted["url"])).text)
    assert guild.get(f"/editions/{badge['id']}/1.json").text == first["json"]
    for form, media in (("json", "application/json"), ("jwt", "text/plain")):
        report = guild.verdict(guild.get(f"/credentials/{badge['id']}.{form}").content, media)
        assert report["verdict"] == "valid", report
        assert [each["verified"] for each in report["endorsements"]] == [True], report
    signed = guild.get(f"/ob2/assertions/{badge['id']}.jws").content
    assert guild.verdict(signed, "text/plain")["verdict"] == "valid"
    hosted = guild.get(f"/ob2/assertions/{badge['id']}", accept="application/ld+json")
    report = guild.verdict(hosted.content)
    assert report["verdict"] == "valid", report
    assert [each["verified"] for each in report["endorsements"]] == [True], report


def test_at_its_address_people_find_a_page_and_machines_what_was_signed(guild: Guild, badge: dict[str, Any]) -> None:
    address = path_of(done(respond(guild, done(endorse(guild, badge["id"]), 201)["id"], "accept"), 200)["url"])
    shown = guild.get(address, accept=BROWSER)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert SAID in shown.text
    for accept in ("*/*", "application/json, text/html;q=0.5", "application/vc"):
        signed = guild.get(address, accept=accept)
        assert (signed.headers["content-type"], signed.json()["id"]) == ("application/vc", f"{PUBLIC_URL}{address}")
        assert "Accept" in signed.headers["vary"]
    assert guild.get(address, accept="application/vc+jwt").text == guild.get(f"{address}.jwt").text


def test_taken_back_it_is_revoked_and_the_badge_stays_valid_without_it(guild: Guild, badge: dict[str, Any]) -> None:
    offered = done(endorse(guild, badge["id"]), 201)
    done(respond(guild, offered["id"], "accept"), 200)
    with_it = guild.get(f"/credentials/{badge['id']}.json").content
    refused(guild.post(f"/v1/endorsements/{offered['id']}/withdraw", token=guild.tokens["bo"]), 403, "not-yours-to-say")
    done(guild.post(f"/v1/endorsements/{offered['id']}/withdraw", token=guild.tokens["cy"]), 200)
    assert "endorsement" not in json.loads(guild.get(f"/credentials/{badge['id']}.json").text)
    report = guild.verdict(with_it)
    assert report["verified"]
    assert [each["verdict"] for each in report["endorsements"]] == ["revoked"]
    assert guild.get(f"/ob2/endorsements/{offered['id']}").status_code == 410


def test_of_a_badge_that_was_revoked_nothing_is_said_any_more(guild: Guild, badge: dict[str, Any]) -> None:
    offered = done(endorse(guild, badge["id"]), 201)
    done(guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "Of somebody else."}), 200)
    refused(respond(guild, offered["id"], "accept"), 409, "badge-revoked")
    refused(endorse(guild, badge["id"], by="ste"), 409, "badge-revoked")
    asked = {"subject": "credential", "id": badge["id"], "of": {"member": "ste"}}
    refused(guild.post("/v1/endorsement-requests", asked, token=guild.tokens["bo"]), 409, "badge-revoked")
    assert done(respond(guild, offered["id"], "decline"), 200)["state"] == "declined"


@pytest.mark.parametrize("length", [2001, 30_000])
def test_a_comment_that_is_too_long_is_told_how_long_one_may_be(
    guild: Guild, badge: dict[str, Any], length: int
) -> None:
    [told] = refused(endorse(guild, badge["id"], comment="x" * length), 422, "invalid")["errors"]
    assert (told["pointer"], "2000" in told["message"]) == ("/comment", True), told


def test_a_steward_speaks_for_another_community_in_its_own_name(guild: Guild, badge: dict[str, Any]) -> None:
    other = Guild(guild.client, "other").found()
    for handle, role in (("zora", "steward"), ("zeno", "member")):
        other.member(handle, role=role)
        guild.tokens[handle] = other.token(handle, role)
    theirs = guild.get("/issuers/other.json").json()["id"]
    achievement = badge["achievement"]
    for subject, id, path in (
        ("achievement", achievement, f"/endorsed/achievements/{achievement}.json"),
        ("issuer", guild.slug, f"/endorsed/issuers/{guild.slug}.json"),
    ):
        offered = done(endorse(guild, id, "zora", subject=subject, for_community=True), 201)
        refused(respond(guild, offered["id"], "accept", "cy"), 404, "no-such-endorsement")
        refused(respond(guild, offered["id"], "accept", "zora"), 403, "not-yours-to-say")
        done(respond(guild, offered["id"], "accept", "ste"), 200)
        [shown] = guild.get(path).json()["endorsement"]
        assert shown["issuer"]["id"] == theirs
        assert "says this for itself" in shown["description"]
        report = guild.verdict(json.dumps(shown))
        assert report["verified"], report
    refused(endorse(guild, guild.slug, "ste", subject="issuer", for_community=True), 403, "own-endorsement")
    refused(endorse(guild, guild.slug, "zeno", subject="issuer", for_community=True), 403, "forbidden")


def test_who_may_not_vouch_or_not_now(guild: Guild, badge: dict[str, Any], clock: SettableClock) -> None:
    refused(endorse(guild, badge["id"], "bo"), 403, "own-endorsement")
    for handle, account, is_bot in (("bo", "bo", False), ("twin", "bo", False), ("bot", "bot", True)):
        if handle != "bo":
            guild.member(handle)
            guild.tokens[handle] = guild.token(handle)
        linked = {"member": handle, "platform": "forum", "account": account, "is_bot": is_bot}
        done(guild.post(guild.in_guild("identities"), linked), 201)
    refused(endorse(guild, badge["id"], "twin"), 403, "own-endorsement")
    refused(endorse(guild, badge["id"], "bot"), 403, "bot-endorsement")
    refused(endorse(guild, "00000000-0000-4000-8000-0000000000ff"), 404, "no-such-credential")
    refused(endorse(guild, "00000000-0000-4000-8000-0000000000ff", subject="achievement"), 404, "no-such-subject")
    refused(endorse(guild, "nowhere", subject="issuer"), 404, "no-such-community")
    short = {"subject": "credential", "id": badge["id"], "comment": "good"}
    problem = refused(guild.post("/v1/endorsements", short, token=guild.tokens["cy"]), 422, "invalid")
    assert [each["pointer"] for each in problem["errors"]] == ["/comment"]
    offered = done(endorse(guild, badge["id"]), 201)
    problem = refused(endorse(guild, badge["id"]), 409, "already-endorsed")
    assert problem["endorsement_id"] == offered["id"]
    clock.forward(days=90)
    refused(respond(guild, offered["id"], "accept"), 409, "invalid-transition")
    again = done(endorse(guild, badge["id"]), 201)
    done(respond(guild, again["id"], "decline"), 200)
    refused(respond(guild, again["id"], "accept"), 409, "invalid-transition")
    achievement = badge["achievement"]
    for _ in range(19):
        made = done(endorse(guild, achievement, subject="achievement"), 201)
        done(guild.post(f"/v1/endorsements/{made['id']}/withdraw", token=guild.tokens["cy"]), 200)
    refused(endorse(guild, achievement, subject="achievement"), 429, "too-many-endorsements")


def test_nobody_vouches_for_their_own_under_the_name_that_they_have_elsewhere(
    guild: Guild, badge: dict[str, Any]
) -> None:
    other = Guild(guild.client, "other").found()
    email, did = "zed@people.example", "did:example:dee"
    same: dict[str, dict[str, Any]] = {"zed": {"email": email}, "dee": {"did": did}, "eli": {}}
    for handle, known in same.items():
        guild.member(handle, **known)
        other.member(f"{handle}2", **known)
        for community, account in ((guild, handle), (other, f"{handle}2")):
            guild.tokens[account] = community.token(account)
    for community, handle in ((guild, "eli"), (other, "eli2")):
        linked = {"member": handle, "platform": "forum", "account": "eli"}
        done(community.post(community.in_guild("identities"), linked), 201)
    achievement = guild.achievement()
    for handle in same:
        theirs = guild.badge(achievement, recipient={"member": handle})
        refused(endorse(guild, theirs["id"], f"{handle}2"), 403, "own-endorsement")
    done(endorse(guild, badge["id"], "zed2"), 201)


def test_nobody_vouches_for_what_they_were_awarded_before_they_joined(guild: Guild) -> None:
    achievement = guild.achievement()
    offer = guild.offer(achievement, {"email": "zed@people.example", "name": "Zed"})
    done(guild.claim(offer, visibility="public"), 200)
    known = guild.badge(achievement, recipient={"did": "did:example:dee", "name": "Dee"})
    for handle, contact, id in (
        ("zed", {"email": "zed@people.example"}, offer["id"]),
        ("dee", {"did": "did:example:dee"}, known["id"]),
    ):
        guild.member(handle, **contact)
        guild.tokens[handle] = guild.token(handle)
        refused(endorse(guild, id, handle), 403, "own-endorsement")


def test_who_looks_after_a_community_vouches_neither_for_it_nor_for_what_it_awards(
    guild: Guild, badge: dict[str, Any]
) -> None:
    refused(endorse(guild, guild.slug, "ste", subject="issuer"), 403, "own-endorsement")
    refused(endorse(guild, badge["achievement"], "ste", subject="achievement"), 403, "own-endorsement")
    done(endorse(guild, badge["id"], "ste"), 201)
    done(endorse(guild, guild.slug, "cy", subject="issuer"), 201)


def test_a_badge_that_is_reinstated_shows_what_stands_by_then(guild: Guild, badge: dict[str, Any]) -> None:
    suspendable = guild.achievement(policy={"status": "suspension"})
    theirs = guild.badge(suspendable, recipient={"member": "bo"})

    def shown() -> list[str]:
        document = guild.get(f"/credentials/{theirs['id']}.json")
        assert guild.verdict(document.content)["verdict"] == "valid"
        return [each["id"] for each in document.json().get("endorsement", [])]

    def editions() -> int:
        return sum(guild.get(f"/editions/{theirs['id']}/{n}.json").status_code == 200 for n in range(1, 6))

    first, second = (done(endorse(guild, theirs["id"], by), 201)["id"] for by in ("cy", "ste"))
    assert done(respond(guild, first, "accept"), 200)["url"] in shown()
    for response, id in ((None, first), ("decline", first), ("accept", second)):
        before = editions()
        done(guild.post(f"/v1/credentials/{theirs['id']}/suspend", {"reason": "Looked into."}), 200)
        if response is not None:
            done(respond(guild, id, response), 200)
        done(guild.post(f"/v1/credentials/{theirs['id']}/reinstate"), 200)
        assert editions() == before + (response is not None)
        assert any(first in each for each in shown()) is (response is None)
        assert any(second in each for each in shown()) is (id == second)


def test_a_badge_is_signed_anew_so_often_within_a_day_and_never_for_a_time_to_come(
    guild: Guild, badge: dict[str, Any], clock: SettableClock
) -> None:
    id = done(endorse(guild, badge["id"]), 201)["id"]
    for _ in range(20):
        done(respond(guild, id, "accept"), 200)
        assert guild.verdict(guild.get(f"/credentials/{badge['id']}.json").content)["verdict"] == "valid"
        done(respond(guild, id, "decline"), 200)
    answer = respond(guild, id, "accept")
    refused(answer, 429, "too-many-editions")
    assert answer.headers["retry-after"] == str(24 * 60 * 60)
    clock.forward(days=1)
    done(respond(guild, id, "accept"), 200)
    done(guild.post(f"/v1/endorsements/{id}/withdraw", token=guild.tokens["cy"]), 200)
