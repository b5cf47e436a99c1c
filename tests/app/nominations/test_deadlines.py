"""What the time does: half-open windows, one of several workers, breaks that stop the clock, reminders once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.achievements.tables import AchievementVersion
from app.nominations.deadlines import JOBS, find_reviewers
from app.nominations.rules import replayed
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

MICROSECOND = timedelta(microseconds=1)


def work(circle: Circle, clock: SettableClock) -> dict[str, int]:
    return run_once(runtime_of(circle.guild), clock.now, jobs=JOBS)


def did(circle: Circle, clock: SettableClock) -> dict[str, int]:
    """What there was to do."""
    return {job: much for job, much in work(circle, clock).items() if much}


def events(circle: Circle, id: str) -> list[Any]:
    found = done(circle.guild.call("GET", circle.guild.in_guild(f"audit?subject={id}&limit=200")), 200)
    return [event["action"].removeprefix("nomination.") for event in found["items"]]


def deadline(circle: Circle, id: str, by: str | None = None) -> datetime:
    return datetime.fromisoformat(done(circle.see(id, by), 200)["deadline"])


@on_both_databases
def test_at_the_instant_of_its_deadline_it_has_expired_and_not_before(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    end = deadline(circle, id)
    work(circle, clock)
    clock.now = end - MICROSECOND
    assert did(circle, clock) == {"remind of nominations": 1}
    assert circle.state(id) == "submitted"
    clock.now = end
    assert did(circle, clock) == {"end nominations": 1}
    assert did(circle, clock) == {}
    assert circle.state(id) == "expired"
    assert events(circle, id)[-2:] == ["reminded", "expired"]
    assert circle.nominate().status_code == 201  # it stands in nobody's way any more


def test_the_door_knows_that_it_is_over_before_any_worker_comes_by(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    clock.now = deadline(circle, id)
    assert circle.second(id, "cy").status_code in {404, 409}
    refused(circle.act(id, "withdraw", by="ana"), 409, "invalid-transition")
    assert circle.state(id) == "expired"


@on_both_databases
def test_of_two_workers_one_ends_it(circle: Circle, clock: SettableClock) -> None:
    ids = [circle.nomination(nominee) for nominee in ("bo", "cy", "dee")]
    clock.now = deadline(circle, ids[0])
    with ThreadPoolExecutor(2) as threads:
        did = [each.result() for each in [threads.submit(work, circle, clock) for _ in range(2)]]
    assert sum(each["end nominations"] for each in did) == 3
    for id in ids:
        assert events(circle, id).count("expired") == 1


@on_both_databases
def test_of_a_worker_and_somebody_at_the_door_one_wins(circle: Circle, clock: SettableClock) -> None:
    """The request was made an instant before the end, and is served while the worker is at it."""
    id = circle.nomination()
    end = deadline(circle, id)
    clock.now = end - MICROSECOND
    with ThreadPoolExecutor(2) as threads:
        ended = threads.submit(run_once, runtime_of(circle.guild), end, jobs=JOBS[:1])
        answer = threads.submit(circle.act, id, "withdraw", by="ana").result()
        did = ended.result()["end nominations"]
    assert (answer.status_code, did) in {(200, 0), (409, 1)}
    assert circle.state(id) == ("withdrawn" if answer.is_success else "expired")


@on_both_databases
def test_a_break_of_the_nominator_stops_the_clock(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    end, begin = deadline(circle, id), clock.now + timedelta(days=5)
    times = {"from": begin.isoformat(), "until": (begin + timedelta(days=40)).isoformat()}
    done(circle.guild.post(circle.guild.in_guild("members/ana/breaks"), times, token=circle.tokens["ana"]), 201)
    clock.now = end
    work(circle, clock)
    assert circle.state(id) == "submitted"
    assert deadline(circle, id) == end + timedelta(days=40)
    clock.now = end + timedelta(days=40) - MICROSECOND
    work(circle, clock)
    assert circle.state(id) == "submitted"
    clock.now = end + timedelta(days=40)
    work(circle, clock)
    assert circle.state(id) == "expired"
    assert events(circle, id).count("put_off") == 1
    assert events(circle, id).count("reminded") == 1


def test_who_is_waited_for_is_reminded_once(circle: Circle, clock: SettableClock) -> None:
    id = circle.nomination()
    clock.forward(days=24)
    assert [work(circle, clock)["remind of nominations"] for _ in range(3)] == [1, 0, 0]
    assert events(circle, id).count("reminded") == 1


@pytest.mark.parametrize("days", [14, 28])
def test_what_is_held_too_long_is_said_to_be_overdue_again_and_again(
    circle: Circle, clock: SettableClock, days: int
) -> None:
    id = circle.nomination()
    done(circle.act(id, "hold", {"reason": "Two people asked me to look."}, by="ste"), 200)
    for _ in range(days):
        clock.forward(days=1)
        work(circle, clock)
    assert circle.state(id) == "held"
    assert events(circle, id).count("overdue") == days // 14


def test_a_draft_that_nobody_comes_back_to_is_forgotten(circle: Circle, clock: SettableClock) -> None:
    id, kept = circle.nomination(submit=False), circle.nomination("cy", submit=False)
    clock.forward(days=59)
    done(circle.guild.call("PATCH", f"/v1/nominations/{kept}", {"evidence": []}, token=circle.tokens["ana"],
                           If_Match="*"), 200)  # fmt: skip
    clock.forward(days=1)
    work(circle, clock)
    assert done(circle.see(kept, "ana"), 200)["state"] == "draft"
    gone = done(circle.see(id, "ana"), 200)
    assert (gone["state"], gone["statement"]) == ("expired", None)


def test_who_has_not_voted_in_time_makes_room_for_others_while_there_are_any(
    circle: Circle, clock: SettableClock
) -> None:
    id = circle.under_review()
    before = circle.panel(id)
    done(circle.review(id, before[0]), 200)
    circle.join("fay")
    end = deadline(circle, id)
    clock.now = end
    work(circle, clock)
    assert circle.state(id) == "under_review"
    assert deadline(circle, id) == end + timedelta(days=21)
    after = circle.panel(id)
    assert len(after) == 3
    assert "fay" in after
    assert before[0] in after
    clock.now = deadline(circle, id)
    work(circle, clock)
    assert sorted(circle.panel(id)) == sorted(after)  # nobody else is left
    assert events(circle, id).count("overdue") == 2


def test_a_nomination_that_waits_for_reviewers_begins_once_there_are_some(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", "bo", "cy", "dee").join("ste", role="steward").offering()
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.second(id, "cy"), 200)
    done(circle.second(id, "dee"), 202)
    assert work(circle, clock)["find reviewers"] == 0
    circle.join("fay", "gus")
    clock.forward(minutes=59)
    assert work(circle, clock)["find reviewers"] == 0  # that was looked for a moment ago
    clock.forward(minutes=1)
    assert work(circle, clock)["find reviewers"] == 1
    assert circle.state(id) == "under_review"


def test_those_for_whom_there_is_nobody_keep_no_other_from_being_looked_at(
    circle: Circle, clock: SettableClock
) -> None:
    """Also while the clock stands still, and with more that wait than are looked at in one go."""
    hopeless = {"mode": "panel", "panel_size": 20, "quorum": 1, "blind": False}
    circle.offering(min_seconds=0, review=hopeless)
    for nominee in ("cy", "dee"):
        done(circle.nominate(nominee), 202)
    circle.offering(min_seconds=0, review=hopeless | {"panel_size": 7})
    id = done(circle.nominate(), 202)["id"]
    circle.join("fay", "gus", "hal")
    clock.forward(hours=1)
    runtime = runtime_of(circle.guild)
    assert sum(find_reviewers(runtime, clock.now, at_once=2) for _ in range(2)) == 1
    assert circle.state(id) == "under_review"


def test_a_panel_that_nobody_can_replace_is_escalated(circle: Circle, clock: SettableClock) -> None:
    circle.offering(min_seconds=0, review={"mode": "panel", "panel_size": 5, "quorum": 5, "blind": True})
    id = circle.nomination()
    before = circle.panel(id)
    assert len(before) == 5
    clock.now = deadline(circle, id)
    work(circle, clock)
    assert events(circle, id)[-2:] == ["overdue", "escalated"]
    assert circle.events(id)[-1]["missing"] == 5
    assert circle.panel(id) == before
    assert done(circle.see(id, "ana"), 200)["waiting_for_reviewer"]
    circle.join("fay")
    clock.forward(hours=1)
    assert did(circle, clock) == {"find reviewers": 1}
    assert len({*circle.panel(id)} & {*before}) == 4
    assert "fay" in circle.panel(id)


def test_the_seat_of_who_is_silent_goes_to_whom_somebody_appoints(circle: Circle, clock: SettableClock) -> None:
    circle.offering(min_seconds=0, review={"mode": "panel", "panel_size": 5, "quorum": 5, "blind": True})
    id = circle.nomination()
    before = circle.panel(id)
    refused(circle.act(id, "reviewers", {"member": "bo"}, by=None), 409, "nobody-missing")
    done(circle.review(id, before[0]), 200)
    clock.now = deadline(circle, id)
    work(circle, clock)
    circle.join("hal")
    assert done(circle.act(id, "reviewers", {"member": "hal"}, by=None), 202)["state"] == "under_review"
    after = circle.panel(id)
    assert "hal" in after
    assert before[0] in after
    assert len(set(after) - set(before)) == len(set(before) - set(after)) == 1
    for seat in after:
        assert circle.review(id, seat).is_success
    assert not done(circle.see(id, None), 200)["waiting_for_reviewer"]
    assert circle.state(id) == "offered"


@on_both_databases
def test_a_question_that_nobody_answers_does_not_hold_the_review_up(circle: Circle, clock: SettableClock) -> None:
    id = circle.under_review()
    asked = done(circle.act(id, "info-requests", {"question": "Who was there?"}, by=circle.panel(id)[0]), 201)
    clock.now = deadline(circle, id)
    assert did(circle, clock)["end nominations"] == 1
    assert circle.state(id) == "under_review"
    assert (events(circle, id)[-1], circle.events(id)[-1]["unanswered"]) == ("info_missing", 1)
    seen = done(circle.guild.get(f"/v1/nominations/{id}/info-requests/{asked['id']}", token=circle.tokens["ana"]), 200)
    assert (seen["answer"], seen["answered_at"] is not None) == (None, True)
    late = circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": "Nine of us."}, by="ana")
    refused(late, 409, "invalid-transition")
    assert_replayable(circle, id)


# Offers: who does not answer does not stand in the way of the others.

AT_ONE_SECOND = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1}


@on_both_databases
def test_an_offer_that_nobody_answers_ends(circle: Circle, clock: SettableClock) -> None:
    id = circle.offering(**AT_ONE_SECOND).seconded("cy")
    clock.now = deadline(circle, id)
    assert did(circle, clock) == {"end nominations": 1}
    assert did(circle, clock) == {}
    seen = done(circle.see(id, None), 200)
    assert (seen["state"], seen["nominees"][0]["state"]) == ("expired", "expired")
    assert events(circle, id)[-1] == "expired"
    assert circle.act(id, "response", {"response": "accept"}, by="bo").status_code in {404, 409}
    assert_replayable(circle, id)


@on_both_databases
def test_of_a_team_who_has_accepted_keeps_the_badge_when_the_others_time_is_over(
    circle: Circle, clock: SettableClock
) -> None:
    id = circle.offering(**AT_ONE_SECOND, team=True).seconded("cy", nominees=["bo", "eli"])
    done(circle.act(id, "response", {"response": "accept"}, by="bo"), 200)
    clock.now = deadline(circle, id)
    work(circle, clock)
    seen = done(circle.see(id, None), 200)
    assert (seen["state"], {each["handle"]: each["state"] for each in seen["nominees"]}) == (
        "issued",
        {"bo": "issued", "eli": "expired"},
    )
    assert_replayable(circle, id)


@on_both_databases
def test_time_in_which_an_answer_is_not_taken_is_given_back(circle: Circle, clock: SettableClock) -> None:
    id = circle.offering(**AT_ONE_SECOND).seconded("cy")
    end = deadline(circle, id)
    clock.now = end - timedelta(hours=1)
    path = circle.guild.in_guild(f"members/{circle.ids['bo']}")
    done(circle.guild.call("PATCH", path, {"email": "bo@new.example"}, If_Match="*"), 200)
    clock.now = end
    assert did(circle, clock)["end nominations"] == 1
    assert circle.state(id) == "offered"
    assert deadline(circle, id) == end + timedelta(hours=72)
    clock.forward(hours=71)
    done(circle.act(id, "response", {"response": "accept"}, by="bo"), 200)
    assert circle.state(id) == "issued"


def test_a_badge_that_could_not_be_signed_is_tried_again_every_hour(
    circle: Circle, clock: SettableClock, engine: sa.Engine
) -> None:
    id = circle.offering(**AT_ONE_SECOND).seconded("cy")
    rename(engine, "Unspeakable \uffff")
    assert done(circle.act(id, "response", {"response": "accept"}, by="bo"), 200)["state"] == "accepted"
    clock.forward(hours=1)
    assert did(circle, clock) == {}
    rename(engine, "Session Host")
    clock.forward(minutes=59)
    assert did(circle, clock) == {}
    clock.forward(minutes=1)
    assert did(circle, clock) == {"sign badges": 1}
    assert circle.state(id) == "issued"
    assert did(circle, clock) == {}


def rename(engine: sa.Engine, name: str) -> None:
    """Past the door that would have refused it."""
    with engine.begin() as connection:
        connection.execute(sa.update(AchievementVersion).values(name=name))


def assert_replayable(circle: Circle, id: str) -> None:
    """The journal alone says where the nomination is."""
    assert replayed(circle.events(id))["state"] == circle.state(id)
