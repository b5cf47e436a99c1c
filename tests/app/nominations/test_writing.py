"""Nominating: what may be submitted, by whom and of whom, and what is refused with which code."""

from typing import Any

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import EVIDENCE, STATEMENT, Circle
from tests.stand_ins import SettableClock

NOTHING: dict[str, Any] = {"items": [], "next": None}


def mine(circle: Circle, by: str = "ana") -> list[dict[str, Any]]:
    """What somebody has nominated."""
    path = circle.guild.in_guild("nominations")
    items: list[dict[str, Any]] = done(circle.guild.get(path, token=circle.tokens[by]), 200)["items"]
    return items


def test_a_nomination_says_who_did_what_where_and_what_came_of_it(circle: Circle) -> None:
    made = done(circle.nominate(), 201)
    assert (made["state"], made["statement"], made["evidence"]) == ("submitted", STATEMENT, EVIDENCE)
    assert [nominee["handle"] for nominee in made["nominees"]] == ["bo"]
    assert done(circle.see(made["id"], "ana"), 200) == made


def test_a_draft_is_seen_by_nobody_but_its_writer(circle: Circle) -> None:
    id = circle.nomination(submit=False)
    assert done(circle.see(id, "ana"), 200)["state"] == "draft"
    for other in ("bo", "cy", "ste", None):
        refused(circle.see(id, other), 404, "no-such-nomination")
        assert all(item["id"] != id for item in (mine(circle, other) if other else []))


