"""Rows: achievements and their versions. A version never changes; neither does its artwork."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row


class Achievement(Row, table=True):
    """What can be earned in a community; what it says is in its versions."""

    id: UUID = Field(primary_key=True)
    """Random: strangers see it."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id", index=True)
    newest: int = 1
    """Number of the newest version; its ETag too."""
    created_at: datetime


class AchievementVersion(Row, table=True):
    """One wording of an achievement, as it was awarded (decision record 10)."""

    __tablename__ = "achievement_version"
    __table_args__ = (UniqueConstraint("achievement_id", "number"),)

    id: UUID = Field(primary_key=True)
    achievement_id: UUID = Field(foreign_key="achievement.id")
    number: int
    name: str
    description: str
    criteria_narrative: str
    criteria_url: str | None = None
    achievement_type: str
    contribution_type: str | None = None
    tags: list[Any] = Field(sa_type=Json)
    alignments: list[Any] = Field(sa_type=Json)
    """As OB 3.0 Alignments, in the words of the API."""
    results: list[Any] = Field(sa_type=Json)
    """As OB 3.0 ResultDescriptions, in the words of the API."""
    policy: dict[str, Any] = Field(sa_type=Json)
    value_to_member: str | None = None
    value_to_community: str | None = None
    discussion: str | None = None
    """Where it is, or was, debated."""
    image_svg: bytes
    image_png: bytes
    image_caption: str
    image_uploaded: bool
    """Whether somebody gave the image; a drawn one is drawn anew when the title changes."""
    created_at: datetime
    created_by: str
