"""What the links in mails to members open, for people who have a browser and nothing else."""

import re
from typing import Any

import pytest
from sqlmodel import select

from app.kit.database import read_session
from app.kit.mail import Message
from app.members.tables import NeverAdd
from tests.app.credentials.test_participation import badge_of, did
from tests.app.credentials.test_receipts import text_of
from tests.app.guild import PUBLIC_URL, Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.nominations.circle import STATEMENT, Circle
from tests.app.nominations.offers import QUICK
from tests.app.notifications.hearers import address, link_in, opened, settle
from tests.app.notifications.test_feed import feed
from tests.app.pages.test_pages import BROWSER, page
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def to(mails: list[Message], address: str) -> Message:
    """The newest mail there, but for letters about the address itself."""
    return [mail for mail in mails if mail.to == address and mail.unsubscribe][-1]


def latest(mails: list[Message], handle: str) -> Message:
    return to(mails, address(handle))


def send(circle: Circle, path: str, **form: str) -> Any:
    """What a browser sends, with no token."""
    return circle.guild.client.post(path, data=form, headers={"Accept": BROWSER})


def offered(circle: Circle, mails: list[Message], **more: Any) -> tuple[str, str]:
    """The id of a nomination of Bo that is offered, and the link in Bo's mail."""
    id = circle.offering(**QUICK).seconded("cy", **more)
    settle(circle)
    return id, link_in(latest(mails, "bo"), "/offers/")


@on_both_databases
def test_a_member_answers_a_nomination_by_the_link_in_their_mail(circle: Circle, mails: list[Message]) -> None:
    id, link = offered(circle, mails)
    opened(circle.guild, latest(mails, "bo"))
    assert STATEMENT["impact"] in page(circle.guild.get(link, accept=BROWSER)).text
    answer = page(send(circle, link, response="accept", visibility="community", text_version="1"))
    assert "Session Host is yours." in answer.text
    held = done(circle.guild.get("/v1/credentials", token=circle.tokens["bo"]), 200)["items"]
    assert [(each["state"], each["visibility"]) for each in held] == [("active", "community")]
    assert circle.state(id) == "issued"
    for again in (circle.guild.get(link, accept=BROWSER), send(circle, link, response="refuse")):
        assert "This link was used, or its offer has ended." in page(again, 410).text


def test_whoever_refuses_by_it_may_ask_never_to_be_asked_again(circle: Circle, mails: list[Message]) -> None:
    id, link = offered(circle, mails)
    assert "nobody is told why" in page(send(circle, link, response="refuse", never_add="true")).text
    assert circle.state(id) == "refused"
    with read_session(runtime_of(circle.guild).engine) as session:
        assert session.exec(select(NeverAdd)).all()


def test_the_reminder_has_the_same_link(circle: Circle, mails: list[Message], clock: SettableClock) -> None:
    _, link = offered(circle, mails)
    clock.forward(days=49)
    settle(circle)
    reminders = [mail for mail in mails if mail.to == address("bo") and "waits for your answer" in mail.subject]
    assert reminders
    assert {link_in(mail, "/offers/") for mail in reminders} == {link}


def test_a_link_made_up_or_of_somebody_else_opens_nothing(circle: Circle, mails: list[Message]) -> None:
    _, link = offered(circle, mails)
    other = circle.seconded("cy", nominee="dee")
    settle(circle)
    theirs = link_in(latest(mails, "dee"), "/offers/")
    assert link != theirs
    for wrong in (link[:-1], f"{link[:-1]}é", link + "0", link[:-64] + theirs[-64:], link[: len("/offers/") + 36]):
        refused(circle.guild.get(wrong), 404, "no-such-offer")
        refused(circle.guild.post(f"/v1{wrong}", {"response": "accept"}, token=None), 404, "no-such-offer")
    assert circle.state(other) == "offered"


def test_no_feed_tells_the_link(circle: Circle, mails: list[Message]) -> None:
    """A token that may only look would otherwise answer."""
    _, link = offered(circle, mails)
    secret = link.removeprefix("/offers/")
    assert secret not in str(feed(circle.guild, circle.tokens["bo"]))
    assert secret[-64:] not in str(done(circle.guild.get("/v1/me/nominations", token=circle.tokens["bo"]), 200))


def test_the_link_ends_with_the_address_to_which_it_was_mailed(
    circle: Circle, mails: list[Message], clock: SettableClock
) -> None:
    """Whoever reads an old mailbox answers nothing, and whoever took over a new one not at once."""
    _, link = offered(circle, mails)
    guild, token = circle.guild, circle.tokens["bo"]
    added = done(guild.post("/v1/me/emails", {"email": "bo@new.example"}, token=token), 201)
    proof = address_link(guild, "bo@new.example")
    done(guild.post(f"/v1/emails/{proof}", token=None), 200)
    assert guild.get(link).status_code == 200
    done(guild.post(f"/v1/me/emails/{added['id']}/primary", token=token), 200)
    refused(guild.get(link), 404, "no-such-offer")
    clock.forward(hours=1)
    circle.seconded("cy", achievement=guild.achievement(policy=QUICK)["id"])
    settle(circle)
    new = link_in(to(mails, "bo@new.example"), "/offers/")
    assert "Not answered before 24 November 2026." in page(guild.get(new, accept=BROWSER)).text
    assert send(circle, new, response="accept").status_code == 409
    clock.forward(hours=72)
    assert send(circle, new, response="accept").status_code == 200


