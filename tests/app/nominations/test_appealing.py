"""One appeal, before people who had no part in the decision."""

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

ARGUMENT = {"argument": "The notes of the second evening were not in the evidence."}


def decided_against(circle: Circle) -> tuple[str, list[str]]:
    id = circle.under_review()
    first = circle.panel(id)
    for handle in first[:2]:
        done(circle.review(id, handle, "not_yet"), 200)
    assert circle.state(id) == "not_yet"
    return id, first


def test_a_fresh_panel_decides_and_its_word_is_final(circle: Circle) -> None:
    circle.join("fay", "gus", "hal", "ivy")
    id, first = decided_against(circle)
    for other in ("cy", "ste"):
        refused(circle.act(id, "appeals", ARGUMENT, by=other), 403, "forbidden")
    refused(circle.act(id, "appeals", {"argument": "No."}, by="ana"), 422, "thin-argument")
    appealed = done(circle.act(id, "appeals", ARGUMENT, by="ana"), 200)
    assert appealed["state"] == "appealed"
    assert len(appealed["decision"]["feedback"]) == 2
    second = circle.panel(id)
    assert len(second) == 3
    assert not set(first) & set(second)
    refused(circle.act(id, "appeals", ARGUMENT, by="ana"), 409, "invalid-transition")
    for handle in second[:2]:
        done(circle.review(id, handle, "not_yet"), 200)
    decision = done(circle.see(id, "ana"), 200)["decision"]
    assert (circle.state(id), decision["state"], decision["final"]) == ("declined", "decline", True)
    refused(circle.act(id, "appeals", ARGUMENT, by="ana"), 409, "appealed-already")


def test_without_fresh_people_an_appeal_waits(circle: Circle) -> None:
    id, first = decided_against(circle)
    waiting = done(circle.act(id, "appeals", ARGUMENT, by="ana"), 202)
    assert waiting["waiting_for_reviewer"]
    for handle in first:
        assert circle.review(id, handle).status_code in {403, 404}
    assert circle.state(id) == "appealed"


def test_another_steward_hears_the_appeal_where_one_decided_alone(circle: Circle) -> None:
    circle.offering(min_seconds=0, review={"mode": "single_steward"})
    id = circle.nomination()
    done(circle.review(id, "sol", "decline"), 200)
    done(circle.act(id, "appeals", ARGUMENT, by="ana"), 200)
    refused(circle.review(id, "sol"), 403, "conflict-of-interest")
    assert done(circle.review(id, "ste"), 200)["decision"]["final"]
    assert circle.state(id) not in {"appealed", "declined"}


def test_it_is_appealed_in_time(circle: Circle, clock: SettableClock) -> None:
    id, _ = decided_against(circle)
    clock.forward(days=30)
    refused(circle.act(id, "appeals", ARGUMENT, by="ana"), 409, "appeal-too-late")


def test_an_appeal_is_open_like_the_nomination_was(circle: Circle) -> None:
    circle.offering(cooldown_days={"pair": 0, "not_yet": 0, "renominate": 0})
    id, _ = decided_against(circle)
    done(circle.nominate(by="eli"), 201)
    refused(circle.act(id, "appeals", ARGUMENT, by="ana"), 409, "already-nominated")
