"""The one guarded way out: what is said about an answer or none, and what is kept of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.kit.fetching import Fetcher
from tests.app.kit.fetching.asking import MIB, PATIENT, ask, fetcher, refused
from tests.far_end import PUBLIC, FarEnd, Internet, response
from tests.stand_ins import THEN, SettableClock

# What is said about it


def test_all_that_fails_fails_alike(
    internet: Internet, far: Callable[..., FarEnd], caplog: pytest.LogCaptureFixture
) -> None:
    far(response(b"a" * (MIB + 1)), "large.example", address="93.184.215.20")
    internet.host("silent.example", [PUBLIC])
    internet.host("inside.example", ["10.0.0.1"])
    fetch = fetcher(internet)
    with caplog.at_level(logging.INFO, logger="app.kit.fetching"):
        details = [
            refused(fetch, f"https://{name}.example/secret?token=x").detail.replace(name, "name")
            for name in ("large", "silent", "inside", "missing")
        ]
    assert len(set(details)) == 1
    reasons = [record.getMessage() for record in caplog.records if record.name == "app.kit.fetching"]
    assert "private use" in reasons[2]
    assert len(set(reasons)) == 4
    assert not any(part in reason for reason in reasons for part in ("example", "secret", "token"))


@pytest.mark.parametrize(
    "url", ["https://far\nexample\x1b[31m/", "https://ada:word@far.example/", "https://far.example/"]
)
def test_the_log_says_nothing_of_the_address(internet: Internet, caplog: pytest.LogCaptureFixture, url: str) -> None:
    with caplog.at_level(logging.INFO, logger="app.kit.fetching"):
        refused(fetcher(internet), url)
    assert "far" not in caplog.text
    assert "word" not in caplog.text
    assert len(caplog.records) == 1


def test_what_is_refused_takes_as_long_as_what_is_not_there(internet: Internet) -> None:
    """The quickest of names that lead inside and of names that lead nowhere, taken in turn."""
    internet.host("inside.example", ["10.0.0.1"])
    fetch = fetcher(internet, limits=replace(PATIENT, floor=0.03))
    took: dict[str, list[float]] = {"inside": [], "missing": []}
    for _ in range(12):
        for name, times in took.items():
            began = time.monotonic()
            refused(fetch, f"https://{name}.example/")
            times.append(time.monotonic() - began)
    inside, missing = (min(times) for times in took.values())
    assert min(inside, missing) >= 0.03
    assert abs(inside - missing) < 0.01


# What is kept


def test_an_answer_says_when_it_was_asked_for(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    far(response())
    assert ask(fetch).fetched_at == THEN


def test_an_answer_is_kept_for_as_long_as_it_says(
    far: Callable[..., FarEnd], fetch: Fetcher, clock: SettableClock
) -> None:
    server = far(response(cache_control="public, max-age=30"))
    first = ask(fetch)
    clock.forward(seconds=29)
    assert ask(fetch) == first
    assert ask(fetch).fetched_at == THEN
    clock.forward(seconds=1)
    assert ask(fetch).fetched_at == clock.now
    assert len(server.heads) == 2


def test_an_answer_is_never_kept_for_long(far: Callable[..., FarEnd], fetch: Fetcher, clock: SettableClock) -> None:
    server = far(response(cache_control="max-age=31536000"))
    ask(fetch)
    clock.forward(seconds=60)
    ask(fetch)
    assert len(server.heads) == 2


def test_an_answer_that_does_not_say_so_is_not_kept(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(response())
    ask(fetch)
    ask(fetch)
    assert len(server.heads) == 2


def test_an_answer_is_kept_for_those_who_ask_alike(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(response(cache_control="max-age=30"))
    ask(fetch)
    fetch("https://far.example/", accept="image/png")
    ask(fetch, "https://far.example/?")
    assert len(server.heads) == 3


def test_silence_is_not_kept(internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    refused(fetch)
    far(response(b"good"))
    assert ask(fetch).body == b"good"
