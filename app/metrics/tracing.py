"""Use-cases: the course of a community is read from what was told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from app.members.tables import Community
from app.metrics import course, periods, results
from app.metrics.course import Divergence, Size, Step, Trust
from app.metrics.families import Family
from app.metrics.formulas.changes import Change
from app.metrics.periods import Kind, Window
from app.metrics.tables import Published
from app.metrics.telling import Json
from app.surveys.tables import Wave, WaveState

TRUST: Final = "trust"
"""The key of the question about it."""
QUARTERS, MONTHS, WAVES = 20, 60, 20
"""How far back it goes: five years, and as many waves as come in twenty."""


@dataclass(frozen=True)
class Course:
    """All of it."""

    size: tuple[Step, ...]
    trust: tuple[Trust, ...]
    divergence: Divergence | None
    changes: tuple[tuple[str, Change], ...]


def course_of(session: Session, community: Community) -> Course:
    """By quarters; and from which months on more or fewer were active."""
    quarters = [_size(window, said["P1"]) for window, said in _told(session, community, Kind.quarter, QUARTERS)]
    active = [
        (periods.name_of(window), _count(said["P5"], "active"))
        for window, said in _told(session, community, Kind.month, MONTHS)
    ]
    trust = course.beside(_trust(session, community), quarters)
    return Course(course.trend(quarters), trust, course.divergence(trust), course.turning_points(active))


def _told(
    session: Session, community: Community, kind: Kind, most: int
) -> list[tuple[Window, dict[str, dict[str, Any]]]]:
    """What was told of participation in the last periods of a kind, oldest first."""
    name = {Kind.quarter: "____-Q_", Kind.month: "____-__"}[kind]
    chosen = select(Published).where(
        Published.community_id == community.id,
        Published.family == Family.participation,
        col(Published.period).like(name),
    )
    rows = session.exec(chosen.order_by(col(Published.ends_at).desc()).limit(most)).all()
    return [
        (Window(row.starts_at, row.ends_at), {one.metric: _value(one.value) for one in results.read(row.body)})
        for row in reversed(rows)
        if periods.kind_of(Window(row.starts_at, row.ends_at)) is kind
    ]


def _value(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _size(window: Window, said: dict[str, Any]) -> Size:
    ends = window.end.date()
    return Size(periods.name_of(window), ends, _count(said, "end"), said.get("rate"), said.get("acceleration"))


def _count(said: dict[str, Any], name: str) -> int | None:
    found = said.get(name)
    return found if isinstance(found, int) else None


def _trust(session: Session, community: Community) -> Sequence[Trust]:
    """Of the last waves that have been counted, oldest first, those in which enough people were asked and answered."""
    counted = select(Wave).where(Wave.community_id == community.id, Wave.state == WaveState.closed)
    newest = session.exec(counted.order_by(col(Wave.closes_on).desc(), col(Wave.id)).limit(WAVES)).all()
    return [found for wave in reversed(newest) if (found := _answered(wave)) is not None]


def _answered(wave: Wave) -> Trust | None:
    items = wave.results["items"] if wave.results is not None else []
    for item in items:
        if item["key"] == TRUST and not item["suppressed"]:
            closed: date = wave.closes_on
            return Trust(str(wave.id), closed, item["item"], item["n"], item["mean"], item["top_two"])
    return None
