"""What stands at the address of evidence is looked at, by way of the one guarded way out, and looked at again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.nominations import evidence
from app.nominations.rules import replayed
from app.settings import Settings
from app.worker import run_once
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.notifications.test_feed import feed, work
from tests.far_end import FarEnd, Send, listening, response
from tests.service import on_both_databases
from tests.stand_ins import CountingIds, SettableClock


class Page:
    """What a server on this machine answers by now, whoever asks."""

    def __init__(self) -> None:
        self.body: bytes | None = b"Minutes of the first evening."
        self.seconds = 0.0

    def __call__(self, head: str, send: Send) -> None:
        time.sleep(self.seconds)
        if self.body is not None:
            send(response(self.body))


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def far(page: Page) -> Iterator[FarEnd]:
    with listening(page) as far:
        yield far


@pytest.fixture
def app(settings: Settings, clock: SettableClock, ids: CountingIds) -> FastAPI:
    """The service with its own way out, to this machine as well."""
    return create_app(settings.model_copy(update={"allow_loopback": True}), clock=clock, ids=ids)


def look(circle: Circle, clock: SettableClock) -> int:
    return run_once(runtime_of(circle.guild), clock.now, jobs=evidence.JOBS)["look at evidence"]


def state(circle: Circle, id: str, by: str | None = None) -> Any:
    return done(circle.see(id, by), 200)["evidence_state"]


def at(far: FarEnd, *paths: str) -> list[dict[str, str]]:
    return [{"url": f"{far.url}/{path}"} for path in paths]


@on_both_databases
def test_evidence_that_reads_otherwise_while_it_is_weighed_is_flagged(
    circle: Circle, clock: SettableClock, far: FarEnd, page: Page
) -> None:
    id = circle.under_review(evidence=at(far, "minutes"))
    assert state(circle, id) == ["not_looked_at"]
    assert [look(circle, clock) for _ in range(2)] == [1, 0]
    assert state(circle, id) == ["seen"]
    clock.forward(days=1)
    assert [look(circle, clock) for _ in range(2)] == [1, 0]
    assert state(circle, id) == ["seen"]
    page.body = b"Minutes of another evening."
    clock.forward(days=1)
    assert [look(circle, clock) for _ in range(2)] == [1, 0]
    reviewer = circle.panel(id)[0]
    assert state(circle, id) == state(circle, id, reviewer) == ["changed"]
    assert state(circle, id, "ana") is None
    [item] = done(circle.guild.call("GET", circle.guild.in_guild("queue")), 200)["items"]
    assert (item["evidence_changed"], item["evidence_state"]) == ([0], ["changed"])
    work(circle.guild)
    assert "nomination.evidence_changed" in [told["type"] for told in feed(circle.guild, circle.tokens[reviewer])]
    assert "nomination.evidence_changed" not in [told["type"] for told in feed(circle.guild, circle.tokens["ana"])]
    clock.forward(days=1)
    look(circle, clock)
    types = [event["type"] for event in circle.events(id)]
    assert (types.count("evidence_looked_at"), types.count("evidence_changed")) == (1, 1)
    assert replayed(circle.events(id))["version"] == done(circle.see(id, None), 200)["version"]


def test_what_cannot_be_read_is_not_what_has_changed(
    circle: Circle, clock: SettableClock, far: FarEnd, page: Page
) -> None:
    body, page.body = page.body, None
    id = circle.under_review(evidence=at(far, "minutes"))
    look(circle, clock)
    assert state(circle, id) == ["unread"]
    page.body = body
    clock.forward(days=1)
    look(circle, clock)
    assert state(circle, id) == ["seen"]
    page.body = None
    clock.forward(days=1)
    assert look(circle, clock) == 1
    assert state(circle, id) == ["seen"]


def test_it_is_looked_at_when_it_is_submitted_and_once_more_when_the_review_begins(
    circle: Circle, clock: SettableClock, far: FarEnd, page: Page
) -> None:
    id = circle.nomination(evidence=at(far, "minutes"))
    assert look(circle, clock) == 1
    clock.forward(days=5)
    assert look(circle, clock) == 0
    page.body = b"Minutes that were written for the occasion."
    for seconder in ("cy", "dee"):
        done(circle.invite(id, seconder), 200)
        assert circle.second(id, seconder).is_success
    assert [look(circle, clock) for _ in range(2)] == [1, 0]
    assert state(circle, id) == ["changed"]


def test_other_evidence_is_looked_at_anew_and_what_stayed_is_not(
    circle: Circle, clock: SettableClock, far: FarEnd
) -> None:
    id = circle.under_review(evidence=at(far, "minutes", "photo"))
    look(circle, clock)
    asked = circle.act(id, "info-requests", {"question": "Is there a list?"}, by=circle.panel(id)[0])
    assert asked.status_code == 201
    change = {"evidence": at(far, "minutes", "list", "more")}
    done(circle.guild.call("PATCH", f"/v1/nominations/{id}", change, token=circle.tokens["ana"], If_Match="*"), 200)
    assert state(circle, id) == ["seen", "not_looked_at", "not_looked_at"]
    assert look(circle, clock) == 2
    assert state(circle, id) == ["seen"] * 3
    fewer = {"evidence": at(far, "minutes")}
    done(circle.guild.call("PATCH", f"/v1/nominations/{id}", fewer, token=circle.tokens["ana"], If_Match="*"), 200)
    assert state(circle, id) == ["seen"]


def test_drafts_are_looked_at_by_nobody(circle: Circle, clock: SettableClock, far: FarEnd) -> None:
    circle.nomination(evidence=at(far, "minutes"), submit=False)
    assert look(circle, clock) == 0
    assert far.heads == []


def test_slow_sites_are_asked_all_at_once_and_a_few_for_each_beat(
    circle: Circle, clock: SettableClock, far: FarEnd, page: Page
) -> None:
    page.seconds = 0.5
    circle.nomination(evidence=at(far, *"abcdefghij"))
    began = time.monotonic()
    assert look(circle, clock) == evidence.AT_ONCE
    assert time.monotonic() - began < evidence.AT_ONCE * page.seconds
    assert [look(circle, clock) for _ in range(2)] == [2, 0]


@on_both_databases
def test_of_two_workers_that_look_at_the_same_one_writes_it_down(
    circle: Circle, clock: SettableClock, far: FarEnd, page: Page
) -> None:
    page.seconds = 0.2
    id = circle.nomination(evidence=at(far, "minutes"))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: look(circle, clock), range(2)))
    assert [event["type"] for event in circle.events(id)].count("evidence_looked_at") == 1
    assert state(circle, id) == ["seen"]