def test_who_has_left_answers_nothing_by_it(circle: Circle, mails: list[Message]) -> None:
    _, link = offered(circle, mails)
    done(circle.guild.post(circle.guild.in_guild("members/bo/leave")), 200)
    assert circle.guild.get(link).status_code in {404, 410}


@on_both_databases
def test_a_member_answers_an_award_by_the_link_in_their_mail(circle: Circle, mails: list[Message]) -> None:
    guild = circle.guild
    did(circle, "hosting", "2026-03-03")
    award = {"achievement": circle.achievement["id"], "recipient": {"member": "bo"}, "participation": {}}
    made = done(guild.post(guild.in_guild("credentials"), award), 201)
    assert made["claim_url"] is None  # it is for Bo alone, not for whoever awards
    settle(circle)
    link = link_in(latest(mails, "bo"), "/v1/claims/")
    opened(guild, latest(mails, "bo"))
    shown = page(guild.get(link, accept=BROWSER))
    assert "1 contribution to" in shown.text
    [form] = shown.all("form")
    yes = {"response": "accept", "visibility": "private", "with_participation": "true"}
    assert "Keep it now." in page(send(circle, form["action"], **yes)).text
    assert "relatedResource" in badge_of(circle, made["id"])
    refused(guild.post(link, {"response": "refuse"}, token=None), 410, "claim-used")


def test_what_the_link_tells_is_what_the_receipt_holds(circle: Circle, mails: list[Message]) -> None:
    guild = circle.guild
    did(circle, "hosting", "2026-03-03")
    award = {"achievement": circle.achievement["id"], "recipient": {"member": "bo"}, "participation": {}}
    made = done(guild.post(guild.in_guild("credentials"), award), 201)
    settle(circle)
    link = link_in(latest(mails, "bo"), "/v1/claims/")
    told = done(guild.get(link), 200)
    assert told["participation"]["counts"] == {"contributions": 1, "by_type": {"hosting": 1}}
    did(circle, "hosting", "2026-03-04")
    answer = {"response": "accept", "digest": told["digest"], "participation": True}
    assert done(guild.post(link, answer, token=None), 200)["consent"]["receipt"] == told["digest"]
    said = text_of(circle, made["id"])
    assert (said["participation"], said["evidence"]) == (told["participation"], told["evidence"])


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_what_somebody_took_part_in_is_left_out_unless_they_tick_it(
    circle: Circle, mails: list[Message], answer: str
) -> None:
    did(circle, "hosting", "2026-03-03")
    award = {"achievement": circle.achievement["id"], "recipient": {"member": "bo"}, "participation": {}}
    made = done(circle.guild.post(circle.guild.in_guild("credentials"), award), 201)
    settle(circle)
    link = link_in(latest(mails, "bo"), "/v1/claims/").replace("/v1", "")
    assert send(circle, link, response=answer).status_code == 200
    if answer == "accept":
        assert "relatedResource" not in badge_of(circle, made["id"])
    else:
        assert done(circle.guild.get(f"/v1/credentials/{made['id']}", token=circle.tokens["bo"]), 200)["state"] == (
            "refused"
        )


def test_every_link_of_every_mail_opens_a_page(circle: Circle, mails: list[Message]) -> None:
    """Of a nomination from its beginning to the badge, of thanks, of an award; what has no page is said as a call."""
    guild = circle.guild
    id = circle.under_review()
    settle(circle)
    for handle in circle.panel(id):
        circle.review(id, handle)
    settle(circle)
    assert circle.state(id) == "offered"
    done(guild.post(guild.in_guild("thanks"), {"to": "cy", "text": "For the chairs."}, token=circle.tokens["ana"]), 201)
    done(guild.award(guild.achievement(), {"member": "dee"}), 201)
    guild.badge(recipient={"member": "eli"}, visibility="private")
    guild.badge(recipient={"member": "eli"}, visibility="public")
    settle(circle)
    assert len(mails) > 12
    for mail in mails:
        opened(guild, mail)
        calls = re.findall(r": (?:GET|POST) (/v1/\S+)", mail.body)
        assert ("How it is done, step by step: " in mail.body) == bool(calls)
    told = page(guild.get("/calls", accept=BROWSER)).text
    assert f'curl -H "Authorization: Bearer lrl_…" "{PUBLIC_URL}/v1/me/feed"' in told


def test_an_offer_to_a_member_who_has_no_token_is_theirs_to_answer_too(guild: Guild, mails: list[Message]) -> None:
    guild.member("bo", email=address("bo"))
    circle = Circle(guild)
    settle(circle)
    made = done(guild.award(guild.achievement(), {"member": "bo"}), 201)
    settle(circle)
    link = link_in(latest(mails, "bo"), "/v1/claims/")
    assert made["claim_url"] != PUBLIC_URL + link
    assert send(circle, link.removeprefix("/v1"), response="accept").status_code == 200
    refused(guild.get(made["claim_url"].removeprefix(PUBLIC_URL)), 410, "claim-used")
