"""Where the lots find nobody: a steward appoints, and what there is to say against it is said."""

import pytest

from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import LONG_AGO, Circle


@pytest.fixture
def small(guild: Guild) -> Circle:
    """Nobody but the steward is left to weigh what Ana says of Bo; Fay and Gus belong where Bo belongs."""
    house = {"affiliation": "River Co-op"}
    circle = Circle(guild).join("ana", "cy", "dee").join("bo", "fay", "gus", **house).join("ste", role="steward")
    return circle.offering(review={"panel_size": 2, "quorum": 2})


def waiting(circle: Circle) -> str:
    id = circle.seconded("cy", "dee")
    assert done(circle.see(id, "ana"), 200)["waiting_for_reviewer"]
    return id


def test_a_bearable_conflict_is_disclosed_to_those_whom_it_concerns(small: Circle) -> None:
    id = waiting(small)
    refused(small.act(id, "reviewers", {"member": "fay"}, by="ana"), 403, "forbidden")
    problem = refused(small.act(id, "reviewers", {"member": "fay"}, by="ste"), 422, "undisclosed-conflict")
    assert problem["conflicts"] == ["affiliation"]
    begun = done(small.act(id, "reviewers", {"member": "fay", "disclose": ["affiliation"]}, by="ste"), 200)
    assert begun["state"] == "under_review"
    [appointed] = [event for event in small.events(id) if event["type"] == "reviewer_appointed"]
    assert (appointed["reviewer"], appointed["disclosed"]) == (small.ids["fay"], ["affiliation"])
    refused(small.act(id, "reviewers", {"member": "gus", "disclose": ["affiliation"]}, by=None), 409, "nobody-missing")
    done(small.review(id, "ste", "approve"), 200)
    done(small.review(id, "fay", "not_yet"), 200)
    disclosed = done(small.see(id, "ana"), 200)["decision"]["disclosed"]
    assert [(each["source"], each["conflicts"]) for each in disclosed] == [("appointed", ["affiliation"])]


def test_nobody_puts_up_with_a_hard_conflict(small: Circle) -> None:
    id = waiting(small)
    for party in ("ana", "bo", "cy"):
        body = {"member": party, "disclose": ["party", "affiliation"]}
        assert "party" in refused(small.act(id, "reviewers", body, by="ste"), 403, "conflict-of-interest")["conflicts"]
    refused(small.act(id, "reviewers", {"member": "ste"}, by="ste"), 403, "forbidden")
    assert small.panel(id) == []


def test_a_guest_weighs_this_nomination_and_sees_nothing_else(small: Circle) -> None:
    other = Guild(small.guild.client, "other").found()
    guest, token = other.member("zoe", joined_at=LONG_AGO)["id"], other.token("zoe")
    another, id = small.nomination("fay"), waiting(small)
    for path in (id, another):
        refused(small.guild.get(f"/v1/nominations/{path}", token=token), 404, "no-such-nomination")
    body = {"guest": {"community": "other", "member": guest}}
    assert done(small.act(id, "reviewers", body, by="ste"), 200)["state"] == "under_review"
    shown = done(small.guild.get(f"/v1/nominations/{id}", token=token), 200)
    assert shown["relations"] == ["reviewer"]
    assert shown["nominator"]["handle"] is None
    refused(small.guild.get(f"/v1/nominations/{another}", token=token), 404, "no-such-nomination")
    for path in ("nominations", "members", "audit", "credentials"):
        assert small.guild.get(small.guild.in_guild(path), token=token).status_code == 403
    refused(small.guild.post(f"/v1/nominations/{id}/withdraw", {"reason": "r"}, token=token), 403, "forbidden")
    reason = {"reason": "I have heard of this from afar."}
    refused(small.guild.post(f"/v1/nominations/{id}/seconds", reason, token=token), 409, "invalid-transition")
    verdict = {"verdict": "not_yet", "feedback": "From afar: too early."}
    done(small.guild.post(f"/v1/nominations/{id}/reviews", verdict, token=token), 200)
