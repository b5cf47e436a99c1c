"""Who is nominated and leaves is not asked any more, and nobody is held to account for that."""

from datetime import timedelta
from typing import Any

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, assert_replayable, offered, respond
from tests.app.nominations.test_deadlines import did
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def leave(circle: Circle, handle: str) -> Any:
    return done(circle.guild.post(circle.guild.in_guild(f"members/{handle}/leave")), 200)


def test_who_leaves_before_the_offer_is_not_asked(circle: Circle) -> None:
    id = circle.offering(**QUICK).nomination()
    done(circle.invite(id, "cy"), 200)
    leave(circle, "bo")
    done(circle.second(id, "cy"), 200)
    assert (circle.state(id), done(circle.see(id, "ana"), 200)["state"]) == ("refused", "closed")
    assert_replayable(circle, id)


@on_both_databases
def test_an_offer_to_somebody_who_leaves_ends_as_if_nobody_had_answered(circle: Circle, clock: SettableClock) -> None:
    id = offered(circle.offering(**QUICK))
    assert did(circle, clock) == {}
    leave(circle, "bo")
    assert did(circle, clock) == {"end offers to who has left": 1}
    assert did(circle, clock) == {}
    assert (circle.state(id), done(circle.see(id, "ana"), 200)["state"]) == ("expired", "closed")
    assert_replayable(circle, id)


def test_of_a_team_the_others_are_not_kept_waiting(circle: Circle, clock: SettableClock) -> None:
    id = offered(circle.offering(**QUICK, team=True), nominees=["bo", "dee"])
    done(respond(circle, id, by="dee"), 200)
    leave(circle, "bo")
    assert did(circle, clock) == {"end offers to who has left": 1}
    seen = done(circle.see(id, None), 200)
    assert (seen["state"], {each["handle"]: each["state"] for each in seen["nominees"]}) == (
        "issued",
        {"bo": "withdrawn", "dee": "issued"},
    )
    assert_replayable(circle, id)


def test_who_comes_back_can_be_nominated_at_once(circle: Circle, clock: SettableClock) -> None:
    offered(circle.offering(**QUICK))
    leave(circle, "bo")
    did(circle, clock)
    done(circle.guild.post(circle.guild.in_guild("members/bo/return")), 200)
    assert circle.nominate().status_code == 201


def test_nobody_nominates_a_bot(circle: Circle) -> None:
    circle.join("rob")
    account = {"member": "rob", "platform": "code", "account": "rob", "is_bot": True}
    done(circle.guild.post(circle.guild.in_guild("identities"), account), 201)
    refused(circle.nominate("rob"), 403, "bot-nominated")


@on_both_databases
def test_a_seat_whose_holder_leaves_goes_to_somebody_else_at_once(circle: Circle, clock: SettableClock) -> None:
    id = circle.under_review()
    circle.join("fay")
    did(circle, clock)
    gone = next(who for who in circle.panel(id) if who not in {"ste", "sol"})
    leave(circle, gone)
    assert did(circle, clock) == {"find reviewers": 1}
    assert did(circle, clock) == {}
    assert [event["type"] for event in circle.events(id)][-2:] == ["reviewers_replaced", "reviewers_drawn"]
    assert set(circle.panel(id)) == {"ste", "sol", "fay"}
    assert_replayable(circle, id)


def test_where_nobody_else_is_there_that_is_escalated(circle: Circle, clock: SettableClock) -> None:
    id = circle.under_review()
    leave(circle, next(who for who in circle.panel(id) if who not in {"ste", "sol"}))
    did(circle, clock)
    assert [event["type"] for event in circle.events(id)][-2:] == ["reviewers_replaced", "escalated"]
    assert done(circle.see(id, None), 200)["waiting_for_reviewer"]


def test_who_is_away_until_the_time_is_over_makes_room(circle: Circle, clock: SettableClock) -> None:
    id = circle.under_review()
    circle.join("fay")
    gone = next(who for who in circle.panel(id) if who not in {"ste", "sol"})
    times = {"from": clock.now.isoformat(), "until": (clock.now + timedelta(days=30)).isoformat()}
    path = circle.guild.in_guild(f"members/{gone}/breaks")
    done(circle.guild.post(path, times, token=circle.tokens[gone]), 201)
    clock.forward(hours=1)
    assert did(circle, clock) == {"find reviewers": 1}
    assert set(circle.panel(id)) == {"ste", "sol", "fay"}
