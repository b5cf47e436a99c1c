"""People ask others to vouch for what is theirs: members hear of it, others get a letter with a link."""

import json
import re
from typing import Any

import pytest
from sqlmodel import select

from app.endorsements.tables import Endorsement, EndorsementRequest
from app.kit.database import read_session
from app.kit.journal import Event
from app.kit.mail import Message
from app.worker import run_once
from tests.app.endorsements.test_endorsing import SAID, endorse, respond
from tests.app.guild import Guild, done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.stand_ins import SettableClock

ZED = {"email": "zed@people.example", "name": "Zed"}


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    """Private, of Bo; Cy and Dee are fellow members, Ste a steward."""
    for handle, role in (("bo", "member"), ("cy", "member"), ("dee", "member"), ("ste", "steward")):
        guild.member(handle, role=role, email=f"{handle}@guild.example")
        guild.tokens[handle] = guild.token(handle, role)
    return guild.badge(recipient={"member": "bo"}, visibility="private")


def ask(guild: Guild, badge: dict[str, Any], by: str = "bo", **of: Any) -> Any:
    body = {"subject": "credential", "id": badge["id"], "of": of, "message": "You were there."}
    return guild.post("/v1/endorsement-requests", body, token=guild.tokens[by])


def at(guild: Guild, id: str, act: str, by: str) -> Any:
    return guild.post(f"/v1/endorsement-requests/{id}/{act}", token=guild.tokens[by])


def see(guild: Guild, id: str, by: str) -> Any:
    return guild.get(f"/v1/endorsement-requests/{id}", token=guild.tokens[by])


def work(guild: Guild) -> None:
    """Everything that the worker has to do by now."""
    runtime = runtime_of(guild)
    for _ in range(2):
        run_once(runtime, runtime.clock())


def told(guild: Guild, who: str) -> list[str]:
    items = done(guild.get("/v1/me/feed", token=guild.tokens[who]), 200)["items"]
    return [item["text"] for item in items if item["type"].startswith("endorsement.")]


def link_in(mail: Message) -> str:
    """Where the letter leads, as a path."""
    found = re.search(r"http\S+(/vouch/\S+)", mail.body)
    assert found is not None, mail.body
    return found[1]


def letters(mails: list[Message]) -> list[Message]:
    return [mail for mail in mails if mail.to == ZED["email"]]


def kept(guild: Guild, id: str) -> EndorsementRequest:
    with read_session(runtime_of(guild).engine) as session:
        row = next(each for each in session.exec(select(EndorsementRequest)).all() if str(each.id) == id)
        session.expunge(row)
        return row


def test_a_member_who_is_asked_sees_what_is_private_and_vouches_for_it(
    guild: Guild, badge: dict[str, Any], mails: list[Message]
) -> None:
    asked = done(ask(guild, badge, member="cy"), 201)
    assert (asked["state"], asked["of"]["name"], asked["about"]["name"]) == ("open", "Cy", "Session Host")
    work(guild)
    assert told(guild, "cy") == ["Bo asks you to vouch for “Session Host”, until 21 December 2026."]
    assert told(guild, "dee") == told(guild, "ste") == []
    assert [mail.to for mail in mails if "asks you to vouch" in mail.subject + mail.body] == ["cy@guild.example"]
    assert see(guild, asked["id"], "cy").json()["message"] == "You were there."
    for stranger in ("dee", "ste"):
        refused(see(guild, asked["id"], stranger), 404, "no-such-endorsement-request")
    refused(endorse(guild, badge["id"]), 404, "no-such-credential")
    refused(endorse(guild, badge["id"], "dee", request=asked["id"]), 404, "no-such-endorsement-request")
    refused(endorse(guild, badge["id"], "bo", request=asked["id"]), 403, "not-yours-to-say")
    other = guild.badge(recipient={"member": "dee"})
    refused(endorse(guild, other["id"], request=asked["id"]), 422, "invalid")
    offered = done(endorse(guild, badge["id"], request=asked["id"]), 201)
    answered = done(see(guild, asked["id"], "bo"), 200)
    assert (answered["state"], answered["endorsement"]) == ("answered", offered["id"])
    work(guild)
    assert told(guild, "bo") == ["Cy vouches for “Session Host”. It is signed and shown if you accept it."]
    accepted = done(respond(guild, offered["id"], "accept"), 200)
    work(guild)
    assert told(guild, "cy")[0] == "What you said of “Session Host” was accepted: it is signed, and shown with it."
    # What is said of a private badge is nobody's to read but of those two and, of a badge here, the stewards.
    path = path_of(accepted["url"])
    for form in ("", ".json", ".jwt"):
        refused(guild.get(path + form), 404, "no-such-endorsement")
        refused(guild.get(path + form, token=guild.tokens["dee"]), 404, "no-such-endorsement")
        assert guild.get(path + form, token=guild.tokens["cy"]).is_success
    refused(guild.get(f"/ob2{path}"), 404, "no-such-endorsement")
    refused(guild.get(f"/v1/endorsements/{offered['id']}", token=guild.tokens["dee"]), 404, "no-such-endorsement")
    refused(endorse(guild, badge["id"], request=asked["id"]), 409, "request-ended")


