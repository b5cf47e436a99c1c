"""Use-cases: a report is found, published for everyone, and taken back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import NotFound, Unprocessable
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.metrics import periods
from app.metrics.periods import Kind, Window
from app.metrics.publishing import SETTLING
from app.reports.support.rules import KINDS
from app.reports.support.tables import Report


class NoSuchReport(NotFound):
    """There is no such report."""

    code = "report-not-made"
    fix = "A report is made once the figures of its period are out, two days after its end: GET …/reports lists them."


class ReportOfWeek(Unprocessable):
    """There are reports of months, quarters and years."""

    code = "report-of-a-week"
    fix = f"{periods.LONGER} GET …/digest tells of weeks."


def period_of(name: str | None, *, now: datetime) -> Window:
    """The period that is meant; by default the last whole quarter that is out.

    Raises `PeriodNotPublished`, `PeriodNotOver`, `ReportOfWeek`.
    """
    if name is None:
        return periods.last(Kind.quarter, now=now - SETTLING)
    window = periods.parse(name, fix=periods.LONGER)
    if periods.kind_of(window) not in KINDS:
        raise ReportOfWeek(f"{name[:20]} is a week.")
    return periods.over(window, now=now)


def reports(community: Community) -> SelectOfScalar[Report]:
    """All of a community."""
    return select(Report).where(Report.community_id == community.id)


def report_of(session: Session, community: Community, window: Window) -> Report:
    """That of a period. Raises `NoSuchReport`."""
    period = periods.name_of(window)
    found = session.exec(reports(community).where(Report.period == period)).one_or_none()
    if found is None:
        raise NoSuchReport(f"{community.slug} has none of {period}.")
    return found


def report_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Report:
    """One. Raises `NoSuchReport`."""
    chosen = reports(community).where(Report.id == id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchReport(f"{community.slug} has no report {id}.")
    return found


def published_by_id(session: Session, id: UUID) -> Report:
    """One that everyone may read. Raises `NoSuchReport`."""
    found = session.exec(select(Report).where(Report.id == id, col(Report.published_at).is_not(None))).one_or_none()
    if found is None:
        raise NoSuchReport(f"No report {id} is published.", fix="Ask whoever gave you the address.")
    return found


def publish(session: Session, report: Report, *, indexed: bool, on: Occasion) -> None:
    """From now on everyone may read it, as those who may pass it on do. The row is locked."""
    if report.published_at is None or report.indexed != indexed:
        report.published_at, report.indexed = report.published_at or on.now, indexed
        _changed(session, report, "published", on=on)


def take_back(session: Session, report: Report, *, on: Occasion) -> None:
    """From now on only those read it who may read the community's figures. The row is locked."""
    if report.published_at is not None:
        report.published_at, report.indexed = None, False
        _changed(session, report, "unpublished", on=on)


def _changed(session: Session, report: Report, happened: str, *, on: Occasion) -> None:
    session.add(report)
    session.flush()
    said: dict[str, Datum] = {"period": report.period, "indexed": report.indexed}
    on.record(session, report.community_id, f"report.{happened}", report.id, said)
