"""What is done beside the requests: each job by itself, again and again, in turn with those who are served."""

import logging
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.journal import GENESIS, Chain
from app.worker import run_forever, run_once
from tests.app.commands import ROOT, laurels
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.test_cli import assert_one_sentence
from tests.live import environment
from tests.service import Servers, on_both_databases
from tests.stand_ins import THEN


class Diary:
    """A job that keeps when it was called; `failures` is how often it fails before it works."""

    def __init__(self, name: str, *, failures: int = 0, left: int = 0) -> None:
        self.called: list[datetime] = []
        self.failures, self.left = failures, left
        self.job = Job(name, self.run)

    def run(self, _runtime: Runtime, now: datetime) -> int:
        self.called.append(now)
        if self.failures:
            self.failures -= 1
            raise ZeroDivisionError
        did = min(self.left, 1)
        self.left -= did
        return did


def test_every_job_is_done_as_of_the_same_instant(guild: Guild) -> None:
    one, two = Diary("one", left=5), Diary("two")
    assert run_once(runtime_of(guild), THEN, jobs=[one.job, two.job]) == {"one": 1, "two": 0}
    assert one.called == two.called == [THEN]


def test_a_job_that_fails_is_logged_and_stops_no_other(guild: Guild, caplog: pytest.LogCaptureFixture) -> None:
    jobs = [Diary("broken", failures=1).job, Diary("whole", left=1).job]
    with caplog.at_level(logging.ERROR):
        assert run_once(runtime_of(guild), THEN, jobs=jobs) == {"whole": 1}
    assert [record.getMessage() for record in caplog.records] == ["The job broken failed; it is tried again."]


def test_nothing_is_begun_once_it_is_stopped(guild: Guild) -> None:
    stop, last = Event(), Diary("last")

    def ends(_runtime: Runtime, _now: datetime) -> int:
        stop.set()
        return 1

    assert run_once(runtime_of(guild), THEN, jobs=[Job("ends", ends), last.job], stop=stop) == {"ends": 1}
    run_forever(runtime_of(guild), stop, jobs=[last.job])
    assert last.called == []


def test_while_there_is_something_to_do_nobody_rests(guild: Guild) -> None:
    stop, busy = Event(), Diary("busy", left=20)

    def watch(_runtime: Runtime, _now: datetime) -> int:
        if not busy.left:
            stop.set()
        return 0

    run_forever(runtime_of(guild), stop, every=timedelta(days=1), jobs=[busy.job, Job("watch", watch)])
    assert len(busy.called) == 20


@pytest.mark.usefixtures("caplog")
def test_a_job_that_failed_rests_while_the_others_go_on(guild: Guild) -> None:
    stop, broken, whole = Event(), Diary("broken", failures=9), Diary("whole", left=10)

    def watch(_runtime: Runtime, _now: datetime) -> int:
        if not whole.left:
            stop.set()
        return 0

    run_forever(runtime_of(guild), stop, jobs=[broken.job, whole.job, Job("watch", watch)])
    assert (len(broken.called), len(whole.called)) == (1, 10)


@on_both_databases
def test_jobs_and_requests_write_in_turn(guild: Guild) -> None:
    """Four who found communities without a pause, and a job that does not wait for a pause."""
    runtime = runtime_of(guild)

    def write(number: int) -> None:
        with runtime.writing() as session:
            session.add(Chain(community=UUID(int=number), seq=0, hash=GENESIS))

    with ThreadPoolExecutor(5) as threads:
        members = [threads.submit(guild.member, f"m{number}") for number in range(40)]
        jobs = [threads.submit(write, number) for number in range(40)]
        assert len({each.result()["id"] for each in members}) == 40
        assert [each.result() for each in jobs] == [None] * 40


def test_a_request_waits_while_a_job_writes(guild: Guild) -> None:
    with ThreadPoolExecutor(1) as threads:
        with runtime_of(guild).writing():
            waiting = threads.submit(guild.member, "ana")
            assert done(guild.get("/v1/communities"), 200)["items"]  # who reads does not wait
            assert not waiting.done()
        assert waiting.result()["handle"] == "ana"


def test_with_sqlite_there_is_no_worker_of_its_own(tmp_path: Path) -> None:
    assert_one_sentence(laurels("worker", env=environment(tmp_path)), "`laurels serve`", "PostgreSQL")


def test_a_worker_ends_when_it_is_told_to(servers: Servers, tmp_path: Path) -> None:
    env = environment(tmp_path, database_url=servers.fresh("postgresql", tmp_path), state_dir=str(tmp_path))
    command = [sys.executable, "-m", "app", "worker"]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=env, cwd=ROOT, text=True, **both) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "Laurels works.\n"
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
