"""Light praise: who may thank whom, how often, and who sees it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session
from app.kit.journal import Event, verify_chain
from app.members.service import id_of_community
from app.nominations.alarms import alarms
from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

HERE = "thanks"
_numbers = count(1)


@dataclass
class Company:
    """People of a community who thank each other."""

    guild: Guild

    def thank(self, giver: str, to: str, **said: Any) -> httpx2.Response:
        body = {"to": to, "text": f"Thank you for call {next(_numbers)}!"} | said
        return self.guild.post(self.guild.in_guild(HERE), body, token=self.guild.tokens.get(giver))

    def thanks(self, giver: str, to: str, **said: Any) -> dict[str, Any]:
        return done(self.thank(giver, to, **said), 201)

    def seen(self, viewer: str, query: str = "") -> list[str]:
        """The texts that somebody finds in their list, newest first."""
        path = self.guild.in_guild(HERE) + query
        return [item["text"] for item in done(self.guild.get(path, token=self.guild.tokens[viewer]), 200)["items"]]

    def one(self, viewer: str, id: str) -> httpx2.Response:
        return self.guild.get(self.guild.in_guild(f"{HERE}/{id}"), token=self.guild.tokens[viewer])

    def withdraw(self, who: str, id: str) -> httpx2.Response:
        return self.guild.call("DELETE", self.guild.in_guild(f"{HERE}/{id}"), token=self.guild.tokens[who])


@pytest.fixture
def company(guild: Guild) -> Company:
    """Ana, Bo and Cy, and Ste who is a steward."""
    for handle in ("ana", "bo", "cy", "ste"):
        role = "steward" if handle == "ste" else "member"
        guild.member(handle, role=role)
        guild.tokens[handle] = guild.token(handle, role)
    guild.tokens["admin"] = ADMIN_TOKEN
    return Company(guild)


# --- Giving


def test_a_thanks_is_seen_by_the_two_and_by_stewards_alone(company: Company) -> None:
    given = company.thanks("ana", "bo", text="For the call!", contribution_type="hosting", url="https://x.example/1")
    assert (given["text"], given["contribution_type"], given["url"]) == ("For the call!", "hosting",
                                                                         "https://x.example/1")  # fmt: skip
    for viewer in ("ana", "bo", "ste", "admin"):
        assert company.seen(viewer) == ["For the call!"]
        assert done(company.one(viewer, given["id"]), 200)["id"] == given["id"]
    assert company.seen("cy") == []
    refused(company.one("cy", given["id"]), 404, "no-such-thanks")


def test_a_list_is_of_what_one_gave_or_received(company: Company) -> None:
    company.thanks("ana", "bo", text="Ana to Bo")
    company.thanks("bo", "ana", text="Bo to Ana")
    company.thanks("bo", "cy", text="Bo to Cy")
    assert company.seen("bo") == ["Bo to Cy", "Bo to Ana", "Ana to Bo"]
    assert company.seen("bo", "?role=giver") == ["Bo to Cy", "Bo to Ana"]
    assert company.seen("bo", "?role=receiver") == ["Ana to Bo"]
    assert company.seen("ste") == ["Bo to Cy", "Bo to Ana", "Ana to Bo"]
    assert company.seen("ste", "?role=giver") == company.seen("admin", "?role=receiver") == []
    path = company.guild.in_guild("thanks?role=everybody")
    refused(company.guild.get(path, token=ADMIN_TOKEN), 422, "invalid")


def test_a_list_comes_in_pages(company: Company) -> None:
    for text in ("One", "Two", "Three"):
        company.thanks("ana", "bo", text=text)
    path = company.guild.in_guild("thanks?role=receiver&limit=2")
    first = done(company.guild.get(path, token=company.guild.tokens["bo"]), 200)
    assert [item["text"] for item in first["items"]] == ["Three", "Two"]
    assert company.seen("bo", f"?role=receiver&cursor={first['next']}") == ["One"]


def test_a_thanks_yields_no_badge_and_the_journal_holds_no_word_of_it(company: Company, engine: sa.Engine) -> None:
    given = company.thanks("ana", "bo", text="Extraordinary!", url="https://x.example/secret")
    assert done(company.guild.get(company.guild.in_guild("credentials"), token=ADMIN_TOKEN), 200)["items"] == []
    with read_session(engine) as session:
        [event] = session.exec(select(Event).where(Event.type == "thanks.given")).all()
        assert (event.actor, event.subject) == (given["giver"], given["id"])
        assert event.data == {"to": given["receiver"]}  # nor whether it is held
        assert verify_chain(session, id_of_community(session, "guild")) is None


def test_a_repeated_call_thanks_once(company: Company) -> None:
    body = {"to": "bo", "text": "Thank you!"}
    path, token = company.guild.in_guild("thanks"), company.guild.tokens["ana"]
    first = company.guild.post(path, body, token=token, Idempotency_Key="k")
    again = company.guild.post(path, body, token=token, Idempotency_Key="k")
    assert (first.status_code, first.json()) == (201, again.json())
    assert len(company.seen("bo")) == 1


# --- Who may not


def test_nobody_thanks_themself(company: Company) -> None:
    refused(company.thank("ana", "ana"), 403, "self-thanks")
    refused(company.thank("ste", "ste"), 403, "self-thanks")
    assert company.seen("admin") == []


def test_thanks_are_given_in_person(company: Company) -> None:
    company.guild.tokens["platform"] = company.guild.token(None, "platform", "nominations:write")
    for nobody in ("platform", "admin"):
        refused(company.thank(nobody, "bo"), 403, "not-a-person")


def test_a_stranger_is_not_thanked(company: Company) -> None:
    refused(company.thank("ana", "nobody"), 404, "no-such-member")
    refused(company.thank("ana", "00000000-0000-7000-8000-0000000000ff"), 404, "no-such-member")


def test_who_has_left_is_not_thanked_and_thanks_nobody(company: Company) -> None:
    done(company.guild.post(company.guild.in_guild("members/bo/leave")), 200)
    problem = refused(company.thank("ana", "bo"), 409, "departed")
    assert "Thank people who are here" in problem["fix"]
    assert company.thank("bo", "ana").status_code in {401, 403, 409}
    assert company.seen("admin") == []


def test_neither_bots_nor_another_identity_of_ones_own_are_thanked(company: Company) -> None:
    def link(member: str, account: str, **more: Any) -> None:
        body = {"member": member, "platform": "person", "account": account} | more
        done(company.guild.post(company.guild.in_guild("identities"), body), 201)

    link("bo", "bo-bot", is_bot=True)
    refused(company.thank("ana", "bo"), 403, "thanks-to-bot")
    refused(company.thank("bo", "ana"), 403, "bots-may-not")
    link("ana", "one")
    link("cy", "one")
    refused(company.thank("ana", "cy"), 403, "linked-identity")
    assert company.seen("admin") == []


@pytest.mark.parametrize(
    "said",
    [
        {"text": ""},
        {"text": "  "},
        {"text": "x" * 1001},
        {"text": "Thanks\u202e!"},
        {"contribution_type": "Hosting calls"},
        {"url": "javascript:alert(1)"},
        {"held": False},
    ],
)
def test_what_is_no_thanks_is_refused_by_the_name_of_its_field(company: Company, said: dict[str, Any]) -> None:
    problem = refused(company.thank("ana", "bo", **said), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [f"/{next(iter(said))}"]
    assert company.seen("admin") == []


def test_the_same_is_thanked_for_once(company: Company) -> None:
    company.thanks("ana", "bo", text="Well done", url="https://x.example/1")
    refused(company.thank("ana", "bo", text="Again!", url="https://x.example/1"), 409, "already-thanked")
    company.thanks("ana", "bo", text="Well done", url="https://x.example/2")
    company.thanks("ana", "bo", text="Well done")
    refused(company.thank("ana", "bo", text="well  DONE"), 409, "already-thanked")
    company.thanks("ana", "bo", text="Well done", contribution_type="hosting")
    company.thanks("ana", "cy", text="Well done", url="https://x.example/1")
    company.thanks("cy", "bo", text="Well done", url="https://x.example/1")


def test_what_was_taken_back_or_put_away_is_not_said_again(company: Company) -> None:
    for who in ("ana", "bo"):
        said = {"url": f"https://x.example/{who}"}
        done(company.withdraw(who, company.thanks("ana", "bo", **said)["id"]), 200)
        refused(company.thank("ana", "bo", **said), 409, "already-thanked")


# --- How often


def test_the_eleventh_within_a_minute_has_to_wait(company: Company, clock: SettableClock) -> None:
    company.guild.member("di")
    for n in range(10):
        company.thanks("ana", ("bo", "cy", "di")[n % 3])
        clock.forward(seconds=2)
    answer = company.thank("ana", "bo")
    refused(answer, 429, "too-many-thanks")
    assert answer.headers["retry-after"] == "40"
    company.thanks("cy", "bo")
    clock.forward(seconds=39)
    assert company.thank("ana", "bo").headers["retry-after"] == "1"
    clock.forward(seconds=1)
    company.thanks("ana", "bo")


def test_taking_back_makes_no_room_for_more(company: Company) -> None:
    for n in range(10):
        done(company.withdraw("ana", company.thanks("ana", ("bo", "cy")[n % 2])["id"]), 200)
    refused(company.thank("ana", "bo"), 429, "too-many-thanks")


def test_the_sixth_in_a_day_to_the_same_person_is_held_and_neither_is_told(
    company: Company, clock: SettableClock
) -> None:
    for _ in range(5):
        company.thanks("ana", "bo")
        clock.forward(hours=2)
    sixth = company.thanks("ana", "bo", text="Once more!")
    assert sixth.keys() == company.thanks("ana", "cy").keys()
    assert sixth["held"] is None
    assert done(company.one("ana", sixth["id"]), 200)["held"] is None
    assert "Once more!" in company.seen("ana")
    assert "Once more!" not in company.seen("bo")
    refused(company.one("bo", sixth["id"]), 404, "no-such-thanks")
    refused(company.withdraw("bo", sixth["id"]), 404, "no-such-thanks")
    for steward in ("ste", "admin"):
        assert done(company.one(steward, sixth["id"]), 200)["held"] is True
        assert "Once more!" in company.seen(steward)
    company.thanks("cy", "bo", text="From another")
    assert "From another" in company.seen("bo")
    clock.forward(hours=24)
    company.thanks("ana", "bo", text="Tomorrow")
    assert "Tomorrow" in company.seen("bo")
    told = company.guild.get("/v1/me/about-me", token=company.guild.tokens["bo"])
    assert "Tomorrow" in told.text
    assert "Once more!" not in told.text
    erased = done(company.guild.call("DELETE", "/v1/me/about-me", token=company.guild.tokens["bo"]), 200)["erased"]
    assert len(erased) == 7
    assert sixth["id"] not in erased
    assert done(company.one("admin", sixth["id"]), 200)["text"] is None


def test_a_steward_who_is_thanked_too_often_is_not_told_either(company: Company) -> None:
    for _ in range(5):
        company.thanks("ana", "ste")
    held = company.thanks("ana", "ste", text="One too many")
    assert "One too many" not in company.seen("ste")
    refused(company.one("ste", held["id"]), 404, "no-such-thanks")
    for _ in range(5):
        company.thanks("ste", "bo")
    assert company.thanks("ste", "bo")["held"] is None


# --- Taking back, putting away


def test_a_giver_takes_back_what_they_said_and_it_is_gone(company: Company, engine: sa.Engine) -> None:
    id = company.thanks("ana", "bo", text="Regretted", url="https://x.example/1")["id"]
    answer = done(company.withdraw("ana", id), 200)
    assert (answer["text"], answer["url"]) == (None, None)
    for viewer in ("ana", "bo", "ste", "admin"):
        assert company.seen(viewer) == []
        refused(company.one(viewer, id), 404, "no-such-thanks")
    refused(company.withdraw("ana", id), 404, "no-such-thanks")
    with read_session(engine) as session:
        assert "Regretted" not in str(session.connection().exec_driver_sql("SELECT * FROM thanks").all())


def test_a_receiver_puts_a_thanks_away_and_its_giver_is_not_told(company: Company) -> None:
    id = company.thanks("ana", "bo", text="Unwelcome")["id"]
    done(company.withdraw("bo", id), 200)
    assert company.seen("bo") == []
    refused(company.one("bo", id), 404, "no-such-thanks")
    assert company.seen("ana") == company.seen("ste") == ["Unwelcome"]


def test_nobody_else_does(company: Company) -> None:
    id = company.thanks("ana", "bo")["id"]
    refused(company.withdraw("cy", id), 404, "no-such-thanks")
    refused(company.withdraw("ste", id), 403, "forbidden")
    refused(company.withdraw("admin", id), 403, "forbidden")
    assert len(company.seen("bo")) == 1


# --- Rings


@on_both_databases
def test_three_who_only_thank_each_other_are_shown_as_a_ring(
    company: Company, engine: sa.Engine, clock: SettableClock
) -> None:
    for giver, receiver in (("ana", "bo"), ("bo", "ana"), ("ana", "cy"), ("cy", "ana"), ("bo", "cy"), ("ana", "ste")):
        company.thanks(giver, receiver)
    last = company.thanks("cy", "bo")

    def found(**more: Any) -> set[frozenset[UUID]]:
        with read_session(engine) as session:
            community = id_of_community(session, "guild")
            known = alarms(session, community, now=clock.now, **more)
            assert known.unknown == frozenset()
            return {ring.members for ring in known.rings}

    people = done(company.guild.get(company.guild.in_guild("members"), token=ADMIN_TOKEN), 200)["items"]
    ids = {person["handle"]: UUID(person["id"]) for person in people}
    ring = frozenset(ids[handle] for handle in ("ana", "bo", "cy"))
    answer = (ids["cy"], ids["bo"])
    assert found() == {ring}
    done(company.withdraw("cy", last["id"]), 200)
    assert found() == set()
    assert found(more=[answer]) == {ring}
    clock.forward(days=365)
    assert found(more=[answer]) == set()


# --- Races


@on_both_databases
def test_of_many_who_say_the_same_at_once_one_is_heard_and_no_limit_is_passed(company: Company) -> None:
    with ThreadPoolExecutor(8) as threads:
        same = list(threads.map(lambda _: company.thank("ana", "bo", url="https://x.example/1"), range(8)))
        more = list(threads.map(lambda n: company.thank("ana", "bo", url=f"https://x.example/{n + 2}"), range(16)))
    assert sorted(answer.status_code for answer in same) == [201] + [409] * 7
    assert sorted(answer.status_code for answer in more) == [201] * 9 + [429] * 7
    assert len(company.seen("bo")) == 5


@on_both_databases
def test_thanks_each_way_at_once_do_not_wait_for_each_other_in_vain(company: Company) -> None:
    with ThreadPoolExecutor(8) as threads:
        pairs = [("ana", "bo"), ("bo", "ana"), ("cy", "bo"), ("bo", "cy"), ("ana", "cy"), ("cy", "ana")] * 4
        answers = list(threads.map(lambda pair: company.thank(*pair, contribution_type="hosting"), pairs))
    assert {answer.status_code for answer in answers} == {201}
