"""What looks like a ring is held until somebody has looked, and nobody in it is told; honest people are let alone."""

from typing import Any
from uuid import UUID

import pytest

from app.kit.database import write_session
from app.members.service import id_of_community
from app.nominations.deadlines import JOBS
from app.nominations.rules import replayed
from app.nominations.thanks.tables import Thanks
from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

RING = ("ana", "bo", "cy", "dee")
MANY = {"open_per_nominator": 100, "submitted_per_30d": 100, "drafts": 100}
QUICK: dict[str, Any] = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1, "limits": MANY}


@pytest.fixture
def crowd(circle: Circle) -> Circle:
    """The circle among enough others that keeping to oneself means something. One second is enough."""
    return circle.join("fay", "gil", "hal", "ida").offering(**QUICK)


def recognise(circle: Circle, nominee: str, by: str, second: str) -> str:
    """The id of a new nomination."""
    circle.offering(**QUICK)
    return circle.seconded(second, nominee=nominee, by=by)


def accepted(circle: Circle, nominee: str, by: str, second: str) -> None:
    """A nomination that becomes a badge."""
    id = recognise(circle, nominee, by, second)
    if circle.state(id) == "held":
        done(circle.act(id, "release", by="ste"), 200)
    done(circle.act(id, "response", {"response": "accept"}, by=nominee), 200)


def thank(circle: Circle, giver: str, *receivers: str) -> None:
    path = circle.guild.in_guild("thanks")
    for to in receivers:
        said = {"to": to, "text": f"{giver} to {to}: for the chairs."}
        done(circle.guild.post(path, said, token=circle.tokens[giver]), 201)


def reports(circle: Circle, id: str) -> list[tuple[str, set[str]]]:
    """What was reported, as category and handles, oldest first."""
    handles = {known: handle for handle, known in circle.ids.items()}
    items = done(circle.guild.call("GET", f"/v1/nominations/{id}/reports"), 200)["items"]
    assert all(item["reporter"] is None for item in items)
    return [(item["category"], {handles[each] for each in item["text"].split()}) for item in reversed(items)]


def in_a_ring(circle: Circle, *members: str) -> None:
    """Thanks from everybody to everybody."""
    for giver in members:
        thank(circle, giver, *(other for other in members if other != giver))


def test_a_ring_of_four_that_only_recognises_itself_is_held(crowd: Circle, clock: SettableClock) -> None:
    was = []
    for nominee, by, second in (("bo", "ana", "cy"), ("ana", "bo", "dee"), ("cy", "ana", "bo"), ("dee", "cy", "ana")):
        id = recognise(crowd, nominee, by, second)
        was.append(crowd.state(id))
        if was[-1] == "offered":
            done(crowd.act(id, "response", {"response": "accept"}, by=nominee), 200)
        clock.forward(days=40)
    for giver, receiver in (("dee", "bo"), ("bo", "dee"), ("dee", "cy"), ("cy", "dee"), ("cy", "ana")):
        thank(crowd, giver, receiver)
    last = recognise(crowd, "bo", "dee", "cy")
    assert was[:2] == ["offered", "offered"]
    assert crowd.state(last) == "held"
    assert reports(crowd, last) == [("ring", set(RING))]


def test_a_ring_does_not_slip_through_by_doing_everything_at_once(crowd: Circle) -> None:
    crowd.offering(**QUICK | {"min_seconds": 2, "review": {"mode": "panel"}})
    made = []
    for nominee, by, first, second in (
        ("ana", "bo", "cy", "dee"), ("bo", "cy", "dee", "ana"), ("cy", "dee", "ana", "bo"), ("dee", "ana", "bo", "cy"),
    ):  # fmt: skip
        id = crowd.seconded(first, second, nominee=nominee, by=by)
        made.append((id, crowd.state(id)))
    assert [state for _, state in made] == ["under_review", "under_review", "held", "held"]
    assert reports(crowd, made[-1][0]) == [("ring", set(RING))]


