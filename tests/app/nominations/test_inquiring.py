"""Questions of a panel and their answers; objections, and what becomes of them."""

from app.nominations.rules import replayed
from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

QUESTION = {"question": "Who else was there?"}
OBJECTION = {"reason": "The evidence is about somebody else."}


def test_the_review_waits_for_the_answer(circle: Circle) -> None:
    id = circle.under_review()
    reviewer, other, _ = circle.panel(id)
    refused(circle.act(id, "info-requests", QUESTION, by="ana"), 403, "party")
    asked = done(circle.act(id, "info-requests", QUESTION, by=reviewer), 201)
    assert asked["by"].startswith("Reviewer ")
    assert circle.state(id) == "needs_info"
    refused(circle.review(id, other), 409, "invalid-transition")
    listed = done(circle.guild.get(f"/v1/nominations/{id}/info-requests", token=circle.tokens["ana"]), 200)["items"]
    assert [each["question"] for each in listed] == [QUESTION["question"]]
    nothing = done(circle.guild.get(f"/v1/nominations/{id}/info-requests", token=circle.tokens["cy"]), 200)["items"]
    assert nothing == []
    path = f"info-requests/{asked['id']}/answer"
    refused(circle.act(id, path, {"answer": "Nine."}, by="cy"), 403, "forbidden")
    assert done(circle.act(id, path, {"answer": "Nine."}, by="ana"), 200)["state"] == "under_review"
    refused(circle.act(id, path, {"answer": "Ten."}, by="ana"), 409, "invalid-transition")
    done(circle.review(id, other), 200)


def test_when_the_text_changes_the_panel_is_asked_again(circle: Circle) -> None:
    id = circle.under_review()
    first, second, third = circle.panel(id)
    done(circle.review(id, first), 200)
    asked = done(circle.act(id, "info-requests", QUESTION, by=second), 201)
    change = {"evidence": [{"url": "https://table.example/notes/2"}]}
    done(circle.guild.call("PATCH", f"/v1/nominations/{id}", change, token=circle.tokens["ana"], if_match="*"), 200)
    done(circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": "See there."}, by="ana"), 200)
    done(circle.review(id, second), 200)
    assert circle.state(id) == "under_review"
    done(circle.review(id, third), 200)
    assert circle.state(id) != "under_review"


def test_a_question_that_went_unanswered_holds_nothing_up_from_its_deadline_on(
    circle: Circle, clock: SettableClock
) -> None:
    id = circle.under_review()
    first = circle.panel(id)[0]
    asked = done(circle.act(id, "info-requests", QUESTION, by=first), 201)
    clock.forward(days=14)  # and the scheduler has yet to come by
    assert {circle.see(id, who).json()["state"] for who in ("ana", first)} == {"under_review"}
    late = circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": "Nine."}, by="ana")
    assert refused(late, 409, "invalid-transition")["allowed"] == ["withdraw"]
    body = {"evidence": [{"url": "https://table.example/notes/2"}]}
    path = f"/v1/nominations/{id}"
    refused(circle.guild.call("PATCH", path, body, token=circle.tokens["ana"], if_match="*"), 409, "invalid-transition")
    done(circle.review(id, first), 200)
    assert [event["type"] for event in circle.events(id)][-2:] == ["info_missing", "reviewed"]
    assert replayed(circle.events(id))["state"] == circle.state(id) == "under_review"
    done(circle.act(id, "info-requests", QUESTION, by=first), 201)
    clock.forward(days=14)
    done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by=None), 200)
    done(circle.act(id, "release", by=None), 200)
    assert circle.state(id) == "under_review"


def test_only_the_panel_objects(circle: Circle) -> None:
    circle.join("fay", "gus", role="steward")
    circle.offering(nominee_visibility="from_submission")
    id = circle.under_review()
    for party in ("ana", "bo", "cy"):
        refused(circle.act(id, "objections", OBJECTION, by=party), 403, "party")
    [steward] = {"ste", "sol", "fay", "gus"} - set(circle.panel(id))
    refused(circle.act(id, "objections", OBJECTION, by=steward), 403, "not-on-the-panel")


def test_an_open_objection_stops_a_quorum_until_it_is_answered(circle: Circle) -> None:
    circle.join("fay", "gus", role="steward")
    circle.offering(review={"panel_size": 4, "quorum": 2})
    id = circle.under_review()
    objector, first, second, _ = circle.panel(id)
    objection = done(circle.act(id, "objections", OBJECTION, by=objector), 201)["id"]
    done(circle.review(id, first), 200)
    done(circle.review(id, objector), 200)
    assert circle.state(id) == "under_review"
    path = f"objections/{objection}/answer"
    refused(circle.act(id, path, {"answer": "It is not."}, by=objector), 403, "forbidden")
    done(circle.act(id, path, {"answer": "It is not."}, by="ana"), 200)
    assert circle.state(id) != "under_review"
    refused(circle.act(id, path, {"answer": "It is not."}, by=second), 409, "invalid-transition")


def test_two_thirds_of_the_others_outvote_an_objection(circle: Circle) -> None:
    id = circle.under_review()
    objector, first, second = circle.panel(id)
    done(circle.act(id, "objections", OBJECTION, by=objector), 201)
    done(circle.review(id, first), 200)
    assert circle.state(id) == "under_review"
    done(circle.review(id, second), 200)
    assert circle.state(id) not in {"under_review", "not_yet", "declined"}


def test_what_was_said_of_an_older_text_does_not_come_out_with_the_decision(circle: Circle) -> None:
    id = circle.under_review()
    first, second, third = circle.panel(id)
    done(circle.review(id, first, "decline", feedback="Words about what it said before."), 200)
    done(circle.act(id, "info-requests", {"question": "Which winter was it?"}, by=second), 201)
    path, token = f"/v1/nominations/{id}", circle.tokens["ana"]
    done(circle.guild.call("PATCH", path, {"statement": {"context": "The last one."}}, token=token, If_Match="*"), 200)
    [asked] = done(circle.guild.get(f"{path}/info-requests", token=token), 200)["items"]
    done(circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": "The last."}, by="ana"), 200)
    for reviewer in (second, third):
        done(circle.review(id, reviewer, feedback=None), 200)
    assert "Words about" not in circle.see(id, "ana").text
