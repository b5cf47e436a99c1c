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
