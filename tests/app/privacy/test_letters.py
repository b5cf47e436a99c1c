"""Who has left reaches what is kept of them by a letter; and whoever had theirs erased is told at every address."""

from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

import badges
from app.kit.database import Row, read_session
from app.kit.journal import Event
from app.kit.mail import Message
from app.main import create_app
from app.privacy.asking import answer
from app.privacy.tables import DataRequest
from app.settings import Settings
from app.worker import run_once
from tests.app.credentials.test_once import at_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.nominations.circle import Circle
from tests.app.privacy.letters import ask, data_link, waiting
from tests.client import Client
from tests.service import on_both_databases
from tests.stand_ins import CountingIds, SettableClock

BO, SECOND = "bo@brightwater.example", "bo@second.example"


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Bo has two addresses, and has left; Ana is there."""
    circle = Circle(guild).join("ana", email="ana@people.example").join("ste", role="steward").join("bo", email=BO)
    done(guild.post("/v1/me/emails", {"email": SECOND}, token=circle.tokens["bo"]), 201)
    done(guild.post(f"/v1/emails/{address_link(guild)}", token=None), 200)
    done(guild.post(guild.in_guild("members/bo/leave"), token=circle.tokens["ste"]), 200)
    return circle


def erase(guild: Guild, link: str, confirm: str = "bo") -> httpx2.Response:
    path = f"/v1/data-requests/{link}?credentials=keep&confirm={confirm}"
    return guild.call("DELETE", path, token=None)


def rows(guild: Guild, table: type[Row]) -> int:
    with read_session(runtime_of(guild).engine) as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def mail_of(guild: Guild, mails: list[Message], clock: SettableClock) -> list[Message]:
    """What has been sent since the last time."""
    before = len(mails)
    run_once(runtime_of(guild), clock())
    return mails[before:]


@on_both_databases
def test_who_has_left_reads_and_erases_by_a_letter(circle: Circle, clock: SettableClock, mails: list[Message]) -> None:
    guild = circle.guild
    mail_of(guild, mails, clock)
    done(ask(guild, SECOND.upper()), 202)
    link = data_link(guild, SECOND)
    [letter] = mail_of(guild, mails, clock)
    assert (letter.to, f"/data/{link}" in letter.body) == (SECOND, True)
    told = guild.get(f"/v1/data-requests/{link}")
    assert [row["handle"] for row in done(told, 200)["member"]] == ["bo"]
    assert told.headers["cache-control"] == "private, no-store"
    refused(guild.get("/v1/me/data", token=link), 401, "unauthenticated")
    refused(erase(guild, link, confirm="ana"), 422, "invalid")
    assert done(erase(guild, link), 200) == {"credentials": "keep"}
    refused(guild.get(f"/v1/data-requests/{link}"), 404, "no-such-data-link")
    with read_session(runtime_of(guild).engine) as session:
        [actor] = session.execute(sa.select(Event.actor).where(Event.type == "member.erased")).scalars()  # type: ignore[call-overload]
    assert actor == circle.ids["bo"]
    last = mail_of(guild, mails, clock)
    assert sorted(each.to for each in last) == [BO, SECOND]
    assert all("hello@guild.example" in each.body and "stay as they are" in each.body for each in last)
    ask(guild, SECOND)
    assert mail_of(guild, mails, clock) == []


def test_the_answer_is_the_same_whoever_asks_and_goes_to_nobody_else(circle: Circle) -> None:
    guild = circle.guild
    answers = [ask(guild, email) for email in (BO, "ana@people.example", "nobody@people.example")]
    assert {(each.status_code, each.text) for each in answers} == {(202, answers[0].text)}
    assert [len(waiting(guild, to)) for to in (BO, "ana@people.example", "nobody@people.example")] == [1, 0, 0]


def test_every_address_is_put_down_alike_and_forgotten_once_the_worker_has_looked(
    circle: Circle, clock: SettableClock
) -> None:
    guild, runtime = circle.guild, runtime_of(circle.guild)
    emails = (BO, "ana@people.example", "nobody@people.example")
    before, events = len(waiting(guild, BO)), rows(guild, Event)
    for email in emails:
        done(guild.post(guild.in_guild("data-requests"), {"email": email}, token=None), 202)
    assert rows(guild, DataRequest) == 3
    assert (len(waiting(guild, BO)), rows(guild, Event)) == (before, events), "the door asks nobody whose they are"
    assert (answer(runtime, clock()), answer(runtime, clock())) == (3, 0)
    assert (len(waiting(guild, BO)), rows(guild, Event), rows(guild, DataRequest)) == (before + 1, events + 1, 0)
    done(guild.post(guild.in_guild("data-requests"), {"email": BO}, token=None), 202)
    clock.forward(days=1)
    assert answer(runtime, clock()) == 1, "after a day nobody expects it"
    assert (len(waiting(guild, BO)), rows(guild, DataRequest)) == (before + 1, 0)


def test_where_no_mail_goes_out_nobody_is_promised_a_letter(settings: Settings, ids: CountingIds) -> None:
    off = create_app(settings.model_copy(update={"mail": "off"}), clock=SettableClock(), ids=ids, fetch=badges.no_fetch)
    with Client(off) as client:
        guild = Guild(client).found()
        asked = guild.post(guild.in_guild("data-requests"), {"email": BO}, token=None)
        assert "hello@guild.example" in refused(asked, 409, "no-mail-here")["detail"]
        assert rows(guild, DataRequest) == 0


def test_an_address_that_others_gave_them_afterwards_opens_nothing(circle: Circle, clock: SettableClock) -> None:
    guild, other = circle.guild, "steward@people.example"
    clock.forward(minutes=1)
    changed: Any = {"email": other}
    done(guild.call("PATCH", guild.in_guild("members/bo"), changed, token=circle.tokens["ste"], If_Match="*"), 200)
    done(guild.post(f"/v1/emails/{address_link(guild, other)}", token=None), 200)
    done(ask(guild, other), 202)
    assert waiting(guild, other) == []
    done(ask(guild, BO), 202)
    assert len(waiting(guild, BO)) == 1, "it was theirs as they left, whatever was made of it since"


def test_an_address_that_is_somebody_elses_by_now_opens_nothing(circle: Circle) -> None:
    guild, taken = circle.guild, {"email": None}
    done(guild.call("PATCH", guild.in_guild("members/bo"), taken, token=circle.tokens["ste"], If_Match="*"), 200)
    done(ask(guild, BO), 202)
    assert len(waiting(guild, BO)) == 1, "nobody else has it yet"
    circle.join("cy", email=BO)
    done(ask(guild, BO), 202)
    assert len(waiting(guild, BO)) == 1


def test_a_link_is_good_for_a_day_and_three_go_out_in_one(circle: Circle, clock: SettableClock) -> None:
    guild = circle.guild
    for _ in range(5):
        done(ask(guild, BO), 202)
    links = [letter["body"] for letter in waiting(guild, BO)]
    assert len(links) == 3
    link = data_link(guild, BO)
    clock.forward(days=1)
    refused(guild.get(f"/v1/data-requests/{link}"), 410, "data-link-over")
    refused(erase(guild, link), 410, "data-link-over")
    done(ask(guild, BO), 202)
    assert len(waiting(guild, BO)) == 4
    link = data_link(guild, BO)
    done(guild.post(guild.in_guild("members/bo/return"), token=circle.tokens["ste"]), 200)
    refused(guild.get(f"/v1/data-requests/{link}"), 410, "data-link-over")


@on_both_databases
def test_of_many_who_ask_at_once_three_are_sent_a_letter(circle: Circle) -> None:
    answers = at_once(8, lambda _: ask(circle.guild, BO))
    assert [each.status_code for each in answers] == [202] * 8
    assert len(waiting(circle.guild, BO)) == 3


def test_the_page_behind_the_link_shows_nothing_by_itself_and_erases_when_it_is_meant(circle: Circle) -> None:
    guild = circle.guild
    done(ask(guild, BO), 202)
    path = f"/data/{data_link(guild, BO)}"
    page = guild.get(path)
    assert page.status_code == 200
    assert BO not in page.text
    assert f'href="/v1/data-requests/{path.rpartition("/")[2]}"' in page.text
    wrong = guild.client.post(path, data={"confirm": "ana", "credentials": "keep"})
    assert wrong.status_code == 422
    meant = guild.client.post(path, data={"confirm": "bo", "credentials": "revoke"})
    assert meant.status_code == 200, meant.text
    assert "It is erased." in meant.text
    assert guild.get(path).status_code == 404


@pytest.mark.parametrize("credentials", ["keep", "revoke"])
def test_whoever_has_theirs_erased_is_told_at_every_address(guild: Guild, credentials: str) -> None:
    guild.member("bo", email=BO)
    token = guild.token("bo")
    path = f"/v1/me/data?confirm=bo&credentials={credentials}"
    done(guild.call("DELETE", path, token=token), 200)
    [letter] = waiting(guild, BO)
    assert ("revoked" in letter["body"]) is (credentials == "revoke")
