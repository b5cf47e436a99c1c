"""Use-cases: subscriptions, whose they are, and their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import journal
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.journal import Chain
from app.kit.occasions import Occasion
from app.kit.posting import Poster
from app.members.auth import Caller
from app.members.rules import Role
from app.members.tables import Community
from app.webhooks.keys import Keys, Ring
from app.webhooks.rules import EVENTS, State, unknown_patterns
from app.webhooks.tables import Attempt, Delivery, Place, Subscription

MOST = 20
"""Subscriptions of one community."""


class NoSuchWebhook(NotFound):
    """There is no such webhook in this community."""

    code = "no-such-webhook"
    fix = "GET …/webhooks lists them."


class AnothersWebhook(Forbidden):
    """The webhook tells what somebody else may see."""

    code = "anothers-webhook"
    fix = "Make one of your own; those of others any steward may pause or remove."


class TooManyWebhooks(Conflict):
    """The community has as many webhooks as it may have."""

    code = "too-many-webhooks"
    fix = "Remove one that is not needed any more."


class NotSentTo(Conflict):
    """The webhook is paused or disabled."""

    code = "webhook-not-active"
    fix = 'Have it sent to again first: PATCH it with {"state": "active"}.'


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to be told, and where."""

    url: str
    events: Sequence[str]
    name: str | None = None
    asymmetric: bool = False


def seen_by(community: Community, caller: Caller) -> SelectOfScalar[Subscription]:
    """The subscriptions that a caller knows of: stewards of all, a platform of those that it made."""
    chosen = select(Subscription).where(Subscription.community_id == community.id)
    return chosen if caller.stewards(community.id) else chosen.where(Subscription.made_by == caller.actor)


