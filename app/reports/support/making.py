"""The job that makes the report of each month, quarter and year, once, when the figures of it are out."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.tables import Community
from app.metrics import periods
from app.metrics.families import FAMILIES, Family
from app.metrics.tables import Published
from app.reports.support.gathering import gathered
from app.reports.support.rules import KINDS
from app.reports.support.tables import Report
from app.reports.support.writing import canonical, written

AT_ONCE: Final = 12
"""Reports that are made before other jobs have their turn."""


def make(runtime: Runtime, now: datetime) -> int:
    """Makes the reports that are due; how many."""
    with read_session(runtime.engine) as session:
        waiting = due(session)
    return one_by_one(waiting, lambda each: _make(runtime, *each, now=now))


JOBS = (Job("make reports", make),)


def due(session: Session) -> Sequence[tuple[UUID, str]]:
    """Of which communities and periods the figures are out and no report has been made, those that ended first first.

    Shorter periods come before longer ones that end with them, as figures do: what is told of one counts for the next.
    """
    made = select(Report.id).where(Report.community_id == Published.community_id, Report.period == Published.period)
    chosen = (
        select(Published.community_id, Published.period)
        .where(Published.family == Family.participation, ~made.exists())
        .where(~col(Published.period).contains("W"))
        .order_by(col(Published.ends_at), col(Published.starts_at).desc(), col(Published.community_id))
    )
    return session.exec(chosen.limit(AT_ONCE)).all()


def _make(runtime: Runtime, community: UUID, period: str, *, now: datetime) -> int:
    """One report: read and written down with no transaction open in between; 0 where another worker was at it."""
    window = periods.parse(period)
    if periods.kind_of(window) not in KINDS:
        return 0
    with read_session(runtime.engine) as session:
        found = gathered(session, session.get_one(Community, community), window)
    if len(found.snapshots) < len(FAMILIES):
        return 0
    body = canonical(written(found))
    on = Occasion("system", now, runtime.ids)
    row = Report(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community,
        period=period,
        starts_at=window.start,
        ends_at=window.end,
        body=body,
        sha256=sha256(body).hexdigest(),
        made_at=now,
        inside=dict(found.inside),
    )
    with runtime.writing() as session:
        if not insert_if_absent(session, row):
            return 0
        on.record(session, community, "report.made", row.id, {"period": period, "sha256": row.sha256})
    return 1
