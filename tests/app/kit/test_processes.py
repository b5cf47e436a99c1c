"""Processes that judge strangers' badges."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import badges
from app.kit.processes import Processes, WentAstray
from tests.far_issuer import NOW, FarIssuer


@pytest.fixture
def processes() -> Iterator[Processes]:
    processes = Processes(2, patience=20)
    yield processes
    processes.close()


def children() -> set[int]:
    return {
        int(pid) for thread in Path("/proc/self/task").iterdir() for pid in (thread / "children").read_text().split()
    }


def test_a_process_says_what_the_library_says(processes: Processes) -> None:
    issuer = FarIssuer()
    for data in (issuer.award().text.encode(), issuer.award("ob2-signed").text.encode(), b"nothing", b""):
        alone = badges.verify(data, fetch=issuer, now=NOW, recipient="did:example:eve")
        judged = processes.verify(data, fetch=issuer, now=NOW, recipient="did:example:eve")
        assert judged == (alone.to_dict(), {})
        whole = processes.verify(data, fetch=issuer, now=NOW, recipient="did:example:eve", whole=True)
        assert whole == (alone.to_dict(), alone.document)


def test_no_more_are_begun_than_were_said_and_they_are_used_again(processes: Processes) -> None:
    before = children()
    text = FarIssuer(mode="did:key").award().text.encode()
    with ThreadPoolExecutor(6) as crowd:
        for _ in range(2):
            list(crowd.map(lambda _: processes.verify(text, fetch=badges.no_fetch, now=NOW, recipient=None), range(12)))
    begun = children() - before
    assert 1 <= len(begun) <= 2
    processes.close()
    assert not children() & begun


def test_who_computes_for_too_long_is_ended_and_replaced() -> None:
    processes, before = Processes(1, patience=1), children()
    assert processes.verify(b"{}", fetch=badges.no_fetch, now=NOW, recipient=None).report["verdict"] == "not_a_badge"
    (begun,) = children() - before
    os.kill(begun, signal.SIGSTOP)  # it will not answer any more
    with pytest.raises(WentAstray):
        processes.verify(b"{}", fetch=badges.no_fetch, now=NOW, recipient=None)
    assert begun not in children()
    assert processes.verify(b"{}", fetch=badges.no_fetch, now=NOW, recipient=None).report["verdict"] == "not_a_badge"
    processes.close()
    assert children() == before


def test_a_process_that_breaks_takes_nobody_along(processes: Processes) -> None:
    before, issuer = children(), FarIssuer()

    def fatal(url: str, *, accept: str) -> badges.Fetched:
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
        return issuer(url, accept=accept)

    text = issuer.award().text.encode()
    with pytest.raises(WentAstray):
        processes.verify(text, fetch=fatal, now=NOW, recipient=None)
    assert processes.verify(text, fetch=issuer, now=NOW, recipient=None).report["verdict"] == "valid"


def test_waiting_for_a_stranger_is_not_computing() -> None:
    processes, issuer = Processes(1, patience=1.5), FarIssuer()

    def slowly(url: str, *, accept: str) -> badges.Fetched:
        time.sleep(0.8)
        return issuer(url, accept=accept)

    began = time.monotonic()
    report = processes.verify(issuer.award("ob2-hosted").text.encode(), fetch=slowly, now=NOW, recipient=None).report
    processes.close()
    assert report["verdict"] == "valid"
    assert time.monotonic() - began > 1.5


def test_a_process_knows_no_secret_of_the_service(processes: Processes, tmp_path: Path) -> None:
    before = children()
    seen: list[bytes] = []

    def look(url: str, *, accept: str) -> badges.Fetched:
        seen.extend(Path(f"/proc/{pid}/environ").read_bytes() for pid in children() - before)
        raise badges.Unreachable("nobody")

    processes.verify(FarIssuer().award().text.encode(), fetch=look, now=NOW, recipient=None)
    assert seen
    assert all(environment.rstrip(b"\0").count(b"\0") == 0 for environment in seen)  # PYTHONPATH alone
