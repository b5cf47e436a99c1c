"""Weighing a nomination: verdicts, what they need, and the one decision that follows."""

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.service import on_both_databases


@on_both_databases
def test_a_quorum_approves(circle: Circle) -> None:
    id = circle.under_review()
    first, second, third = circle.panel(id)
    assert done(circle.review(id, first), 200)["state"] == "under_review"
    done(circle.review(id, second), 200)
    assert circle.state(id) not in {"under_review", "not_yet", "declined"}
    refused(circle.review(id, third), 409, "invalid-transition")
    [decided] = [event for event in circle.events(id) if event["type"] == "decided"]
    assert (decided["verdict"], decided["approvals"], decided["text_version"]) == ("approve", 2, 1)


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (["not_yet", "not_yet"], "not_yet"),
        (["decline", "decline"], "declined"),
        (["not_yet", "decline"], "not_yet"),
        (["approve", "decline", "decline"], "declined"),
        (["approve", "not_yet", "decline"], "not_yet"),
    ],
)
def test_what_cannot_come_to_a_quorum_any_more_is_decided_against(
    circle: Circle, verdicts: list[str], state: str
) -> None:
    id = circle.under_review()
    for handle, verdict in zip(circle.panel(id), verdicts, strict=False):
        done(circle.review(id, handle, verdict), 200)
    assert circle.state(id) == state
    decision = done(circle.see(id, "ana"), 200)["decision"]
    assert len(decision["feedback"]) == len([verdict for verdict in verdicts if verdict])
    assert decision["panel"] == 3
    for word in ("eli", "ste", "sol"):
        assert f'"{word}"' not in circle.see(id, "ana").text
    refused(circle.see(id, "bo"), 404, "no-such-nomination")


