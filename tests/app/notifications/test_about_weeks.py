"""Everybody hears of a week in which something happened, as they may know it and as they chose."""

import re
from datetime import datetime

import pytest

from app.kit.mail import Message
from tests.app.guild import Guild, done
from tests.app.nominations.circle import Circle
from tests.app.notifications.hearers import address, opened, settle
from tests.app.notifications.test_about_peers import texts
from tests.app.reports.digest.test_digest import LATELY, badge
from tests.app.stories.routes import INSIDE, told
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

SAID = "The guild of makers: week 47 of 2026. 1 recognition, 1 story."


@pytest.fixture
def people(guild: Guild, mails: list[Message]) -> Circle:
    circle = Circle(guild)
    for handle in ("ana", "bo", "cy"):
        circle.join(handle, email=address(handle), joined_at=LATELY)
    circle.join("ste", email=address("ste"), role="steward", joined_at=LATELY).offering()
    settle(circle)
    mails.clear()
    return circle


def happened(circle: Circle, clock: SettableClock, mails: list[Message]) -> None:
    """A badge and a story, and then the week is over and put together."""
    badge(circle, "bo")
    told(circle.guild, circle.tokens["ana"], title="Kept warm", consent=INSIDE)
    settle(circle)
    mails.clear()
    over(circle, clock)


def over(circle: Circle, clock: SettableClock) -> None:
    circle.guild.figures_begin()
    clock.now = datetime.fromisoformat("2026-11-25T00:10:00+00:00")
    settle(circle)


def of_the_week(mails: list[Message]) -> dict[str, Message]:
    return {mail.to.partition("@")[0]: mail for mail in mails if mail.subject.startswith("The guild of makers: week")}


@on_both_databases
def test_everybody_is_mailed_the_week_in_words(guild: Guild, clock: SettableClock, mails: list[Message]) -> None:
    circle = Circle(guild)
    circle.join("ana", "bo", joined_at=LATELY).join("cy", email=address("cy"), joined_at=LATELY).offering()
    happened(circle, clock, mails)
    assert set(of_the_week(mails)) == {"cy"}
    mail = of_the_week(mails)["cy"]
    assert mail.subject == SAID
    assert "Recognised:\n- Bo: Session Host\n  http://127.0.0.1:8000/credentials/" in mail.body
    assert "\nLook at it with your token: GET /v1/communities/guild/digest?week=2026-W47\n" in mail.body
    assert "Stories:\n- Kept warm, by Ana" in mail.body
    assert mail.unsubscribe
    assert texts(guild, circle.tokens["ana"], "digest.made") == [SAID]


def test_the_links_of_the_mail_lead_whoever_gets_it_there(
    people: Circle, clock: SettableClock, mails: list[Message]
) -> None:
    badge(people, "cy", "community")
    happened(people, clock, mails)
    mail = of_the_week(mails)["cy"]
    assert "/credentials/" in " ".join(opened(people.guild, mail))
    called = re.findall(r"GET (/\S+)", mail.body)
    assert [path for path in called if path.startswith("/credentials/")]
    for path in called:
        done(people.guild.get(path, token=people.tokens["cy"]), 200)


def test_nobody_is_told_of_a_quiet_week(people: Circle, clock: SettableClock, mails: list[Message]) -> None:
    over(people, clock)
    assert mails == []
    assert texts(people.guild, people.tokens["ana"], "digest.made") == []


def test_weeks_of_long_ago_are_not_told(people: Circle, clock: SettableClock, mails: list[Message]) -> None:
    badge(people, "bo")
    settle(people)
    mails.clear()
    clock.now = datetime.fromisoformat("2026-12-09T00:10:00+00:00")
    settle(people)
    assert of_the_week(mails) == {}


def test_stewards_are_mailed_what_everybody_is(people: Circle, clock: SettableClock, mails: list[Message]) -> None:
    happened(people, clock, mails)
    assert set(of_the_week(mails)) == {"ana", "bo", "cy", "ste"}
    assert "For stewards" not in "".join(mail.body for mail in mails)


def test_people_choose_whether_and_how(people: Circle, clock: SettableClock, mails: list[Message]) -> None:
    chosen = {"ana": {"email": "off"}, "bo": {"email": "each", "muted": ["digest.made"]}, "cy": {"email": "digest"}}
    for handle, choice in chosen.items():
        done(people.guild.call("PUT", "/v1/me/notifications", choice, token=people.tokens[handle]), 200)
    happened(people, clock, mails)
    assert set(of_the_week(mails)) == {"ste"}
    assert texts(people.guild, people.tokens["bo"], "digest.made") == []
    (mail,) = (mail for mail in mails if mail.to == address("cy"))
    assert "Kept warm, by Ana" in mail.body


def test_what_was_taken_back_before_the_mail_left_is_not_in_it(
    people: Circle, clock: SettableClock, mails: list[Message]
) -> None:
    story = told(people.guild, people.tokens["ana"], title="Kept warm", consent=INSIDE)
    given = badge(people, "bo")
    settle(people)
    mails.clear()
    over(people, clock)
    assert texts(people.guild, people.tokens["cy"], "digest.made") == [SAID]
    done(people.guild.call("DELETE", people.guild.in_guild(f"stories/{story['id']}"), token=people.tokens["ana"]), 200)
    done(people.guild.post(f"/v1/credentials/{given}/revoke", {"reason": "Not that Bo."}), 200)
    assert texts(people.guild, people.tokens["cy"], "digest.made") == []
