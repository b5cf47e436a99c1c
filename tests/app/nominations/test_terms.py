"""People who weigh for a while: seats with an end, stewards who are nominated, breaks and farewells."""

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

PANEL = {"panel_size": 2, "quorum": 2}


def seat(circle: Circle, who: str, to: str, **more: str) -> None:
    """Somebody is a reviewer until then."""
    body = {"member": who, "role": "reviewer", "to": to} | more
    done(circle.guild.post(circle.guild.in_guild("tenures"), body), 201)


def test_whoever_has_a_seat_is_drawn_like_a_steward_and_not_after_its_end(circle: Circle, clock: SettableClock) -> None:
    circle.join("rae", "roy")
    circle.offering(review={"panel_size": 4, "quorum": 3})
    seat(circle, "rae", "2026-12-01T09:00:00Z")
    seat(circle, "roy", "2026-12-01T09:00:00Z", scope=circle.achievement["id"])
    id = circle.under_review()
    assert set(circle.panel(id)) == {"ste", "sol", "rae", "roy"}
    clock.forward(days=10)
    later = circle.join("gil").seconded("cy", "dee", nominee="gil")
    drawn = [event for event in circle.events(later) if event["type"] == "review_started"]
    assert drawn[0]["tier"] > 1  # the two stewards are too few by then


def test_a_decision_after_the_end_of_a_seat_is_refused(circle: Circle, clock: SettableClock) -> None:
    circle.join("rae")
    circle.offering(review={"panel_size": 3, "quorum": 2})
    seat(circle, "rae", "2026-11-28T09:00:00Z")
    id = circle.under_review()
    assert "rae" in circle.panel(id)
    clock.forward(days=7)
    refused(circle.review(id, "rae"), 403, "seat-ended")
    done(circle.review(id, "ste"), 200)


def test_a_steward_who_is_nominated_is_decided_by_others(circle: Circle) -> None:
    circle.join("sam", "sue", role="steward")
    circle.offering(review=PANEL)
    id = circle.seconded("cy", "dee", nominee="ste", by="ana")
    panel = circle.panel(id)
    assert len(panel) == 2
    assert not {"ste", "ana", "cy", "dee"} & set(panel)
    refused(circle.review(id, "ste"), 404, "no-such-nomination")
    for reviewer in panel:
        done(circle.review(id, reviewer), 200)
    assert done(circle.see(id, "ste"), 200)["state"] == "offered"


def test_a_steward_who_nominates_does_not_decide(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination("bo", by="ste")
    refused(circle.review(id, "ste"), 403, "party")
    refused(circle.act(id, "hold", {"reason": "Mine."}, by="ste"), 403, "forbidden")
    done(circle.review(id, "sol"), 200)


def test_a_break_of_the_nominee_stops_the_clock_of_the_offer(circle: Circle, clock: SettableClock) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    done(circle.review(id, "ste"), 200)
    path = circle.guild.in_guild("members/bo/breaks")
    done(circle.guild.post(path, {"until": "2026-12-21T09:00:00Z"}, token=circle.tokens["bo"]), 201)
    clock.forward(days=80)
    done(circle.act(id, "response", {"response": "accept"}, by="bo"), 200)


def test_whoever_left_nominates_seconds_and_decides_no_more(circle: Circle) -> None:
    circle.offering(seconding="community", review=PANEL)
    id = circle.nomination()
    for who in ("eli", "ste"):
        done(circle.guild.post(circle.guild.in_guild(f"members/{who}/leave")), 200)
    assert circle.second(id, "eli").status_code == 401
    refused(circle.nominate("eli", by="dee"), 409, "departed")
    refused(circle.invite(id, "eli"), 409, "departed")
    for who in ("cy", "dee"):
        assert circle.second(id, who).is_success
    assert "ste" not in circle.panel(id)


def test_a_badge_outlives_its_holders_leaving(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    done(circle.review(id, "ste"), 200)
    done(circle.act(id, "response", {"response": "accept", "visibility": "public"}, by="bo"), 200)
    badge = done(circle.see(id, None), 200)["nominees"][0]["credential"]
    done(circle.guild.post(circle.guild.in_guild("members/bo/leave"), token=circle.tokens["bo"]), 200)
    signed = circle.guild.get(f"/credentials/{badge}.json")
    assert circle.guild.verdict(signed.text)["verdict"] == "valid"
