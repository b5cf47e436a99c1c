"""A decision rests on nobody who has a stake in it when it is made, whenever that began."""

from typing import Any

import pytest

from tests.app.guild import done
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import assert_replayable
from tests.app.nominations.test_deadlines import did
from tests.app.nominations.test_terms import seat
from tests.stand_ins import SettableClock


@pytest.fixture
def many(circle: Circle) -> Circle:
    """Enough people that the lots can fall again."""
    return circle.join("fay", "gus", "hal").offering(review={"panel_size": 3, "quorum": 2})


def linked(circle: Circle, who: str) -> None:
    for handle in (who, "bo"):
        body = {"member": handle, "platform": "person", "account": "same"}
        done(circle.guild.post(circle.guild.in_guild("identities"), body), 201)


def tied(circle: Circle, who: str) -> None:
    body = {"members": ["bo", who], "kind": "household"}
    done(circle.guild.post(circle.guild.in_guild("ties"), body), 201)


def left(circle: Circle, who: str) -> None:
    done(circle.guild.post(circle.guild.in_guild(f"members/{who}/leave")), 200)


def replaced(circle: Circle, id: str) -> list[dict[str, Any]]:
    return [event for event in circle.events(id) if event["type"] == "reviewers_replaced"]


@pytest.mark.parametrize(("happens", "reason"), [(linked, "party"), (tied, "declared"), (left, "left")])
def test_a_vote_of_somebody_who_has_a_stake_by_now_decides_nothing(many: Circle, happens: Any, reason: str) -> None:
    id = many.under_review()
    first, second, third = many.panel(id)
    done(many.review(id, first), 200)
    happens(many, first)
    done(many.review(id, second), 200)
    assert many.state(id) == "under_review"
    [event] = replaced(many, id)
    assert (event["actor"], event["reasons"], len(event["seats"])) == ("system", [reason], 1)
    [drawn] = [event["drawn"] for event in many.events(id) if event["type"] == "reviewers_drawn"]
    [new] = set(many.panel(id)) - {first, second, third}
    assert drawn == [many.ids[new]]
    done(many.review(id, new), 200)
    assert many.state(id) == "offered"
    [decided] = [event for event in many.events(id) if event["type"] == "decided"]
    assert (decided["approvals"], len(replaced(many, id))) == (2, 1)
    assert_replayable(many, id)


def test_what_is_decided_without_them_needs_nobody_else(many: Circle) -> None:
    id = many.under_review()
    first, second, third = many.panel(id)
    done(many.review(id, first, "decline"), 200)
    done(many.review(id, second), 200)
    left(many, first)
    done(many.review(id, third), 200)
    assert many.state(id) == "offered"
    types = [event["type"] for event in many.events(id)]
    assert "reviewers_drawn" not in types
    [decided] = [event for event in many.events(id) if event["type"] == "decided"]
    assert (decided["approvals"], decided["declines"]) == (2, 0)


def test_where_there_is_nobody_else_it_waits(circle: Circle) -> None:
    circle.offering(review={"panel_size": 3, "quorum": 2})
    id = circle.under_review()
    first, second, third = circle.panel(id)
    done(circle.review(id, first), 200)
    tied(circle, first)
    circle.review(id, second)
    assert circle.state(id) == "under_review"
    assert "escalated" in [event["type"] for event in circle.events(id)]
    done(circle.review(id, third), 200)
    assert circle.state(id) == "offered"


def test_an_objection_goes_with_the_seat_of_whoever_raised_it(many: Circle) -> None:
    id = many.under_review()
    first, second, third = many.panel(id)
    done(many.act(id, "objections", {"reason": "The notes are thin."}, by=first), 201)
    left(many, first)
    done(many.review(id, second), 200)
    done(many.review(id, third), 200)
    assert many.state(id) == "offered"


def test_a_vote_counts_that_was_given_while_the_seat_lasted(circle: Circle, clock: SettableClock) -> None:
    circle.join("rae").offering(review={"panel_size": 3, "quorum": 2})
    seat(circle, "rae", "2026-11-28T09:00:00Z")
    id = circle.under_review()
    assert set(circle.panel(id)) == {"ste", "sol", "rae"}
    done(circle.review(id, "rae"), 200)
    clock.forward(days=7)
    done(circle.review(id, "ste"), 200)
    assert circle.state(id) == "offered"
    assert not replaced(circle, id)


def test_a_seat_that_ended_before_its_vote_goes_to_somebody_else(many: Circle, clock: SettableClock) -> None:
    many.join("rae")
    seat(many, "rae", "2026-11-28T09:00:00Z")
    id = many.under_review()
    assert set(many.panel(id)) == {"ste", "sol", "rae"}
    clock.forward(days=7)
    done(many.review(id, "ste"), 200)
    [event] = replaced(many, id)
    assert event["reasons"] == ["seat-ended"]
    assert len(set(many.panel(id)) - {"ste", "sol", "rae"}) == 1


def test_a_seat_that_ended_goes_to_somebody_else_though_nobody_votes(many: Circle, clock: SettableClock) -> None:
    many.join("rae")
    seat(many, "rae", "2026-11-28T09:00:00Z")
    id = many.under_review()
    done(many.review(id, "ste"), 200)
    clock.forward(days=7)
    assert did(many, clock) == {"find reviewers": 1}
    assert did(many, clock) == {}
    [event] = replaced(many, id)
    assert (event["actor"], event["reasons"]) == ("system", ["seat-ended"])
    panel = set(many.panel(id))
    assert (len(panel), panel & {"ste", "sol", "rae"}) == (3, {"ste", "sol"})
    [new] = panel - {"ste", "sol"}
    done(many.review(id, new), 200)
    assert many.state(id) == "offered"
    assert_replayable(many, id)


def test_so_do_those_of_people_who_come_into_conflict_with_it(many: Circle, clock: SettableClock) -> None:
    id = many.under_review()
    first, second, third = many.panel(id)
    done(many.review(id, first), 200)
    linked(many, first)
    tied(many, second)
    clock.forward(hours=1)
    assert did(many, clock) == {"find reviewers": 1}
    [event] = replaced(many, id)
    assert (event["actor"], event["reasons"], len(event["seats"])) == ("system", ["declared", "party"], 2)
    panel = many.panel(id)
    assert (len(panel), set(panel) & {first, second, third}) == (3, {third})
    for who in set(panel) - {third}:
        done(many.review(id, who), 200)
    assert many.state(id) == "offered"
    assert_replayable(many, id)
