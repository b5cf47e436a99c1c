"""Rows: figures as they were published, and what was found of single people. Written once and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.metrics.families import Family
from app.metrics.formulas.maturity import Stage
from app.metrics.prompts import PromptKind
from app.metrics.purposes import Purpose


class Published(Row, table=True):
    """The figures of one family for one period, byte for byte.

    The same facts (`facts`), policy (`policy`) and periods published before give the same bytes again.
    """

    __tablename__ = "published_figures"
    __table_args__ = (UniqueConstraint("community_id", "family", "period"), Index(None, "community_id", "ends_at"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    family: Family = Field(sa_type=choice(Family))
    period: str = Field(max_length=10)
    """`2026-W43`, `2026-10`, `2026-Q4`, `2026`."""
    starts_at: datetime
    ends_at: datetime
    """The first instant after."""
    policy: str = Field(max_length=64)
    """SHA-256 of all numbers that people chose (`policy.Policy.digest`)."""
    facts: str = Field(max_length=64)
    """SHA-256 of what was known of the time up to the period's end (`facts.Facts.digest`)."""
    body: bytes
    """The results, as canonical JSON (RFC 8785)."""
    sha256: str = Field(max_length=64)
    """Of the body."""
    made_at: datetime


class Beginning(Row, table=True):
    """From when on the figures of a community are published, where its stewards said so."""

    __tablename__ = "figures_beginning"

    community_id: UUID = Field(primary_key=True, foreign_key="community.id")
    begins_at: datetime


class OwnFigures(Row, table=True):
    """What was found of one person for one period, byte for byte: for them, and for stewards who say why they look."""

    __tablename__ = "own_figures"
    __table_args__ = (Index(None, "community_id", "ends_at"),)

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    """Of somebody with several memberships, the one whose id is smallest."""
    period: str = Field(primary_key=True, max_length=10)
    community_id: UUID = Field(foreign_key="community.id")
    starts_at: datetime
    ends_at: datetime
    version: int
    """Of the way in which it is computed."""
    policy: str = Field(max_length=64)
    facts: str = Field(max_length=64)
    body: bytes
    """As canonical JSON (RFC 8785)."""
    sha256: str = Field(max_length=64)
    made_at: datetime


class MaturityQuarter(Row, table=True):
    """The stage of a community in one quarter, and why. Written once and never changed."""

    __tablename__ = "maturity_quarter"
    __table_args__ = (UniqueConstraint("community_id", "period"), Index(None, "community_id", "ends_at"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    period: str = Field(max_length=10)
    starts_at: datetime
    ends_at: datetime
    stage: Stage = Field(sa_type=choice(Stage))
    looks_like: Stage = Field(sa_type=choice(Stage))
    """What the rules say of this quarter by itself; the stage changes once they say the same two quarters in a row."""
    seen: dict[str, Any] = Field(sa_type=Json)
    """All that the rules looked at, for those of the quarters to come; of it `body` has what may be told."""
    body: bytes
    """Each rule, what was seen and whether it is met, as canonical JSON (RFC 8785)."""
    sha256: str = Field(max_length=64)
    """Of the body."""
    policy: str = Field(max_length=64)
    facts: str = Field(max_length=64)
    made_at: datetime


class MaturityOverride(Row, table=True):
    """What stewards say the stage is, which stands beside the estimate."""

    __tablename__ = "maturity_override"

    community_id: UUID = Field(primary_key=True, foreign_key="community.id")
    stage: Stage = Field(sa_type=choice(Stage))
    reason: str
    said_at: datetime


class Note(Row, table=True):
    """Something that stewards are told of a period, in private. Whom it names stands beside it."""

    __tablename__ = "steward_note"
    __table_args__ = (Index(None, "community_id", "period", "id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    period: str = Field(max_length=10)
    starts_at: datetime
    ends_at: datetime
    kind: PromptKind = Field(sa_type=choice(PromptKind))
    values: dict[str, Any] = Field(sa_type=Json)
    policy: str = Field(max_length=64)
    facts: str = Field(max_length=64)
    made_at: datetime


class Named(Row, table=True):
    """That a note names somebody."""

    __tablename__ = "named_in_note"

    note_id: UUID = Field(primary_key=True, foreign_key="steward_note.id")
    place: int = Field(primary_key=True)
    """In the order in which it names people."""
    member_id: UUID = Field(foreign_key="member.id", index=True)


class Look(Row, table=True):
    """That a steward looked at what was found of somebody, and what for. It is told to whom they looked at."""

    __tablename__ = "steward_look"

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    by: str = Field(max_length=36)
    """Who, as the journal names them: a member's id, or `admin`."""
    purpose: Purpose = Field(sa_type=choice(Purpose))
    kind: PromptKind | None = Field(default=None, sa_type=choice(PromptKind))
    """Of the note that named them; None where it was their own figures."""
    period: str = Field(max_length=10)
    looked_at: datetime