def test_those_in_it_are_not_told(crowd: Circle) -> None:
    in_a_ring(crowd, *RING)
    suspect, usual = recognise(crowd, "bo", "ana", "cy"), crowd.offering(**QUICK).nomination("fay", by="eli")
    seen = {who: done(crowd.see(suspect, who), 200) for who in ("ana", "cy")}
    assert {view["state"] for view in seen.values()} == {"seconded"}
    assert not any(word in str(view) for view in seen.values() for word in ("held", "ring"))
    days = {who: view["deadline"] for who, view in seen.items()}
    refused(crowd.see(suspect, "bo"), 404, "no-such-nomination")
    problem = refused(crowd.guild.call("DELETE", f"/v1/nominations/{suspect}/seconds", token=crowd.tokens["cy"]), 409,
                      "invalid-transition")  # fmt: skip
    assert "held" not in str(problem)
    assert "release" not in problem["allowed"]
    refused(crowd.guild.call("GET", f"/v1/nominations/{suspect}/reports", token=crowd.tokens["ana"]), 403, "forbidden")
    assert done(crowd.see(suspect, None), 200)["deadline"] > days["ana"] == days["cy"]
    assert crowd.state(usual) == "submitted"


def test_to_those_in_it_what_is_held_looks_like_what_waits_for_its_panel(crowd: Circle, clock: SettableClock) -> None:
    in_a_ring(crowd, *RING)
    crowd.offering(min_seconds=1, limits=MANY, review={"mode": "panel", "panel_size": 15, "quorum": 15})
    suspect, usual = crowd.nomination("bo"), crowd.nomination("fay", by="eli")
    answers = []
    for id, by, second in ((suspect, "ana", "cy"), (usual, "eli", "gil")):
        done(crowd.invite(id, second, by=by), 200)
        answers.append(done(crowd.second(id, second), 202))
    assert [crowd.state(id) for id in (suspect, usual)] == ["held", "seconded"]
    for days in (7, 7, 7):
        for field in ("state", "waiting_for_reviewer", "deadline", "seconds_given", "relations", "version"):
            assert len({str(answer[field]) for answer in answers}) == 1, field
        clock.forward(days=days)
        run_once(runtime_of(crowd.guild), clock.now, jobs=JOBS)
        answers = [done(crowd.see(suspect, "ana"), 200), done(crowd.see(usual, "eli"), 200)]
    assert not done(crowd.see(suspect, "ste"), 200)["waiting_for_reviewer"]


def test_the_journal_tells_that_the_service_held_it_and_no_more_than_ids(crowd: Circle) -> None:
    in_a_ring(crowd, *RING)
    id = recognise(crowd, "bo", "ana", "cy")
    event = crowd.events(id)[-1]
    assert (event["type"], event["actor"], event["from"], event["to"]) == ("held", "system", "seconded", "held")
    [report] = done(crowd.guild.call("GET", f"/v1/nominations/{id}/reports"), 200)["items"]
    assert event["report"] == report["id"]
    assert not any(crowd.ids[who] in str(event) for who in RING)
    assert replayed(crowd.events(id))["state"] == "held"


def test_what_was_looked_at_goes_on_and_a_ring_that_has_grown_is_held_again(crowd: Circle) -> None:
    in_a_ring(crowd, "ana", "bo", "cy")
    crowd.offering(**QUICK | {"review": {"mode": "panel", "panel_size": 15, "quorum": 15}})
    id = crowd.seconded("cy")
    assert reports(crowd, id) == [("ring", {"ana", "bo", "cy"})]
    refused(crowd.act(id, "release", by="ana"), 403, "forbidden")
    done(crowd.act(id, "release", {"note": "They cook together."}, by="ste"), 200)
    assert crowd.state(id) == "seconded"
    done(crowd.invite(id, "fay", "dee"), 200)
    assert crowd.second(id, "fay").status_code == 202
    assert crowd.state(id) == "seconded"
    for old in ("ana", "bo", "cy"):
        thank(crowd, old, "dee")
        thank(crowd, "dee", old)
    assert crowd.second(id, "dee").status_code == 202
    assert crowd.state(id) == "held"
    assert reports(crowd, id)[1:] == [("ring", set(RING))]


