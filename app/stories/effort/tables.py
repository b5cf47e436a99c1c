"""Rows: hours that members state, and the sums that are told of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.kit.database import Json, Row


class Effort(Row, table=True):
    """Time that somebody spent on their community in a month. Nobody else sees it."""

    __table_args__ = (Index(None, "community_id", "quarter"), Index(None, "member_id", "id"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    month: date
    """Its first day."""
    quarter: date
    """The first day of the quarter in which that is."""
    minutes: int
    sponsor: str | None = None
    """Who paid for it; None for a volunteer."""


class EffortSum(Row, table=True):
    """What is told of a quarter, summed once: it stays whatever is taken back later."""

    __tablename__ = "effort_sum"

    community_id: UUID = Field(primary_key=True, foreign_key="community.id")
    quarter: date = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_type=Json)
    made_at: datetime
