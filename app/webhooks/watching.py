"""The jobs that look after subscriptions: who is not reached for days is told, then left in peace; old is forgotten."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, delete, select

from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.webhooks.reading import write_deliveries
from app.webhooks.rules import DISABLED_AFTER, KEPT, NOTICE, WARNED_AFTER, Reason, State
from app.webhooks.sending import send_deliveries
from app.webhooks.service import disable, warn
from app.webhooks.tables import Attempt, Delivery, Subscription

_AT_ONCE = 50
_FORGOTTEN_AT_ONCE = 500


def look_after(runtime: Runtime, now: datetime) -> int:
    """Warns of receivers that have not been reached for days, and a day later disables them; how many."""
    unwarned = sa.and_(col(Subscription.failing_since) <= now - WARNED_AFTER, col(Subscription.warned_at).is_(None))
    over = sa.and_(col(Subscription.failing_since) <= now - DISABLED_AFTER, col(Subscription.warned_at) <= now - NOTICE)
    chosen = select(Subscription).where(Subscription.state == State.active, sa.or_(unwarned, over))
    with runtime.writing() as session:
        some = chosen.order_by(col(Subscription.failing_since)).limit(_AT_ONCE)
        found = session.exec(some.with_for_update(skip_locked=True, key_share=True)).all()
        on = Occasion(actor="system", now=now, ids=runtime.ids)
        for subscription in sorted(found, key=lambda each: each.community_id):  # the order of journals
            if subscription.warned_at is None:
                warn(session, subscription, on=on)
            else:
                disable(session, subscription, Reason.unreachable, on=on)
    return len(found)


def forget_deliveries(runtime: Runtime, now: datetime) -> int:
    """Forgets deliveries that ended long ago, and their attempts; how many."""
    with runtime.writing() as session:
        old = select(Delivery.id).where(col(Delivery.ended_at) < now - KEPT).limit(_FORGOTTEN_AT_ONCE)
        ids = session.exec(old.with_for_update(skip_locked=True)).all()
        session.exec(delete(Attempt).where(col(Attempt.delivery_id).in_(ids)))
        gone: Any = session.exec(delete(Delivery).where(col(Delivery.id).in_(ids)))
    count: int = gone.rowcount
    return count


JOBS = (
    Job("write deliveries", write_deliveries),
    Job("send deliveries", send_deliveries),
    Job("look after webhooks", look_after),
    Job("forget deliveries", forget_deliveries),
)
"""What the worker does for webhooks."""
