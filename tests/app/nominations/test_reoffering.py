"""An offer that nobody answered in time is made once more, by a steward, and by nobody else."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from app.kit.database import read_session
from app.nominations import deadlines
from app.nominations.tables import Nomination, Reoffer, Snapshot
from tests.app.credentials.test_once import at_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import REASON, Circle
from tests.app.nominations.offers import QUICK, STRANGER, assert_replayable, by_link, link, offered, respond
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

A_DAY = QUICK | {"windows_days": {"offer": 1}}


@pytest.fixture
def quick(circle: Circle) -> Circle:
    return circle.offering(**A_DAY)


@pytest.fixture
def expired(quick: Circle, clock: SettableClock) -> str:
    """An offer to Bo, of which nothing was heard."""
    return unanswered(quick, clock)


def unanswered(circle: Circle, clock: SettableClock, **more: Any) -> str:
    id = offered(circle, **more)
    clock.forward(days=1)
    deadlines.lapse(runtime_of(circle.guild), clock())
    assert circle.state(id) == "expired"
    return id


def reoffer(circle: Circle, id: str, *, by: str | None = "ste") -> Any:
    return circle.act(id, "reoffer", by=by)


def made_again(circle: Circle, id: str, *, by: str | None = "ste") -> str:
    again: str = done(reoffer(circle, id, by=by), 201)["id"]
    return again


@pytest.mark.parametrize("who", ["ste", None])
def test_who_did_not_answer_is_asked_once_more_and_accepts(quick: Circle, expired: str, who: str | None) -> None:
    again = done(reoffer(quick, expired, by=who), 201)
    assert (again["state"], again["previous"], again["relations"]) == ("offered", expired, ["steward"])
    was = done(quick.see(expired, "ste"), 200)
    assert was["state"] == "expired"
    for same in ("statement", "evidence", "evidence_state", "submitted_at", "decided_at", "text_version", "nominator"):
        assert again.get(same) == was.get(same), same
    assert [(each["by"], each["reason"], each["at"], each["publish"]) for each in again["seconds"]] == [
        (each["by"], each["reason"], each["at"], each["publish"]) for each in was["seconds"]
    ]
    assert again["seconds"][0]["reason"] == REASON
    done(respond(quick, again["id"]), 200)
    assert (quick.state(again["id"]), quick.state(expired)) == ("issued", "expired")
    assert_replayable(quick, again["id"])
    assert_replayable(quick, expired)


def test_what_the_journal_says_of_it(quick: Circle, expired: str) -> None:
    first, second = quick.events(made_again(quick, expired))
    assert (first["type"], first["from"], first["to"], first["previous"]) == (
        "reoffered", "approved", "approved", expired,
    )  # fmt: skip
    assert (second["type"], second["from"], second["to"], second["asked"]) == ("offered", "approved", "offered", 1)


def test_what_a_panel_said_is_said_of_the_new_offer_too(circle: Circle, clock: SettableClock) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"}, windows_days={"offer": 1})
    id = circle.nomination()
    done(circle.review(id, "ste"), 200)
    clock.forward(days=1)
    again = made_again(circle, id, by="sol")
    before, after = (done(circle.see(each, "sol"), 200)["decision"] for each in (id, again))
    assert before["state"] == "approve"
    assert after == before
    assert "reviewer" in done(circle.see(again, "ste"), 200)["relations"]


def test_what_was_found_at_the_evidence_is_not_looked_at_as_if_it_were_new(quick: Circle, expired: str) -> None:
    again = made_again(quick, expired)
    with read_session(runtime_of(quick.guild).engine) as session:
        rows = session.exec(select(Snapshot)).all()
    found = {str(row.nomination_id): row.model_dump(exclude={"nomination_id"}) for row in rows}
    assert found[again] == found[expired]


def test_a_stranger_gets_a_letter_with_another_link(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick, nominee=STRANGER)
    old = link(quick)
    clock.forward(days=1)  # and the scheduler has yet to come by
    again = made_again(quick, id)
    assert quick.state(id) == "expired"
    refused(by_link(quick, old), 410, "offer-closed")
    new = link(quick)
    assert new != old
    done(by_link(quick, new), 200)
    assert quick.state(again) == "issued"
    assert_replayable(quick, id)


def test_an_offer_is_made_again_once_and_what_was_made_again_is_not(
    quick: Circle, expired: str, clock: SettableClock
) -> None:
    again = made_again(quick, expired)
    refused(reoffer(quick, expired), 409, "reoffered-already")
    clock.forward(days=1)
    refused(reoffer(quick, again), 409, "reoffered-already")
    refused(reoffer(quick, expired), 409, "reoffered-already")
    assert quick.state(again) == "expired"


def test_its_nominator_and_others_ask_a_steward(quick: Circle, expired: str) -> None:
    refused(reoffer(quick, expired, by="ana"), 403, "forbidden")
    refused(reoffer(quick, expired, by="cy"), 403, "forbidden")
    refused(reoffer(quick, expired, by="eli"), 404, "no-such-nomination")
    assert done(quick.see(expired, "ana"), 200)["state"] == "closed"


def test_a_steward_with_a_stake_asks_another_one(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**A_DAY)
    id = unanswered(circle, clock, by="ste")
    refused(reoffer(circle, id, by="ste"), 403, "forbidden")
    made_again(circle, id, by="sol")


def test_only_an_offer_that_expired_is_made_again(quick: Circle, clock: SettableClock) -> None:
    open_one = offered(quick)
    refused(reoffer(quick, open_one), 409, "invalid-transition")
    done(respond(quick, open_one, response="refuse"), 200)
    refused(reoffer(quick, open_one), 409, "invalid-transition")
    never_seconded = quick.nomination("dee")
    clock.forward(days=31)
    assert quick.state(never_seconded) == "expired"
    answer = refused(reoffer(quick, never_seconded), 409, "invalid-transition")
    assert answer["allowed"] == []


def test_an_open_nomination_for_the_same_stands_in_its_way(quick: Circle, expired: str) -> None:
    other = quick.nomination(by="dee")
    answer = refused(reoffer(quick, expired), 409, "already-nominated")
    assert answer["nomination_id"] == other
    with read_session(runtime_of(quick.guild).engine) as session:
        assert session.exec(select(func.count()).select_from(Reoffer)).one() == 0


def test_while_it_is_open_it_stands_in_the_way_of_others(quick: Circle, expired: str) -> None:
    again = made_again(quick, expired)
    assert refused(quick.nominate(by="dee"), 409, "already-nominated")["nomination_id"] == again


def test_neither_the_rate_nor_the_cool_down_of_the_nominator_counts_it(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**A_DAY, limits={"open_per_nominator": 1, "submitted_per_30d": 2})
    made_again(circle, unanswered(circle, clock))
    circle.nomination("dee")
    refused(circle.nominate("eli"), 429, "too-many-nominations")


@pytest.mark.parametrize("what", ["leaves", "blocks the nominator"])
def test_who_does_not_want_to_be_asked_is_not(quick: Circle, expired: str, what: str) -> None:
    if what == "leaves":
        done(quick.guild.post(quick.guild.in_guild("members/bo/leave")), 200)
    else:
        path = f"/v1/me/blocks/{quick.ids['ana']}"
        done(quick.guild.call("PUT", path, token=quick.tokens["bo"]), 200)
    refused(reoffer(quick, expired), 409, "nobody-to-ask")


def test_of_what_was_erased_nothing_is_offered(quick: Circle, expired: str) -> None:
    done(quick.guild.call("DELETE", "/v1/me/about-me", token=quick.tokens["bo"]), 200)
    refused(reoffer(quick, expired), 410, "nothing-kept")


def test_of_a_stranger_who_was_forgotten_nothing_is_kept(quick: Circle, clock: SettableClock) -> None:
    id = unanswered(quick, clock, nominee=STRANGER)
    clock.forward(days=61)
    deadlines.forget_strangers(runtime_of(quick.guild), clock())
    refused(reoffer(quick, id), 410, "nothing-kept")


def test_of_a_team_who_refused_is_not_asked_again(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**A_DAY, team=True)
    id = offered(circle, nominees=["bo", "dee"])
    done(respond(circle, id, by="dee", response="refuse"), 200)
    clock.forward(days=1)
    again = made_again(circle, id)
    assert {each["handle"]: each["state"] for each in done(circle.see(again, "ste"), 200)["nominees"]} == {
        "bo": "offered", "dee": "refused",
    }  # fmt: skip
    refused(respond(circle, again, by="dee"), 409, "invalid-transition")
    done(respond(circle, again), 200)
    assert circle.state(again) == "issued"


@on_both_databases
def test_of_many_at_once_one_makes_it_again(quick: Circle, clock: SettableClock) -> None:
    id = unanswered(quick, clock)
    answers = at_once(8, lambda n: reoffer(quick, id, by=("ste", "sol")[n % 2]))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, "reoffered-already")
    with read_session(runtime_of(quick.guild).engine) as session:
        again = session.exec(select(Nomination.id).where(col(Nomination.previous_id) == UUID(id))).all()
    assert len(again) == 1
    assert_replayable(quick, str(again[0]))
