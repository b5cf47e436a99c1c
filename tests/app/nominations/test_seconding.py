"""Standing behind a nomination: by invitation or in the open, each with their own reason, once."""

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import REASON, Circle
from tests.stand_ins import SettableClock


def test_who_was_invited_sees_the_statement_and_may_second(circle: Circle) -> None:
    id = circle.nomination()
    refused(circle.see(id, "cy"), 404, "no-such-nomination")
    refused(circle.second(id, "cy"), 404, "no-such-nomination")
    done(circle.invite(id, "cy"), 200)
    assert done(circle.see(id, "cy"), 200)["statement"]
    seconded = done(circle.second(id, "cy"), 200)
    assert [second["by"]["handle"] for second in seconded["seconds"]] == ["cy"]


def test_a_policy_may_open_seconding_to_the_community(circle: Circle) -> None:
    circle.offering(seconding="community")
    id = circle.nomination()
    assert done(circle.see(id, "cy"), 200)["statement"]
    done(circle.second(id, "cy"), 200)
    refused(circle.see(id, "bo"), 404, "no-such-nomination")


def test_enough_seconds_are_enough(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.second(id, "cy"), 200)
    assert circle.state(id) == "submitted"
    assert circle.second(id, "dee").is_success
    assert circle.state(id) != "submitted"


def test_seconds_from_one_house_do_not_make_a_breadth(circle: Circle) -> None:
    circle.offering(min_distinct_affiliations=2).join("fay", "gus", affiliation="River Co-op")
    circle.join("hal", affiliation="river  co-op")
    id = circle.nomination()
    done(circle.invite(id, "fay", "gus", "hal", "cy"), 200)
    for handle in ("fay", "gus", "hal"):
        done(circle.second(id, handle), 200)
    assert circle.state(id) == "submitted"
    assert circle.second(id, "cy").is_success
    assert circle.state(id) != "submitted"


@pytest.mark.parametrize("reason", ["+1", "", "I agree.", "yes yes yes yes yes yes yes", "+1 +1 +1 +1 +1 +1 +1 +1 +1"])
def test_a_second_has_a_reason_of_its_own(circle: Circle, reason: str) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    refused(circle.second(id, "cy", reason), 422, "thin-reason")
    assert done(circle.see(id, "ana"), 200)["seconds"] == []


def test_nobody_seconds_what_they_wrote_or_what_is_about_them(circle: Circle) -> None:
    circle.offering(seconding="community", nominee_visibility="from_submission")
    id = circle.nomination()
    refused(circle.second(id, "ana"), 403, "self-second")
    refused(circle.second(id, "bo"), 403, "self-second")
    refused(circle.invite(id, "bo"), 403, "self-second")


def test_one_second_each(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")
    refused(circle.second(id, "cy"), 409, "already-seconded")


def test_a_second_can_be_taken_back_and_given_again(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")
    taken = circle.guild.call("DELETE", f"/v1/nominations/{id}/seconds", token=circle.tokens["cy"])
    assert done(taken, 200)["seconds_given"] in {0, None}
    again = done(circle.second(id, "cy", REASON + " And the summer after."), 200)
    assert [second["reason"] for second in again["seconds"]] == [REASON + " And the summer after."]


def test_only_stewards_second_where_the_policy_says_so(circle: Circle) -> None:
    circle.offering(seconder_role="steward", min_seconds=2)
    id = circle.nomination()
    done(circle.invite(id, "cy", "ste"), 200)
    refused(circle.second(id, "cy"), 403, "may-not-second")
    done(circle.second(id, "ste"), 200)


def test_nobody_seconds_after_the_time_is_over(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    clock.forward(days=30)
    problem = refused(circle.second(id, "cy"), 409, "invalid-transition")
    assert problem["allowed"] == []


def test_invitations_can_be_sent_again(circle: Circle) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    before = done(circle.see(id, None), 200)["version"]
    done(circle.invite(id, "cy"), 200)
    assert done(circle.see(id, None), 200)["version"] == before
    refused(circle.invite(id, "nobody"), 404, "no-such-member")
