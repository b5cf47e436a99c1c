"""Each chart is drawn once."""

from dataclasses import replace

import pytest
from sqlmodel import select

from app.kit.database import read_session
from app.reports.charts import growth
from app.reports.charts.chart import Chart
from app.reports.charts.drawing import drawn
from app.reports.charts.keeping import KEPT, forget, keep, missing, pictures
from app.reports.charts.tables import Drawing
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of
from tests.app.reports.charts.test_growth import GROWING, p1
from tests.service import on_both_databases
from tests.stand_ins import THEN

CHARTS = (growth.members(GROWING), growth.comings(()))


@on_both_databases
def test_a_chart_is_drawn_once_and_read_from_then_on(guild: Guild) -> None:
    runtime = runtime_of(guild)
    assert keep(runtime, CHARTS, now=THEN) == 1
    assert keep(runtime, CHARTS, now=THEN) == 0
    with read_session(runtime.engine) as session:
        assert pictures(session, CHARTS) == drawn(CHARTS)
        assert [row.chart for row in session.exec(select(Drawing)).all()] == [CHARTS[0].digest]


def test_a_chart_that_is_not_kept_is_missing(standing: Guild) -> None:
    other = growth.members([p1("2026-Q1", 20), p1("2026-Q2", 21)])
    with read_session(runtime_of(standing).engine) as session:
        assert pictures(session, [other]) == {}
        assert missing(session, [other, CHARTS[1]]) == [other]


def test_what_cannot_be_drawn_is_tried_once(guild: Guild) -> None:
    runtime = runtime_of(guild)
    bad = replace(CHARTS[0], spec=dict(CHARTS[0].spec or {}) | {"data": {"url": "https://example.org/members.csv"}})
    assert keep(runtime, [bad], now=THEN) == 0
    with read_session(runtime.engine) as session:
        assert (pictures(session, [bad]), missing(session, [bad])) == ({}, [])


def test_what_was_drawn_long_ago_is_forgotten(standing: Guild) -> None:
    runtime = runtime_of(standing)
    keep(runtime, CHARTS, now=THEN)
    newer = growth.members([p1("2026-Q2", 30)])
    keep(runtime, [newer], now=THEN + KEPT)
    assert forget(runtime, now=THEN + KEPT) == 0
    assert _kept(standing) == {CHARTS[0].digest, newer.digest}
    assert forget(runtime, now=THEN + 2 * KEPT) == 1
    assert _kept(standing) == {newer.digest}


@pytest.mark.parametrize("charts", [(), CHARTS[1:]])
def test_of_nothing_to_draw_there_is_no_picture(standing: Guild, charts: tuple[Chart, ...]) -> None:
    with read_session(runtime_of(standing).engine) as session:
        assert pictures(session, charts) == {}


def _kept(guild: Guild) -> set[str]:
    with read_session(runtime_of(guild).engine) as session:
        return set(session.exec(select(Drawing.chart)).all())
