"""What refusals tell: nobody learns from a 409 what a nomination does not show them."""

from typing import Any

import httpx2
import pytest

from app.nominations.deadlines import JOBS
from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import EVIDENCE, REASON, Circle
from tests.stand_ins import SettableClock

QUICK = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1}
ACTS: dict[str, Any] = {
    "submit": None,
    "withdraw": None,
    "invitations": {"members": ["sol"]},
    "seconds": {"reason": REASON},
    "reviews": {"verdict": "approve", "evidence_checked": [0]},
    "info-requests": {"question": "Which Tuesday was it?"},
    "objections": {"reason": "It was another table."},
    "response": {"response": "refuse"},
    "appeals": {"argument": "Nobody asked the newcomers."},
    "hold": {"reason": "It looks odd."},
    "release": None,
    "narrative": {"text": "Bo opened it."},
    "narrative/agreement": {"agree": True},
    "claim-link": None,
}


def refusals(circle: Circle, id: str, by: str) -> dict[str, tuple[int, Any]]:
    """What somebody is answered who tries all there is to do, as status and body."""
    path, token = f"/v1/nominations/{id}", circle.tokens[by]
    answers = {act: circle.act(id, act, body, by=by) for act, body in ACTS.items()}
    answers["edit"] = circle.guild.call("PATCH", path, {"evidence": EVIDENCE}, token=token, If_Match="*")
    answers["unsecond"] = circle.guild.call("DELETE", f"{path}/seconds", token=token)
    return {act: _of(answer, id) for act, answer in answers.items()}


def _of(answer: httpx2.Response, id: str) -> tuple[int, Any]:
    return answer.status_code, answer.text.replace(id, "{id}")


SILENT = ("dee", "fay", "gus", "hal", "ida", "jo")
"""Who is asked to second, and does not; some of them are drawn."""


def whom(circle: Circle, id: str, other: str, relation: str) -> str:
    """Who is this to a nomination; whoever was only asked, to both."""
    if relation == "reviewer":
        return drawn(circle, id)
    weighing = {*circle.panel(id), *circle.panel(other)}
    return {"nominator": "ana", "seconder": "cy"}.get(relation) or next(who for who in SILENT if who not in weighing)


def drawn(circle: Circle, id: str) -> str:
    """Somebody of the panel who is no steward, and so learns no more than the panel does."""
    return next(who for who in circle.panel(id) if who not in {"ste", "sol"})


@pytest.fixture
def offered_twice(circle: Circle) -> tuple[Circle, str, str]:
    """Two offers alike, to Bo and to Eli: Ana nominates, Cy seconds, others are silent, three weigh it."""
    circle.join(*SILENT[1:]).offering(min_seconds=1, review={"mode": "panel", "panel_size": 3, "quorum": 2})
    ids = []
    for nominee in ("bo", "eli"):
        id = circle.nomination(nominee)
        done(circle.invite(id, "cy", *SILENT), 200)
        assert circle.second(id, "cy").is_success
        for who in circle.panel(id)[:2]:
            done(circle.review(id, who), 200)
        assert circle.state(id) == "offered"
        ids.append(id)
    return circle, ids[0], ids[1]


@pytest.mark.parametrize("relation", ["nominator", "seconder", "invited", "reviewer"])
@pytest.mark.parametrize("seen_by_the_worker", [False, True])
def test_a_refused_offer_answers_as_one_that_nobody_answered(
    offered_twice: tuple[Circle, str, str], clock: SettableClock, relation: str, seen_by_the_worker: bool
) -> None:
    circle, refused_one, forgotten = offered_twice
    asked = {id: whom(circle, id, forgotten, relation) for id in (refused_one, forgotten)}
    done(circle.act(refused_one, "response", {"response": "refuse"}, by="bo"), 200)
    clock.forward(days=61)
    if seen_by_the_worker:
        run_once(runtime_of(circle.guild), clock.now, jobs=JOBS)
    assert (circle.state(refused_one), circle.state(forgotten)) == ("refused", "expired")
    answers = refusals(circle, refused_one, asked[refused_one])
    assert answers == refusals(circle, forgotten, asked[forgotten])
    said = " ".join(body for _, body in answers.values())
    assert "This nomination is closed, and allows you nothing." in said
    assert "refused" not in said
    assert "expired" not in said


