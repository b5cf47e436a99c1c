"""Rows: round-ups, a week each, who wants to be greeted in one, and whose feed reader reads them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row


class Digest(Row, table=True):
    """What a week's round-up tells of. Written once, never changed; the words are read when somebody reads it."""

    __table_args__ = (UniqueConstraint("community_id", "week"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    week: str = Field(max_length=10)
    """`2026-W43`."""
    starts_at: datetime
    ends_at: datetime
    """The first instant after."""
    contents: dict[str, Any] = Field(sa_type=Json)
    """`rules.Contents`."""
    prompts: dict[str, Any] = Field(sa_type=Json)
    """`rules.Prompts`, for stewards alone."""
    made_at: datetime


class Introduction(Row, table=True):
    """A member who agrees to be named among those who joined."""

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    agreed_at: datetime


class DigestFeed(Row, table=True):
    """An address by which a member's feed reader reads the weeks. Only the secret's SHA-256 is kept."""

    __tablename__ = "digest_feed"
    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    digest: str = Field(unique=True, max_length=64)
    made_at: datetime
