"""Doors: deliveries of a webhook, what came of each attempt, and sending again."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlmodel import Session, col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.leases import Stage
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Instant, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, occasion
from app.members.service import community_by_slug
from app.webhooks import deliveries, service
from app.webhooks.api import Manager
from app.webhooks.tables import Attempt, Delivery, Subscription

router = strict_router(tags=["webhooks"])
_ONE = "/v1/communities/{c}/webhooks/{webhook_id}"


class Stand(StrEnum):
    """How far a delivery is."""

    waiting = "waiting"
    arrived = "arrived"
    failed = "failed"
    """It was tried for days; it can be sent again."""


_STAGES = {Stand.waiting: Stage.waiting, Stand.arrived: Stage.done, Stand.failed: Stage.given_up}
_STANDS = {stage: stand for stand, stage in _STAGES.items()}


class ReplayIn(In):
    """Of which events what has not arrived is sent again."""

    since: Instant
    until: Instant | None = None
    """Exclusive."""


class DeliveryOut(Out):
    """One event on its way."""

    id: UUID
    """The `webhook-id`."""
    type: str
    sequence: int | None
    """The event's place in the community's journal; null for a test."""
    at: datetime
    """When it happened."""
    state: Stand
    attempts: int
    """How often it was sent, since it was last asked for by hand."""
    next_at: datetime | None
    """When it is tried next."""
    ended_at: datetime | None
    status: int | None
    """What the receiver answered the last time."""
    error: str | None
    """Why it did not, the last time."""
    body: str
    """As it is sent."""


class AttemptOut(Out):
    """One time that it was sent."""

    id: UUID
    at: datetime
    milliseconds: int
    status: int | None
    error: str | None
    answer: str
    """How the answer began."""


class ReplayedOut(Out):
    """What is sent again."""

    deliveries: int


@router.post(f"{_ONE}/test", status_code=201)
@once
def send_test(
    c: str, webhook_id: str, caller: Manager, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> DeliveryOut:
    """Send a delivery of the type `webhook.test`, to try the receiver."""
    found = service.own(session, community_by_slug(session, c), webhook_id, caller)
    return _shown(deliveries.send_test(session, found, c, on=occasion(caller, runtime, now)))


@router.get(f"{_ONE}/deliveries")
def list_deliveries(
    c: str,
    webhook_id: str,
    caller: Manager,
    session: ReadSessionDep,
    pages: PageDep,
    state: Stand | None = None,
    type: Annotated[str | None, Query(max_length=64)] = None,
) -> Listing[DeliveryOut]:
    """List what was and is to be delivered, of the newest events first."""
    found = _own(session, c, webhook_id, caller)
    rows = deliveries.of(found, _STAGES[state] if state else None, type)
    order = [col(Delivery.at), col(Delivery.id)]
    return pages.show(page(session, rows, pages.window, by=order, newest_first=True), _shown)


@router.get(f"{_ONE}/deliveries/{{delivery_id}}")
def read_delivery(c: str, webhook_id: str, delivery_id: str, caller: Manager, session: ReadSessionDep) -> DeliveryOut:
    """One delivery."""
    return _shown(deliveries.by_id(session, _own(session, c, webhook_id, caller), delivery_id))


@router.get(f"{_ONE}/deliveries/{{delivery_id}}/attempts")
def list_attempts(
    c: str, webhook_id: str, delivery_id: str, caller: Manager, session: ReadSessionDep, pages: PageDep
) -> Listing[AttemptOut]:
    """List the times that a delivery was sent, and what was answered."""
    found = deliveries.by_id(session, _own(session, c, webhook_id, caller), delivery_id)
    rows = deliveries.attempts_of(found)
    return pages.show(page(session, rows, pages.window, by=[col(Attempt.id)]), AttemptOut.model_validate)


@router.get(f"{_ONE}/deliveries/{{delivery_id}}/attempts/{{attempt_id}}")
def read_attempt(
    c: str, webhook_id: str, delivery_id: str, attempt_id: str, caller: Manager, session: ReadSessionDep
) -> AttemptOut:
    """One time that a delivery was sent."""
    found = deliveries.by_id(session, _own(session, c, webhook_id, caller), delivery_id)
    return AttemptOut.model_validate(deliveries.attempt_by_id(session, found, attempt_id))


@router.post(f"{_ONE}/deliveries/{{delivery_id}}/replay")
@once
def replay_delivery(
    c: str,
    webhook_id: str,
    delivery_id: str,
    caller: Manager,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> DeliveryOut:
    """Send a delivery again, at once and under its id, whatever became of it."""
    found = _own(session, c, webhook_id, caller, lock=True)
    delivery = deliveries.by_id(session, found, delivery_id)
    deliveries.replay(session, found, delivery, on=occasion(caller, runtime, now))
    return _shown(delivery)


@router.post(f"{_ONE}/replay")
@once
def replay_failed(
    c: str,
    webhook_id: str,
    body: ReplayIn,
    caller: Manager,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> ReplayedOut:
    """Send again, at once and under their ids, all deliveries that have not arrived, of events since then."""
    found = _own(session, c, webhook_id, caller, lock=True)
    count = deliveries.replay_failed(session, found, body.since, body.until, on=occasion(caller, runtime, now))
    return ReplayedOut(deliveries=count)


def _own(session: Session, c: str, id: str, caller: Caller, *, lock: bool = False) -> Subscription:
    return service.own(session, community_by_slug(session, c), id, caller, lock=lock)


def _shown(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.id,
        type=delivery.type,
        sequence=delivery.sequence,
        at=delivery.at,
        state=_STANDS[delivery.stage],
        attempts=delivery.tries,
        next_at=delivery.due_at,
        ended_at=delivery.ended_at,
        status=delivery.status,
        error=delivery.error,
        body=delivery.body,
    )
