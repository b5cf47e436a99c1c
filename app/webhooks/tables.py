"""Rows: subscriptions, how far each has read, deliveries, and attempts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.kit.leases import Work
from app.webhooks.rules import Reason, State


class Subscription(Row, table=True):
    """An address that is told what happens in a community."""

    __tablename__ = "webhook"

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    owner_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    """The steward whose eyes it has; None where a platform or the installation's admin made it."""
    made_by: str = Field(max_length=500)
    """Who made it, as the journal names them."""
    url: str
    name: str | None = None
    events: list[Any] = Field(sa_type=Json)
    """Patterns of types."""
    sealed: bytes
    """What signs for it (`keys.Keys`)."""
    public_key: str | None = Field(default=None, max_length=64)
    """`whpk_…`, where it is also signed for whoever does not know the secret."""
    overlap_ends: datetime | None = None
    """Until then the keys before the present ones sign as well."""
    state: State = Field(default=State.active, sa_type=choice(State))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason))
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = Field(default=None, index=True)
    resting_until: datetime | None = None
    answers_in_ms: int = 0
    """How long the last answers took it, on average, or not to answer."""
    served_at: datetime | None = None
    """When something was last claimed for it: whoever has waited longest comes next."""
    warned_at: datetime | None = None
    """When those who look after it were told that it is about to be disabled."""
    created_at: datetime
    version: int = 1
    """Counts changes by people; the ETag."""


class Place(Row, table=True):
    """How far a subscription has read the journal of its community."""

    __tablename__ = "webhook_place"

    subscription_id: UUID = Field(primary_key=True, foreign_key="webhook.id")
    seq: int = Field(sa_type=sa.BigInteger)


class Delivery(Work, table=True):
    """One event on its way to one subscription. Its id is the `webhook-id`, which never changes."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.Index(None, "subscription_id", "due_at"),
        sa.Index(None, "subscription_id", "at", "id"),
    )

    subscription_id: UUID = Field(foreign_key="webhook.id")
    type: str = Field(max_length=64)
    sequence: int | None = Field(default=None, sa_type=sa.BigInteger)
    """The event's place in the journal; None for a test."""
    at: datetime
    """When it happened."""
    body: str
    """As it is sent, whenever that is."""
    status: int | None = None
    """What was answered the last time."""
    error: str | None = Field(default=None, max_length=32)
    """Why nothing was, the last time."""
    tries: int = 0
    """How often what came of sending it was seen, since it was last asked for by hand: that workers died over it is no
    reason to give it up."""


class Attempt(Row, table=True):
    """One time that a delivery was sent."""

    __tablename__ = "webhook_attempt"

    id: UUID = Field(primary_key=True)
    delivery_id: UUID = Field(foreign_key="webhook_delivery.id", index=True)
    at: datetime
    milliseconds: int
    status: int | None
    error: str | None = Field(max_length=32)
    answer: str
    """How the answer began."""
