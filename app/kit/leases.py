"""Work in rows, of which each is done by whoever holds it: claimed for a while, done, and recorded if it is still held.

One transaction claims, none is open while the work is done, and another records what came of it. A worker that dies in
between leaves its rows to the next when their lease ends; one that comes too late records nothing. So nothing is lost,
and what has an effect outside (a mail) has it once for every worker that died over it, and once more.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, col

from app.kit.database import Row, choice


class Stage(StrEnum):
    """How far a piece of work is."""

    waiting = "waiting"
    done = "done"
    given_up = "given_up"
    """It failed too often, or for good."""


class Work(Row):
    """What a table of work has, besides what the work is: `class Mail(Work, table=True)`."""

    id: UUID = Field(primary_key=True)
    stage: Stage = Field(default=Stage.waiting, sa_type=choice(Stage))
    due_at: datetime | None = Field(default=None, index=True)
    """When it is to be done next; None once it has ended."""
    attempts: int = 0
    """How often it has been claimed."""
    lease: UUID | None = None
    """Of whoever claimed it last."""
    lease_ends: datetime | None = None
    """Until then nobody else claims it."""
    ended_at: datetime | None = Field(default=None, index=True)


W = TypeVar("W", bound=Work)


def claim(
    session: Session,
    table: type[W],
    *,
    lease: UUID,
    now: datetime,
    lasting: timedelta,
    limit: int,
    which: sa.ColumnElement[bool] | None = None,
    without: Sequence[Any] = (),
) -> Sequence[W]:
    """The longest due, of `which` if that is said, claimed under `lease`, which is new with every claim.

    Rows that others hold are passed by. Columns that are large are read `without`.
    """
    due = (
        sa.select(col(table.id))
        .where(col(table.due_at) <= now, is_free(table, now), sa.true() if which is None else which)
        .order_by(col(table.due_at), col(table.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # looked up once: PostgreSQL may run a subquery again for every row, and claim more than asked
    )
    held = {"lease": lease, "lease_ends": now + lasting, "attempts": col(table.attempts) + 1}
    claiming = sa.update(table).where(col(table.id).in_(sa.select(due.c.id))).values(held).returning(table)
    claiming = claiming.options(*map(defer, without))
    options = {"synchronize_session": False, "populate_existing": True}
    claimed = session.scalars(claiming, execution_options=options).all()
    return sorted(claimed, key=lambda work: work.id)


def is_free(table: type[Work], now: datetime) -> sa.ColumnElement[bool]:
    """Of rows: that nobody holds them."""
    return sa.or_(col(table.lease_ends).is_(None), col(table.lease_ends) <= now)


def renew(
    session: Session, table: type[Work], lease: UUID, *, until: datetime, ids: Collection[UUID] | None = None
) -> int:
    """Holds what is still held under a lease, or these of it, for longer; how much that is."""
    mine = col(table.lease) == lease if ids is None else sa.and_(col(table.id).in_(ids), col(table.lease) == lease)
    return _changed(session, sa.update(table).where(mine).values(lease_ends=until))


def give_back(session: Session, table: type[Work], lease: UUID, ids: Collection[UUID]) -> int:
    """Lets go of claimed work that was not begun, as if it had never been claimed; of how much."""
    mine = sa.and_(col(table.id).in_(ids), col(table.lease) == lease)
    values = {"lease": None, "lease_ends": None, "attempts": col(table.attempts) - 1}
    return _changed(session, sa.update(table).where(mine).values(values))


def end_all(
    session: Session,
    table: type[Work],
    lease: UUID,
    ids: Collection[UUID],
    stage: Stage,
    *,
    now: datetime,
    **values: Any,
) -> set[UUID]:
    """As `end`, of much work that was claimed under one lease; which of it was still ours to record."""
    mine = sa.and_(col(table.id).in_(ids), col(table.lease) == lease)
    ended = {"stage": stage, "due_at": None, "ended_at": now, "lease": None, "lease_ends": None} | values
    recording = sa.update(table).where(mine).values(ended).returning(col(table.id))
    return set(session.scalars(recording, execution_options={"synchronize_session": False}))


def end(session: Session, work: Work, stage: Stage, *, now: datetime, **values: Any) -> bool:
    """Records that claimed work is done or given up; whether it was still ours to record.

    Without effect where the lease has ended and somebody else has claimed it since. `values` are further columns.
    """
    return _recorded(session, work, {"stage": stage, "due_at": None, "ended_at": now} | values)


def go_on(session: Session, work: Work, *, until: datetime, **values: Any) -> bool:
    """Records how far claimed work is, in columns of its own, and holds it until then; whether it was still ours.

    Who gets on with it is not who dies of it: so it counts as claimed once.
    """
    mine = sa.and_(col(type(work).id) == work.id, col(type(work).lease) == work.lease)
    return (
        _changed(session, sa.update(type(work)).where(mine).values(values | {"lease_ends": until, "attempts": 1})) == 1
    )


def again(session: Session, work: Work, *, at: datetime, **values: Any) -> bool:
    """Records that claimed work is to be done at a later time; whether it was still ours to record."""
    return _recorded(session, work, {"due_at": at} | values)


def put_off(session: Session, table: type[Work], *, now: datetime, until: datetime) -> int:
    """Has everything that is due, and that nobody holds, wait until then; how much that is."""
    putting = sa.update(table).where(col(table.due_at) <= now, is_free(table, now)).values(due_at=until)
    return _changed(session, putting)


def _recorded(session: Session, work: Work, values: dict[str, Any]) -> bool:
    table = type(work)
    mine = sa.and_(col(table.id) == work.id, col(table.lease) == work.lease)
    return _changed(session, sa.update(table).where(mine).values(values | {"lease": None, "lease_ends": None})) == 1


def _changed(session: Session, statement: sa.Update) -> int:
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    count: int = result.rowcount
    return count
