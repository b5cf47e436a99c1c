"""Rows: reports, as they were made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row


class Report(Row, table=True):
    """The case for support of one period, byte for byte. What people said in words is not in it, but named by id."""

    __tablename__ = "support_report"
    __table_args__ = (UniqueConstraint("community_id", "period"), Index(None, "community_id", "row"))

    id: UUID = Field(primary_key=True)
    """Random: strangers see it of those that are published."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id")
    period: str = Field(max_length=10)
    """`2026-10`, `2026-Q4`, `2026`."""
    starts_at: datetime
    ends_at: datetime
    """The first instant after."""
    body: bytes
    """Canonical JSON (RFC 8785)."""
    sha256: str = Field(max_length=64)
    """Of the body."""
    made_at: datetime
    published_at: datetime | None = None
    """Since when everyone may read it; None while that is not so."""
    looks: int = 0
    """As charts looked when its own were drawn ahead; 0 of those that were not."""
    inside: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """What is in no document that strangers may see: ids of stories and of uptake, and when stewards said the stage."""
    indexed: bool = False
    """Whether search engines may list its page."""
