"""Communities begin, end and stay verifiable: potential, active, archived."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session
from app.kit.journal import Event, verify_chain
from app.kit.mail import Message
from app.members.communities.deadlines import JOBS
from app.members.communities.tables import Interest
from app.members.service import community_by_slug
from app.worker import JOBS as EVERY_JOB
from app.worker import run_once
from tests.app.desk import furnished
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.routes import begun, link_of_interest
from tests.app.notifications.test_feed import work
from tests.app.pages.test_pages import BROWSER
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def potential(guild: Guild, slug: str = "soon") -> Guild:
    return begun(Guild(guild.client, slug), phase="potential")


def would_come(guild: Guild, email: str) -> Any:
    return guild.post(guild.in_guild("interest"), {"email": email}, token=None)


def interested(guild: Guild, *emails: str) -> None:
    for email in emails:
        done(would_come(guild, email), 202)
        done(guild.post(f"/v1/interest/{link_of_interest(guild, email)}", token=None), 200)


def confirmed(guild: Guild) -> Any:
    return done(guild.get(guild.in_guild("interest")), 200)["confirmed"]


def phase(guild: Guild) -> str:
    return str(done(guild.get(f"/v1/communities/{guild.slug}"), 200)["phase"])


def kept(guild: Guild) -> list[Interest]:
    with read_session(runtime_of(guild).engine) as session:
        return list(session.exec(select(Interest)).all())


def pass_by(guild: Guild) -> dict[str, int]:
    """What the time does."""
    return run_once(runtime_of(guild), runtime_of(guild).clock(), jobs=JOBS)


@on_both_databases
def test_of_nine_who_say_that_they_would_come_the_seven_who_confirmed_it_are_counted(guild: Guild) -> None:
    soon = potential(guild)
    people = [f"p{n}@people.example" for n in range(9)]
    interested(soon, *people[:4])
    assert confirmed(soon) is None, "fewer than five are not told of"
    interested(soon, *people[4:7])
    for email in people[7:]:
        done(would_come(soon, email), 202)
    assert confirmed(soon) == 5, "in steps of five: nobody sees the sixth and the seventh"
    interested(soon, *(f"q{n}@people.example" for n in range(3)))
    assert confirmed(soon) == 10
    done(soon.call("DELETE", f"/v1/interest/{link_of_interest(soon, 'q0@people.example')}", token=None), 200)
    assert confirmed(soon) == 5
    assert done(soon.get(soon.in_guild("members"), token=runtime_token(soon)), 200)["items"] == []


def runtime_token(guild: Guild) -> str:
    return guild.token(None, "steward")


def test_every_address_is_answered_alike_and_written_to_once(guild: Guild, mails: list[Message]) -> None:
    soon = potential(guild)
    first = would_come(soon, "ana@people.example")
    again = would_come(soon, " Ana@People.example ")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (202, {"confirmed": None, "k": 5})
    work(guild)
    [letter] = [mail for mail in mails if "/interest/" in mail.body]
    assert (letter.to, letter.subject) == ("ana@people.example", "Would you come to N?")
    [row] = kept(guild)
    assert b"ana@people" not in (row.sealed or b"")
    with read_session(runtime_of(guild).engine) as session:
        told = session.exec(select(Event).where(sa.column("type").like("interest.%"))).all()
    assert [event.type for event in told] == ["interest.asked"]


def test_a_page_asks_and_a_look_confirms_nothing(guild: Guild) -> None:
    soon = potential(guild)
    done(would_come(soon, "ana@people.example"), 202)
    link = link_of_interest(soon, "ana@people.example")
    page = guild.get(f"/interest/{link}", accept=BROWSER)
    assert "Yes, I would come" in page.text
    assert not done(guild.get(f"/v1/interest/{link}"), 200)["confirmed"]
    answered = guild.client.post(f"/interest/{link}", data={"response": "yes"}, headers={"Accept": BROWSER})
    assert "You are counted" in answered.text
    assert done(guild.get(f"/v1/interest/{link}"), 200)["confirmed"]
    gone = guild.client.post(f"/interest/{link}", data={"response": "no"}, headers={"Accept": BROWSER})
    assert "Nothing is kept of it." in gone.text
    assert kept(guild) == []
    refused(guild.post(f"/v1/interest/{link}", token=None), 404, "no-such-interest")


def test_a_letter_that_nobody_answers_is_as_if_nobody_had_said_anything(guild: Guild, clock: SettableClock) -> None:
    soon = potential(guild)
    done(would_come(soon, "ana@people.example"), 202)
    link = link_of_interest(soon, "ana@people.example")
    clock.forward(days=3)
    refused(guild.post(f"/v1/interest/{link}", token=None), 410, "interest-over")
    done(would_come(soon, "ana@people.example"), 202)
    refused(guild.get(f"/v1/interest/{link}"), 404, "no-such-interest")
    done(guild.get(f"/v1/interest/{link_of_interest(soon, 'ana@people.example')}"), 200)
    clock.forward(days=3)
    assert pass_by(guild)["forget who would come"] == 1
    assert kept(guild) == []


def test_who_would_come_is_told_once_that_it_has_begun_and_forgotten_half_a_year_later(
    guild: Guild, clock: SettableClock, mails: list[Message]
) -> None:
    soon = potential(guild)
    interested(soon, "ana@people.example")
    done(would_come(soon, "bo@people.example"), 202)
    work(guild)
    mails.clear()
    launched = done(soon.post("/v1/communities/soon/launch"), 200)
    assert (launched["phase"], launched["launched_at"]) == ("active", "2026-11-21T09:00:00Z")
    work(guild)
    [letter] = [mail for mail in mails if mail.subject == "N has begun"]
    assert letter.to == "ana@people.example"
    [row] = kept(guild)
    assert (row.sealed, row.letter) == (None, None), "the address is in the letter alone"
    refused(would_come(soon, "cy@people.example"), 409, "community-not-potential")
    clock.forward(days=179)
    assert pass_by(guild)["forget who would come"] == 0
    clock.forward(days=1)
    assert pass_by(guild)["forget who would come"] == 1
    assert kept(guild) == []


def test_each_step_is_taken_from_where_it_can_be(guild: Guild) -> None:
    soon = potential(guild)
    problem = refused(guild.post("/v1/communities/guild/launch"), 409, "invalid-transition")
    assert problem["allowed"] == ["archive"]
    done(soon.post("/v1/communities/soon/archive"), 200)
    refused(soon.post("/v1/communities/soon/archive"), 409, "invalid-transition")
    guild.member("ste", role="steward")
    done(guild.post("/v1/communities/guild/archive", token=guild.token("ste", "steward")), 200)
    refused(guild.post("/v1/communities/guild/reopen", token=guild.token("ste", "steward")), 403, "forbidden")
    assert done(guild.post("/v1/communities/guild/reopen"), 200)["phase"] == "active"


@on_both_databases
def test_what_an_archived_community_gave_verifies_for_ever(guild: Guild, clock: SettableClock) -> None:
    achievement = guild.achievement(policy={"stackable": True, "period": "year"})
    badge, other = (guild.badge(achievement)["id"] for _ in range(2))
    done(guild.post("/v1/communities/guild/archive"), 200)
    refused(guild.award(achievement, guild.somebody()), 409, "community-archived")
    clock.forward(days=3650)
    for form in ("json", "jwt"):
        assert guild.verdict(guild.get(f"/credentials/{badge}.{form}").content)["verified"]
    for path in (
        "/issuers/guild.json",
        "/issuers/guild/did.json",
        "/issuers/guild/jwks.json",
        f"/ob2/assertions/{badge}",
    ):
        assert guild.get(path).status_code == 200, path
    done(guild.post(f"/v1/credentials/{other}/revoke", {"reason": "It was somebody else's."}), 200)
    assert guild.verdict(guild.get(f"/credentials/{other}.json").content)["verdict"] == "revoked"
    assert guild.verdict(guild.get(f"/credentials/{badge}.json").content)["verified"]
    with read_session(runtime_of(guild).engine) as session:
        assert verify_chain(session, community_by_slug(session, "guild").id) is None


def test_an_offer_that_was_made_before_the_end_is_refused_but_not_accepted_after_it(guild: Guild) -> None:
    achievement = guild.achievement()
    offer, other = guild.offer(achievement), guild.offer(achievement)
    done(guild.post("/v1/communities/guild/archive"), 200)
    refused(guild.claim(offer), 409, "community-archived")
    assert done(guild.claim(other, "refuse"), 200)["state"] == "refused"
    done(guild.post("/v1/communities/guild/reopen"), 200)
    assert done(guild.claim(offer), 200)["state"] == "active"


def test_a_community_ends_at_the_instant_that_it_said_whether_or_not_anybody_came_by(
    guild: Guild, clock: SettableClock
) -> None:
    guild.member("mel")
    answer = guild.call("PUT", "/v1/communities/guild/end", {"ends_at": "2026-11-21T09:00:00Z"})
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/ends_at"
    done(guild.call("PUT", "/v1/communities/guild/end", {"ends_at": "2026-11-22T09:00:00Z"}), 200)
    clock.forward(hours=24, seconds=-1)
    guild.member("nia")
    assert (phase(guild), pass_by(guild)["end communities"]) == ("active", 0)
    clock.forward(seconds=1)
    refused(guild.post(guild.in_guild("members"), {"handle": "oz", "name": "Oz"}), 409, "community-archived")
    assert phase(guild) == "archived"
    assert pass_by(guild)["end communities"] == 1
    assert pass_by(guild)["end communities"] == 0
    shown = done(guild.get("/v1/communities/guild"), 200)
    assert (shown["phase"], shown["archived_at"]) == ("archived", "2026-11-22T09:00:00Z")
    refused(guild.call("DELETE", "/v1/communities/guild/end"), 409, "invalid-transition")


def test_an_end_that_is_called_off_does_not_come(guild: Guild, clock: SettableClock) -> None:
    done(guild.call("PUT", "/v1/communities/guild/end", {"ends_at": "2026-11-22T09:00:00Z"}), 200)
    assert done(guild.call("DELETE", "/v1/communities/guild/end"), 200)["ends_at"] is None
    clock.forward(days=2)
    guild.member("mel")
    assert (phase(guild), pass_by(guild)["end communities"]) == ("active", 0)


def test_no_job_stumbles_over_what_an_archived_community_had_begun(guild: Guild, clock: SettableClock) -> None:
    furnished(guild)
    done(guild.post("/v1/communities/guild/archive"), 200)
    for days in (0, 15, 40, 120, 400):
        clock.forward(days=days)
        assert run_once(runtime_of(guild), clock()).keys() == {job.name for job in EVERY_JOB}
    with read_session(runtime_of(guild).engine) as session:
        types = session.exec(select(Event.type).order_by(sa.column("seq"))).all()
    assert "nomination.expired" in types[types.index("community.archived") :]


@on_both_databases
def test_of_an_end_and_what_is_done_at_the_same_time_the_journal_says_which_came_first(guild: Guild) -> None:
    achievement = guild.achievement(policy={"stackable": True, "period": "year"})
    with ThreadPoolExecutor(5) as threads:
        awards = [threads.submit(guild.award, achievement, guild.somebody()) for _ in range(8)]
        ended = threads.submit(guild.post, "/v1/communities/guild/archive")
        codes = [award.result().status_code for award in awards]
        done(ended.result(), 200)
    assert set(codes) <= {201, 409}
    with read_session(runtime_of(guild).engine) as session:
        community = community_by_slug(session, "guild").id
        events = session.exec(select(Event).where(Event.community == community).order_by(sa.column("seq"))).all()
    types = [event.type for event in events]
    end = types.index("community.archived")
    assert types[:end].count("credential.offered") == codes.count(201)
    assert "credential.offered" not in types[end:]
