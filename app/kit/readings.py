"""How far each journal has been read by somebody who reads on in all of them: a place per community.

The place moves in the transaction that has the effect of what was read, under its lock: so nothing is passed by and
nothing is counted twice, whichever process dies when.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, col, select

from app.kit.database import Row, read_session
from app.kit.deps import Runtime
from app.kit.journal import Chain, Event
from app.kit.prepared import Prepared, PreparedRows, insert_absent


class Place(Row):
    """What a table of places has: `class Reading(Place, table=True)`."""

    community: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)


P = TypeVar("P", bound=Place)


def behind(runtime: Runtime, table: type[P]) -> Sequence[UUID]:
    """The communities whose journals have grown since they were read. Each has a place from then on.

    That is written by itself: whoever wrote it along with what they read would keep all others waiting for as long.
    """
    with read_session(runtime.engine) as session:
        found = [(community, placed) for community, placed in _grown(table).rows(session, {})]
    fresh = [{"community": community, "seq": 0} for community, placed in found if placed is None]
    if fresh:
        with runtime.writing() as session:
            insert_absent(session, table, *fresh)
    return [community for community, _ in found]


@cache
def _grown(table: type[P]) -> Prepared:
    grown = (
        sa.select(col(Chain.community), col(table.seq))
        .outerjoin(table, col(table.community) == col(Chain.community))
        .where(col(Chain.seq) > sa.func.coalesce(col(table.seq), sa.literal_column("0")))
    )
    return Prepared(grown.order_by(col(Chain.community)))


def _free_place(table: type[P]) -> Any:
    of = sa.bindparam("of", type_=sa.Uuid())
    return select(table).where(col(table.community) == of).with_for_update(skip_locked=True)


@cache
def _place(table: type[P]) -> PreparedRows[P]:
    return PreparedRows(table, _free_place(table))


_FURTHER = PreparedRows(
    Event,
    select(Event)
    .where(
        col(Event.community) == sa.bindparam("of", type_=sa.Uuid()),
        col(Event.seq) > sa.bindparam("after", type_=sa.BigInteger()),
    )
    .order_by(col(Event.seq))
    .limit(sa.bindparam("most", type_=sa.Integer())),
)


def held(session: Session, table: type[P], community: UUID) -> P | None:
    """The place in a community's journal, held until the transaction ends; None where another worker holds it."""
    return _place(table).first(session, {"of": community})


def read_on(session: Session, place: Place, *, limit: int) -> Sequence[Event]:
    """The next events, in order; the place is behind them from then on."""
    events = _FURTHER.all(session, {"of": place.community, "after": place.seq, "most": limit})
    if events:
        place.seq = events[-1].seq
        session.add(place)
    return events
