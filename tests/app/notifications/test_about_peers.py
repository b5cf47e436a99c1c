"""People hear of thanks, of what thanks suggest, of proposals, and of tokens that speak for them."""

import pytest

from app.kit.mail import Message
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.app.nominations.circle import LONG_AGO, Circle
from tests.app.notifications.test_feed import TOKEN_MADE, feed, work
from tests.service import on_both_databases


def texts(guild: Guild, token: str, type: str) -> list[str]:
    return [item["text"] for item in feed(guild, token) if item["type"] == type]


def thank(circle: Circle, by: str, text: str = "Thank you for the evening!") -> str:
    body = {"to": "bo", "contribution_type": "hosting", "text": text}
    answer = circle.guild.post(circle.guild.in_guild("thanks"), body, token=circle.tokens[by])
    return str(done(answer, 201)["id"])


def test_who_is_thanked_hears_of_it_while_it_stands(guild: Guild, mails: list[Message]) -> None:
    circle = Circle(guild).join("ana").join("bo", email="bo@people.example")
    thanks = thank(circle, "ana")
    work(guild)
    bo = circle.tokens["bo"]
    assert texts(guild, bo, "thanks.given") == ["Ana thanks you for hosting."]
    (mail,) = (mail for mail in mails if mail.subject == "Ana thanks you for hosting.")
    assert "“Thank you for the evening!”" in mail.body
    assert texts(guild, circle.tokens["ana"], "thanks.given") == []
    (link,) = (item["link"] for item in feed(guild, bo) if item["type"] == "thanks.given")
    assert done(guild.get(link.removeprefix("http://127.0.0.1:8000"), token=bo), 200)["id"] == thanks
    done(guild.call("DELETE", guild.in_guild(f"thanks/{thanks}"), token=circle.tokens["ana"]), 200)
    assert texts(guild, bo, "thanks.given") == []


def test_three_thanks_ask_each_who_gave_one(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo", "cy", "dee")
    for giver in ("ana", "cy", "dee"):
        thank(circle, giver, f"Thank you, says {giver}.")
    work(guild)
    for giver in ("ana", "cy"):
        (item,) = (item for item in feed(guild, circle.tokens[giver]) if item["type"] == "nomination.suggested")
        assert item["text"] == "You thanked Bo for hosting, and so did others. Would you like to nominate them?"
        assert guild.get(item["link"].removeprefix("http://127.0.0.1:8000"), token=circle.tokens[giver]).is_success
    assert texts(guild, circle.tokens["bo"], "nomination.suggested") == []


def test_stewards_hear_of_a_proposal_once_it_is_open(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo").join("ste", role="steward")
    body = ACHIEVEMENT | {"discussion": "https://forum.example/t/12"}
    proposal = done(guild.post(guild.in_guild("proposals"), body, token=circle.tokens["ana"]), 201)["id"]
    work(guild)
    assert texts(guild, circle.tokens["ste"], "proposal.opened") == []
    done(guild.post(guild.in_guild(f"proposals/{proposal}/open"), token=circle.tokens["ana"]), 200)
    work(guild)
    said = ["A member proposes that the community recognises “Session Host”."]
    assert texts(guild, circle.tokens["ste"], "proposal.opened") == said
    assert texts(guild, circle.tokens["bo"], "proposal.opened") == []


@pytest.mark.parametrize("mailed", ["each", "digest", "off"])
def test_nobody_is_spoken_for_without_hearing_of_it(guild: Guild, mails: list[Message], mailed: str) -> None:
    circle = Circle(guild).join("ste", role="steward").join("bo", email="bo@people.example", joined_at=LONG_AGO)
    choice = {"email": mailed, "muted": ["member.joined"]}
    done(guild.call("PUT", "/v1/me/notifications", choice, token=circle.tokens["bo"]), 200)
    work(guild)
    assert texts(guild, circle.tokens["bo"], "token.created") == [TOKEN_MADE]
    assert TOKEN_MADE not in [mail.subject for mail in mails]  # the admin's tokens are how people come to have one
    mails.clear()
    body = {"owner": "bo", "role": "member"}
    made = guild.post(guild.in_guild("tokens"), body, token=circle.tokens["ste"])
    work(guild)
    assert made.status_code == 201
    assert texts(guild, circle.tokens["bo"], "token.created") == [TOKEN_MADE] * 2
    said = [] if mailed == "off" else [("bo@people.example", TOKEN_MADE)]
    assert [(mail.to, mail.subject) for mail in mails] == said


@on_both_databases
def test_a_token_that_another_made_does_not_keep_from_its_owner_that_there_is_one(
    guild: Guild, mails: list[Message]
) -> None:
    circle = Circle(guild).join("ste", role="steward").join("bo", email="bo@people.example", joined_at=LONG_AGO)
    work(guild)
    bo, body = circle.tokens["bo"], {"owner": "bo", "role": "member"}
    done(guild.post(f"/v1/me/feed/{feed(guild, bo)[0]['id']}/read", token=bo), 200)
    mails.clear()
    borrowed = done(guild.post(guild.in_guild("tokens"), body, token=circle.tokens["ste"]), 201)["token"]
    refused(guild.call("PUT", "/v1/me/notifications", {"email": "off"}, token=borrowed), 403, "token-made-by-another")
    work(guild)
    assert [(mail.to, mail.subject) for mail in mails] == [("bo@people.example", TOKEN_MADE)]
    guild.badge(recipient={"member": "bo"}, visibility="private")
    work(guild)
    newest = f"/v1/me/feed/{feed(guild, borrowed)[0]['id']}/read"
    assert done(guild.post(newest, token=borrowed), 200) == {"read": 1}
    assert [item["text"] for item in feed(guild, bo, "?unread=true")] == [TOKEN_MADE]
    assert done(guild.post(newest, token=bo), 200) == {"read": 1}


def test_who_is_named_as_having_brought_somebody_hears_of_it_while_it_is_said(guild: Guild) -> None:
    circle = Circle(guild).join("ana")
    guild.member("zoe", name="Zoe", invited_by="ana")
    work(guild)
    said = "Zoe joined, and you are named as who brought them. If that is not so, tell the stewards."
    assert texts(guild, circle.tokens["ana"], "member.inviter_named") == [said]
    done(guild.call("PATCH", guild.in_guild("members/zoe"), {"invited_by": None}, If_Match="*"), 200)
    assert texts(guild, circle.tokens["ana"], "member.inviter_named") == []