def held_and_not(circle: Circle, first: str, second: str) -> None:
    done(circle.act(first, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)
    assert circle.state(first) == "held"
    assert circle.state(second) != "held"


NOT_NOW = "This cannot be done at the moment."


@pytest.mark.parametrize(
    ("who", "succeeds", "allowed"),
    [("ana", {"withdraw", "invitations"}, ["withdraw"]), ("cy", {"unsecond"}, []), ("dee", {"seconds"}, [])],
)
def test_what_is_held_while_it_collects_answers_as_ever_but_to_what_would_have_been_done(
    circle: Circle, who: str, succeeds: set[str], allowed: list[str]
) -> None:
    circle.offering(min_seconds=3)
    ids = [circle.seconded("cy", nominee=nominee) for nominee in ("bo", "eli")]
    for id in ids:
        done(circle.invite(id, "dee"), 200)
    held, going_on = ids
    held_and_not(circle, held, going_on)
    problems = []
    for act in succeeds - {"withdraw"}:
        if act == "unsecond":
            answer = circle.guild.call("DELETE", f"/v1/nominations/{held}/seconds", token=circle.tokens[who])
        else:
            answer = circle.act(held, act, ACTS[act], by=who)
        problems.append(refused(answer, 409, "invalid-transition"))
    assert {problem["detail"] for problem in problems} == {NOT_NOW}
    assert [problem["allowed"] for problem in problems] == [allowed]
    same = [act for act in ACTS if act not in succeeds]
    for act in same:
        told = [_of(circle.act(id, act, ACTS[act], by=who), id) for id in ids]
        if act == "seconds":  # it is looked at first whether anybody may second, and who may not only then
            continue
        assert told[0] == told[1], act
        assert told[0][0] in {403, 404, 409, 422}, act


@pytest.mark.parametrize("relation", ["nominator", "seconder", "invited"])
def test_an_offer_that_is_held_answers_as_one_that_is_not(
    offered_twice: tuple[Circle, str, str], relation: str
) -> None:
    circle, held, going_on = offered_twice
    held_and_not(circle, held, going_on)
    who = whom(circle, held, going_on, relation)
    told, usual = refusals(circle, held, who), refusals(circle, going_on, who)
    if relation == "nominator":  # these two look for somebody who can be asked, or something to agree to
        for act in ("narrative/agreement", "claim-link"):
            assert NOT_NOW in told.pop(act)[1]
            assert usual.pop(act)[0] == 409
    assert told == usual


def test_the_nominator_takes_an_offer_back_neither_before_nor_after_having_it_held(circle: Circle) -> None:
    circle.offering(**QUICK)
    id = circle.seconded("cy")
    before = _of(circle.act(id, "withdraw", by="ana"), id)
    assert before[0] == 409
    done(circle.act(id, "reports", {"category": "spam", "text": "I was wrong."}, by="ana"), 201)
    assert circle.state(id) == "held"
    assert _of(circle.act(id, "withdraw", by="ana"), id) == before
    done(circle.act(id, "withdraw", {"reason": "It was a taunt."}, by="ste"), 200)


def test_stewards_are_told_the_state_as_it_is(circle: Circle) -> None:
    circle.offering(**QUICK)
    id = circle.seconded("cy")
    done(circle.act(id, "response", {"response": "refuse"}, by="bo"), 200)
    assert "refused" in refused(circle.act(id, "hold", {"reason": "r"}, by="ste"), 409, "invalid-transition")["detail"]


def test_a_nominee_is_told_what_they_did_themselves(circle: Circle) -> None:
    circle.offering(**QUICK)
    id = circle.seconded("cy")
    done(circle.act(id, "response", {"response": "refuse"}, by="bo"), 200)
    problem = refused(circle.act(id, "response", {"response": "accept"}, by="bo"), 409, "invalid-transition")
    assert (problem["detail"], problem["allowed"]) == ("This nomination is refused, and allows you nothing.", [])


def test_what_is_allowed_is_what_is_allowed_to_whoever_asks(circle: Circle) -> None:
    circle.offering(min_seconds=1, review={"mode": "single_steward"})
    id = circle.seconded("cy")
    problems = {
        "ana": refused(circle.act(id, "submit", by="ana"), 409, "invalid-transition"),
        "cy": refused(circle.second(id, "cy"), 409, "invalid-transition"),
        "ste": refused(circle.act(id, "release", by="ste"), 409, "invalid-transition"),
    }
    assert {who: problem["allowed"] for who, problem in problems.items()} == {
        "ana": ["withdraw"], "cy": [], "ste": ["review", "ask", "withdraw", "hold"],
    }  # fmt: skip


def merging(circle: Circle, twin: str) -> tuple[int, Any]:
    return _of(circle.nominate(by="eli", merge=True), twin)


def test_whoever_merges_does_not_learn_how_far_the_other_is(circle: Circle) -> None:
    told = []
    for policy, held in (
        (QUICK, False),  # offered
        (QUICK, True),
        ({"min_seconds": 2}, True),
        ({"min_seconds": 1, "review": {"mode": "single_steward"}}, False),  # under review
        ({"min_seconds": 2, "seconder_role": "steward"}, False),  # collects, from stewards alone
    ):
        circle.offering(**policy)
        id = circle.nomination()
        if policy.get("seconder_role") != "steward":
            done(circle.invite(id, "cy"), 200)
            assert circle.second(id, "cy").is_success
        if held:
            done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)
        told.append((circle.state(id), merging(circle, id)))
    assert [state for state, _ in told] == ["offered", "held", "held", "under_review", "submitted"]
    assert len({answer for _, answer in told}) == 1
    assert told[0][1][0] == 409