def known(session: Session, community: Community, id: str, caller: Caller, *, lock: bool = False) -> Subscription:
    """A subscription that the caller knows of. Raises `NoSuchWebhook`."""
    chosen = seen_by(community, caller).where(Subscription.id == id_in(id))
    found = session.exec(chosen.with_for_update(key_share=True) if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchWebhook(f"{community.slug} has no webhook {id}.")
    return found


def own(session: Session, community: Community, id: str, caller: Caller, *, lock: bool = False) -> Subscription:
    """One that tells what the caller may see. Raises `NoSuchWebhook`, `AnothersWebhook`."""
    found = known(session, community, id, caller, lock=lock)
    require_own(found, caller)
    return found


def require_own(subscription: Subscription, caller: Caller) -> None:
    """Raises `AnothersWebhook`: what one steward may see of the journal, another may have a stake in."""
    if caller.role is not Role.admin and subscription.made_by != caller.actor:
        raise AnothersWebhook("It tells what whoever made it may see; that is not for others to read or to lead away.")


def require_active(subscription: Subscription) -> None:
    """Raises `NotSentTo`."""
    if subscription.state is not State.active:
        raise NotSentTo(f"It is {subscription.state}.", state=subscription.state.value)


def subscribe(
    session: Session,
    community: Community,
    wanted: Wanted,
    caller: Caller,
    *,
    post: Poster,
    at: Installation,
    on: Occasion,
) -> tuple[Subscription, str]:
    """A new subscription and its secret; told is what happens from now on. Raises `Invalid`, `TooManyWebhooks`."""
    _check(wanted.url, wanted.events, post)
    journal.hold(session, community.id)  # of two who make the last one, one waits
    count = session.exec(select(sa.func.count()).where(Subscription.community_id == community.id)).one()
    if count >= MOST:
        raise TooManyWebhooks(f"{community.slug} has {count} webhooks.")
    id, ring = on.ids.row(), Ring(Keys.new(on.ids, asymmetric=wanted.asymmetric))
    subscription = Subscription(
        id=id,
        community_id=community.id,
        owner_id=caller.member if caller.role is Role.steward else None,
        made_by=caller.actor,
        url=wanted.url,
        name=wanted.name,
        events=list(wanted.events),
        sealed=ring.sealed(at.vault, id),
        public_key=ring.now.public,
        created_at=on.now,
    )
    session.add(subscription)
    session.flush()
    on.record(session, community.id, "webhook.added", id, _told(subscription))
    session.add(Place(subscription_id=id, seq=_end(session, community.id)))
    return subscription, ring.now.secret


def change(
    session: Session, subscription: Subscription, changes: Mapping[str, Any], *, post: Poster, on: Occasion
) -> None:
    """Sets what `changes` names. What is sent to again begins with a clean slate. Raises `Invalid`."""
    _check(changes.get("url", subscription.url), changes.get("events", subscription.events), post)
    for field, value in changes.items():
        setattr(subscription, field, list(value) if field == "events" else value)
    if changes.get("state") is State.active or "url" in changes:
        begin_anew(subscription)
    if "state" in changes:
        subscription.reason = None
    subscription.version += 1
    session.add(subscription)
    session.flush()
    said = {"fields": sorted(changes), "state": subscription.state.value}
    on.record(session, subscription.community_id, "webhook.changed", subscription.id, _told(subscription) | said)


def begin_anew(subscription: Subscription) -> None:
    """Forgets what is known of its receiver."""
    subscription.failures, subscription.failing_since = 0, None
    subscription.resting_until = subscription.warned_at = None
    subscription.answers_in_ms = 0


def remove(session: Session, subscription: Subscription, *, on: Occasion) -> None:
    """Takes a subscription away, with its deliveries. It is locked."""
    its = sa.select(col(Delivery.id)).where(col(Delivery.subscription_id) == subscription.id)
    session.exec(delete(Attempt).where(col(Attempt.delivery_id).in_(its)))
    session.exec(delete(Delivery).where(col(Delivery.subscription_id) == subscription.id))
    session.exec(delete(Place).where(col(Place.subscription_id) == subscription.id))
    on.record(session, subscription.community_id, "webhook.removed", subscription.id, _told(subscription))
    session.delete(subscription)


def rotate(
    session: Session,
    subscription: Subscription,
    *,
    asymmetric: bool,
    overlap: timedelta,
    at: Installation,
    on: Occasion,
) -> str:
    """New keys; those before sign besides until the overlap ends. The new secret."""
    ring = Ring.opened(subscription.sealed, at.vault, subscription.id).rotated(on.ids, asymmetric=asymmetric)
    subscription.sealed = ring.sealed(at.vault, subscription.id)
    subscription.public_key = ring.now.public
    subscription.overlap_ends = on.now + overlap
    subscription.version += 1
    session.add(subscription)
    session.flush()
    on.record(session, subscription.community_id, "webhook.rotated", subscription.id, _told(subscription))
    return ring.now.secret


def disable(session: Session, subscription: Subscription, reason: Any, *, on: Occasion) -> None:
    """Ends sending, and tells whoever looks after it why."""
    subscription.state, subscription.reason = State.disabled, reason
    session.add(subscription)
    session.flush()
    said = _told(subscription) | {"reason": reason.value}
    on.record(session, subscription.community_id, "webhook.disabled", subscription.id, said)


def warn(session: Session, subscription: Subscription, *, on: Occasion) -> None:
    """Tells whoever looks after it that it will be disabled."""
    subscription.warned_at = on.now
    session.add(subscription)
    session.flush()
    on.record(session, subscription.community_id, "webhook.failing", subscription.id, _told(subscription))


def _told(subscription: Subscription) -> dict[str, journal.Datum]:
    """What the journal is told of it: whose it is, and never its address."""
    return {"owner": str(subscription.owner_id) if subscription.owner_id else None}


def _end(session: Session, community: UUID) -> int:
    return session.exec(select(Chain.seq).where(Chain.community == community)).first() or 0


def _check(url: str, events: Sequence[str], post: Poster) -> None:
    """Raises `Invalid`."""
    if why := post.refuses(url):
        raise Invalid(errors=[{"pointer": "/url", "message": f"nothing is sent there: {why}"}])
    if unknown := unknown_patterns(events):
        message = f"{', '.join(unknown)}: there are {', '.join(EVENTS)}, and patterns such as nomination.*"
        raise Invalid(errors=[{"pointer": "/events", "message": message}])


def is_overlapping(subscription: Subscription, now: datetime) -> bool:
    """Whether the keys before the present ones still sign."""
    return subscription.overlap_ends is not None and subscription.overlap_ends > now
