"""Figures from rows: how long it takes to read a community out of a database and publish a period, to follow what
happens, and to answer who asks for figures while the worker works.

A community drawn from a seed is put into SQLite and PostgreSQL as rows (`benchmarks.founding`). In a process of its
own, so that its peak of memory is its own, all of it is read, and the figures of a quarter are computed; what is due is
published; then one thing after the other happens through the doors, and is read on. At the end a real `laurels serve`,
with its worker publishing all that is still due, is asked for figures over HTTP. `python -m benchmarks --only metrics`.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import Session, select

import badges
from app.kit.database import read_session, still_session
from app.kit.deps import Runtime
from app.main import create_app
from app.members.tables import Community
from app.metrics.facts import Facts
from app.metrics.loading import facts_of, known_of
from app.metrics.periods import parse
from app.metrics.publishing import issued, publish
from app.settings import Settings
from benchmarks.awarding import ACHIEVEMENT, COMMUNITY
from benchmarks.founding import found
from tests.app.metrics.generated import KINDS, community
from tests.client import Client
from tests.live import ADMIN, Live, environment, free_port, serving
from tests.postgres import throwaway_postgres, url_of

CONTRIBUTIONS = 1_000_000
"""Of a hundredth as many people, with a tenth as many recognitions."""
SECONDS, MEGABYTES = 60, 1_000
"""What reading all of it, and publishing a period, has to stay under."""
AFTER_ONE, DOOR = 50, 100
"""Milliseconds: of reading on after one thing has happened, and of 99 of 100 answers."""
_HAPPENS, _ASKED = 15, 500
_QUARTER = parse("2026-Q3")
_BASE = "/v1/communities/guild"


@dataclass(frozen=True)
class Worked:
    """What a worker took."""

    contributions: int
    read: float
    """Seconds to read all of it."""
    published: float
    """Seconds to compute the figures of a quarter, of single people too, and to write them."""
    periods: int
    backlog: float
    """Seconds to publish so many `periods` after another, from what was read."""
    after: dict[str, list[float]]
    """Seconds to read on after one thing, by what it was."""
    same: bool
    """Whether what was read on is at the end what reading all again gives."""
    megabytes: float
    """The peak of the process, the interpreter included."""

    @property
    def in_all(self) -> float:
        """Seconds from rows to published rows."""
        return self.read + self.published


@dataclass(frozen=True)
class Measured:
    """What was measured on one database."""

    database: str
    put: float
    """Seconds to put the community into it, which is no work of the service's."""
    worked: Worked
    latencies: list[float]
    """Seconds of each answer at the door."""

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return quantiles(self.latencies, n=100)[98] * 1e3


@dataclass(frozen=True)
class _Place:
    """Where a service runs, now in this process and now in one of its own."""

    database: str
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its own, which badges say for ever."""
        return f"http://127.0.0.1:{self.port}"


def measure_figures(contributions: int = CONTRIBUTIONS) -> Iterator[Measured]:
    """On SQLite and on PostgreSQL."""
    for database in ("SQLite", "PostgreSQL"):
        with ExitStack() as until:
            folder = Path(until.enter_context(TemporaryDirectory(prefix="laurels-bench-")))
            url = f"sqlite:///{folder}/laurels.db"
            if database == "PostgreSQL":
                url = url_of(until.enter_context(throwaway_postgres()), "postgres")
                known = environment(folder) | {"LAURELS_DATABASE_URL": url}
                subprocess.run([sys.executable, "-m", "app", "migrate"], env=known, check=True, capture_output=True)
            place = _Place(url, folder, free_port())
            put = _apart(_put, place, contributions)
            worked = _apart(_work, place)
            live = until.enter_context(_running(place))
            yield Measured(database, put, worked, _asked(live))


def _apart(work: Callable[..., Any], *given: Any) -> Any:
    """What comes of work in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


@contextmanager
def _inside(place: _Place) -> Iterator[tuple[Runtime, Callable[..., Any]]]:
    """The service in this process, and how to post to it."""
    known = {"database_url": place.database, "admin_token": ADMIN, "state_dir": place.folder, "public_url": place.url}
    app = create_app(Settings.model_validate(known), fetch=badges.no_fetch)
    with Client(app) as client:

        def post(path: str, body: Any, *, by: str = "POST") -> Any:
            answer = client.request(by, path, json=body, headers={"Authorization": f"Bearer {ADMIN}"})
            answer.raise_for_status()
            return answer.json()

        yield app.state.runtime, post


