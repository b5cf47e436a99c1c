"""Use-cases: deliveries, looked at, tried and sent again."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Conflict, NotFound
from app.kit.ids import id_in
from app.kit.leases import Stage, is_free
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.webhooks.reading import row
from app.webhooks.rules import TEST
from app.webhooks.service import begin_anew, require_active
from app.webhooks.tables import Attempt, Delivery, Subscription


class NoSuchDelivery(NotFound):
    """The webhook has no such delivery."""

    code = "no-such-delivery"
    fix = "GET …/deliveries lists them; those that ended more than 30 days ago are forgotten."


class BeingSent(Conflict):
    """The delivery is being sent at this moment."""

    code = "delivery-being-sent"
    fix = "Wait a moment, and look what came of it."


def of(subscription: Subscription, stage: Stage | None, type: str | None) -> SelectOfScalar[Delivery]:
    """The deliveries to a subscription, in one stage or of one type if that is said."""
    chosen = select(Delivery).where(Delivery.subscription_id == subscription.id)
    if stage is not None:
        chosen = chosen.where(Delivery.stage == stage)
    return chosen if type is None else chosen.where(Delivery.type == type)


def by_id(session: Session, subscription: Subscription, id: str) -> Delivery:
    """Raises `NoSuchDelivery`."""
    chosen = select(Delivery).where(Delivery.subscription_id == subscription.id, Delivery.id == id_in(id))
    found = session.exec(chosen).one_or_none()
    if found is None:
        raise NoSuchDelivery(f"There is no delivery {id}.")
    return found


def attempts_of(delivery: Delivery) -> SelectOfScalar[Attempt]:
    """The times that it was sent."""
    return select(Attempt).where(Attempt.delivery_id == delivery.id)


def attempt_by_id(session: Session, delivery: Delivery, id: str) -> Attempt:
    """Raises `NoSuchDelivery`."""
    found = session.exec(attempts_of(delivery).where(Attempt.id == id_in(id))).one_or_none()
    if found is None:
        raise NoSuchDelivery(f"There is no attempt {id}.", fix="GET …/attempts lists them.")
    return found


def send_test(session: Session, subscription: Subscription, slug: str, *, on: Occasion) -> Delivery:
    """A delivery that says nothing, to try the receiver. Raises `NotSentTo`."""
    require_active(subscription)
    id = on.ids.public()
    values = row(
        subscription.id,
        id=id,
        type=TEST,
        sequence=None,
        at=on.now,
        slug=slug,
        data={"id": str(subscription.id)},
        now=on.now,
    )
    insert(session, Delivery, values)
    on.record(session, subscription.community_id, "webhook.tested", subscription.id, {"delivery": str(id)})
    return session.get_one(Delivery, id)


def replay(session: Session, subscription: Subscription, delivery: Delivery, *, on: Occasion) -> None:
    """Has one sent again, at once and under its id, whatever became of it. Raises `NotSentTo`, `BeingSent`."""
    require_active(subscription)
    if not _again(session, subscription, Delivery.id == delivery.id, on=on):
        raise BeingSent("A worker has it in hand.")
    session.refresh(delivery)


def replay_failed(
    session: Session, subscription: Subscription, since: datetime, until: datetime | None, *, on: Occasion
) -> int:
    """Has all sent again that have not arrived, of events since then; how many. Raises `NotSentTo`."""
    require_active(subscription)
    failed = sa.and_(
        col(Delivery.at) >= since,
        col(Delivery.at) < until if until else sa.true(),
        sa.or_(col(Delivery.stage) == Stage.given_up, sa.and_(col(Delivery.stage) == Stage.waiting, _was_tried())),
    )
    return _again(session, subscription, failed, on=on)


def _was_tried() -> sa.ColumnElement[bool]:
    return sa.or_(col(Delivery.status).is_not(None), col(Delivery.error).is_not(None))


def _again(session: Session, subscription: Subscription, which: Any, *, on: Occasion) -> int:
    """Who asks for it believes that the receiver is back: what is known of it is forgotten."""
    begin_anew(subscription)
    session.add(subscription)
    session.flush()
    due = {"stage": Stage.waiting, "due_at": on.now, "ended_at": None, "attempts": 0, "tries": 0}
    chosen = sa.and_(col(Delivery.subscription_id) == subscription.id, which, is_free(Delivery, on.now))
    result: Any = session.execute(
        sa.update(Delivery).where(chosen).values(due), execution_options={"synchronize_session": False}
    )
    count: int = result.rowcount
    on.record(session, subscription.community_id, "webhook.replayed", subscription.id, {"deliveries": count})
    return count


def sent_body(session: Session, subscription: Subscription, id: UUID | None) -> Delivery | None:
    """The delivery of this id, if there is one."""
    found = session.get(Delivery, id) if id else None
    return found if found is not None and found.subscription_id == subscription.id else None