def test_a_mentor_and_who_learned_from_them_may_nominate_each_other(crowd: Circle) -> None:
    accepted(crowd, "bo", "ana", "fay")
    thank(crowd, "bo", "ana")
    id = recognise(crowd, "ana", "bo", "gil")
    assert crowd.state(id) == "offered"
    assert reports(crowd, id) == []


def test_three_who_made_something_together_and_know_others_are_no_ring(crowd: Circle) -> None:
    team = ("ana", "bo", "cy")
    in_a_ring(crowd, *team)
    for one in team:
        thank(crowd, one, "dee", "fay", "gil")
    assert crowd.state(recognise(crowd, "bo", "ana", "cy")) == "offered"


def test_a_host_whom_many_thank_and_who_thanks_many_is_no_ring(crowd: Circle) -> None:
    guests = ("ana", "cy", "dee", "eli", "fay", "gil")
    for guest in guests:
        thank(crowd, guest, "bo")
    thank(crowd, "bo", *guests[:5])
    assert crowd.state(recognise(crowd, "bo", "ana", "cy")) == "offered"


def test_where_there_is_hardly_anybody_else_nobody_keeps_to_themselves(circle: Circle) -> None:
    in_a_ring(circle, *RING)
    assert circle.state(recognise(circle, "bo", "ana", "cy")) == "offered"


def test_who_is_not_in_the_ring_is_nominated_by_its_members_like_anybody(crowd: Circle) -> None:
    in_a_ring(crowd, *RING)
    assert crowd.state(recognise(crowd, "eli", "ana", "cy")) == "offered"


def test_an_account_of_ones_own_on_the_side_does_not_hide_a_ring(crowd: Circle) -> None:
    for member in ("eli", "cy"):
        account = {"member": member, "platform": "forge", "account": "cy-fictional"}
        done(crowd.guild.post(crowd.guild.in_guild("identities"), account), 201)
    in_a_ring(crowd, "ana", "bo", "dee")
    for known in ("ana", "bo", "dee"):
        thank(crowd, known, "eli")
        thank(crowd, "cy", known)
    id = recognise(crowd, "bo", "ana", "eli")
    assert crowd.state(id) == "held"
    assert [category for category, _ in reports(crowd, id)] == ["ring"]


def test_of_six_recognitions_of_one_by_one_in_a_day_the_sixth_is_held(crowd: Circle, clock: SettableClock) -> None:
    made = []
    for hour in range(6):
        made.append(recognise(crowd, "bo", "dee" if hour % 2 else "eli", "ana"))
        clock.forward(hours=1)
    assert [crowd.state(id) for id in made] == ["offered"] * 5 + ["held"]
    assert reports(crowd, made[-1]) == [("burst", {"ana", "bo"})]
    done(crowd.act(made[-1], "release", by="ste"), 200)
    assert crowd.state(made[-1]) == "offered"
    clock.forward(hours=24)
    assert crowd.state(recognise(crowd, "bo", "fay", "ana")) == "offered"


def test_where_it_cannot_be_said_stewards_are_told_and_nothing_is_held(crowd: Circle, clock: SettableClock) -> None:
    crowd.join(*(f"m{n}" for n in range(24)))
    # Eight parties of three: each thanks everybody of the others, and every choice of one of each is a group.
    ids = [UUID(crowd.ids[f"m{n}"]) for n in range(24)]
    with write_session(runtime_of(crowd.guild).engine) as session:
        community = id_of_community(session, "guild")
        for a, giver in enumerate(ids):
            for b, receiver in enumerate(ids):
                if a // 3 != b // 3:
                    row = Thanks(
                        id=UUID(int=a * 100 + b + 1), community_id=community, giver_id=giver, receiver_id=receiver,
                        text="For the chairs.", about=f"{a}-{b}", given_at=clock.now,
                    )  # fmt: skip
                    session.add(row)
    id = crowd.offering(min_seconds=1).seconded("m6", nominee="m0", by="m3")
    assert crowd.state(id) == "under_review"
    assert reports(crowd, id) == [("ring_unknown", {"m0"})]