def _put(place: _Place, contributions: int) -> float:
    """Seconds."""
    people = max(100, contributions // 100)
    with _inside(place) as (runtime, post):
        post("/v1/communities", COMMUNITY)
        made = [ACHIEVEMENT | {"name": kind.key, "contribution_type": kind.key} for kind in KINDS]
        achievements = [UUID(post(f"{_BASE}/achievements", body)["id"]) for body in made]
        drawn = community(people, contributions, contributions // 10)
        with read_session(runtime.engine) as session:
            id = _community(session).id
        began = perf_counter()
        found(runtime, id, achievements, drawn)
        put = perf_counter() - began
        # Figures of a new community wait for a week; here all that it brought along is there.
        post(f"{_BASE}/metrics/beginning", {"on": f"{runtime.clock():%Y-%m-%d}"}, by="PUT")
        return put


def _community(session: Session) -> Community:
    return session.exec(select(Community)).one()


def _work(place: _Place) -> Worked:
    """As the worker does it."""
    with _inside(place) as (runtime, post):
        read, facts = _timed(lambda: _known(runtime))
        # 1. One quarter, with nothing published before.
        now = runtime.clock()
        computed, issue = _timed(lambda: issued(facts, _QUARTER, now=now))
        # 2. What is due, as it comes; the first includes what is found of single people.
        backlog, periods = _timed(lambda: publish(runtime, now))
        # 3. One thing after the other.
        after = {what: [_timed(lambda: _known(runtime))[0] for _ in _each(does)] for what, does in _doings(post)}
        peak = getrusage(RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
        now_known = _known(runtime)
        with still_session(runtime.engine) as session:
            again = facts_of(session, _community(session))
        assert issue.bodies  # noqa: S101  else nothing was measured
        assert periods  # noqa: S101  as much
        count_of = len(again.done_at)
        return Worked(count_of, read, computed, periods, backlog, after, now_known.digest == again.digest, peak)


def _known(runtime: Runtime) -> Facts:
    with still_session(runtime.engine) as session:
        return known_of(runtime.memory, session, _community(session)).facts


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


def _each(does: Callable[[int], object]) -> Iterator[int]:
    """Has something happen, again and again."""
    for number in range(_HAPPENS):
        does(number)
        yield number


def _doings(post: Callable[[str, Any], Any]) -> Iterator[tuple[str, Callable[[int], object]]]:
    """What may happen, by what it is called."""
    credits = [{"person": "m1"}, {"person": "m9", "side": "for"}]
    for what, day in (("contribution", "2026-11-20"), ("contribution told late", "2025-01-07")):
        at = {"occurred_at": f"{day}T09:00:00Z", "channel": "chat"}
        yield what, partial(_contributed, post, {"type": "supporting", "credits": credits} | at)
    kind = post(f"{_BASE}/achievements", ACHIEVEMENT | {"name": "Again"})["id"]
    yield "badge", partial(_awarded, post, {"achievement": kind, "consent": "given"})


def _contributed(post: Callable[[str, Any], Any], body: dict[str, Any], _: int) -> None:
    post(f"{_BASE}/contributions", body)


def _awarded(post: Callable[[str, Any], Any], body: dict[str, Any], number: int) -> None:
    shown = [{"url": f"https://guild.example/done/{number}"}]
    post(f"{_BASE}/credentials", body | {"recipient": {"member": f"m{number}"}, "evidence": shown})


@contextmanager
def _running(place: _Place) -> Iterator[Live]:
    """The service, and on PostgreSQL a worker beside it; there is much to publish."""
    env = {"LAURELS_DATABASE_URL": place.database, "LAURELS_STATE_DIR": str(place.folder)}
    with ExitStack() as until:
        live = until.enter_context(serving(place.folder, port=place.port, env=env))
        if place.database.startswith("postgresql"):
            known = environment(place.folder, admin_token=ADMIN, public_url=place.url) | env
            worker = until.enter_context(
                subprocess.Popen([sys.executable, "-m", "app", "worker"], env=known, stdout=subprocess.DEVNULL)
            )
            until.callback(worker.terminate)
        yield live


def _asked(live: Live) -> list[float]:
    """Seconds of each of many answers, one after the other, over a kept connection."""
    headers = {"Authorization": f"Bearer {live.admin}"}
    with httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=60) as reader:
        snapshots = reader.get(f"{_BASE}/metrics/snapshots").raise_for_status().json()["items"]
        periods = sorted({one["period"] for one in snapshots})
        families = sorted({one["family"] for one in snapshots})
        latencies = []
        for number in range(_ASKED):
            asked = f"{_BASE}/metrics/{families[number % len(families)]}?period={periods[number % len(periods)]}"
            began = perf_counter()
            reader.get(asked).raise_for_status()
            latencies.append(perf_counter() - began)
    return latencies