def test_a_verdict_against_it_says_what_could_be_better(circle: Circle) -> None:
    id = circle.under_review()
    [reviewer, *_] = circle.panel(id)
    for verdict in ("not_yet", "decline"):
        problem = refused(circle.review(id, reviewer, verdict, feedback=None), 422, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == ["/feedback"]
    assert done(circle.review(id, reviewer, feedback=None), 200)


def test_who_approves_has_looked_at_the_evidence(circle: Circle) -> None:
    id = circle.under_review()
    [reviewer, *_] = circle.panel(id)
    assert refused(circle.review(id, reviewer, evidence_checked=[]), 422, "evidence-unchecked")["unchecked"] == [0]
    problem = refused(circle.review(id, reviewer, evidence_checked=[0, 1]), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/evidence_checked/1"]
    done(circle.review(id, reviewer, "not_yet", evidence_checked=[]), 200)


def test_until_it_is_decided_a_reviewer_may_say_otherwise(circle: Circle) -> None:
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    done(circle.review(id, first, "decline"), 200)
    done(circle.review(id, first, "approve"), 200)
    done(circle.review(id, second, "approve"), 200)
    assert circle.state(id) not in {"under_review", "declined", "not_yet"}


def test_only_the_panel_has_a_vote(circle: Circle) -> None:
    circle.offering(nominee_visibility="from_submission").join("fay", "gus", role="steward")
    id = circle.under_review()
    on_it = circle.panel(id)
    for party in ("ana", "bo", "cy", "dee"):
        refused(circle.review(id, party), 403, "party")
    [steward] = {"ste", "sol", "fay", "gus"} - set(on_it)
    refused(circle.review(id, steward), 403, "not-on-the-panel")
    refused(circle.review(id, "eli"), 404, "no-such-nomination")
    assert circle.state(id) == "under_review"


def test_who_steps_back_is_replaced_and_keeps_out(circle: Circle) -> None:
    circle.join("fay")
    circle.offering()
    id = circle.under_review()
    before = circle.panel(id)
    done(circle.review(id, before[0], "recuse", conflicts=["close"]), 200)
    after = circle.panel(id)
    assert len(after) == 3
    assert before[0] not in after
    [redrawn] = [event for event in circle.events(id) if event["type"] == "reviewers_drawn"]
    assert len(redrawn["drawn"]) == 1
    if before[0] in {"ste", "sol"}:
        refused(circle.review(id, before[0]), 403, "not-on-the-panel")
    else:
        refused(circle.review(id, before[0]), 404, "no-such-nomination")


def test_where_nobody_is_left_the_panel_waits_and_the_quorum_stays(circle: Circle) -> None:
    id = circle.under_review()
    first, second, third = circle.panel(id)
    waiting = done(circle.review(id, first, "recuse"), 202)
    assert waiting["waiting_for_reviewer"]
    done(circle.review(id, second, "approve"), 202)
    done(circle.review(id, third, "not_yet"), 202)
    assert circle.state(id) == "under_review"


def test_a_conflict_that_a_reviewer_names_counts(circle: Circle) -> None:
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    problem = refused(circle.review(id, first, conflicts=["close"]), 403, "conflict-of-interest")
    assert problem["conflicts"] == ["close"]
    done(circle.review(id, first, "not_yet", conflicts=["reciprocal"]), 200)
    done(circle.review(id, second, "not_yet"), 200)
    disclosed = done(circle.see(id, "ana"), 200)["decision"]["disclosed"]
    assert [each["conflicts"] for each in disclosed] == [["reciprocal"]]


def test_a_verdict_may_be_meant_for_what_was_seen(circle: Circle) -> None:
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    body = {"verdict": "approve", "evidence_checked": [0]}
    tag = circle.see(id, first).headers["etag"]
    done(circle.review(id, second), 200)
    assert circle.see(id, first).headers["etag"] == tag  # how often others have voted is not seen
    asked = done(circle.act(id, "info-requests", {"question": "Where are the notes?"}, by=first), 201)
    change = {"statement": {"impact": "Ten newcomers stayed."}}
    done(circle.guild.call("PATCH", f"/v1/nominations/{id}", change, token=circle.tokens["ana"], if_match="*"), 200)
    done(circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": "See there."}, by="ana"), 200)
    refused(circle.act(id, "reviews", body, by=first, if_match=tag), 412, "precondition-failed")
    tag = circle.see(id, first).headers["etag"]
    done(circle.act(id, "reviews", body, by=first, if_match=tag), 200)


def test_a_dry_run_says_what_would_come_of_it_and_keeps_nothing(circle: Circle) -> None:
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    done(circle.review(id, first, "decline"), 200)
    before = circle.events(id)
    would_be = done(
        circle.act(id, "reviews?validate_only=true", {"verdict": "decline", "feedback": "No."}, by=second), 200
    )
    assert would_be["state"] == "declined"
    assert circle.state(id) == "under_review"
    assert circle.events(id) == before


def test_reviewers_see_their_own_until_it_is_decided_and_nobody_is_named(circle: Circle) -> None:
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    done(circle.review(id, first, "decline"), 200)

    def seen(by: str | None) -> list[dict[str, object]]:
        token = {} if by is None else {"token": circle.tokens[by]}
        items: list[dict[str, object]] = done(circle.guild.call("GET", f"/v1/nominations/{id}/reviews", **token), 200)[
            "items"
        ]
        return items

    assert [(each["yours"], each["verdict"]) for each in seen(first)] == [(True, "decline")]
    assert [(each["yours"], each["verdict"]) for each in seen(second)] == [(True, None)]
    assert seen("ana") == []
    everything = seen(None)
    assert sorted(str(each["reviewer"]) for each in everything) == ["Reviewer A", "Reviewer B", "Reviewer C"]
    assert {each["member"] for each in everything} == {None}
    done(circle.review(id, second, "decline"), 200)
    assert len(seen(second)) == 3
    assert seen("ana") == []


def test_a_decision_says_which_evidence_nobody_said_to_have_looked_at(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    for checked, unchecked in (([0], []), (None, [0])):
        id = circle.nomination("bo" if checked else "dee")
        done(circle.review(id, "ste", evidence_checked=checked), 200)
        assert done(circle.see(id, "ana"), 200)["decision"]["evidence_unchecked"] == unchecked