def test_a_draft_may_have_gaps_and_what_is_submitted_may_not(circle: Circle) -> None:
    id = circle.nomination(statement={"person": "Bo."}, evidence=[], submit=False)
    problem = refused(circle.act(id, "submit", by="ana"), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [
        "/statement/contribution", "/statement/context", "/statement/impact", "/evidence",
    ]  # fmt: skip
    assert done(circle.see(id, "ana"), 200)["state"] == "draft"
    change = {"statement": STATEMENT, "evidence": EVIDENCE}
    path, token = f"/v1/nominations/{id}", circle.tokens["ana"]
    edited = circle.guild.call("PATCH", path, change, token=token, If_Match="*")
    assert done(edited, 200)["text_version"] == 2
    assert done(circle.act(id, "submit", by="ana"), 200)["state"] == "submitted"


def test_what_was_submitted_is_not_rewritten(circle: Circle) -> None:
    id, token = circle.nomination(), circle.tokens["ana"]
    answer = circle.guild.call("PATCH", f"/v1/nominations/{id}", {"evidence": EVIDENCE}, token=token, If_Match="*")
    problem = refused(answer, 409, "invalid-transition")
    assert "withdraw" in problem["allowed"]
    assert "approve" not in problem["allowed"]


def test_an_edit_is_meant_for_the_version_it_names(circle: Circle) -> None:
    id, token, path = circle.nomination(submit=False), circle.tokens["ana"], "/v1/nominations/"
    seen = circle.see(id, "ana").headers["etag"]
    body = {"statement": {"person": "Bo, again."}}
    done(circle.guild.call("PATCH", path + id, body, token=token, If_Match=seen), 200)
    refused(circle.guild.call("PATCH", path + id, body, token=token, If_Match=seen), 412, "precondition-failed")
    refused(circle.guild.call("PATCH", path + id, body, token=token), 428, "precondition-required")


def test_a_refused_nomination_leaves_nothing(circle: Circle) -> None:
    refused(circle.nominate("ana"), 403, "self-nomination")
    assert mine(circle) == []


def test_self_nomination_is_a_matter_of_policy(circle: Circle) -> None:
    circle.offering(self_nomination="allowed_with_endorsement", min_seconds=0)
    id = circle.nomination("ana")
    assert circle.state(id) == "submitted"
    done(circle.invite(id, "cy"), 200)
    done(circle.second(id, "cy"), 200)
    assert circle.state(id) != "submitted"


def test_nobody_is_nominated_by_who_is_known_to_be_the_same_person(circle: Circle) -> None:
    done(circle.nominate("cy"), 201)
    for member in ("ana", "bo"):
        account = {"member": member, "platform": "forge", "account": "one-fictional"}
        done(circle.guild.post(circle.guild.in_guild("identities"), account), 201)
    refused(circle.nominate(), 403, "linked-identity")


def test_an_unknown_member_is_named_as_such(circle: Circle) -> None:
    refused(circle.nominate("nobody"), 404, "no-such-member")


def test_a_new_member_waits_before_nominating(circle: Circle, clock: SettableClock) -> None:
    circle.join("fay", joined_at="2026-11-20T09:00:00Z")
    problem = refused(circle.nominate(by="fay"), 403, "too-new")
    assert problem["not_before"] == "2026-12-04T09:00:00+00:00"
    clock.forward(days=13)
    done(circle.nominate(by="fay"), 201)


def test_a_token_without_a_person_nominates_nobody(circle: Circle) -> None:
    path = circle.guild.in_guild("nominations")
    refused(circle.guild.post(path, circle.nominating()), 403, "not-a-person")


PRIVATE = ["http://127.0.0.1/x", "http://localhost/", "https://10.0.0.7/", "https://wiki.internal/", "http://[::1]/",
           "https://printer.local/", "http://2130706433/", "https://192.168.1.1/a", "https://intranet/"]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_evidence_is_where_everybody_can_look(circle: Circle, url: str) -> None:
    problem = refused(circle.nominate(evidence=[{"url": url}]), 422, "private-evidence")
    assert problem["errors"][0]["pointer"] == "/evidence/0/url"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example/"])
def test_evidence_is_a_web_address(circle: Circle, url: str) -> None:
    refused(circle.nominate(evidence=[{"url": url}]), 422, "invalid")


def test_a_statement_of_10_mb_is_too_much(circle: Circle) -> None:
    refused(circle.nominate(statement=STATEMENT | {"impact": "x" * 10_000_000}), 413, "too-large")


def test_a_name_that_turns_the_writing_round_is_refused(circle: Circle) -> None:
    stranger = {"email": "mo@people.example", "name": "Mo \u202etset"}
    refused(circle.nominate(stranger), 422, "invalid")
    refused(circle.nominate(statement=STATEMENT | {"person": "Bo \u2066x"}), 422, "invalid")


def test_more_than_one_person_needs_a_policy_for_teams(circle: Circle) -> None:
    refused(circle.nominate(nominees=["bo", "cy"]), 422, "no-team")
    circle.offering(team=True)
    team = done(circle.nominate(nominees=["bo", "cy"]), 201)
    assert [nominee["handle"] for nominee in team["nominees"]] == ["bo", "cy"]
    refused(circle.nominate(nominees=["dee", "dee"], by="eli"), 422, "invalid")


def test_a_stranger_is_kept_sealed(circle: Circle) -> None:
    made = done(circle.nominate({"email": "Mo@people.example", "name": "Mo Unheard"}), 201)
    [nominee] = made["nominees"]
    assert (nominee["member"], nominee["handle"]) == (None, None)
    assert "people.example" not in str(done(circle.see(made["id"], None), 200))


def test_an_address_of_a_member_means_that_member(circle: Circle) -> None:
    circle.join("gus", email="gus@guild.example")
    made = done(circle.nominate({"email": "GUS@guild.example"}), 201)
    assert done(circle.see(made["id"], None), 200)["nominees"][0]["member"] == circle.ids["gus"]


def test_there_is_one_open_nomination_of_a_person_for_the_same(circle: Circle) -> None:
    first = circle.nomination()
    problem = refused(circle.nominate(by="cy"), 409, "already-nominated")
    assert problem["nomination_id"] == first
    assert mine(circle, "cy") == []
    circle.offering()
    done(circle.nominate(by="cy"), 201)


def test_a_stranger_has_one_open_nomination_too(circle: Circle) -> None:
    done(circle.nominate({"email": "mo@people.example"}), 201)
    refused(circle.nominate({"email": "MO@people.example"}, by="cy"), 409, "already-nominated")


def test_a_second_nomination_may_become_a_second(circle: Circle) -> None:
    first = circle.nomination()
    merged = done(circle.nominate(by="cy", merge=True), 201)
    assert (merged["state"], merged["merged_into"]) == ("merged", first)
    seconds = done(circle.see(first, "ana"), 200)["seconds"]
    assert [second["by"]["handle"] for second in seconds] == ["cy"]
    assert STATEMENT["impact"] in seconds[0]["reason"]


def test_what_is_merged_counts_towards_the_seconds_that_begin_the_review(circle: Circle) -> None:
    circle.join("fay", "gil", "hal", "ida")
    first = circle.seconded("dee")
    assert circle.state(first) == "submitted"
    done(circle.nominate(by="cy", merge=True), 201)
    assert circle.state(first) == "under_review"


def test_ones_own_nomination_is_not_seconded_by_merging(circle: Circle) -> None:
    circle.nomination()
    problem = refused(circle.nominate(merge=True), 409, "already-nominated")
    assert "your own" in problem["fix"]


def test_a_self_nomination_does_not_tell_that_somebody_else_was_at_it(circle: Circle) -> None:
    circle.offering(self_nomination="allowed")
    circle.nomination("bo")
    done(circle.nominate("bo", by="bo"), 201)


def test_what_is_withdrawn_is_over(circle: Circle) -> None:
    id = circle.nomination()
    assert done(circle.act(id, "withdraw", by="ana"), 200)["state"] == "withdrawn"
    assert refused(circle.act(id, "withdraw", by="ana"), 409, "invalid-transition")["allowed"] == []
    done(circle.nominate(by="cy"), 201)


def test_a_steward_who_withdraws_says_why(circle: Circle) -> None:
    id = circle.nomination()
    refused(circle.act(id, "withdraw", by="ste"), 422, "invalid")
    done(circle.act(id, "withdraw", {"reason": "At Bo's wish."}, by="ste"), 200)


def test_the_wording_and_policy_that_count_are_those_at_submission(circle: Circle) -> None:
    id = circle.nomination(submit=False)
    path = circle.guild.in_guild(f"achievements/{circle.achievement['id']}")
    done(circle.guild.call("PATCH", path, {"policy": {"min_seconds": 5}}, If_Match="*"), 200)
    submitted = done(circle.act(id, "submit", by="ana"), 200)
    assert (submitted["achievement_version"], submitted["seconds_needed"]) == (2, 5)
    done(circle.guild.call("PATCH", path, {"policy": {"min_seconds": 1}}, If_Match="*"), 200)
    assert done(circle.see(id, "ana"), 200)["seconds_needed"] == 5


def test_a_call_repeated_under_its_key_nominates_once(circle: Circle) -> None:
    path, body = circle.guild.in_guild("nominations"), circle.nominating()
    first, again = (circle.guild.post(path, body, token=circle.tokens["ana"], Idempotency_Key="one") for _ in range(2))
    assert done(first, 201) == done(again, 201)
    assert len(mine(circle)) == 1


def test_expired_drafts_cannot_be_submitted(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination(submit=False)
    clock.forward(days=60)
    problem = refused(circle.act(id, "submit", by="ana"), 409, "invalid-transition")
    assert problem["allowed"] == []


def test_an_address_and_the_member_who_has_it_are_one_person(circle: Circle) -> None:
    circle.offering()
    first = circle.nomination({"email": "gus@guild.example"})
    circle.join("gus", email="gus@guild.example")
    problem = refused(circle.nominate("gus", by="cy"), 409, "already-nominated")
    assert problem["nomination_id"] == first


def test_what_follows_by_itself_is_nobodys_act(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    path = circle.guild.in_guild(f"audit?subject={id}")
    actors = {e["action"]: e["actor"] for e in done(circle.guild.call("GET", path), 200)["items"]}
    assert actors["nomination.submitted"] == circle.ids["ana"]
    assert actors["nomination.sufficed"] == "system"


def test_what_is_taken_up_again_is_ones_own(circle: Circle) -> None:
    mine = circle.nomination("dee", submit=False)
    for other in (mine, "00000000-0000-4000-8000-0000000000ff"):
        refused(circle.nominate("eli", by="cy", previous=other), 404, "no-such-nomination")
    assert done(circle.nominate("eli", previous=mine), 201)["previous"] == mine


def test_who_may_submit_no_more_learns_nothing_of_others(circle: Circle) -> None:
    circle.offering(limits={"open_per_nominator": 1})
    circle.nomination("bo", by="cy")
    circle.nomination("dee")
    for nominee in ("bo", "eli"):
        refused(circle.nominate(nominee), 429, "too-many-nominations")
