"""The job that sends: for each receiver a lane of its own, so that one that is slow or gone holds up nobody else.

A lane claims some of what is due to its receiver, sends it over a few connections with no transaction open, records
what came of it, and goes on while there is more; but not for long where others wait for its place. Receivers that fail,
or take their time, have places of their own. Of one receiver only one worker has a lane at a time: whoever finds
something of it claimed and not ended leaves it. A worker that dies leaves what it had claimed to the next, once its
lease ends; who is told to end gives back what was not begun.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import LifoQueue
from threading import Lock
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.lanes import Going, IsOver
from app.kit.occasions import Occasion
from app.kit.posting import Line, NotAnswered
from app.webhooks.keys import Ring, headers
from app.webhooks.recording import Tried, record
from app.webhooks.rights import why_not
from app.webhooks.rules import GONE, SLOW, TRIPS_AFTER, Health, State
from app.webhooks.service import disable
from app.webhooks.tables import Delivery, Subscription

LEASE = timedelta(seconds=60)
"""Four times as long as one POST may take. While a lane is at it, it is renewed when a third has passed."""
AT_ONCE = 4
"""Connections to one receiver."""
CLAIMED = 200
"""Deliveries in one go."""
PATIENCE = 0.25
"""Seconds for which the job waits for its lanes; they go on without it."""
_GLANCE = 0.25
_APART = timedelta(minutes=1)
"""By how much the instants of two workers may differ: one's beat may have begun well before it comes to a receiver."""


def send_deliveries(runtime: Runtime, now: datetime) -> int:
    """Opens a lane for each receiver that something is due to, and waits for a moment; how many were opened."""
    with read_session(runtime.engine) as session:
        due = session.execute(_due(now)).all()
    began = 0
    for id, community, is_slow in due:
        lane = Lane(runtime, id, Going(now), is_quick=not is_slow)
        began += runtime.lanes.start("slow" if is_slow else "quick", ("webhook", id), lane.run, of=community)
    if began:
        runtime.lanes.wait(PATIENCE)
    return began


def _due(now: datetime) -> "sa.Select[UUID, UUID, bool]":
    """The subscriptions that may be sent to, with something that is due and nothing that somebody has in hand.

    First whoever has waited longest for a turn. All of them, of whom there are at most twenty in a community: a few
    communities that have no place left are not to stand before those that have.
    """
    its = col(Delivery.subscription_id) == col(Subscription.id)
    due = sa.exists().where(its, col(Delivery.due_at) <= now)
    return (
        sa.select(col(Subscription.id), col(Subscription.community_id), _is_slow())
        .where(_may_be_sent_to(now), due, ~_in_hand(now))
        .order_by(col(Subscription.served_at).nulls_first(), col(Subscription.id))
    )


def _is_slow() -> sa.ColumnElement[bool]:
    return sa.or_(col(Subscription.failures) > 0, col(Subscription.answers_in_ms) > SLOW / timedelta(milliseconds=1))


def _may_be_sent_to(now: datetime) -> sa.ColumnElement[bool]:
    rested = sa.or_(col(Subscription.resting_until).is_(None), col(Subscription.resting_until) <= now)
    return sa.and_(col(Subscription.state) == State.active, rested)


def _in_hand(now: datetime) -> sa.Exists:
    """Something of a subscription that somebody has claimed, by a clock that may be ahead of ours (`_APART`)."""
    its = col(Delivery.subscription_id) == col(Subscription.id)
    return sa.exists().where(its, col(Delivery.due_at) <= now + _APART, col(Delivery.lease_ends) > now)


class _Brake:
    """Has those who send stop as soon as a receiver fails again and again, asks for peace, is gone, or is too slow."""

    def __init__(self, failures: int, *, is_quick: bool) -> None:
        self._health = Health(failures)
        self._is_quick = is_quick
        self._lock = Lock()
        self.is_on = False

    def feel(self, tried: Tried) -> None:
        """One more attempt has ended."""
        with self._lock:
            self._health = self._health.after(tried.status, tried.retry_after, tried.at)
            is_in_the_way = self._is_quick and tried.took > SLOW
            ends = self._health.resting_until is not None or tried.status == GONE or is_in_the_way
            self.is_on = self.is_on or ends


@dataclass(frozen=True)
class _Claimed:
    """What a lane has in hand."""

    lease: UUID
    url: str
    ring: Ring
    overlap_ends: datetime | None
    brake: _Brake
    deliveries: Sequence[Delivery]

    @property
    def ids(self) -> list[UUID]:
        """Of the deliveries."""
        return [each.id for each in self.deliveries]


