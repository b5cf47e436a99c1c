"""Rows: what members show of their badges."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.kit.database import Json, Row


class PortfolioChoice(Row, table=True):
    """What a member shows, and how. Who has chosen nothing has no row."""

    __tablename__ = "portfolio_choice"

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    title: str | None = None
    summary: str | None = None
    reveal: list[Any] = Field(sa_type=Json)
    """In the words of `rules.Reveal`."""
    items: list[Any] | None = Field(default=None, sa_type=Json)
    """Ids of badges, in their order; None for all that are not revoked."""
    indexed: bool = False
    changed_at: datetime


class PortfolioLink(Row, table=True):
    """A link by which a member shows badges to whoever has it. Only the secret's SHA-256 is kept."""

    __tablename__ = "portfolio_link"

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    title: str | None = None
    items: list[Any] | None = Field(default=None, sa_type=Json)
    """Ids of badges, in their order; None for what everybody sees of the portfolio."""
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None