def test_a_request_is_listed_for_both_and_ends_once(guild: Guild, badge: dict[str, Any]) -> None:
    def listed(who: str, query: str = "") -> list[str]:
        answer = guild.get(f"/v1/endorsement-requests{query}", token=guild.tokens[who])
        return [item["id"] for item in done(answer, 200)["items"]]

    first = done(ask(guild, badge, member="cy"), 201)["id"]
    second = done(ask(guild, badge, **ZED), 201)
    assert second["of"] == {"member": None} | ZED
    assert listed("bo") == listed("bo", "?role=asker") == [second["id"], first]
    assert listed("cy") == listed("cy", "?role=asked") == [first]
    assert listed("bo", "?role=asked") == listed("dee") == listed("ste") == []
    refused(at(guild, first, "decline", "bo"), 403, "not-yours-to-say")
    refused(at(guild, first, "withdraw", "cy"), 403, "not-yours-to-say")
    refused(at(guild, second["id"], "decline", "cy"), 404, "no-such-endorsement-request")
    assert done(at(guild, first, "decline", "cy"), 200)["state"] == "declined"
    refused(at(guild, first, "decline", "cy"), 409, "request-ended")
    refused(at(guild, first, "withdraw", "bo"), 409, "request-ended")
    assert done(at(guild, second["id"], "withdraw", "bo"), 200)["state"] == "withdrawn"
    work(guild)
    assert told(guild, "bo") == ["Cy would rather not vouch for “Session Host”."]


def test_who_may_not_be_asked_or_not_so_often(guild: Guild, badge: dict[str, Any], clock: SettableClock) -> None:
    refused(ask(guild, badge, by="cy", member="dee"), 404, "no-such-credential")
    public = guild.badge(recipient={"member": "dee"})
    refused(ask(guild, public, member="cy"), 403, "not-yours-to-say")
    refused(ask(guild, badge, member="bo"), 403, "own-endorsement")
    refused(ask(guild, badge, email="bo@guild.example"), 403, "own-endorsement")
    refused(ask(guild, badge, member="nobody"), 404, "no-such-member")
    for handle, account, is_bot in (("bo", "bo", False), ("twin", "bo", False), ("bot", "bot", True)):
        if handle != "bo":
            guild.member(handle, email=f"{handle}@guild.example")
        linked = {"member": handle, "platform": "forum", "account": account, "is_bot": is_bot}
        done(guild.post(guild.in_guild("identities"), linked), 201)
    refused(ask(guild, badge, member="twin"), 403, "own-endorsement")
    refused(ask(guild, badge, email="twin@guild.example"), 403, "own-endorsement")
    refused(ask(guild, badge, member="bot"), 403, "bot-endorsement")
    asked = done(ask(guild, badge, member="cy"), 201)
    problem = refused(ask(guild, badge, member="cy"), 409, "already-asked")
    assert problem["request_id"] == asked["id"]
    clock.forward(days=30)
    assert done(see(guild, asked["id"], "bo"), 200)["state"] == "lapsed"
    done(ask(guild, badge, member="cy"), 201)  # the worker has not come by yet
    for number in range(3):
        again = done(ask(guild, badge, **ZED), 201)
        done(at(guild, again["id"], "withdraw", "bo"), 200)
        clock.forward(days=number)
    refused(ask(guild, badge, **ZED), 429, "too-many-endorsement-requests")
    clock.forward(days=1)
    for number in range(10):
        done(ask(guild, badge, email=f"p{number}@people.example"), 201)
    answer = ask(guild, badge, email="p10@people.example")
    refused(answer, 429, "too-many-endorsement-requests")
    assert answer.headers["retry-after"] == str(24 * 60 * 60)


