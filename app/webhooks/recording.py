"""What came of attempts, written down: of the deliveries that are still ours, and of the receiver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit import leases
from app.kit.ids import Ids
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.kit.posting import Answered
from app.kit.prepared import insert
from app.webhooks.rules import GONE, Health, Reason, State, again_after, arrived
from app.webhooks.service import disable
from app.webhooks.tables import Attempt, Delivery, Subscription


@dataclass(frozen=True)
class Tried:
    """One attempt."""

    delivery: Delivery
    at: datetime
    took: timedelta
    answered: Answered | None
    error: str | None = None
    """Why nobody answered."""

    @property
    def status(self) -> int | None:
        """What was answered, if anything was."""
        return self.answered.status if self.answered else None

    @property
    def retry_after(self) -> str | None:
        """What the receiver asked for."""
        return self.answered.retry_after if self.answered else None


def record(session: Session, subscription: UUID, lease: UUID, tried: Sequence[Tried], *, on: Occasion) -> bool:
    """Writes attempts down, in the order in which they ended; whether more may be sent at once.

    Of a delivery that somebody else has claimed since, nothing is written: the receiver knows it by its id.
    """
    locked = select(Subscription).where(Subscription.id == subscription)
    row = session.exec(locked.with_for_update(key_share=True)).one_or_none()
    if row is None:
        return False  # removed meanwhile
    mine = _arrived(session, lease, [each for each in tried if arrived(each.status)], on.now)
    mine |= {each.delivery.id for each in tried if not arrived(each.status) and _failed(session, each, on)}
    attempts = [_attempt(each, on.ids) for each in tried if each.delivery.id in mine]
    if attempts:
        insert(session, Attempt, *attempts)
    return _felt(session, row, tried, on)


def _arrived(session: Session, lease: UUID, tried: Sequence[Tried], now: datetime) -> set[UUID]:
    """Ends what has arrived; which of it was still ours."""
    by_status: dict[int | None, list[UUID]] = {}
    for each in tried:
        by_status.setdefault(each.status, []).append(each.delivery.id)
    mine, more = set[UUID](), col(Delivery.tries) + 1
    for status, ids in by_status.items():
        mine |= leases.end_all(
            session, Delivery, lease, ids, Stage.done, now=now, status=status, error=None, tries=more
        )
    return mine


def _failed(session: Session, tried: Tried, on: Occasion) -> bool:
    """Has it sent again later, or not at all any more; whether it was still ours."""
    tries = tried.delivery.tries + 1
    said = {"status": tried.status, "error": tried.error, "tries": tries}
    wait = again_after(tries, luck=on.ids.public().int / 2**128)
    if wait is None:
        return leases.end(session, tried.delivery, Stage.given_up, now=on.now, **said)
    return leases.again(session, tried.delivery, at=on.now + wait, **said)


def _felt(session: Session, row: Subscription, tried: Sequence[Tried], on: Occasion) -> bool:
    """What the attempts say of the receiver."""
    health = was = Health(row.failures, row.failing_since, row.resting_until)
    for each in tried:
        health = health.after(each.status, each.retry_after, on.now)
    took = round(sum(each.took / timedelta(milliseconds=1) for each in tried) / len(tried)) if tried else 0
    if tried and took != row.answers_in_ms:
        row.answers_in_ms = took
        session.add(row)
        session.flush()
    if health != was:
        row.failures, row.failing_since = health.failures, health.failing_since
        row.resting_until = health.resting_until
        row.warned_at = row.warned_at if health.failing_since else None
        session.add(row)
        session.flush()
    if row.state is State.active and any(each.status == GONE for each in tried):
        disable(session, row, Reason.gone, on=on)
    rests = row.resting_until is not None and row.resting_until > on.now
    return row.state is State.active and not rests and not health.is_tripped


def _attempt(tried: Tried, ids: Ids) -> dict[str, Any]:
    words = tried.answered.first_words.decode("utf-8", "replace") if tried.answered else ""
    return {
        "id": ids.row(),
        "delivery_id": tried.delivery.id,
        "at": tried.at,
        "milliseconds": round(tried.took.total_seconds() * 1000),
        "status": tried.status,
        "error": tried.error,
        "answer": "".join(c if c.isprintable() else " " for c in words),
    }


def last_attempts(session: Session, delivery: UUID) -> Sequence[datetime]:
    """When a delivery was sent, the last time first."""
    sent = select(Attempt.at).where(Attempt.delivery_id == delivery).order_by(col(Attempt.id).desc())
    return session.exec(sent.limit(20)).all()
