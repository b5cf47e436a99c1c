"""Members are mailed what they want to hear, when they want it, once."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from app.kit.database import read_session, write_session
from app.kit.leases import Stage
from app.kit.mail import MailServer, Message, NotSent
from app.kit.occasions import Occasion
from app.main import create_app
from app.members.service import community_by_slug
from app.notifications.rules import Weekday, again_after, next_digest
from app.notifications.service import enqueue
from app.notifications.tables import Mail
from app.settings import Settings
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.notifications.test_feed import feed, work
from tests.mail_server import mail_server
from tests.service import on_both_databases
from tests.stand_ins import THEN, CountingIds, SettableClock

BO = "bo@people.example"


def bo(guild: Guild, **choice: object) -> str:
    """A member with an address, their welcome behind them; their token."""
    guild.member("bo", email=BO)
    work(guild)
    token = guild.token("bo")
    if choice:
        done(guild.call("PUT", "/v1/me/notifications", choice, token=token), 200)
    return token


def queue(guild: Guild) -> list[Mail]:
    with read_session(runtime_of(guild).engine) as session:
        return list(session.exec(select(Mail).order_by(Mail.id)).all())  # type: ignore[arg-type]


@on_both_databases
def test_who_chose_nothing_is_mailed_each_thing_once(guild: Guild, mails: list[Message]) -> None:
    bo(guild)
    badge = guild.badge(recipient={"member": "bo"}, visibility="public")
    for _ in range(3):
        work(guild)
    welcome, thanks = mails
    assert welcome.subject == "You are now a member of The guild of makers, as bo."
    assert (thanks.to, thanks.subject) == (BO, "“Session Host” of The guild of makers is yours.")
    assert thanks.body.startswith(f"Hello Bo,\n\n{thanks.subject}\n{badge['url']}.html\n\nYou are told since ")
    assert thanks.unsubscribe
    assert thanks.unsubscribe in thanks.body
    assert {mail.stage for mail in queue(guild)} == {Stage.done}


@pytest.mark.parametrize("choice", [{"email": "off"}, {"email": "each", "muted": ["credential.issued"]}])
def test_who_does_not_want_it_is_not_mailed(guild: Guild, mails: list[Message], choice: dict[str, object]) -> None:
    bo(guild, **choice)
    guild.badge(recipient={"member": "bo"})
    work(guild)
    assert len(mails) == 1  # the welcome, before the choice


def test_who_changes_their_mind_before_it_leaves_is_not_mailed(guild: Guild, mails: list[Message]) -> None:
    token = bo(guild)
    guild.badge(recipient={"member": "bo"})
    runtime = runtime_of(guild)
    run_once(replace(runtime, send=failing), runtime.clock())
    done(guild.call("PUT", "/v1/me/notifications", {"email": "off"}, token=token), 200)
    runtime.clock.forward(hours=1)  # type: ignore[attr-defined]
    work(guild)
    assert (len(mails), queue(guild)[-1].said) == (1, "nothing-to-say")


def failing(_message: Message) -> None:
    raise NotSent("450")


def test_somebody_without_an_address_has_only_the_feed(guild: Guild, mails: list[Message]) -> None:
    guild.member("cleo")
    work(guild)
    assert (mails, queue(guild), len(feed(guild, guild.token("cleo")))) == ([], [], 1)


def test_what_is_old_when_it_is_read_is_no_news(guild: Guild, mails: list[Message], clock: SettableClock) -> None:
    guild.member("bo", email=BO)
    clock.forward(days=4)
    work(guild)
    assert (mails, len(feed(guild, guild.token("bo")))) == ([], 1)


def test_what_was_revoked_meanwhile_is_said_as_it_is_when_it_leaves(guild: Guild, mails: list[Message]) -> None:
    """An offer that has been answered meanwhile is not made again."""
    guild.member("bo", email=BO)
    token = guild.token("bo")
    offered = done(guild.award(guild.achievement(), {"member": "bo"}), 201)
    done(guild.post(f"/v1/credentials/{offered['id']}/response", {"response": "refuse"}, token=token), 200)
    work(guild)
    assert [mail.subject for mail in mails] == ["You are now a member of The guild of makers, as bo."]


@on_both_databases
def test_a_digest_gathers_what_is_unread_once_a_week(guild: Guild, mails: list[Message], clock: SettableClock) -> None:
    token = bo(guild, email="digest", digest_day="tuesday", muted=["digest.made"])
    achievement = guild.achievement(policy={"stackable": True, "period": "year"})
    mails.clear()
    for _ in range(3):
        guild.badge(achievement, recipient={"member": "bo"})
    work(guild)
    oldest = feed(guild, token)[2]["id"]
    done(guild.post(f"/v1/me/feed/{oldest}/read", token=token), 200)
    assert clock.now.weekday() == 5
    clock.forward(days=2, hours=20)
    work(guild)
    assert mails == []
    clock.forward(hours=2)  # Tuesday, past six
    for _ in range(2):
        work(guild)
    (digest,) = mails
    assert digest.subject == "The guild of makers: 2 things you have not read"
    assert digest.body.count("is yours.") == 2
    clock.forward(days=7)
    work(guild)
    assert len(mails) == 1  # nothing came since
    guild.badge(achievement, recipient={"member": "bo"})
    clock.forward(days=7)
    for _ in range(2):
        work(guild)
    assert mails[1].subject == "The guild of makers: 1 thing you have not read"


def test_a_mail_says_which_call_shows_what_has_no_page(guild: Guild, mails: list[Message]) -> None:
    token = bo(guild)
    mails.clear()
    badge = guild.badge(recipient={"member": "bo"}, visibility="private")
    work(guild)
    (mail,) = mails
    assert f"\nLook at it with your token: GET /v1/credentials/{badge['id']}\n\nWhat begins with GET" in mail.body
    assert "token of The guild of makers, which starts with lrl_. Who has none asks for one: " in mail.body
    [call] = re.findall(r"GET (/\S+)", mail.body)
    assert done(guild.get(call, token=token), 200)["id"] == badge["id"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.sampled_from(Weekday))  # noqa: DTZ001
def test_the_next_digest_is_on_its_day_within_a_week(now: datetime, day: Weekday) -> None:
    due = next_digest(now, day)
    assert now < due <= now + timedelta(days=7)
    assert (due.strftime("%A").lower(), due.hour) == (day, 6)


def test_one_link_turns_mails_off_without_a_token(guild: Guild, mails: list[Message]) -> None:
    token = bo(guild)
    link = str(mails[0].unsubscribe).removeprefix("http://127.0.0.1:8000")
    asking = guild.get(link)
    assert "No more mails?" in asking.text
    assert done(guild.get("/v1/me/notifications", token=token), 200)["email"] == "each"  # to look changes nothing
    one_click = {"List-Unsubscribe": "One-Click"}
    left: httpx2.Response = guild.client.post(link, data=one_click)
    assert left.status_code == 200
    assert done(guild.get("/v1/me/notifications", token=token), 200)["email"] == "off"
    guild.badge(recipient={"member": "bo"})
    work(guild)
    assert len(mails) == 1


def test_a_link_of_nobody_turns_nothing_off(guild: Guild, mails: list[Message]) -> None:
    bo(guild)
    link = str(mails[0].unsubscribe).removeprefix("http://127.0.0.1:8000")
    guild.member("eve", email="eve@people.example")
    work(guild)
    theirs = next(str(mail.unsubscribe) for mail in mails if mail.to == "eve@people.example")
    theirs = theirs.removeprefix("http://127.0.0.1:8000")
    for wrong in (link[:-1], link + "0", link[:-32] + theirs[-32:], "/unsubscribe/x", "/unsubscribe/é"):
        for answer in (guild.get(wrong), guild.post(wrong, token=None)):
            refused(answer, 404, "no-such-link")


def letter(guild: Guild, to: str = "grace@guests.example") -> None:
    """What a nomination sends to somebody who is no member."""
    runtime = runtime_of(guild)
    with write_session(runtime.engine) as session:
        enqueue(
            session,
            to=to,
            subject="Somebody would like to recognise you",
            body="Open https://b.example/claims/the-secret-of-it\n",
            community_id=community_by_slug(session, guild.slug).id,
            on=Occasion(actor="system", now=runtime.clock(), ids=runtime.ids),
            at=runtime.installation,
        )


def everything(guild: Guild) -> str:
    """All that the database holds, as text."""
    engine = runtime_of(guild).engine
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        rows = [connection.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names]  # noqa: S608
    return json.dumps(
        rows, default=lambda value: bytes(value).decode("latin-1") if hasattr(value, "__bytes__") else str(value)
    )


@on_both_databases
def test_a_letter_is_sealed_while_it_waits_and_wiped_once_it_has_left(guild: Guild, mails: list[Message]) -> None:
    letter(guild)
    assert queue(guild)[0].sealed
    assert not re.search("grace|the-secret-of-it|recognise you", everything(guild))
    work(guild)
    assert (mails[0].to, mails[0].subject) == ("grace@guests.example", "Somebody would like to recognise you")
    assert "the-secret-of-it" in mails[0].body
    assert queue(guild)[0].sealed is None


@on_both_databases
def test_one_whom_the_server_refuses_stops_nobody_else(guild: Guild, clock: SettableClock) -> None:
    runtime = runtime_of(guild)
    with mail_server() as server:
        server.refuses = {"gone@x.example": "550 no such user", "busy@x.example": "450 come back later"}
        for to in ("gone@x.example", "busy@x.example", "fine@x.example"):
            letter(guild, to)
        sending = replace(runtime, send=MailServer(server.url, "laurels@b.example"))
        run_once(sending, clock())
        assert [mail["To"] for mail in server.got] == ["fine@x.example"]
        assert [mail.stage for mail in queue(guild)] == [Stage.given_up, Stage.waiting, Stage.done]
        server.refuses.clear()
        run_once(sending, clock())
        assert len(server.got) == 1  # not at once again
        run_once(sending, clock.forward(minutes=1))
    assert [mail["To"] for mail in server.got] == ["fine@x.example", "busy@x.example"]
    assert [(mail.stage, mail.said) for mail in queue(guild)] == [
        (Stage.given_up, "550"),
        (Stage.done, None),
        (Stage.done, None),
    ]


@on_both_databases
def test_while_no_server_answers_all_mails_wait(guild: Guild, clock: SettableClock) -> None:
    with mail_server() as server:
        sending = replace(runtime_of(guild), send=MailServer(server.url, "laurels@b.example"))
    for number in range(8):
        letter(guild, f"n{number}@x.example")
    run_once(sending, clock())
    assert run_once(sending, clock())["send mails"] == 0  # one has found out for all
    assert sorted(mail.attempts for mail in queue(guild)) == [0] * 7 + [1]
    with mail_server() as server:
        sending = replace(sending, send=MailServer(server.url, "laurels@b.example"))
        for _ in range(3):
            run_once(sending, clock.forward(minutes=1))
    assert len({mail["To"] for mail in server.got}) == len(server.got) == 8


def test_what_fails_for_two_days_is_given_up(guild: Guild, clock: SettableClock) -> None:
    letter(guild)
    sending = replace(runtime_of(guild), send=failing)
    tried = 0
    while queue(guild)[0].stage is Stage.waiting:
        due = queue(guild)[0].due_at
        assert due is not None
        clock.now = due
        run_once(sending, clock())
        tried += 1
    given_up = queue(guild)[0]
    assert (tried, given_up.stage, given_up.sealed, given_up.said) == (8, Stage.given_up, None, "450")
    assert timedelta(days=1) < clock.now - THEN < timedelta(days=3)
    assert again_after(8) is None


def test_a_mail_that_was_sent_is_forgotten_in_the_end(guild: Guild, clock: SettableClock) -> None:
    letter(guild)
    work(guild)
    clock.forward(days=29)
    assert work(guild)["forget sent mails"] == 0
    clock.forward(days=2)
    assert work(guild)["forget sent mails"] == 1
    assert queue(guild) == []


def test_an_error_over_one_mail_stops_no_other(guild: Guild, mails: list[Message]) -> None:
    letter(guild, "broken@x.example")
    letter(guild, "fine@x.example")
    with write_session(runtime_of(guild).engine) as session:
        session.exec(sa.update(Mail).where(Mail.id == queue(guild)[0].id).values(sealed=b"not sealed by us"))  # type: ignore[arg-type]
    work(guild)
    assert [mail.to for mail in mails] == ["fine@x.example"]
    assert queue(guild)[0].said == "VaultFault"


def test_where_mails_are_off_nothing_is_queued(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings.model_copy(update={"mail": "off"}), clock=SettableClock(), ids=CountingIds())
    with TestClient(app) as client:
        guild = Guild(client).found()
        guild.member("bo", email=BO)
        work(guild)
        assert (queue(guild), len(feed(guild, guild.token("bo")))) == ([], 1)
