"""Rows: what people did, who is credited with it, and types of it that a community has of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.contributions.rules import Loop, Mode, Potential, Side
from app.kit.database import Json, Row, choice


class ContributionType(Row, table=True):
    """A type of contribution that a community has besides those that every one has. Never taken out."""

    __tablename__ = "contribution_type"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    key: str = Field(max_length=64)
    name: str
    description: str
    mode: Mode = Field(sa_type=choice(Mode))
    cycles: list[Any] = Field(sa_type=Json)
    potential: Potential = Field(sa_type=choice(Potential))
    care_areas: list[Any] = Field(sa_type=Json)
    loop: Loop = Field(sa_type=choice(Loop))
    all_contributors: list[Any] = Field(sa_type=Json)
    effort: int | None = None
    evidence_hint: str | None = None
    value_to_member: str | None = None
    value_to_community: str | None = None
    created_at: datetime
    created_by: str
    deprecated_at: datetime | None = None
    """Since when it is not used any more."""
    version: int = 1
    """Counts changes; the ETag of the type's resource."""


class Contribution(Row, table=True):
    """Something that was done. What was wrong about it is said in another that corrects it."""

    __table_args__ = (
        Index(None, "community_id", "occurred_at", "id"),
        Index(None, "community_id", "type", "occurred_at"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    type: str = Field(max_length=64)
    occurred_at: datetime
    ends_at: datetime | None = None
    first_occurred_at: datetime | None = None
    """When it began as first recorded; None unless it turned out later to reach further."""
    first_ends_at: datetime | None = None
    """When it ended as first recorded, if `first_occurred_at` is there."""
    recorded_at: datetime
    recorded_by: str = Field(max_length=500)
    """As the journal names whoever reported it."""
    source: str = Field(max_length=64)
    dedupe_key: str | None = None
    """What whoever reported it calls it, as given, for them and for stewards. None of what a platform told, the keys of
    which may name accounts: of those there is only the digest."""
    holding: str | None = Field(default=None, unique=True, max_length=64)
    """SHA-256 of community, source and dedupe key, while nothing else may be recorded under them: a constraint, not a
    check. Whoever is erased takes the key away, and what is delivered again is still known by this."""
    url: str | None = None
    title: str | None = None
    channel: str | None = None
    evidence_digest: str | None = Field(default=None, max_length=64)
    """SHA-256 of what stands at `url`."""
    loop: Loop | None = Field(default=None, sa_type=choice(Loop))
    """None for that of its type."""
    corrects: UUID | None = Field(default=None, foreign_key="contribution.id", unique=True)
    """The one in whose stead it stands."""
    superseded_at: datetime | None = None
    """When another took its place."""
    retracted_at: datetime | None = None
    """When it was taken back."""
    reason: str | None = None
    """Why it was corrected or taken back."""


class Credit(Row, table=True):
    """That somebody did, or was helped by, a contribution.

    It names a member, or an account on a platform, for ever: whose account that is, is asked when it is read. What
    counting looks for stands here too, so that it reads no other table.
    """

    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (account IS NULL)", name="names_one"),
        Index(None, "member_id", "type", "occurred_at"),
        Index(None, "community_id", "platform", "account", "type", "occurred_at"),
    )

    contribution_id: UUID = Field(primary_key=True, foreign_key="contribution.id")
    position: int = Field(primary_key=True)
    """In the order of the report."""
    community_id: UUID = Field(foreign_key="community.id")
    side: Side = Field(sa_type=choice(Side))
    role: str | None = Field(default=None, max_length=64)
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    platform: str | None = Field(default=None, max_length=64)
    account: str | None = None
    """In the form in which accounts are compared; of an address on the platform `email`, its keyed hash."""
    type: str = Field(max_length=64)
    occurred_at: datetime
    in_force: bool = True
    """Whether its contribution has been neither corrected nor taken back."""


class Uncounted(Row, table=True):
    """A member who does not want what they do to be counted."""

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    since: datetime


class CountedAgain(Row, table=True):
    """A member who does want it again, until somebody has counted. Journals do not say whose decision it was."""

    __tablename__ = "counted_again"

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    community_id: UUID = Field(foreign_key="community.id", index=True)
