"""How far each journal has been read by somebody who reads on in all of them: a place per community.

The place moves in the transaction that has the effect of what was read, under its lock: so nothing is passed by and
nothing is counted twice, whichever process dies when.
"""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, col, select

from app.kit.database import Row
from app.kit.journal import Chain, Event
from app.kit.prepared import insert_if_absent


class Place(Row):
    """What a table of places has: `class Reading(Place, table=True)`."""

    community: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)


P = TypeVar("P", bound=Place)


def behind(session: Session, table: type[P]) -> Sequence[UUID]:
    """The communities whose journals have grown since they were read."""
    grown = (
        select(Chain.community)
        .outerjoin(table, col(table.community) == col(Chain.community))
        .where(col(Chain.seq) > sa.func.coalesce(table.seq, 0))
    )
    return session.exec(grown.order_by(col(Chain.community))).all()


def held(session: Session, table: type[P], community: UUID) -> P | None:
    """The place in a community's journal, held until the transaction ends; None where another worker holds it."""
    insert_if_absent(session, table(community=community, seq=0))
    place = select(table).where(table.community == community).with_for_update(skip_locked=True)
    return session.exec(place.execution_options(populate_existing=True)).one_or_none()


def read_on(session: Session, place: Place, *, limit: int) -> Sequence[Event]:
    """The next events, in order; the place is behind them from then on."""
    further = select(Event).where(Event.community == place.community, Event.seq > place.seq)
    events = session.exec(further.order_by(col(Event.seq)).limit(limit)).all()
    if events:
        place.seq = events[-1].seq
        session.add(place)
    return events
