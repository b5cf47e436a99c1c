"""When a community ends, everybody for whom its stewards prepared something is told at once."""

from datetime import timedelta

from app.kit.mail import Message
from tests.app.guild import Guild, done, refused
from tests.app.notifications.test_feed import feed, work
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def told(guild: Guild, token: str) -> list[str]:
    return [item["text"] for item in feed(guild, token) if item["type"] == "farewell.said"]


@on_both_databases
def test_what_was_prepared_is_said_when_the_end_has_come_and_not_before(
    guild: Guild, clock: SettableClock, mails: list[Message]
) -> None:
    here = guild.in_guild("farewells")
    for handle in ("ana", "bo", "cy"):
        guild.member(handle, email=f"{handle}@people.example")
        guild.tokens[handle] = guild.token(handle)
    for handle in ("ana", "bo", "cy"):
        done(guild.post(here, {"to": handle, "text": f"You kept the door open, {handle}."}), 201)
    refused(guild.post(here, {"to": "ana", "text": "Once more."}), 409, "farewell-prepared")
    guild.member("dee")
    prepared = done(guild.get(here, token=guild.tokens["ana"]), 200)["items"]
    assert prepared == [], "nobody knows before"
    [kept] = done(guild.get("/v1/me/data", token=guild.tokens["ana"]), 200)["farewell"]
    assert kept["text"] == "You kept the door open, ana.", "but whoever asks for all that is kept of them"
    ends_at = clock.now + timedelta(days=2)
    done(guild.call("PUT", guild.in_guild("end"), {"ends_at": ends_at.isoformat().replace("+00:00", "Z")}), 200)
    done(guild.post(guild.in_guild("members/cy/leave")), 200)
    while work(guild)["send mails"]:
        pass
    mails.clear()
    clock.forward(days=2)
    while work(guild)["send mails"]:
        pass
    refused(guild.post(here, {"to": "dee", "text": "You too."}), 409, "community-archived")
    assert told(guild, guild.tokens["ana"]) == [
        "The guild of makers has come to its end, and thanks you. What you earned there stays yours, and verifies."
    ]
    assert sorted(mail.to for mail in mails) == ["ana@people.example", "bo@people.example"]
    assert "“You kept the door open, bo.”" in next(mail.body for mail in mails if mail.to.startswith("bo"))
    [mine] = done(guild.get(here, token=guild.tokens["bo"]), 200)["items"]
    assert (mine["to"], mine["text"]) == ("bo", "You kept the door open, bo.")
    refused(guild.call("DELETE", f"{here}/{mine['id']}"), 409, "farewell-said")
    mails.clear()
    work(guild)
    assert mails == [], "once"


def test_a_farewell_is_taken_back_before_it_is_said(guild: Guild) -> None:
    guild.member("ana")
    here = guild.in_guild("farewells")
    row = done(guild.post(here, {"to": "ana", "text": "T"}), 201)
    assert guild.call("DELETE", f"{here}/{row['id']}").status_code == 204
    refused(guild.get(f"{here}/{row['id']}", token=guild.token("ana")), 404, "no-such-farewell")
    done(guild.post(guild.in_guild("archive")), 200)
    work(guild)
    assert told(guild, guild.token("ana")) == []