class Lane:
    """What is due to one receiver, sent."""

    def __init__(
        self,
        runtime: Runtime,
        subscription: UUID,
        time: Going,
        *,
        is_quick: bool = False,
        lasting: timedelta = LEASE,
    ) -> None:
        """`is_quick` has it end as soon as its receiver turns out to be slow."""
        self._runtime = runtime
        self._is_quick = is_quick
        self._lasting = lasting
        self._id = subscription
        self._time = time
        self._lines: LifoQueue[Line] = LifoQueue()
        self._url: str | None = None

    def run(self, is_over: IsOver) -> None:
        """Goes on while something is due and its turn is not over."""
        senders = ThreadPoolExecutor(AT_ONCE)
        try:
            while not is_over():
                claimed = self._claim()
                if claimed is None or not self._send(claimed, senders, is_over):
                    return
        finally:
            senders.shutdown(cancel_futures=True)
            self._hang_up()

    def _on(self) -> Occasion:
        return Occasion(actor="system", now=self._time.now(), ids=self._runtime.ids)

    def _claim(self) -> _Claimed | None:
        """Some of what is due; one alone where the receiver has failed again and again. None if there is nothing."""
        on = self._on()
        with self._runtime.writing() as session:
            subscription = self._held(session, on.now)
            if subscription is None:
                return None
            if reason := why_not(session, subscription, on.now):  # what waits is for them no more either
                disable(session, subscription, reason, on=on)
                return None
            deliveries = leases.claim(
                session,
                Delivery,
                lease=on.ids.row(),
                now=on.now,
                lasting=self._lasting,
                limit=1 if subscription.failures >= TRIPS_AFTER else CLAIMED,
                which=col(Delivery.subscription_id) == self._id,
            )
            subscription.served_at = on.now
            session.add(subscription)
            session.flush()
            session.expunge_all()
        if not deliveries or deliveries[0].lease is None:
            return None
        ring = Ring.opened(subscription.sealed, self._runtime.installation.vault, self._id)
        brake = _Brake(subscription.failures, is_quick=self._is_quick)
        return _Claimed(deliveries[0].lease, subscription.url, ring, subscription.overlap_ends, brake, deliveries)

    def _held(self, session: Session, now: datetime) -> Subscription | None:
        """The subscription, if it may be sent to and no other worker is at it; for this moment nobody else looks."""
        its = select(Subscription).where(Subscription.id == self._id, _may_be_sent_to(now))
        found = session.exec(its.with_for_update(skip_locked=True, key_share=True)).one_or_none()
        if found is None or session.exec(select(_in_hand(now)).where(Subscription.id == self._id)).one():
            return None
        return found

    def _connect(self, url: str) -> None:
        if url != self._url:
            self._hang_up()
            self._url, self._lines = url, LifoQueue()
            for _ in range(AT_ONCE):
                self._lines.put(self._runtime.post.line(url))

    def _hang_up(self) -> None:
        while not self._lines.empty():
            self._lines.get().close()

    def _send(self, claimed: _Claimed, senders: ThreadPoolExecutor, is_over: IsOver) -> bool:
        """Sends what is in hand, and records it as it ends; whether to go on."""
        self._connect(claimed.url)
        pending = {senders.submit(self._tried, each, claimed, is_over) for each in claimed.deliveries}
        may_go_on, renewed = True, self._time.now()
        while pending:
            done, pending = wait(pending, timeout=_GLANCE)
            if done:
                may_go_on = self._record(claimed, [each.result() for each in done]) and may_go_on
            if pending and self._time.now() - renewed > self._lasting / 3:
                renewed = self._time.now()
                with self._runtime.writing() as session:
                    leases.renew(session, Delivery, claimed.lease, until=renewed + self._lasting, ids=claimed.ids)
        return may_go_on

    def _tried(self, delivery: Delivery, claimed: _Claimed, is_over: IsOver) -> Tried | Delivery:
        """One attempt, in no transaction; the delivery itself where it is not begun any more."""
        if claimed.brake.is_on or is_over():
            return delivery
        line, at = self._lines.get(), self._time.now()
        try:
            sent = headers(claimed.ring, claimed.overlap_ends, delivery.id, at, delivery.body)
            answered = line.post(delivery.body.encode(), sent | {"Content-Type": "application/json"})
            tried = Tried(delivery, at, self._time.now() - at, answered)
        except NotAnswered as silence:
            tried = Tried(delivery, at, self._time.now() - at, None, silence.code)
        finally:
            self._lines.put(line)
        claimed.brake.feel(tried)
        return tried

    def _record(self, claimed: _Claimed, done: Sequence[Tried | Delivery]) -> bool:
        tried = sorted((each for each in done if isinstance(each, Tried)), key=lambda each: each.at + each.took)
        unsent = [each.id for each in done if isinstance(each, Delivery)]
        with self._runtime.writing() as session:
            may_go_on = record(session, self._id, claimed.lease, tried, on=self._on())
            if unsent:
                leases.give_back(session, Delivery, claimed.lease, unsent)
        return may_go_on and not unsent
