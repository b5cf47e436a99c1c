"""Use-cases: members state their hours, and take them back; each quarter is summed once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.reading import uncounted
from app.kit import journal
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import Conflict, FieldError, Invalid, NotFound
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.kit.suppression import USUAL_K
from app.members.links import accounts_of
from app.members.tables import Community
from app.stories.effort.rules import (
    MOST_A_MONTH,
    SETTLING,
    Spent,
    is_settled,
    next_quarter,
    quarter_of,
    summed,
    together,
)
from app.stories.effort.tables import Effort, EffortSum

AT_ONCE = 50
_NAME = re.compile(r"(2[0-9]{3})-Q([1-4])", re.ASCII)


class NoSuchEffort(NotFound):
    """There is no such entry among your hours."""

    code = "no-such-effort"
    fix = "GET …/effort lists your own; nobody sees those of others."


class NoSuchEffortSum(NotFound):
    """Nothing is told of the hours of this quarter."""

    code = "no-such-effort-sum"
    fix = "GET …/effort-sums lists the quarters that are; each is summed two days after its end, if anybody stated any."


class QuarterSummed(Conflict):
    """The hours of this quarter have been summed."""

    code = "quarter-summed"
    fix = "State hours until two days after the end of their quarter."


@dataclass(frozen=True)
class Worked:
    """What a member states."""

    month: date
    """Its first day."""
    minutes: int
    sponsor: str | None
    """Who paid for it; None for a volunteer."""


def state(session: Session, community: Community, member: UUID, worked: Worked, *, on: Occasion) -> Effort:
    """A member says how long they worked in a month. Raises `Invalid`, `QuarterSummed`."""
    month, minutes = worked.month, worked.minutes
    if month > on.now.date():
        raise Invalid(errors=[FieldError(pointer="/month", message="is still to come")])
    quarter = quarter_of(month)
    if is_settled(quarter, on.now):
        raise QuarterSummed(f"It ended on {next_quarter(quarter)}.")
    journal.hold(session, community.id)  # of two at once one sees the other's
    same = select(sa.func.coalesce(sa.func.sum(col(Effort.minutes)), 0)).where(
        Effort.member_id == member, Effort.month == month
    )
    if session.exec(same).one() + minutes > MOST_A_MONTH:
        message = "with what you stated before it is more than a month has"
        raise Invalid(errors=[FieldError(pointer="/hours", message=message)])
    row = Effort(
        id=on.ids.row(),
        community_id=community.id,
        member_id=member,
        month=month,
        quarter=quarter,
        minutes=minutes,
        sponsor=worked.sponsor,
    )
    session.add(row)
    session.flush()
    _record(session, row, "stated", on=on)
    return row


def stated_by(community: Community, member: UUID) -> SelectOfScalar[Effort]:
    """What a member stated."""
    return select(Effort).where(Effort.community_id == community.id, Effort.member_id == member)


def effort_by_id(session: Session, community: Community, member: UUID, id: UUID) -> Effort:
    """One entry of a member. Raises `NoSuchEffort`."""
    found = session.exec(stated_by(community, member).where(Effort.id == id)).one_or_none()
    if found is None:
        raise NoSuchEffort(f"You have no entry {id}.")
    return found


def take_back(session: Session, row: Effort, *, on: Occasion) -> None:
    """Takes an entry away; a sum that it is in stays as it was told."""
    session.delete(row)
    session.flush()
    _record(session, row, "taken_back", on=on)


def sums(community: Community) -> SelectOfScalar[EffortSum]:
    """What is told, by quarter."""
    return select(EffortSum).where(EffortSum.community_id == community.id)


def sum_of(session: Session, community: Community, quarter: date) -> EffortSum:
    """What is told of a quarter, given by its first day. Raises `NoSuchEffortSum`."""
    found = session.get(EffortSum, (community.id, quarter))
    if found is None:
        raise NoSuchEffortSum(f"{community.slug} has none of the quarter that began on {quarter}.")
    return found


def name_of(quarter: date) -> str:
    """What the quarter is called that begins on a day: `2026-Q4`."""
    return f"{quarter.year:04}-Q{(quarter.month + 2) // 3}"


def quarter_named(name: str) -> date:
    """The first day of a quarter. Raises `NoSuchEffortSum` for what is no name of one."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NoSuchEffortSum("A quarter is called as 2026-Q4 is.")
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def told_of(session: Session, community: UUID, first: date, after: date) -> dict[str, Any] | None:
    """What is told of the hours from one day on until before another, as `rules.together` gives it; None where nobody
    stated any, or where these days are not whole quarters: of less nothing is told.
    """
    if quarter_of(first) != first or quarter_of(after) != after:
        return None
    rows: Sequence[EffortSum] = session.exec(
        select(EffortSum)
        .where(EffortSum.community_id == community, col(EffortSum.quarter) >= first, col(EffortSum.quarter) < after)
        .order_by(col(EffortSum.quarter))
    ).all()
    return together(row.body for row in rows) if rows else None


def sum_up(runtime: Runtime, now: datetime) -> int:
    """Sums the quarters that are settled, each once; how many."""
    with read_session(runtime.engine) as session:
        told = sa.exists().where(
            col(EffortSum.community_id) == Effort.community_id, col(EffortSum.quarter) == Effort.quarter
        )
        over = (col(Effort.quarter) < quarter_of((now - SETTLING).date()), ~told)
        waiting = session.execute(
            sa.select(col(Effort.community_id), col(Effort.quarter))
            .where(*over)
            .distinct()
            .order_by(col(Effort.quarter), col(Effort.community_id))
            .limit(AT_ONCE)
        ).all()
    return one_by_one([(row[0], row[1]) for row in waiting], lambda each: _sum(runtime, *each, now=now))


JOBS = (Job("sum up hours", sum_up),)


def _record(session: Session, row: Effort, happened: str, *, on: Occasion) -> None:
    """Whose hours they are is shown to nobody else, and so not said by the journal either."""
    replace(on, actor="somebody").record(session, row.community_id, f"effort.{happened}", row.id)


def _sum(runtime: Runtime, community: UUID, quarter: date, *, now: datetime) -> int:
    with runtime.writing() as session:
        journal.hold(session, community)
        rows = session.exec(select(Effort).where(Effort.community_id == community, Effort.quarter == quarter)).all()
        persons = accounts_of(session, community, {row.member_id for row in rows})
        left_out = {persons[member] for member in uncounted(session, list(persons))}
        spent = [Spent(persons[row.member_id], row.minutes, row.sponsor) for row in rows]
        counted = [one for one in spent if one.person not in left_out]
        not_counted = len({one.person for one in spent} & left_out)
        body = summed(counted, k=USUAL_K, not_counted=not_counted)
        made = EffortSum(community_id=community, quarter=quarter, body=body, made_at=now)
        if not insert_if_absent(session, made):
            return 0
        said = {"quarter": quarter.isoformat()}
        Occasion("system", now, runtime.ids).record(session, community, "effort.summed", community, said)
        return 1
