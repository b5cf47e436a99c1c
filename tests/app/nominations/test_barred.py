"""Whom nothing may be offered to is never asked, and nobody can tell: it looks like an offer that is not answered."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.kit.database import write_session
from app.nominations import offering
from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, STRANGER, assert_replayable, by_link, link, respond
from tests.app.nominations.test_untold import _of
from tests.app.notifications.test_feed import feed
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def me(circle: Circle, method: str, path: str, by: str = "bo") -> Any:
    return done(circle.guild.call(method, f"/v1/me/{path}", token=circle.tokens[by]), 200)


def one_account(circle: Circle, *members: str) -> None:
    for member in members:
        account = {"member": member, "platform": "forge", "account": "same-fictional"}
        done(circle.guild.post(circle.guild.in_guild("identities"), account), 201)


def on_the_list(circle: Circle) -> None:
    me(circle, "PUT", "never-add")


def on_the_list_by_another_account(circle: Circle) -> None:
    circle.join("bobo")
    one_account(circle, "bo", "bobo")
    me(circle, "PUT", "never-add", "bobo")


def a_minor(circle: Circle) -> None:
    done(circle.guild.call("PATCH", circle.guild.in_guild("members/bo"), {"minor": True}, If_Match="*"), 200)


def holds_it_already(circle: Circle) -> None:
    circle.guild.badge(circle.achievement, recipient={"member": "bo"}, visibility="private")


def without_who(text: str) -> str:
    """What was said, whomever it is about and whatever its number."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "{id}", text)
    return re.sub(r"\b([Bb]o|[Ee]li)\b", "{who}", text)


def told_of(circle: Circle, id: str) -> Any:
    """All that others than its nominee read of a nomination."""
    seen = [circle.see(id, who).text for who in ("ana", "cy", "ste")]
    journal = [(event["action"], event["actor"], event["data"]) for event in journal_of(circle, id, "ste")]
    preview = circle.guild.get(f"/v1/nominations/{id}/preview", token=circle.tokens["ste"]).text
    return json.loads(without_who(json.dumps([seen, journal, preview])))


def journal_of(circle: Circle, id: str, by: str | None) -> list[Any]:
    token = {} if by is None else {"token": circle.tokens[by]}
    found = circle.guild.call("GET", circle.guild.in_guild(f"audit?subject={id}&limit=200"), **token)
    events: list[Any] = done(found, 200)["items"]
    return events


@pytest.mark.parametrize(
    ("why", "visible"),
    [
        (on_the_list, "from_submission"),
        (on_the_list_by_another_account, "at_offer"),
        (a_minor, "at_offer"),
        (holds_it_already, "at_offer"),
    ],
)
def test_nobody_can_tell_whom_nothing_is_offered_to_from_who_does_not_answer(
    circle: Circle, clock: SettableClock, why: Callable[[Circle], None], visible: str
) -> None:
    circle.offering(**QUICK, nominee_visibility=visible)
    why(circle)
    barred, ignored = circle.seconded("cy"), circle.seconded("cy", nominee="eli")
    assert (circle.state(barred), circle.state(ignored)) == ("offered", "offered")
    assert told_of(circle, barred) == told_of(circle, ignored)
    assert _of(circle.act(barred, "withdraw", by="ana"), barred) == _of(
        circle.act(ignored, "withdraw", by="ana"), ignored
    )
    refused(circle.see(barred, "bo"), 404, "no-such-nomination")
    refused(respond(circle, barred), 404, "no-such-nomination")
    assert me(circle, "GET", "nominations")["items"] == []
    assert me(circle, "GET", "about-me")["items"] == []
    clock.forward(days=50)
    everything(circle)
    clock.forward(days=10)
    everything(circle)
    assert (circle.state(barred), circle.state(ignored)) == ("expired", "expired")
    assert told_of(circle, barred) == told_of(circle, ignored)
    assert_replayable(circle, barred)
    heard = [without_who(item["text"]) for item in feed(circle.guild, circle.tokens["ana"])]
    assert heard.count("Your nomination of {who} for “Session Host” is closed. Thank you for making it.") == 2
    kept = {item["type"] for item in feed(circle.guild, circle.tokens["bo"])}
    assert not any(type.startswith("nomination.") for type in kept)
    refused(circle.nominate("bo"), 409, "cooling-down")


def everything(circle: Circle) -> None:
    """Whatever the worker does."""
    runtime = runtime_of(circle.guild)
    run_once(runtime, runtime.clock())


@on_both_databases
def test_of_a_team_the_others_answer_as_ever(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**QUICK, team=True)
    me(circle, "PUT", "never-add")
    id = circle.seconded("cy", nominees=["bo", "eli"])
    done(respond(circle, id, by="eli"), 200)
    seen = done(circle.see(id, None), 200)
    assert (seen["state"], [each["state"] for each in seen["nominees"]]) == ("offered", ["offered", "issued"])
    clock.forward(days=60)
    everything(circle)
    assert circle.state(id) == "issued"
    assert_replayable(circle, id)


def test_no_letter_goes_to_an_address_on_the_list_however_often_it_is_asked_for(
    circle: Circle, clock: SettableClock
) -> None:
    circle.offering(**QUICK)
    circle.seconded("cy", nominee=STRANGER)
    done(by_link(circle, link(circle), "refuse", never_add=True), 200)
    id = circle.seconded("cy", nominee=STRANGER, by="dee")
    assert circle.state(id) == "offered"
    clock.forward(hours=2)
    done(circle.act(id, "claim-link", by="dee"), 200)
    refused(circle.act(id, "claim-link", by="dee"), 429, "too-many-letters")
    with write_session(runtime_of(circle.guild).engine) as session:
        assert offering.letters_due(session, limit=5) == []


def test_what_is_offered_once_more_asks_the_list_again(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**QUICK)
    me(circle, "PUT", "never-add")
    id = circle.seconded("cy")
    me(circle, "DELETE", "never-add")
    refused(respond(circle, id), 404, "no-such-nomination")
    clock.forward(days=60)
    again = done(circle.act(id, "reoffer", by="ste"), 201)["id"]
    assert done(respond(circle, again), 200)["state"] == "issued"


def test_who_nominates_themselves_and_may_not_be_asked_accepts_nothing(circle: Circle) -> None:
    circle.offering(**QUICK, self_nomination="allowed")
    me(circle, "PUT", "never-add")
    id = circle.seconded("cy", by="bo")
    assert done(circle.see(id, "bo"), 200)["relations"] == ["nominator"]
    for response in ("accept", "refuse"):
        refused(respond(circle, id, response=response), 404, "no-such-offer")


def test_a_steward_who_may_not_be_asked_finds_nothing_of_it_in_the_journal(circle: Circle) -> None:
    circle.offering(**QUICK)
    me(circle, "PUT", "never-add", "sol")
    id = circle.seconded("cy", nominee="sol")
    assert journal_of(circle, id, "sol") == []
    assert len(journal_of(circle, id, "ste")) > 3
