"""Who sees what of a nomination at each turn of its life, asked at the door by everybody."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import REASON, STATEMENT, Circle

PANEL = {"panel_size": 2, "quorum": 2}
VIEWERS = ("ana", "cy", "bo", "reviewer", "ste", "eli")
"""Nominator, seconder, nominee, reviewer, a steward without a stake, a member."""


@pytest.fixture
def round_table(circle: Circle) -> Circle:
    """A panel of two stewards is drawn from three, so that one looks after it and is not of the panel."""
    circle.join("sam", role="steward")
    return circle.offering(review=PANEL)


def submitted(circle: Circle) -> str:
    return circle.offering(min_seconds=2, review=PANEL).seconded("cy")


def weighed(circle: Circle) -> str:
    id = circle.under_review()
    done(circle.review(id, circle.panel(id)[0], feedback="Warmly meant, one vote."), 200)
    return id


def offered(circle: Circle) -> str:
    id = weighed(circle)
    done(circle.review(id, circle.panel(id)[1]), 200)
    assert circle.state(id) == "offered"
    return id


def accepted(circle: Circle, visibility: str) -> str:
    id = offered(circle)
    done(circle.act(id, "response", {"response": "accept", "visibility": visibility}, by="bo"), 200)
    return id


def in_private(circle: Circle) -> str:
    return accepted(circle, "private")


def in_public(circle: Circle) -> str:
    return accepted(circle, "public")


def refused_by_bo(circle: Circle) -> str:
    id = offered(circle)
    done(circle.act(id, "response", {"response": "refuse"}, by="bo"), 200)
    return id


def declined(circle: Circle) -> str:
    id = circle.under_review()
    done(circle.review(id, circle.panel(id)[0], "decline", feedback="Not this time, and here is why."), 200)
    assert circle.state(id) == "declined"
    return id


# For each of VIEWERS: `state text nominator reasons counts votes`; `-` is 404. Text: y or n. Nominator: named, veiled
# or n. Reasons and votes: how many. Counts: y or n. A reviewer who is a steward looks after it as other
# stewards do once the panel's work is done.
TABLE: list[tuple[Callable[[Circle], str], tuple[str, ...]]] = [
    (submitted, ("submitted y named 1 y 0", "submitted y named 1 y 0", "-", "-", "submitted y named 1 y 0", "-")),
    (weighed, ("under_review y named 2 y 0", "under_review y named 1 y 0", "-", "under_review y veiled 2 y 1",
               "under_review y named 2 y 2", "-")),
    (offered, ("offered y named 2 y 0", "offered y named 1 y 0", "offered y named 2 n 0", "offered y named 2 y 2",
               "offered y named 2 y 2", "-")),
    (in_private, ("issued y named 2 y 0", "issued y named 1 y 0", "issued y named 2 n 0", "issued y named 2 y 2",
                  "issued y named 2 y 2", "-")),
    (in_public, ("issued y named 2 y 0", "issued y named 1 y 0", "issued y named 2 n 0", "issued y named 2 y 2",
                 "issued y named 2 y 2", "-")),
    (refused_by_bo, ("closed y named 2 y 0", "closed y named 1 y 0", "refused y named 2 n 0", "refused y named 2 y 2",
                     "refused y named 2 y 2", "-")),
    (declined, ("declined y named 2 y 0", "declined y named 1 y 0", "-", "declined y named 2 y 2",
                "declined y named 2 y 2", "-")),
]  # fmt: skip


@pytest.mark.parametrize(("life", "cells"), TABLE, ids=[life.__name__ for life, _ in TABLE])
def test_everybody_sees_their_cell(round_table: Circle, life: Callable[[Circle], str], cells: tuple[str, ...]) -> None:
    id = life(round_table)
    panel = round_table.panel(id)
    steward = next(who for who in ("ste", "sol", "sam") if who not in panel)
    for viewer, cell in zip(VIEWERS, cells, strict=True):
        who = {"reviewer": panel[0] if panel else "eli", "ste": steward}.get(viewer, viewer)
        assert said(round_table, id, who) == cell, viewer
        listed = round_table.guild.get(round_table.guild.in_guild("nominations"), token=round_table.tokens[who])
        assert [item["id"] for item in done(listed, 200)["items"]] == ([] if cell == "-" else [id]), viewer


def said(circle: Circle, id: str, who: str) -> str:
    """What somebody is told, as a cell of the table."""
    answer = circle.see(id, who)
    if answer.status_code == 404:
        for path in ("reviews", "offer", "preview", "audit", "reports"):
            assert circle.guild.get(f"/v1/nominations/{id}/{path}", token=circle.tokens[who]).status_code in {403, 404}
        return "-"
    told = done(answer, 200)
    assert told["statement"] in (STATEMENT, None)
    nominator = told["nominator"]
    named = "n" if nominator is None else "named" if nominator["handle"] == "ana" else "veiled"
    reasons = "n" if told["seconds"] is None else str(len(told["seconds"]))
    assert all(second["reason"] == REASON for second in told["seconds"] or ())
    counts = "n" if told["seconds_given"] is None else "y"
    votes = done(circle.guild.get(f"/v1/nominations/{id}/reviews", token=circle.tokens[who]), 200)["items"]
    text = "y" if told["statement"] else "n"
    return f"{told['state']} {text} {named} {reasons} {counts} {len(votes)}"


def test_a_blind_panel_is_named_to_nobody_but_the_stewards(round_table: Circle) -> None:
    id = weighed(round_table)
    panel = round_table.panel(id)
    steward = next(who for who in ("ste", "sol", "sam") if who not in panel)
    for who in ("ana", "cy", panel[1]):
        for path in ("", "/reviews"):
            text = round_table.guild.get(f"/v1/nominations/{id}{path}", token=round_table.tokens[who]).text
            assert round_table.ids[panel[0]] not in text, who
    listed = round_table.guild.get(f"/v1/nominations/{id}/reviews", token=round_table.tokens[steward])
    assert done(listed, 200)["items"]


def test_feedback_reaches_the_nominator_without_names(round_table: Circle) -> None:
    id = declined(round_table)
    decision = done(round_table.see(id, "ana"), 200)["decision"]
    assert [item["feedback"] for item in decision["feedback"]] == ["Not this time, and here is why."]
    assert not any(round_table.ids[who] in str(decision) for who in ("ste", "sol", "sam"))
    assert done(round_table.see(id, "cy"), 200)["decision"] is None


def test_an_unnamed_nominator_is_unnamed_to_the_nominee(round_table: Circle) -> None:
    round_table.offering(review=PANEL, anonymity="to_nominee")
    id = offered(round_table)
    told = done(round_table.see(id, "bo"), 200)
    assert told["nominator"] is None
    for path in ("", "/offer"):
        text = round_table.guild.get(f"/v1/nominations/{id}{path}", token=round_table.tokens["bo"]).text
        assert round_table.ids["ana"] not in text


def test_a_nominee_who_is_told_from_the_start_sees_what_is_said_and_not_by_whom(round_table: Circle) -> None:
    round_table.offering(review=PANEL, nominee_visibility="from_submission")
    id = weighed(round_table)
    assert said(round_table, id, "bo") == "under_review y n n n 0"
    told: dict[str, Any] = done(round_table.see(id, "bo"), 200)
    assert round_table.ids["ana"] not in str(told)


def test_a_held_nomination_looks_as_before_to_whoever_is_no_steward(round_table: Circle) -> None:
    id = submitted(round_table)
    before, of_stewards = round_table.see(id, "ana"), round_table.see(id, "ste")
    done(round_table.act(id, "hold", {"reason": "Somebody wrote to us."}, by="ste"), 200)
    after, held = round_table.see(id, "ana"), round_table.see(id, "ste")
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    assert done(after, 200)["version"] is None
    assert (held.json()["state"], held.json()["version"]) == ("held", of_stewards.json()["version"] + 1)
    assert held.headers["etag"] != of_stewards.headers["etag"]


def test_a_vote_moves_the_entity_tag_of_nobody_who_does_not_read_it_and_a_new_text_moves_all(circle: Circle) -> None:
    id = circle.join("fay", "gus").offering(review=PANEL).under_review()
    first, second = circle.panel(id)
    tags = {who: circle.see(id, who).headers["etag"] for who in ("ana", second)}
    done(circle.review(id, first), 200)
    assert tags == {who: circle.see(id, who).headers["etag"] for who in tags}
    done(circle.act(id, "info-requests", {"question": "Which Tuesday was it?"}, by=first), 201)

    def edit(tag: str) -> Any:
        body = {"statement": {"context": "The last one."}}
        return circle.guild.call("PATCH", f"/v1/nominations/{id}", body, token=circle.tokens["ana"], If_Match=tag)

    refused(edit(tags["ana"]), 412, "precondition-failed")
    edited = edit(circle.see(id, "ana").headers["etag"])
    done(edited, 200)
    assert edited.headers["etag"] == circle.see(id, "ana").headers["etag"]
    [question] = done(circle.guild.get(f"/v1/nominations/{id}/info-requests", token=circle.tokens["ana"]), 200)["items"]
    done(circle.act(id, f"info-requests/{question['id']}/answer", {"answer": "The last."}, by="ana"), 200)
    about_another_text = circle.guild.post(
        f"/v1/nominations/{id}/reviews",
        {"verdict": "approve", "evidence_checked": [0]},
        token=circle.tokens[second],
        If_Match=tags[second],
    )
    refused(about_another_text, 412, "precondition-failed")
