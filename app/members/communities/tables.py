"""Rows: what a community agreed on, what it is about, and who would come to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Row, choice
from app.members.phases import LetterKind


class Charter(Row, table=True):
    """What a community has agreed on, from purpose to practice. A change is another version; none is ever rewritten."""

    community_id: UUID = Field(primary_key=True, foreign_key="community.id")
    number: int = Field(primary_key=True)
    """1, 2, …"""
    purpose: str
    principles: str
    participants: str
    structure: str
    practices: str
    note: str | None = None
    """What is otherwise than in the version before."""
    adopted_at: datetime
    adopted_by: str = Field(max_length=500)
    """As the journal names them."""


class CommunityProfile(Row, table=True):
    """What a community is about: the three things of which a community of practice is made, and its rhythm."""

    __tablename__ = "community_profile"

    community_id: UUID = Field(primary_key=True, foreign_key="community.id")
    domain: str | None = None
    community: str | None = None
    practice: str | None = None
    rhythm: str | None = None
    rhythm_days: int | None = None
    landscape: str | None = Field(default=None, max_length=200)
    """Beside which other communities it wants to be seen."""
    public: bool = False
    """Whether everyone may read it; without a domain nobody but members does."""
    version: int = 0
    """Counts changes; the ETag of the profile's resource."""


class Interest(Row, table=True):
    """Somebody who would come to a community that is only potential. Nobody is shown more of them than their number."""

    __table_args__ = (UniqueConstraint("community_id", "key"), Index(None, "community_id", "at"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    key: str = Field(max_length=64)
    """Keyed hash of their address."""
    at: datetime
    """When they were last asked whether it was them."""
    digest: str = Field(unique=True, max_length=64)
    """SHA-256 of the secret of their link, with which they confirm it, and take it back later."""
    confirmed_at: datetime | None = None
    letter: LetterKind | None = Field(default=None, sa_type=choice(LetterKind))
    """The letter that they are to be sent next; None once it has left."""
    sealed: bytes | None = None
    """Their address, and the link's secret until its letter has left; None once there is nothing more to be sent."""


class Farewell(Row, table=True):
    """What a member is said when the community ends. Until then stewards alone know of it."""

    __table_args__ = (UniqueConstraint("community_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    text: str
    prepared_by: str = Field(max_length=500)
    """As the journal names them."""
    said_at: datetime | None = None