def test_somebody_from_elsewhere_vouches_by_the_link_in_a_letter(
    guild: Guild, badge: dict[str, Any], mails: list[Message]
) -> None:
    asked = done(ask(guild, badge, **ZED), 201)
    work(guild)
    [letter] = letters(mails)
    assert "Bo of The guild of makers" in letter.body
    assert "You were there." in letter.body
    path = f"/v1{link_in(letter)}"
    invitation = done(guild.get(path), 200)
    assert (invitation["asker"], invitation["about"]["name"]) == ("Bo", "Session Host")
    assert kept(guild, asked["id"]).link_sealed is None
    body = {"response": "endorse", "name": "Zed Zealous", "comment": SAID, "skills": ["patience"]}
    for wrong in ({"response": "endorse"}, body | {"never_add": True}, body | {"comment": "Short."}):
        refused(guild.post(path, wrong, token=None), 422, "invalid")
    given = done(guild.post(path, body, token=None), 200)
    assert given["state"] == "answered"
    refused(guild.post(path, body, token=None), 410, "invitation-over")
    refused(guild.get(path), 410, "invitation-over")
    refused(guild.get("/v1/vouch/another"), 404, "no-such-invitation")
    accepted = done(respond(guild, given["endorsement"], "accept"), 200)
    assert accepted["endorser"] == {"kind": "outsider", "name": "Zed Zealous", "member": None}
    signed = guild.get(path_of(accepted["url"]), token=guild.tokens["bo"]).json()
    assert signed["issuer"]["name"] == "The guild of makers"
    assert "an outsider whose address is proven" in signed["description"]
    assert ZED["email"] not in json.dumps(signed)
    # They have no token: who looks after the community takes it back for them.
    refused(guild.post(f"/v1/endorsements/{given['endorsement']}/withdraw", token=guild.tokens["bo"]), 403,
            "not-yours-to-say")  # fmt: skip
    done(guild.post(f"/v1/endorsements/{given['endorsement']}/withdraw", token=guild.tokens["ste"]), 200)


def test_who_vouched_from_elsewhere_is_not_known_by_their_address_once_it_is_forgotten(
    guild: Guild, badge: dict[str, Any], mails: list[Message], clock: SettableClock
) -> None:
    asked = done(ask(guild, badge, **ZED), 201)["id"]
    work(guild)
    path = f"/v1{link_in(letters(mails)[0])}"
    given = done(guild.post(path, {"response": "endorse", "name": "Zed", "comment": SAID}, token=None), 200)
    accepted = done(respond(guild, given["endorsement"], "accept"), 200)
    signed = guild.get(path_of(accepted["url"]), token=guild.tokens["bo"])
    known = str(kept(guild, asked).fingerprint)

    def keyed() -> list[str]:
        with read_session(runtime_of(guild).engine) as session:
            return [
                each
                for row in session.exec(select(Endorsement)).all()
                for each in (row.endorser_key, str(row.standing))
            ]

    assert any(known in each for each in keyed())
    clock.forward(days=60)
    work(guild)
    assert not any(known in each for each in keyed())
    assert guild.get(path_of(accepted["url"]), token=guild.tokens["bo"]).content == signed.content


def test_an_address_is_reminded_twice_each_time_by_a_new_link_and_then_forgotten(
    guild: Guild, badge: dict[str, Any], mails: list[Message], clock: SettableClock
) -> None:
    asked = done(ask(guild, badge, **ZED), 201)["id"]
    work(guild)
    for days in (6, 1, 13, 1, 8):
        clock.forward(days=days)
        work(guild)
    sent = [link_in(letter) for letter in letters(mails)]
    assert len(set(sent)) == len(sent) == 3
    assert ["Once more" in letter.body for letter in letters(mails)] == [False, True, True]
    refused(guild.get(f"/v1{sent[0]}"), 404, "no-such-invitation")
    done(guild.get(f"/v1{sent[2]}"), 200)
    clock.forward(days=1)
    work(guild)
    assert done(see(guild, asked, "bo"), 200)["state"] == "lapsed"
    assert told(guild, "bo") == ["Whom you asked by letter did not answer whether they vouch for “Session Host”."]
    refused(guild.get(f"/v1{sent[2]}"), 410, "invitation-over")
    clock.forward(days=59)
    work(guild)
    assert kept(guild, asked).sealed is not None
    clock.forward(days=1)
    work(guild)
    row = kept(guild, asked)
    assert (row.sealed, row.fingerprint, row.link_digest, row.message) == (None, None, None, None)
    refused(guild.get(f"/v1{sent[2]}"), 404, "no-such-invitation")


