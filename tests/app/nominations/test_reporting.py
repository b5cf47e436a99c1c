"""A nominee who says that it does them harm keeps sight of it, may refuse it meanwhile, and sees what came of it."""

from typing import Any

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import offer, respond, team

TAUNT = {"category": "harassment", "text": "Everybody at the table knows that this is a taunt."}


def report(circle: Circle, id: str, *, by: str = "bo") -> str:
    """The id of one."""
    received: str = done(circle.act(id, "reports", TAUNT, by=by), 201)["id"]
    assert circle.state(id) == "held"
    return received


def reports(circle: Circle, id: str, *, by: str = "bo") -> list[tuple[str, str | None]]:
    """What somebody reads of what was reported, as id and outcome."""
    found = done(circle.guild.get(f"/v1/nominations/{id}/reports", token=circle.tokens[by]), 200)["items"]
    return [(each["id"], each["outcome"]) for each in found]


def nominee(view: dict[str, Any]) -> str:
    [only] = view["nominees"]
    state: str = only["state"]
    return state


def test_they_see_what_they_saw_and_what_they_said_themselves(quick: Circle) -> None:
    id = quick.offering(min_seconds=1, review={"mode": "single_steward"}).seconded("cy")
    done(quick.review(id, "ste"), 200)
    before = done(quick.see(id, "bo"), 200)
    assert before["decision"]
    mine, others = report(quick, id), report(quick, id, by="cy")
    after = done(quick.see(id, "bo"), 200)
    assert {field for field in after if after[field] != before[field]} == {"state", "relations"}
    assert (after["state"], after["relations"]) == ("held", ["nominee", "reporter"])
    assert done(offer(quick, id), 200)["state"] == "offered"
    assert (reports(quick, id), reports(quick, id, by="cy")) == ([(mine, None)], [(others, None)])
    path = f"/v1/nominations/{id}/reports"
    assert done(quick.guild.get(f"{path}/{mine}", token=quick.tokens["bo"]), 200)["text"] == TAUNT["text"]
    refused(quick.guild.get(f"{path}/{others}", token=quick.tokens["bo"]), 404, "no-such-report")
    for where in (quick.guild.in_guild("nominations"), "/v1/me/nominations", "/v1/me/nominations?role=reporter"):
        assert [each["id"] for each in done(quick.guild.get(where, token=quick.tokens["bo"]), 200)["items"]] == [id]
    assert done(quick.see(id, "cy"), 200)["state"] == "offered"


def test_they_refuse_what_is_held_and_it_is_looked_at_all_the_same(quick: Circle) -> None:
    id = quick.seconded("cy")
    mine = report(quick, id)
    problem = refused(respond(quick, id), 409, "invalid-transition")
    assert problem["allowed"] == ["refuse"]
    assert nominee(done(respond(quick, id, response="refuse"), 200)) == "refused"
    refused(respond(quick, id, response="refuse"), 409, "invalid-transition")
    assert (quick.state(id), reports(quick, id)) == ("held", [(mine, None)])
    done(quick.act(id, "release", by="ste"), 200)
    assert [done(quick.see(id, who), 200)["state"] for who in ("bo", "ana")] == ["refused", "closed"]
    assert reports(quick, id) == [(mine, "went_on")]
    assert [event["type"] for event in quick.events(id)][-3:] == ["answered", "released", "refused"]
    assert quick.events(id)[-1]["actor"] == "system"


def test_what_was_withdrawn_for_it_is_still_theirs_to_see(quick: Circle) -> None:
    id = quick.seconded("cy")
    mine = report(quick, id)
    done(quick.act(id, "withdraw", {"reason": "It was a taunt."}, by="ste"), 200)
    view = done(quick.see(id, "bo"), 200)
    assert (view["state"], nominee(view), view["withdrawn_because"]) == ("withdrawn", "withdrawn", None)
    assert reports(quick, id) == [(mine, "withdrawn")]
    refused(respond(quick, id, response="refuse"), 409, "invalid-transition")


def test_a_nominee_who_knew_from_the_start_keeps_that_sight_and_no_more(circle: Circle) -> None:
    id = circle.offering(nominee_visibility="from_submission").nomination()
    before = done(circle.see(id, "bo"), 200)
    report(circle, id)
    after = done(circle.see(id, "bo"), 200)
    assert {field for field in after if after[field] != before[field]} == {"state", "relations"}
    assert after["nominator"] is None
    refused(respond(circle, id, response="refuse"), 409, "invalid-transition")


def test_of_a_team_who_did_not_report_sees_nothing_while_it_is_held(quick: Circle) -> None:
    id = team(quick)
    report(quick, id)
    for who in ("eli", "dee"):
        refused(quick.see(id, who), 404, "no-such-nomination")
        refused(respond(quick, id, by=who, response="refuse"), 404, "no-such-nomination")
    done(respond(quick, id, response="refuse"), 200)
    done(quick.act(id, "release", by="ste"), 200)
    assert quick.state(id) == "offered"
    for who in ("eli", "dee"):
        done(respond(quick, id, by=who), 200)
    assert quick.state(id) == "issued"
