"""Addresses of members: several, each proven by a link, and what one that is not proven is good for."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import select

from app.kit.database import read_session
from app.kit.journal import Event
from app.kit.mail import Message
from tests.app.guild import Guild, done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link, letters
from tests.app.nominations.circle import Circle
from tests.app.notifications.test_feed import work
from tests.app.pages.test_pages import BROWSER
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

SECOND = "zed@second.example"
ALONE: dict[str, Any] = {"min_seconds": 1, "min_tenure_days": 0, "review": {"mode": "single_steward"}}


def add(circle: Circle, email: str = SECOND, by: str = "zed") -> dict[str, Any]:
    return done(circle.guild.post("/v1/me/emails", {"email": email}, token=circle.tokens[by]), 201)


def prove(guild: Guild, email: str = SECOND) -> Any:
    return guild.post(f"/v1/emails/{address_link(guild, email)}", token=None)


def emails(circle: Circle, by: str = "zed") -> list[tuple[str, bool, bool]]:
    """Each with whether it comes first, and whether it is proven."""
    found = done(circle.guild.get("/v1/me/emails", token=circle.tokens[by]), 200)["items"]
    return [(each["email"], each["primary"], each["proven"]) for each in found]


def change(circle: Circle, email: str | None, who: str = "zed") -> Any:
    return circle.guild.call("PATCH", circle.guild.in_guild(f"members/{who}"), {"email": email}, If_Match="*")


@pytest.fixture
def zed(guild: Guild) -> Circle:
    """Ana nominates, Cy seconds, Ste decides; Zed has joined with an address."""
    everybody = Circle(guild).join("ana", "cy").join("ste", role="steward")
    return everybody.join("zed", email="zed@first.example")


def test_a_letter_says_whether_the_address_counts_already(zed: Circle, mails: list[Message]) -> None:
    for email in ("zed@first.example", SECOND):
        add(zed, email)
    work(zed.guild)
    said = {mail.to: mail.body for mail in mails if mail.subject.startswith("Is this your address")}
    assert ["nothing counts as yours" in said[email] for email in ("zed@first.example", SECOND)] == [False, True]
    assert "writes here already" in said["zed@first.example"]


def test_an_address_is_proven_by_its_link_once_and_may_come_first_then(zed: Circle) -> None:
    guild, token = zed.guild, zed.tokens["zed"]
    added = add(zed, " Zed@Second.example ")
    assert (added["email"], added["since"]) == ("Zed@Second.example", None)
    first = f"/v1/me/emails/{added['id']}/primary"
    refused(guild.post(first, token=token), 409, "address-unproven")
    link = address_link(guild, SECOND)
    asked = done(guild.get(f"/v1/emails/{link}"), 200)
    assert (asked["member"], asked["email"], asked["proven"]) == ("Zed", "Zed@Second.example", False)
    page = guild.get(f"/emails/{link}", accept=BROWSER)
    assert "Is this your address?" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert emails(zed) == [("zed@first.example", True, False), ("Zed@Second.example", False, False)]
    answer = guild.client.post(f"/emails/{link}", headers={"Accept": BROWSER})
    assert "Thank you." in answer.text
    refused(guild.post(f"/v1/emails/{link}", token=None), 410, "proof-over")
    refused(guild.get("/v1/emails/made-up"), 404, "no-such-proof")
    refused(guild.post("/v1/me/emails", {"email": SECOND}, token=token), 409, "address-proven")
    assert done(guild.post(first, token=token), 200)["primary"]
    assert emails(zed) == [("zed@first.example", False, False), ("Zed@Second.example", True, True)]
    refused(guild.call("DELETE", f"/v1/me/emails/{added['id']}", token=token), 409, "address-first")
    assert (letters(guild)[0].to, letters(guild)[0].secret) == ("zed@first.example", None)
    with read_session(runtime_of(guild).engine) as session:
        events = session.exec(select(Event).where(Event.subject == added["id"])).all()
    assert [event.type for event in events] == ["address.added", "address.proven"]
    assert "second.example" not in repr(events)


def test_nobody_is_sent_more_than_a_few_links_and_none_is_good_for_ever(zed: Circle, clock: SettableClock) -> None:
    guild = zed.guild
    for _ in range(3):
        add(zed)
    body = {"email": SECOND}
    refused(guild.post("/v1/me/emails", body, token=zed.tokens["zed"]), 429, "too-many-proofs")
    refused(guild.post("/v1/me/emails", body, token=zed.tokens["cy"]), 429, "too-many-proofs")
    clock.forward(days=3)
    refused(prove(guild), 410, "proof-over")
    for number in range(5):
        add(zed, f"zed{number}@second.example")
    refused(guild.post("/v1/me/emails", body, token=zed.tokens["zed"]), 429, "too-many-proofs")


def test_whose_an_address_is_only_its_reader_learns(zed: Circle) -> None:
    """And what counts as one member's does not become another's."""
    of_zed, of_nobody = add(zed, "zed@first.example", "cy"), add(zed, SECOND, "cy")
    changing = {"id", "email", "added_at"}
    assert {k: v for k, v in of_zed.items() if k not in changing} == {
        k: v for k, v in of_nobody.items() if k not in changing
    }
    refused(prove(zed.guild, "zed@first.example"), 409, "address-taken")
    assert not any(is_proven for _, _, is_proven in emails(zed, "cy"))


@on_both_databases
def test_of_two_who_prove_one_address_at_once_one_has_it(zed: Circle) -> None:
    add(zed)
    add(zed, by="cy")
    links = [letter.secret for letter in letters(zed.guild) if letter.to == SECOND]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda link: zed.guild.post(f"/v1/emails/{link}", token=None), links * 2))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 410]
    assert [(SECOND, False, True) in emails(zed, by) for by in ("zed", "cy")].count(True) == 1


def test_when_others_change_an_address_the_old_one_is_told_and_the_new_one_has_to_be_proven(
    zed: Circle, mails: list[Message]
) -> None:
    guild = zed.guild
    work(guild)
    mails.clear()
    done(change(zed, "zed@taken.example"), 200)
    assert emails(zed) == [("zed@taken.example", True, False)]
    guild.badge(recipient={"member": "zed"})  # of which nothing is mailed to an address that may be anybody's
    work(guild)
    bodies = {mail.to: mail.body for mail in mails}
    assert len(mails) == len(bodies) == 2
    assert "tell the stewards" in bodies["zed@first.example"]
    assert "taken.example" not in bodies["zed@first.example"]
    link = next(word for word in bodies["zed@taken.example"].split() if "/emails/" in word)
    done(guild.post(f"/v1{path_of(link)}", token=None), 200)
    guild.badge(recipient={"member": "zed"})
    work(guild)
    assert [mail.to for mail in mails[2:]] == ["zed@taken.example"]
    work(guild)
    assert len(mails) == 3


def test_what_is_offered_to_an_address_is_nobodys_until_they_have_proven_it(zed: Circle) -> None:
    zed.offering(**ALONE)
    id = zed.nomination({"email": SECOND, "name": "Zed"})
    zed.join("yan", role="steward", email="yan@first.example")
    add(zed, by="yan")
    add(zed)
    done(zed.invite(id, "cy"), 200)
    zed.second(id, "cy")
    for who in ("zed", "yan"):  # who says that they are the nominee neither looks after it nor weighs it
        refused(zed.review(id, who), 404, "no-such-nomination")
    assert zed.review(id, "ste").is_success
    yes = {"response": "accept"}
    refused(zed.see(id, "zed"), 404, "no-such-nomination")
    refused(zed.act(id, "response", yes, by="zed"), 404, "no-such-nomination")
    done(prove(zed.guild), 200)
    assert done(zed.see(id, "zed"), 200)["relations"] == ["nominee"]
    refused(zed.see(id, "yan"), 404, "no-such-nomination")
    done(zed.act(id, "response", yes, by="zed"), 200)
    assert zed.state(id) == "issued"
