"""The job that reads on in the journal for each subscription, and writes down what it is told, in one transaction.

The journal is the outbox (decision record 5): what was committed is there, and what was not is not. Each subscription
has a place of its own in it, so that one that was paused goes on where it stopped.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from app.audit import service as audit
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.journal import Chain, Event
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.members.rules import Role
from app.members.tables import Community
from app.webhooks.awards import named
from app.webhooks.rights import why_not
from app.webhooks.rules import LARGEST, State, Told, told_of, wants
from app.webhooks.service import disable
from app.webhooks.tables import Delivery, Place, Subscription

_log = logging.getLogger(__name__)

_EVENTS_AT_ONCE = 500
_ROUNDS = 8
"""So many times in one beat, for whoever is far behind."""
_NOBODY = UUID(int=0)


def write_deliveries(runtime: Runtime, now: datetime) -> int:
    """Reads on for every subscription whose journal has grown; how many events that was."""
    behind = (
        select(Subscription.id)
        .join(Place, col(Place.subscription_id) == col(Subscription.id))
        .join(Chain, col(Chain.community) == col(Subscription.community_id))
        .where(Subscription.state == State.active, col(Chain.seq) > col(Place.seq))
        .order_by(col(Subscription.id))
    )
    with read_session(runtime.engine) as session:
        found = session.exec(behind).all()
    return sum(_caught_up(runtime, subscription, now) for subscription in found)


def _caught_up(runtime: Runtime, id: UUID, now: datetime) -> int:
    """As `_catch_up`; but what fails for one subscription is logged, and keeps nothing from the others."""
    try:
        return _catch_up(runtime, id, now)
    except Exception:  # noqa: BLE001  whatever it is, it is tried again by the next beat
        _log.exception("What the webhook %s is to be told could not be written down; it is tried again.", id)
        return 0


def _catch_up(runtime: Runtime, id: UUID, now: datetime) -> int:
    read = 0
    for _ in range(_ROUNDS):
        with runtime.writing() as session:
            some = _read_on(session, id, on=Occasion(actor="system", now=now, ids=runtime.ids))
        read += some
        if some < _EVENTS_AT_ONCE:
            break
    return read


def _read_on(session: Session, id: UUID, *, on: Occasion) -> int:
    """Some events further: what is told of them, and that they have been read."""
    # The subscription first, as who removes it takes it: shared, so that it is sent to meanwhile.
    its = select(Subscription).where(Subscription.id == id, Subscription.state == State.active)
    subscription = session.exec(its.with_for_update(read=True, key_share=True, skip_locked=True)).first()
    place = session.exec(select(Place).where(Place.subscription_id == id).with_for_update(skip_locked=True)).first()
    if place is None or subscription is None:
        return 0  # another worker is at it, or it is changed or ended just now
    if reason := why_not(session, subscription, on.now):
        disable(session, subscription, reason, on=on)
        return 0
    further = select(Event).where(Event.community == subscription.community_id, Event.seq > place.seq)
    events = session.exec(further.order_by(col(Event.seq)).limit(_EVENTS_AT_ONCE)).all()
    news = _told(session, subscription, events, on.now)
    if news:
        slug = session.get_one(Community, subscription.community_id).slug
        insert(session, Delivery, *(_row(id, event, told, slug, on.now) for event, told in news))
    if events:
        place.seq = events[-1].seq
        session.add(place)
    return len(events)


def _told(
    session: Session, subscription: Subscription, events: Sequence[Event], now: datetime
) -> list[tuple[Event, Told]]:
    """The events that a subscription is told, each with what is said of it.

    Its owner hears of nothing that the journal withholds from them. Others have a stake in nothing, and what was never
    shown to the community is not theirs either.
    """
    looks_after = subscription.owner_id is not None or subscription.made_by == Role.admin
    wanted = []
    for event in events:
        may_be = told_of(event.type, event.subject, event.data, looks_after=looks_after)
        told = next((each for each in may_be if wants(subscription.events, each.type)), None)
        if told is not None:
            wanted.append((event, told))
    if not wanted:
        return []
    community = subscription.community_id
    reader = audit.reader(session, community, subscription.owner_id, now=now)
    reader = reader or audit.Reader(_NOBODY, community, frozenset())
    withheld = audit.withheld(session, reader, [event for event, _ in wanted])
    shown = [(event, told) for event, told in wanted if event.seq not in withheld]
    said = named(session, subscription, [told for _, told in shown], looks_after=looks_after)
    return [(event, told) for (event, _), told in zip(shown, said, strict=True) if told is not None]


def _row(subscription: UUID, event: Event, told: Told, slug: str, now: datetime) -> dict[str, Any]:
    """The delivery of an event: the same id whoever writes it, and as often as it is written."""
    return row(
        subscription,
        id=uuid.uuid5(subscription, str(event.id)),
        type=told.type,
        sequence=event.seq,
        at=event.occurred_at,
        slug=slug,
        data=told.data,
        now=now,
    )


def row(
    subscription: UUID,
    *,
    id: UUID,
    type: str,
    sequence: int | None,
    at: datetime,
    slug: str,
    data: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """All values of a delivery that is due now. Its body is written here once, and sent as it is from then on."""
    said = {
        "type": type,
        "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "sequence": sequence,
        "community": slug,
        "data": data,
    }
    body = orjson.dumps(said)
    if len(body) > LARGEST:
        short = {name: value for name, value in data.items() if not isinstance(value, list)}
        body = orjson.dumps(said | {"data": short | {"abridged": True}})
    return {
        "id": id,
        "stage": Stage.waiting,
        "due_at": now,
        "attempts": 0,
        "lease": None,
        "lease_ends": None,
        "ended_at": None,
        "subscription_id": subscription,
        "type": type,
        "sequence": sequence,
        "at": at,
        "body": body.decode(),
        "status": None,
        "error": None,
        "tries": 0,
    }
