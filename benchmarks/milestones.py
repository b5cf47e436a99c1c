"""Milestones: how long it takes to weigh one contribution against all rules of a community with much history.

A community in an SQLite file with many members and contributions, and rules of every kind at work. Each further
contribution is weighed as the worker does it: its event is read in the journal, whoever did it is weighed against every
rule that it concerns, and the place in the journal moves. That is what is measured; what the disk takes to commit it is
told beside it, since it is the disk's, and the same for one event as for the hundred that are read in one piece.

Twice: with the history spread over all members, and with all of it one member's.
`python -m benchmarks --only milestones`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import sqlalchemy as sa

import badges
from app.kit.deps import Runtime
from app.kit.garbage import look_seldom
from app.main import create_app
from app.milestones.watching import read_journals
from app.settings import Settings
from benchmarks.awarding import ACHIEVEMENT, COMMUNITY
from tests.client import Client
from tests.service import ADMIN_TOKEN

MEMBERS, CONTRIBUTIONS, RULES = 1_000, 100_000, 50
MILLISECONDS = 5
"""What weighing one contribution has to stay under."""
_AT_ONCE = 10_000
_WEIGHED = 200
_TYPES = ("hosting", "mentoring", "documenting", "welcoming", "supporting")


@dataclass(frozen=True)
class Weighing:
    """What was measured."""

    contributions: int
    doers: int
    """Over how many members they are spread."""
    rules: int
    milliseconds: float
    """For one contribution, median, without the commit."""
    p99: float
    commit: float
    """Milliseconds of it, median."""
    units: float
    """How many raw Ed25519 signatures take as long as `milliseconds`."""


def measure_weighing(doers: tuple[int, ...] = (MEMBERS, 1), *, unit: float) -> list[Weighing]:
    """With contributions of so many members on record. `unit` is the seconds of a raw Ed25519 signature."""
    return [_measured(CONTRIBUTIONS, many, unit) for many in doers]


def _measured(many: int, doers: int, unit: float) -> Weighing:
    with TemporaryDirectory(prefix="laurels-bench-") as name:
        values = {"database_url": f"sqlite:///{name}/l.db", "admin_token": ADMIN_TOKEN, "state_dir": Path(name)}
        app = create_app(Settings.model_validate(values), fetch=badges.no_fetch)
        with Client(app) as client:
            runtime: Runtime = app.state.runtime
            _furnish(client, runtime, many, doers)
            look_seldom()  # as who serves
            times = [_weighed(client, runtime, n, doers) for n in range(_WEIGHED)]
    weighing, commit = [each[0] for each in times], median(each[1] for each in times)
    typical, p99 = median(weighing), quantiles(weighing, n=100)[98]
    return Weighing(many, doers, RULES, typical * 1e3, p99 * 1e3, commit * 1e3, typical / unit)


def _furnish(client: Client, runtime: Runtime, many: int, doers: int) -> None:
    """A community with history, and its rules, read up to the end of its journal."""
    _post(client, "/v1/communities", COMMUNITY)
    for n in range(MEMBERS):
        joined = {"handle": f"m{n}", "name": f"Member {n}", "joined_at": "2020-01-01T00:00:00Z"}
        _post(client, "/v1/communities/guild/members", joined | {"affiliation": f"House {n % 40}"})
    history = [_contribution(runtime, n, doers) for n in range(many)]
    for begin in range(0, many, _AT_ONCE):
        _post(client, "/v1/communities/guild/contributions", history[begin : begin + _AT_ONCE])
    _read_on(runtime)
    for body in _rules(client):
        made = _post(client, "/v1/communities/guild/milestones", body)
        _post(client, f"/v1/communities/guild/milestones/{made['id']}/activate", {})
    _read_on(runtime)


def _read_on(runtime: Runtime) -> None:
    while read_journals(runtime, runtime.clock()):
        pass


def _weighed(client: Client, runtime: Runtime, n: int, doers: int) -> tuple[float, float]:
    """Seconds to weigh one more contribution, and to commit that."""
    _post(client, "/v1/communities/guild/contributions", _contribution(runtime, n, doers))
    now, committing = runtime.clock(), list[float]()

    def begins(_: sa.Connection) -> None:
        committing.append(perf_counter())

    sa.event.listen(runtime.engine, "commit", begins)
    began = perf_counter()
    read_journals(runtime, now)
    ended = perf_counter()
    sa.event.remove(runtime.engine, "commit", begins)
    [commits] = committing
    return commits - began, ended - commits


def _contribution(runtime: Runtime, n: int, doers: int) -> dict[str, Any]:
    doer, helped = n % doers, (n * 7 + 1) % MEMBERS
    credits = [{"person": f"m{doer}"}] + ([{"person": f"m{helped}", "side": "for"}] if helped != doer else [])
    when = runtime.clock() - timedelta(hours=n % 20_000)
    return {"type": _TYPES[n % len(_TYPES)], "credits": credits, "occurred_at": when.isoformat()}


def _rules(client: Client) -> Iterator[dict[str, Any]]:
    """As many, of every kind, none of which anybody meets: those ask most."""
    achievement = _post(client, "/v1/communities/guild/achievements", ACHIEVEMENT)["id"]
    for n in range(RULES):
        of = {"types": [_TYPES[n % len(_TYPES)]]}
        criteria = (
            [{"kind": "count", "of": of, "at_least": 9_000 + n}],
            [{"kind": "weeks", "of": of, "at_least": 500}],
            [{"kind": "count", "of": of, "at_least": 1}, {"kind": "people_helped", "of": of, "at_least": 9_000}],
            [{"kind": "across_affiliations", "of": of, "share": 1.0, "of_at_least": 9_000}],
            [{"kind": "anniversary", "years": 50}, {"kind": "count", "of": of, "at_least": 1}],
        )[n // len(_TYPES) % 5]
        rule = {"all_of": criteria, "window_days": 365, "result": {"kind": "suggest", "achievement": achievement}}
        yield {"name": f"Rule {n}", "description": "D", "discussion": "https://guild.example/d", "rule": rule}


def _post(client: Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
    answer.raise_for_status()
    return answer.json()