def test_who_never_wants_to_be_asked_is_not_and_nobody_finds_out(
    guild: Guild, badge: dict[str, Any], mails: list[Message], clock: SettableClock
) -> None:
    first = done(ask(guild, badge, **ZED), 201)["id"]
    work(guild)
    declined = {"response": "decline", "never_add": True}
    assert done(guild.post(f"/v1{link_in(letters(mails)[0])}", declined, token=None), 200)["state"] == "declined"
    done(guild.call("PUT", "/v1/me/never-add", token=guild.tokens["cy"]), 200)
    other = done(ask(guild, badge, email="yan@people.example"), 201)["id"]
    barred = [done(ask(guild, badge, **of), 201)["id"] for of in (ZED, {"member": "cy"}, {"email": "cy@guild.example"})]
    mails.clear()
    for days in (0, 7, 14, 9):
        clock.forward(days=days)
        work(guild)
    assert {mail.to for mail in mails} & {ZED["email"], "cy@guild.example"} == set()
    assert told(guild, "cy") == []
    refused(see(guild, barred[1], "cy"), 404, "no-such-endorsement-request")
    assert done(guild.get("/v1/endorsement-requests", token=guild.tokens["cy"]), 200)["items"] == []
    with read_session(runtime_of(guild).engine) as session:
        events = {
            id: [e.type for e in session.exec(select(Event).where(Event.subject == id))] for id in [other, *barred]
        }
    assert len(set(map(tuple, events.values()))) == 1, events
    assert events[other][-1] == "endorsement.request_lapsed"
    assert first not in barred


def test_whose_address_is_a_members_vouches_as_that_member(
    guild: Guild, badge: dict[str, Any], mails: list[Message]
) -> None:
    done(ask(guild, badge, email="cy@guild.example"), 201)
    work(guild)
    path = next(f"/v1{link_in(mail)}" for mail in mails if "/vouch/" in mail.body)
    body = {"response": "endorse", "name": "Somebody Else", "comment": SAID}
    given = done(guild.post(path, body, token=None), 200)
    seen = done(guild.get(f"/v1/endorsements/{given['endorsement']}", token=guild.tokens["bo"]), 200)
    assert (seen["endorser"]["kind"], seen["endorser"]["name"]) == ("member", "Cy")


def test_stewards_hear_of_what_is_said_of_an_achievement_and_who_said_it_what_came_of_it(
    guild: Guild, badge: dict[str, Any], mails: list[Message]
) -> None:
    offered = done(endorse(guild, badge["achievement"], subject="achievement"), 201)
    work(guild)
    assert told(guild, "ste") == ["Cy vouches for “Session Host”. It is signed and shown if you accept it."]
    done(respond(guild, offered["id"], "accept", "ste"), 200)
    done(respond(guild, offered["id"], "decline", "ste"), 200)
    done(guild.post(f"/v1/endorsements/{offered['id']}/withdraw", token=guild.tokens["cy"]), 200)
    work(guild)
    assert told(guild, "cy") == [
        "What you said of “Session Host” is not shown with it any more.",
        "What you said of “Session Host” was accepted: it is signed, and shown with it.",
    ]
    assert told(guild, "ste") == [
        "Cy has taken back what they said of “Session Host”.",
        "Cy vouches for “Session Host”.",
    ]
    heard = [mail.body for mail in mails if "“Session Host”" in mail.body]
    assert heard
    assert all("\nLook at it with your token" in body and "/calls\n" in body for body in heard)


def test_what_was_said_of_somebody_is_theirs_to_read_and_to_have_erased(guild: Guild, badge: dict[str, Any]) -> None:
    public = guild.badge(recipient={"member": "bo"})
    open_still, taken = (done(endorse(guild, public["id"], by), 201)["id"] for by in ("cy", "dee"))
    url = done(respond(guild, taken, "accept"), 200)["url"]
    signed = guild.get(path_of(url)).text

    def about_bo(method: str = "GET") -> Any:
        return done(guild.call(method, "/v1/me/about-me", token=guild.tokens["bo"]), 200)

    said = [(item["kind"], item["of"], item["text"]) for item in about_bo()["items"]]
    assert said == [("endorsement", open_still, SAID), ("endorsement", taken, SAID)]
    assert about_bo("DELETE") == {"erased": [taken], "left": [open_still]}
    assert [item["of"] for item in about_bo()["items"]] == [open_still]
    assert guild.get(path_of(url)).text == signed  # its endorser's word, which they can take back
