"""Whoever may answer is told that a survey is open, and half way once more; whether they have answered nobody asks."""

from collections import Counter

import sqlalchemy as sa
from sqlmodel import col, select

from app.kit.database import read_session
from app.kit.mail import Message
from app.notifications.tables import Mail, Told
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.notifications.test_feed import feed, work
from tests.app.surveys.polls import Poll
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def people(guild: Guild, clock: SettableClock, count: int = 3) -> tuple[Poll, list[str]]:
    poll = Poll(guild, clock)
    handles = [f"member{number}" for number in range(count)]
    for handle in handles:
        guild.member(handle, email=f"{handle}@people.example")
        poll.tokens[handle] = guild.token(handle)
    settle(guild)
    return poll, handles


def settle(guild: Guild) -> None:
    while work(guild)["send mails"]:
        pass


def told(guild: Guild, token: str) -> list[str]:
    return [item["text"] for item in feed(guild, token) if item["type"].startswith("wave.")]


@on_both_databases
def test_all_who_may_answer_are_told_and_reminded_alike_whether_or_not_they_answered(
    guild: Guild, clock: SettableClock, mails: list[Message]
) -> None:
    poll, handles = people(guild, clock)
    wave = poll.open()
    poll.people(1, "late")
    settle(guild)
    first = (
        "The guild of makers asks you “This year” (3 questions), until 27 November 2026. "
        "Nobody can find out who answered what."
    )
    assert [told(guild, poll.tokens[handle]) for handle in handles] == [[first]] * 3
    assert told(guild, poll.tokens["late0"]) == []
    mails_of = {mail.to: mail for mail in mails if mail.subject == first}
    assert set(mails_of) == {f"{handle}@people.example" for handle in handles}
    assert f"/waves/{wave}" in mails_of["member0@people.example"].body
    mails.clear()
    poll.answers(wave, "member0", 4, 4, 4)
    poll.slip(wave, "member1")
    clock.forward(days=2)
    settle(guild)
    assert mails == []
    clock.forward(days=1)
    settle(guild)
    settle(guild)
    again = (
        "The guild of makers still asks “This year” (3 questions), until 27 November 2026. "
        "Everybody is told this alike: nobody knows who has answered."
    )
    assert sorted(mail.to for mail in mails) == sorted(mails_of)
    assert {mail.subject for mail in mails} == {again}
    with read_session(runtime_of(guild).engine) as session:
        written = session.exec(select(Told).where(col(Told.type).startswith("wave."))).all()
    times = Counter((each.type, each.at) for each in written)
    assert [(type, count) for (type, _), count in sorted(times.items())] == [("wave.opened", 3), ("wave.reminded", 3)]
    poll.close(wave)
    settle(guild)
    counted = "What The guild of makers said to “This year” has been counted, and can be seen."
    for handle in ("member0", "late0"):
        assert told(guild, poll.tokens[handle]) == [counted], "there is nothing to be answered any more"
    assert len(mails) == 3, "that waits in the feed"


def test_nobody_is_asked_for_what_was_called_off_before_the_mail_left(
    guild: Guild, clock: SettableClock, mails: list[Message]
) -> None:
    poll, _ = people(guild, clock)
    mails.clear()
    wave = poll.open()
    done(guild.post(poll.at(wave, "/cancel")), 200)
    settle(guild)
    assert mails == []


def test_a_wave_of_one_day_has_no_half(guild: Guild, clock: SettableClock, mails: list[Message]) -> None:
    poll, _ = people(guild, clock)
    mails.clear()
    poll.open(closes_on=f"{poll.today.replace(day=poll.today.day + 1)}")
    settle(guild)
    clock.forward(hours=14)
    settle(guild)
    assert len(mails) == 3


def test_a_whole_community_is_told_with_few_statements(guild: Guild, clock: SettableClock) -> None:
    poll = Poll(guild, clock)
    for number in range(60):
        guild.member(f"m{number}", email=f"m{number}@people.example")
    settle(guild)
    poll.open()
    runtime, statements = runtime_of(guild), [0]

    def count(*_: object) -> None:
        statements[0] += 1

    sa.event.listen(runtime.engine, "before_cursor_execute", count)
    work(guild)
    sa.event.remove(runtime.engine, "before_cursor_execute", count)
    with read_session(runtime.engine) as session:
        assert len(session.exec(select(Told).where(Told.type == "wave.opened")).all()) == 60
        assert len(session.exec(select(Mail)).all()) == 120
    assert statements[0] < 350, "of which ten mails are sent"
