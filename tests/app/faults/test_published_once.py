"""The service and its workers are killed while figures, weeks and reports are due: each comes out once, and whole."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.kit.database import connect, read_session, still_session
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from app.metrics.families import Family
from app.metrics.periods import Kind, Window, kind_of
from app.metrics.publishing import due
from app.metrics.recomputing import Again, held_against
from app.metrics.tables import Published
from app.reports.digest.tables import Digest
from app.reports.support.tables import Report
from tests.app.faults.machines import Installation, installed
from tests.service import ADMIN_TOKEN, on_both_databases

PEOPLE, KILLS = 8, 15
GUILD = "/v1/communities/guild"


def asked(at: Installation, path: str, body: Any, *, by: str = "POST") -> None:
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    answer = httpx.request(by, f"{at.url}{path}", json=body, headers=headers, trust_env=False, timeout=30)
    assert answer.is_success, answer.text


@pytest.fixture
def at(database: str, tmp_path: Path) -> Iterator[Installation]:
    """One community, in which something was done each week of a year by each of its people."""
    with installed(database, tmp_path) as at:
        community = {"slug": "guild", "name": "The guild", "description": "People.", "url": "https://guild.example"}
        asked(at, "/v1/communities", community | {"email": "hello@guild.example"})
        for number in range(PEOPLE):
            member = {"handle": f"m{number}", "name": f"M. {number}", "joined_at": "2024-01-01T00:00:00Z"}
            asked(at, f"{GUILD}/members", member)
        now = at.later()
        done = [
            {"type": "hosting", "person": f"m{number}", "occurred_at": f"{when:%Y-%m-%dT%H:%M:%SZ}"}
            for number in range(PEOPLE)
            for when in (now - timedelta(days=7 * week + number + 1) for week in range(50))
        ]
        asked(at, f"{GUILD}/contributions", done)
        yield at


@pytest.mark.timeout(300)
@on_both_databases
def test_whatever_is_published_is_so_once_whoever_is_killed(at: Installation, database: str) -> None:
    luck = random.Random(11)  # noqa: S311
    asked(at, f"{GUILD}/metrics/beginning", {"on": f"{at.later():%Y-%m-%d}"}, by="PUT")
    for _ in range(KILLS):
        at.later.forward(days=luck.choice([1, 7, 31]))
        time.sleep(luck.uniform(0, 1.5))  # in the midst of anything
        victim = luck.choice(at.machines)
        victim.kill()
        victim.start()
        at.wait_until_up()
    engine = connect(database)
    published = awaited(at, engine)
    each_whole(published)
    as_the_journal_has_it(engine, published)
    print(f"\n{engine.dialect.name}: {len(published)} published, {at.kills} killed")  # noqa: T201
    engine.dispose()


def awaited(at: Installation, engine: sa.Engine) -> list[Published]:
    """All that is published, once nothing is due."""
    end = time.monotonic() + 90
    while True:
        with read_session(engine) as session:
            waiting = due(session, session.exec(select(Community.id)).one(), at.later())
            if not waiting:
                return list(session.exec(select(Published)).all())
        assert time.monotonic() < end, (waiting[:3], at.service.log.read_text()[-3000:])
        time.sleep(0.5)


def each_whole(published: list[Published]) -> None:
    """Of each period all families, once; and no week, month, quarter or year is missing between two others."""
    families = Counter((row.period, row.family) for row in published)
    assert set(families.values()) == {1}
    assert set(families) == {(row.period, family) for row in published for family in Family}
    ends = defaultdict[Kind | None, set[tuple[datetime, datetime]]](set)
    for row in published:
        ends[kind_of(Window(row.starts_at, row.ends_at))].add((row.starts_at, row.ends_at))
    for windows in ends.values():
        in_order = sorted(windows)
        assert all(one[1] == after[0] for one, after in pairwise(in_order))


def as_the_journal_has_it(engine: sa.Engine, published: list[Published]) -> None:
    """Each was told once, with what followed from it; and comes out the same when it is worked out again."""
    with still_session(engine) as session:
        community = session.exec(select(Community)).one()
        assert verify_chain(session, community.id) is None
        told = Counter((event.type, event.subject) for event in session.exec(select(Event)).all())
        assert {subject for type, subject in told if type == "figures.published"} == {str(row.id) for row in published}
        for type in ("figures.published", "maturity.estimated", "digest.made", "report.made", "member.returned"):
            assert set(Counter(found for found in told.elements() if found[0] == type).values()) <= {1}, type
        assert {held.again for held in held_against(session, community)} == {Again.same}
        for table, period in ((Digest, col(Digest.week)), (Report, col(Report.period))):
            periods = session.exec(select(period)).all()
            assert len(periods) == len(set(periods)) > 1, table
