"""Who is given a seat: by lot, without a conflict, repeatable; and what happens where nobody is left."""

from app.nominations.lots import drawn
from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import Circle


def test_a_seconded_nomination_is_given_a_panel_of_people_without_a_stake(circle: Circle) -> None:
    id = circle.under_review()
    assert sorted(circle.panel(id)) == ["eli", "sol", "ste"]


def test_the_draw_can_be_repeated_from_the_journal(circle: Circle) -> None:
    circle.join(*(f"m{n}" for n in range(9)), role="steward")
    id = circle.under_review()
    [begun] = [event for event in circle.events(id) if event["type"] == "review_started"]
    assert begun["tier"] == 1
    assert len(begun["pool"]) == 11
    assert drawn(begun["seed"], begun["pool"], 3) == begun["drawn"]
    assert sorted(circle.ids[who] for who in circle.panel(id)) == sorted(begun["drawn"])


def test_who_holds_the_badge_is_asked_before_everybody_else(circle: Circle) -> None:
    circle.guild.badge(circle.achievement, recipient={"member": "eli"})
    circle.join("fay", "gus", "hal")
    id = circle.under_review()
    assert sorted(circle.panel(id)) == ["eli", "sol", "ste"]
    [begun] = [event for event in circle.events(id) if event["type"] == "review_started"]
    assert begun["tier"] == 2


def test_who_is_new_is_not_asked(circle: Circle) -> None:
    circle.join("fay", "gus", joined_at="2026-11-20T00:00:00Z")
    id = circle.under_review()
    assert sorted(circle.panel(id)) == ["eli", "sol", "ste"]


def test_who_gave_the_badge_to_themself_takes_no_seat_with_it(circle: Circle) -> None:
    circle.join("fay", joined_at="2026-11-20T00:00:00Z").offering(self_assertion="allowed", evidence_min=0)
    said = {"achievement": circle.achievement["id"], "narrative": "I kept the tea kitchen open all winter."}
    done(circle.guild.post(circle.guild.in_guild("self-assertions"), said, token=circle.tokens["fay"]), 201)
    assert sorted(circle.panel(circle.under_review())) == ["eli", "sol", "ste"]


def test_who_belongs_where_the_nominee_belongs_is_not_drawn(circle: Circle) -> None:
    circle.join("fay", affiliation="River Co-op").join("gus", "hal", affiliation="river  co-op", role="steward")
    id = circle.seconded("cy", "dee", nominee="fay")
    assert not {"gus", "hal"} & set(circle.panel(id))


def test_without_a_clean_panel_it_waits_and_says_so_and_begins_by_itself(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo", "cy", "dee").join("ste", role="steward").offering()
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.second(id, "cy"), 200)
    waiting = done(circle.second(id, "dee"), 202)
    assert waiting["waiting_for_reviewer"]
    assert waiting["state"] == "seconded"
    [escalated] = [event for event in circle.events(id) if event["type"] == "escalated"]
    assert escalated["missing"] == 2
    refused(circle.review(id, "ste"), 403, "not-on-the-panel")
    circle.join("fay", "gus")
    done(circle.invite(id, "fay"), 200)
    begun = done(circle.second(id, "fay"), 202)
    assert begun["waiting_for_reviewer"]
    circle.join("hal")
    done(circle.invite(id, "hal"), 200)
    assert circle.panel(id) == []


def test_a_community_of_three_in_which_the_only_steward_is_a_party_decides_nothing(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo").join("ste", role="steward")
    circle.offering(min_seconds=1, review={"mode": "single_steward"})
    id = circle.nomination()
    done(circle.invite(id, "ste"), 200)
    waiting = done(circle.second(id, "ste"), 202)
    assert waiting["waiting_for_reviewer"]
    assert [event["type"] for event in circle.events(id)][-1] == "escalated"
    refused(circle.review(id, "ste"), 403, "party")
    refused(circle.review(id, "ana"), 403, "party")
    assert circle.review(id, "bo").status_code == 404
    refused(circle.act(id, "reviews", {"verdict": "approve"}, by=None), 403, "not-a-person")
    assert circle.state(id) == "seconded"


def test_one_steward_decides_alone_where_the_policy_says_so(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    assert circle.state(id) == "under_review"
    refused(circle.review(id, "eli"), 404, "no-such-nomination")
    assert done(circle.review(id, "sol"), 200)["decision"]["state"] == "approve"
    refused(circle.review(id, "ste"), 409, "invalid-transition")
