"""Drawings are kept, so that each chart is drawn once: ahead by whoever makes a report, and read at the doors."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.prepared import insert_if_absent
from app.reports.charts.chart import Chart
from app.reports.charts.drawing import drawn
from app.reports.charts.tables import Drawing

KEPT: Final = timedelta(days=800)
"""After so long a drawing is forgotten; whoever looks at the chart again has it drawn anew."""


def pictures(session: Session, charts: Collection[Chart]) -> dict[str, str]:
    """By id, the SVG of each chart that is kept. Whoever shows others in words says the same."""
    by_digest = _by_digest(charts)
    rows = session.exec(select(Drawing).where(col(Drawing.chart).in_(by_digest))).all()
    return {by_digest[row.chart].id: row.svg for row in rows if row.svg}


def missing(session: Session, charts: Collection[Chart]) -> list[Chart]:
    """Those that have something to draw and have not been drawn."""
    by_digest = _by_digest(charts)
    known = session.exec(select(Drawing.chart).where(col(Drawing.chart).in_(by_digest))).all()
    return [chart for digest, chart in by_digest.items() if digest not in known]


def keep(runtime: Runtime, charts: Collection[Chart], *, now: datetime) -> int:
    """Draws those that are missing, with no transaction open, and keeps them; how many. Raises `Busy`.

    Of one that cannot be drawn that is kept: nobody is to try again for everybody who looks.
    """
    with read_session(runtime.engine) as session:
        new = missing(session, charts)
    fresh = drawn(new)
    if new:
        with runtime.writing() as session:
            for chart in new:
                insert_if_absent(session, Drawing(chart=chart.digest, svg=fresh.get(chart.id, ""), drawn_at=now))
    return len(fresh)


def forget(runtime: Runtime, *, now: datetime) -> int:
    """Forgets what was drawn long ago; how many."""
    old = col(Drawing.drawn_at) < now - KEPT
    with read_session(runtime.engine) as session:
        if not session.exec(select(sa.exists().where(old))).one():
            return 0
    with runtime.writing() as session:
        return session.exec(delete(Drawing).where(old)).rowcount


def _by_digest(charts: Collection[Chart]) -> dict[str, Chart]:
    return {chart.digest: chart for chart in charts if chart.spec is not None}
