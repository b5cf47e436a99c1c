"""The drawings of reports that are looked at most: those that strangers may see, and the newest of quarters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job, one_by_one
from app.reports.charts.chart import LOOKS, Chart
from app.reports.charts.keeping import forget, keep
from app.reports.support.tables import Report

AT_ONCE: Final = 3
"""Reports that are drawn before other jobs have their turn."""
NEW: Final = timedelta(days=100)
"""So long after a quarter its report is the one that is asked for."""


def charts_of(report: Mapping[str, Any]) -> list[Chart]:
    """Those that a report has."""
    return [Chart.of(each) for each in report["charts"]]


def draw(runtime: Runtime, now: datetime) -> int:
    """Draws the charts of reports that are due; of how many. All others are drawn for those inside who look at them.

    Where drawings were forgotten, each report that strangers may see is looked at again: nobody draws for them.
    """
    if forget(runtime, now=now):
        with runtime.writing() as session:
            session.exec(update(Report).where(col(Report.published_at).is_not(None)).values(looks=0))
    with read_session(runtime.engine) as session:
        waiting = due(session, now=now)
    return one_by_one(waiting, lambda each: _draw(runtime, *each, now=now))


JOBS = (Job("draw reports", draw),)


def due(session: Session, *, now: datetime) -> Sequence[tuple[UUID, bytes]]:
    """Which of those have not been drawn as charts look now, with what they say; public ones first."""
    newest = sa.and_(col(Report.period).contains("Q"), col(Report.ends_at) > now - NEW)
    chosen = (
        select(Report.id, Report.body)
        .where(Report.looks != LOOKS, sa.or_(col(Report.published_at).is_not(None), newest))
        .order_by(col(Report.published_at).is_(None), col(Report.row).desc())
    )
    return session.exec(chosen.limit(AT_ONCE)).all()


def _draw(runtime: Runtime, id: UUID, body: bytes, *, now: datetime) -> int:
    keep(runtime, charts_of(orjson.loads(body)), now=now)
    with runtime.writing() as session:
        session.exec(update(Report).where(col(Report.id) == id).values(looks=LOOKS))
    return 1
