"""Receivers that fail, hang, answer slowly, ask for peace or are gone: nothing is lost, and nobody else waits."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.reading import read_journals
from app.webhooks.rules import WAITS, Health, again_after, asked_to_wait
from app.webhooks.watching import JOBS
from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.webhooks.post import Office
from tests.receiver import FINE, Receiver
from tests.service import ADMIN_TOKEN
from tests.stand_ins import THEN

Receivers = Callable[[], Receiver]
on_both = pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# The rules


def test_a_delivery_is_tried_ten_times_within_some_three_days() -> None:
    waits = [again_after(attempt, luck=0.5) for attempt in range(1, 11)]
    assert waits[:3] == [timedelta(seconds=5), 5 * MINUTE, 30 * MINUTE]
    assert waits[-1] is None
    assert 3 * DAY < sum((wait for wait in waits if wait), timedelta()) < 3.5 * DAY


@given(st.integers(1, len(WAITS)), st.floats(0, 1))
def test_no_wait_is_a_fifth_off(attempts: int, luck: float) -> None:
    wait = again_after(attempts, luck=luck)
    assert wait is not None
    assert WAITS[attempts - 1] * 0.799 <= wait <= WAITS[attempts - 1] * 1.201


@given(st.text(max_size=40), st.sampled_from([429, 503, 500, 200, None]))
def test_whatever_stands_in_retry_after_asks_for_an_hour_at_most(text: str, status: int | None) -> None:
    wait = asked_to_wait(status, text, THEN)
    assert wait is None or timedelta(0) <= wait <= HOUR


@pytest.mark.parametrize(
    ("status", "text", "wait"),
    [
        (429, "120", 2 * MINUTE),
        (503, " 7200 ", HOUR),
        (429, format_datetime(THEN + 5 * MINUTE, usegmt=True), 5 * MINUTE),
        (429, format_datetime(THEN - 5 * MINUTE, usegmt=True), timedelta(0)),
        (429, "9" * 400, None),
        (429, "-5", None),
        (429, "²", None),
        (429, "soon", None),
        (500, "120", None),
        (429, None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(status: int, text: str | None, wait: timedelta | None) -> None:
    assert asked_to_wait(status, text, THEN) == wait


@given(st.lists(st.sampled_from([None, 200, 204, 301, 404, 500, 503]), max_size=30))
def test_what_arrives_clears_everything_and_what_does_not_counts(answers: list[int | None]) -> None:
    health, in_a_row = Health(), 0
    for answer in answers:
        health = health.after(answer, None, THEN)
        in_a_row = 0 if answer in {200, 204} else in_a_row + 1
        assert health.failures == in_a_row
        assert (health.failing_since is None) == (in_a_row == 0)
        assert (health.resting_until is not None) == (in_a_row >= 5)


# The receivers


@on_both
def test_what_fails_is_sent_again_under_its_id_with_a_fresh_signature(office: Office, receiver: Receiver) -> None:
    receiver.answers = lambda _got, before: (500, {}, b"Oh") if before < 2 else FINE
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    office.work()
    assert len(receiver.got) == 1
    [waiting] = office.deliveries(made)
    assert (waiting["state"], waiting["status"], waiting["attempts"]) == ("waiting", 500, 1)
    office.later(seconds=7)
    office.later(seconds=7)
    assert len(receiver.got) == 2
    office.later(minutes=7)
    assert len(set(receiver.ids)) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert len({got.stamp for got in receiver.got}) == 3
    assert all(got.signed_by(made["secret"]) for got in receiver.got)
    [arrived] = office.deliveries(made)
    assert (arrived["state"], arrived["attempts"]) == ("arrived", 3)
    assert [each["status"] for each in office.attempts(made, arrived["id"])] == [500, 500, 204]
    assert office.hook(made)["failures"] == 0


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500, 503])
def test_everything_but_success_is_tried_again(office: Office, receivers: Receivers, status: int) -> None:
    there, elsewhere = receivers(), receivers()
    there.always(status, location=elsewhere.url)
    made = office.subscribe(there.url)
    office.people(1)
    office.work()
    [delivery] = office.deliveries(made)
    assert (delivery["state"], delivery["status"], delivery["error"]) == ("waiting", status, None)
    assert elsewhere.got == []


def test_what_never_arrives_is_given_up_and_can_be_sent_again(office: Office, receiver: Receiver) -> None:
    receiver.always(500)
    made = office.subscribe(receiver.url, "member.*")
    [bo] = office.people(1)
    office.work()
    for _ in range(60):
        office.later(hours=1.5)
    assert len(receiver.got) == 10
    [delivery] = office.deliveries(made)
    assert (delivery["state"], delivery["next_at"]) == ("failed", None)
    assert [each["id"] for each in office.deliveries(made, "&state=failed")] == [delivery["id"]]
    receiver.answers = lambda _got, _before: FINE
    again = {"since": "2026-11-21T00:00:00Z"}
    path = office.at(f"/{made['id']}/replay")
    assert done(office.guild.post(path, again | {"until": "2026-11-21T08:00:00Z"}), 200) == {"deliveries": 0}
    assert done(office.guild.post(path, again), 200) == {"deliveries": 1}
    office.work()
    assert len(set(receiver.ids)) == 1
    assert office.told(receiver) == [bo] * 11
    assert office.deliveries(made)[0]["state"] == "arrived"


@on_both
def test_whoever_fails_again_and_again_is_tried_once_a_minute(office: Office, receiver: Receiver) -> None:
    receiver.always(500)
    made = office.subscribe(receiver.url, "member.*")
    everybody = office.people(30)
    office.work()
    first = len(receiver.got)
    assert 5 <= first <= 8  # what was under way when it was noticed
    office.work()
    assert len(receiver.got) == first
    for turn in range(1, 6):
        office.later(seconds=61)
        office.later(seconds=1)
        assert len(receiver.got) == first + turn
    receiver.answers = lambda _got, _before: FINE
    office.later(seconds=61)
    office.later(hours=1)
    arrived = {each["id"] for each in office.deliveries(made) if each["state"] == "arrived"}
    assert len(arrived) == 30
    assert set(office.told(receiver)) == set(everybody)


def test_one_that_hangs_or_is_slow_holds_up_nobody_else(office: Office, receivers: Receivers) -> None:
    dead, slow, well = receivers(), receivers(), receivers()
    dead.hangs, slow.seconds = threading.Event(), 0.2
    for each in (dead, slow, well):
        office.subscribe(each.url, "member.*")
    office.people(20)
    began = time.monotonic()
    run_once(office.runtime, office.clock(), jobs=JOBS)
    beat = time.monotonic() - began
    well.wait_for(20, 5)
    slow.wait_for(20, 10)
    assert beat < 5  # the worker goes on with its other jobs
    assert dead.most_at_once == 4
    dead.hangs.set()
    assert office.runtime.lanes.wait(20)
    office.later(minutes=10)
    assert len(set(dead.ids)) == 20


def test_who_asks_for_peace_has_it(office: Office, receiver: Receiver) -> None:
    receiver.always(429, retry_after="600")
    made = office.subscribe(receiver.url)
    office.people(10)
    office.work()
    came = len(receiver.got)
    assert came <= 4
    office.later(minutes=9)
    assert len(receiver.got) == came
    assert office.hook(made)["resting_until"][:16] == "2026-11-21T09:10"
    receiver.answers = lambda _got, _before: FINE
    office.later(minutes=2)
    assert {each["state"] for each in office.deliveries(made)} == {"arrived"}


@on_both
def test_who_is_gone_is_disabled_at_once_and_its_owner_told(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    token = guild.token("ste", "steward")
    made = office.subscribe(receiver.url, token=token)
    receiver.always(410)
    office.people(3)
    office.work()
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "gone")
    came = len(receiver.got)
    office.people(1, 3)
    office.later(days=1)
    assert len(receiver.got) == came
    assert [item["type"] for item in feed(office, token)][:1] == ["webhook.disabled"]
    receiver.answers = lambda _got, _before: FINE
    path = office.at(f"/{made['id']}")
    body = {"state": "active"}
    assert done(guild.call("PATCH", path, body, token=token, If_Match="*"), 200)["reason"] is None
    office.later(minutes=1)
    arrived = [each for each in office.deliveries(made, token=token) if each["type"] == "member.joined"]
    assert {each["state"] for each in arrived} == {"arrived"}
    assert len(arrived) == 4  # nothing was lost meanwhile


def feed(office: Office, token: str) -> list[dict[str, str]]:
    while read_journals(office.runtime, office.clock()):
        pass
    items: list[dict[str, str]] = done(office.guild.get("/v1/me/feed", token=token), 200)["items"]
    return items


def test_whoever_is_not_reached_for_days_is_warned_of_and_then_disabled(office: Office, receiver: Receiver) -> None:
    guild = office.guild
    guild.member("ste", role="steward")
    token = guild.token("ste", "steward")
    receiver.always(500)
    made = office.subscribe(receiver.url, token=token)
    office.people(1)
    office.work()
    office.later(days=3.9)
    assert "webhook.failing" not in {item["type"] for item in feed(office, token)}
    office.later(days=0.2)
    assert "webhook.failing" in {item["type"] for item in feed(office, token)}
    office.later(days=0.95)
    assert office.hook(made)["state"] == "active"
    office.later(days=0.1)
    assert (office.hook(made)["state"], office.hook(made)["reason"]) == ("disabled", "unreachable")
    [told] = [item for item in feed(office, token) if item["type"] == "webhook.disabled"]
    assert "nothing has arrived for days" in str(told)


def test_who_is_reached_again_in_time_is_not_disabled(office: Office, receiver: Receiver) -> None:
    receiver.always(500)
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    office.later(days=4.5)
    receiver.answers = lambda _got, _before: FINE
    office.people(1, 1)
    office.later(hours=1)
    office.later(days=3)
    assert (office.hook(made)["state"], office.hook(made)["failing_since"]) == ("active", None)


def test_an_endless_answer_is_not_heard_out(office: Office, receiver: Receiver) -> None:
    receiver.always(200, b"x" * 5_000_000)
    made = office.subscribe(receiver.url)
    office.people(3)
    office.work()
    assert {each["state"] for each in office.deliveries(made)} == {"arrived"}


def test_nobody_at_home_is_a_failure_like_others(office: Office) -> None:
    made = office.subscribe("http://127.0.0.1:9/")
    office.people(1)
    office.work()
    [delivery] = office.deliveries(made)
    assert (delivery["state"], delivery["status"], delivery["error"]) == ("waiting", None, "unreachable")


def test_a_test_and_a_replay_are_refused_where_nothing_is_sent(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    [delivery] = office.deliveries(made)
    path = office.at(f"/{made['id']}")
    done(office.guild.call("PATCH", path, {"state": "paused"}, If_Match="*"), 200)
    for act in ("test", f"deliveries/{delivery['id']}/replay"):
        refused(office.guild.post(f"{path}/{act}", token=ADMIN_TOKEN), 409, "webhook-not-active")
