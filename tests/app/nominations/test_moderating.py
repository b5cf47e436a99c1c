"""Holding what is said to do harm: clocks stop, the nominee hears nothing, and those without a stake decide."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

TAUNT = {"category": "harassment", "text": "Everybody at the table knows that this is a taunt."}


def reports(circle: Circle, id: str, by: str | None) -> Any:
    return circle.guild.call("GET", f"/v1/nominations/{id}/reports", **({"token": circle.tokens[by]} if by else {}))


def deadline(circle: Circle, id: str) -> datetime:
    return datetime.fromisoformat(done(circle.see(id, None), 200)["deadline"])


def test_what_is_held_goes_on_where_it_was_with_the_time_that_was_left(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    before = deadline(circle, id)
    clock.forward(days=10)
    assert done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)["state"] == "held"
    assert deadline(circle, id) == clock.now + timedelta(days=14)
    clock.forward(days=100)
    assert circle.state(id) == "held"
    assert done(circle.act(id, "release", {"note": "All is well."}, by="sol"), 200)["state"] == "submitted"
    assert deadline(circle, id) == before + timedelta(days=100)


def test_nobody_but_a_steward_is_told_that_it_is_held(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)
    assert done(circle.see(id, "ana"), 200)["state"] == "submitted"
    assert done(circle.see(id, "ste"), 200)["state"] == "held"


def test_while_it_is_held_nothing_is_done_to_it(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)
    assert circle.second(id, "cy").status_code in {404, 409}
    problem = refused(circle.act(id, "hold", {"reason": "Again."}, by="ste"), 409, "invalid-transition")
    assert problem["allowed"] == ["withdraw", "release"]
    done(circle.act(id, "withdraw", {"reason": "It was a taunt."}, by="ste"), 200)
    assert circle.state(id) == "withdrawn"


@pytest.mark.parametrize("act", ["hold", "release"])
def test_who_has_a_stake_or_no_office_holds_nothing_and_lets_nothing_go_on(circle: Circle, act: str) -> None:
    id = circle.nomination(by="ste")  # a steward, but here the nominator
    done(circle.invite(id, "cy", by="ste"), 200)
    if act == "release":
        done(circle.act(id, "hold", {"reason": "r"}, by="sol"), 200)
    body = {"reason": "r"} if act == "hold" else None
    refused(circle.act(id, act, body, by="ste"), 403, "forbidden")
    assert circle.act(id, act, body, by="cy").status_code in {403, 404}
    refused(circle.act(id, act, body, by="dee"), 404, "no-such-nomination")
    done(circle.act(id, act, body, by="sol"), 200)


def test_a_hold_says_why(circle: Circle) -> None:
    id = circle.nomination()
    refused(circle.act(id, "hold", {"reason": " "}, by="ste"), 422, "invalid")
    assert circle.state(id) == "submitted"


def test_a_report_holds_at_once_and_the_nominee_sees_nothing(circle: Circle) -> None:
    circle.offering(nominee_visibility="from_submission")
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    assert done(circle.see(id, "bo"), 200)["statement"]
    received = done(circle.act(id, "reports", TAUNT, by="cy"), 201)
    assert circle.state(id) == "held"
    refused(circle.see(id, "bo"), 404, "no-such-nomination")
    listed = circle.guild.call("GET", circle.guild.in_guild("nominations"), token=circle.tokens["bo"])
    assert done(listed, 200)["items"] == []
    found = done(reports(circle, id, "ste"), 200)["items"]
    assert [(one["id"], one["reporter"], one["text"]) for one in found] == [
        (received["id"], circle.ids["cy"], TAUNT["text"])
    ]


def test_a_nominee_who_sees_it_may_report_it(circle: Circle) -> None:
    circle.offering(nominee_visibility="from_submission")
    id = circle.nomination()
    done(circle.act(id, "reports", TAUNT, by="bo"), 201)
    assert circle.state(id) == "held"


def test_who_does_not_see_it_cannot_report_it(circle: Circle) -> None:
    id = circle.nomination()
    for handle in ("bo", "cy"):
        refused(circle.act(id, "reports", TAUNT, by=handle), 404, "no-such-nomination")
    assert circle.state(id) == "submitted"


def test_a_report_about_a_steward_never_reaches_that_steward(circle: Circle) -> None:
    id = circle.nomination("sol")
    done(circle.invite(id, "cy"), 200)
    done(circle.act(id, "reports", TAUNT, by="cy"), 201)
    refused(reports(circle, id, "sol"), 404, "no-such-nomination")
    refused(reports(circle, id, "ana"), 403, "forbidden")
    assert len(done(reports(circle, id, "ste"), 200)["items"]) == 1
    event = done(circle.guild.call("GET", circle.guild.in_guild("audit?type=nomination.held")), 200)["items"][0]
    assert event["actor"] == "system"
    assert circle.ids["cy"] not in str(event)
    assert "harassment" not in str(event)


def test_one_person_stops_a_nomination_once(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.act(id, "reports", TAUNT, by="cy"), 201)
    done(circle.act(id, "release", by="ste"), 200)
    done(circle.act(id, "reports", TAUNT, by="cy"), 201)
    assert circle.state(id) == "submitted"
    done(circle.act(id, "reports", TAUNT, by="dee"), 201)
    assert circle.state(id) == "held"
    assert len(done(reports(circle, id, "ste"), 200)["items"]) == 3


def test_a_report_is_read_by_its_id(circle: Circle) -> None:
    id, other = circle.nomination(), circle.nomination("dee")
    received = done(circle.act(id, "reports", TAUNT, by="ana"), 201)["id"]
    path = "/v1/nominations/{}/reports/{}"
    assert done(circle.guild.call("GET", path.format(id, received)), 200)["category"] == "harassment"
    refused(circle.guild.call("GET", path.format(other, received)), 404, "no-such-report")
    refused(circle.guild.call("GET", path.format(id, "x")), 404, "no-such-report")


def test_a_draft_is_not_reported(circle: Circle) -> None:
    id = circle.nomination(submit=False)
    refused(circle.act(id, "reports", TAUNT, by="ana"), 409, "invalid-transition")


def test_what_has_ended_can_still_be_reported(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.act(id, "withdraw", by="ana"), 200)
    done(circle.act(id, "reports", {"category": "purchased", "text": "Ana was paid for it."}, by="ana"), 201)
    assert circle.state(id) == "withdrawn"
    assert [one["category"] for one in done(reports(circle, id, "ste"), 200)["items"]] == ["purchased"]


def test_a_nominator_does_not_end_an_offer_by_having_it_held(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    done(circle.review(id, "ste"), 200)
    done(circle.act(id, "reports", {"category": "other", "text": "I think better of it."}, by="ana"), 201)
    assert circle.state(id) == "held"
    assert circle.act(id, "withdraw", by="ana").status_code == 409
    done(circle.act(id, "withdraw", {"reason": "Agreed with Ana."}, by="sol"), 200)
