"""Use-cases: figures are read as they were published, of one period."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import NotFound
from app.members.tables import Community
from app.metrics import periods
from app.metrics.families import METHODS, Family
from app.metrics.metric import Explained
from app.metrics.periods import Kind, PeriodNotPublished, Window
from app.metrics.publishing import SETTLING
from app.metrics.tables import Published


class FiguresNotThere(NotFound):
    """The figures of this period have not been published."""

    code = "no-such-figures"
    fix = (
        "Figures are published two days after a period's end, from a community's beginning on: GET …/metrics/snapshots."
    )


class NoSuchSnapshot(NotFound):
    """There are no such published figures in this community."""

    code = "no-such-snapshot"
    fix = "GET …/metrics/snapshots lists them."


class NoSuchMethod(NotFound):
    """There is no figure of this id."""

    code = "no-such-method"
    fix = "GET /v1/methods lists them."


def period_of(
    session: Session,
    community: Community,
    period: str | None,
    start: datetime | None,
    end: datetime | None,
    *,
    now: datetime,
) -> Window:
    """The period that is meant: by its name, or just its ends; by default the last whole month that is out.

    Raises `PeriodNotPublished`, which names the nearest to other ends of which figures are out, and `PeriodNotOver`.
    """
    if period is not None:
        if start is not None or end is not None:
            raise PeriodNotPublished("Name a period or both of its ends, not both.")
        return periods.over(periods.parse(period), now=now)
    if start is not None and end is not None:
        told = select(Published.starts_at, Published.ends_at).where(Published.community_id == community.id)
        out = [Window(*ends) for ends in session.exec(told.distinct()).all()]
        return periods.whole(start, end, out=out, now=now)
    if start is not None or end is not None:
        raise PeriodNotPublished("A period has two ends: say `from` and `to`, or its name as `period`.")
    return periods.last(Kind.month, now=now - SETTLING)


def figures(session: Session, community: Community, family: Family, window: Window) -> Published:
    """What was published. Raises `FiguresNotThere`."""
    period = periods.name_of(window)
    chosen = select(Published).where(
        Published.community_id == community.id, Published.family == family, Published.period == period
    )
    found = session.exec(chosen).one_or_none()
    if found is None:
        raise FiguresNotThere(f"{community.slug} has no figures of {period}.")
    return found


def snapshots(community: Community) -> SelectOfScalar[Published]:
    """Everything that was published."""
    return select(Published).where(Published.community_id == community.id)


def snapshot_by_id(session: Session, community: Community, id: UUID) -> Published:
    """One. Raises `NoSuchSnapshot`."""
    found = session.exec(snapshots(community).where(col(Published.id) == id)).one_or_none()
    if found is None:
        raise NoSuchSnapshot(f"{community.slug} has published no {id}.")
    return found


def method_of(id: str) -> Explained:
    """What is explained under an id. Raises `NoSuchMethod`."""
    if id not in METHODS:
        raise NoSuchMethod(f"No figure is called {id[:20]!r}.")
    return METHODS[id]