@pytest.mark.parametrize("seconding", ["invited", "community"])
def test_what_collects_takes_the_words_of_whoever_merges(circle: Circle, seconding: str) -> None:
    circle.offering(min_seconds=2, seconding=seconding)
    circle.nomination()
    assert done(circle.nominate(by="eli", merge=True), 201)["state"] == "merged"


@pytest.mark.parametrize("visible", ["at_offer", "from_submission"])
def test_who_nominates_themselves_does_not_learn_of_a_decision_in_secret(circle: Circle, visible: str) -> None:
    circle.offering(
        min_seconds=0, self_nomination="allowed", review={"mode": "single_steward"}, nominee_visibility=visible
    )
    id = circle.nomination()
    done(circle.review(id, "ste", "decline"), 200)
    known = circle.see(id, "bo").is_success
    assert known is (visible == "from_submission")
    answer = circle.nominate("bo", by="bo")
    if known:
        refused(answer, 409, "cooling-down")
    else:
        own = done(answer, 201)["id"]
        done(circle.review(own, "ste", "decline"), 200)
        refused(circle.nominate("bo", by="bo"), 409, "cooling-down")  # of one's own
    refused(circle.nominate("bo", by="eli"), 409, "cooling-down")


def test_a_steward_says_why_also_where_everybody_is_welcome_to_second(circle: Circle) -> None:
    circle.offering(seconding="community")
    id = circle.nomination()
    assert set(done(circle.see(id, "ste"), 200)["relations"]) == {"steward", "welcome"}
    refused(circle.act(id, "withdraw", by="ste"), 422, "invalid")
    done(circle.invite(id, "ste"), 200)
    refused(circle.act(id, "withdraw", by="ste"), 422, "invalid")
    done(circle.act(id, "withdraw", {"reason": "At Bo's wish."}, by="ste"), 200)
