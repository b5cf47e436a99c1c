"""Milestones: how long it takes to weigh one contribution against all rules of a community with much history.

A community in an SQLite file with many members and contributions, and rules of every kind at work. Each further
contribution is weighed as the worker does it: its event is read in the journal, whoever did it is weighed against every
rule that it concerns, and the place in the journal moves. `python -m benchmarks --only milestones`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import badges
from app.kit.deps import Runtime
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
    rules: int
    milliseconds: float
    """For one contribution, median."""
    p99: float
    units: float
    """How many raw Ed25519 signatures take as long."""


def measure_weighing(contributions: tuple[int, ...] = (10_000, CONTRIBUTIONS), *, unit: float) -> list[Weighing]:
    """With so many contributions on record. `unit` is the seconds of a raw Ed25519 signature."""
    return [_measured(many, unit) for many in contributions]


def _measured(many: int, unit: float) -> Weighing:
    with TemporaryDirectory(prefix="laurels-bench-") as name:
        values = {"database_url": f"sqlite:///{name}/l.db", "admin_token": ADMIN_TOKEN, "state_dir": Path(name)}
        app = create_app(Settings.model_validate(values), fetch=badges.no_fetch)
        with Client(app) as client:
            runtime: Runtime = app.state.runtime
            _furnish(client, runtime, many)
            times = sorted(_weighed(client, runtime, n) for n in range(_WEIGHED))
    typical = median(times)
    return Weighing(many, RULES, typical * 1e3, quantiles(times, n=100)[98] * 1e3, typical / unit)


def _furnish(client: Client, runtime: Runtime, many: int) -> None:
    """A community with history, and its rules, read up to the end of its journal."""
    _post(client, "/v1/communities", COMMUNITY)
    for n in range(MEMBERS):
        joined = {"handle": f"m{n}", "name": f"Member {n}", "joined_at": "2020-01-01T00:00:00Z"}
        _post(client, "/v1/communities/guild/members", joined | {"affiliation": f"House {n % 40}"})
    history = [_contribution(runtime, n) for n in range(many)]
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


def _weighed(client: Client, runtime: Runtime, n: int) -> float:
    """Seconds to weigh one more contribution."""
    _post(client, "/v1/communities/guild/contributions", _contribution(runtime, n))
    now = runtime.clock()
    began = perf_counter()
    read_journals(runtime, now)
    return perf_counter() - began


def _contribution(runtime: Runtime, n: int) -> dict[str, Any]:
    helped = {"person": f"m{(n * 7 + 1) % MEMBERS}", "side": "for"}
    credits = [{"person": f"m{n % MEMBERS}"}] + ([helped] if (n * 7 + 1 - n) % MEMBERS else [])
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
