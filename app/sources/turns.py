"""The job that looks into deliveries: sources take turns, so that one that tells much delays no other.

Whoever was longest not looked at comes first, and at one source one worker is at a time. What a worker has in hand is
held by a lease that it renews; who comes back too late, when another has it in hand, changes nothing. What a worker
failed at or died over is taken in hand alone, so that it takes nothing along, and not for ever.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.lanes import Going
from app.kit.occasions import Occasion
from app.sources.looking import OutOfHand, give_up, look_into
from app.sources.tables import Inbound, Source

AT_ONCE = 20
"""Deliveries of one source in one turn."""
LEASE = timedelta(minutes=1)
"""While a worker is at it, it is renewed when a third has passed."""
BEAT = timedelta(seconds=5)
"""After which the worker's other jobs have theirs; the sources that are left come first the next time, and of what is
in hand the rest waits for the next turn of its source."""
TRIES = 5
AGAIN = timedelta(minutes=1)
_MOST_SOURCES = 500

_log = logging.getLogger(__name__)


def look_into_deliveries(runtime: Runtime, now: datetime) -> int:
    """Looks into some of what waits of each source; how many that were."""
    time, looked = Going(now), 0
    with read_session(runtime.engine) as session:
        sources = session.exec(_due(now)).all()
    for source in sources:
        if looked and time.now() - now > BEAT:
            break
        looked += Turn(runtime, source, now, time).take()
    return looked


def _due(now: datetime) -> SelectOfScalar[UUID]:
    """The sources of which something waits that nobody has in hand."""
    its = col(Inbound.source_id) == col(Source.id)
    waits = sa.exists().where(its, col(Inbound.due_at) <= now, leases.is_free(Inbound, now))
    in_turn = col(Source.looked_at).asc().nulls_first(), col(Source.id)
    return select(Source.id).where(waits).order_by(*in_turn).limit(_MOST_SOURCES)


class Turn:
    """Some of what waits of one source, looked into."""

    def __init__(self, runtime: Runtime, source: UUID, now: datetime, time: Going) -> None:
        """All that comes of it happens at `now`; `time` tells how leases pass meanwhile."""
        self._runtime, self._source, self._now, self._time = runtime, source, now, time

    def take(self) -> int:
        """How many were looked into; none where another worker is at this source."""
        looked = 0
        while looked < AT_ONCE and not (looked and self._until() is None) and (claimed := self.claim()):
            self.look_into(claimed)
            looked += len(claimed)
        return looked

    def claim(self) -> Sequence[Inbound]:
        """Takes some in hand: one alone where there is one that was in hand before."""
        now = self._time.now()
        with self._runtime.writing() as session:
            if not self._is_free(session, now):
                return []
            its, lease = col(Inbound.source_id) == self._source, self._runtime.ids.row()
            claim = partial(
                leases.claim, session, Inbound, lease=lease, now=now, lasting=LEASE, without=[Inbound.sealed]
            )
            again = claim(limit=1, which=sa.and_(its, col(Inbound.attempts) > 0))
            claimed = again or claim(limit=AT_ONCE, which=sa.and_(its, col(Inbound.attempts) == 0))
            session.expunge_all()
        return claimed

    def _is_free(self, session: Session, now: datetime) -> bool:
        """Whether no other worker is at the source; for this moment nobody else looks, and it has had its turn."""
        chosen = select(Source).where(Source.id == self._source).with_for_update(skip_locked=True, key_share=True)
        source = session.exec(chosen).one_or_none()
        if source is None:
            return False
        source.looked_at = now
        session.add(source)
        its = col(Inbound.source_id) == self._source
        in_hand = sa.exists().where(its, col(Inbound.due_at) <= now, col(Inbound.lease_ends) > now)
        return not session.exec(select(in_hand)).one()

    def look_into(self, claimed: Sequence[Inbound]) -> None:
        """Looks into what is in hand, one after the other. An error of ours over one holds up no other."""
        held_since = self._time.now()
        for place, inbound in enumerate(claimed):
            now = self._time.now()
            if now - held_since > LEASE / 3:
                held_since = now
                self._renew(claimed[place:], now + LEASE)
            try:
                if inbound.attempts > TRIES:
                    why = "the worker ended each time that it looked into this; it can be replayed"
                    give_up(self._runtime, inbound, why, now=self._now)
                else:
                    look_into(self._runtime, inbound, self._on(), self._until)
            except OutOfHand:
                _log.warning("Delivery %s took longer than its lease, and is looked into by another.", inbound.id)
            except Exception:  # noqa: BLE001  whatever it is, the others are not to wait for it
                _log.exception("Delivery %s could not be looked into.", inbound.id)
                self._later(inbound)

    def _until(self) -> datetime | None:
        """Until when what is in hand is held, if there is time for more of it."""
        now = self._time.now()
        return now + LEASE if now - self._now <= BEAT else None

    def _on(self) -> Occasion:
        return Occasion(str(self._source), self._now, self._runtime.ids)

    def _renew(self, left: Sequence[Inbound], until: datetime) -> None:
        lease = left[0].lease
        assert lease is not None  # noqa: S101  as claimed
        with self._runtime.writing() as session:
            leases.renew(session, Inbound, lease, until=until, ids=[each.id for each in left])

    def _later(self, inbound: Inbound) -> None:
        if inbound.attempts >= TRIES:
            give_up(self._runtime, inbound, "an error of ours; it can be replayed once that is mended", now=self._now)
            return
        with self._runtime.writing() as session:
            leases.again(session, inbound, at=self._now + AGAIN * 2**inbound.attempts)


JOBS = (Job("look into deliveries", look_into_deliveries),)
