"""Rows: what was made, who made it, and on what it builds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Row, choice
from app.stories.artefacts.rules import Review


class Artefact(Row, table=True):
    """Something that was made, and stands somewhere."""

    __table_args__ = (Index(None, "community_id", "id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    title: str | None = Field(max_length=200)
    """None, like where it stands, once it is taken out."""
    url: str | None
    licence: str | None = Field(default=None, max_length=100)
    description: str | None = None
    added_by: str = Field(max_length=500)
    """As the journal names them."""
    added_at: datetime
    review: Review = Field(default=Review.unreviewed, sa_type=choice(Review))
    reviewed_by: str | None = Field(default=None, max_length=500)
    reviewed_at: datetime | None = None
    review_note: str | None = None
    removed_at: datetime | None = None
    version: int = 1
    """Counts changes; the ETag of the artefact's resource."""


class ArtefactContributor(Row, table=True):
    """Somebody who had a part in it."""

    __tablename__ = "artefact_contributor"
    __table_args__ = (UniqueConstraint("artefact_id", "member_id", "role"),)

    artefact_id: UUID = Field(primary_key=True, foreign_key="artefact.id")
    position: int = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    role: str = Field(max_length=64)


class ArtefactBase(Row, table=True):
    """Something that it builds on."""

    __tablename__ = "artefact_base"
    __table_args__ = (CheckConstraint("(base_id IS NULL) <> (url IS NULL)", name="names_one"),)

    artefact_id: UUID = Field(primary_key=True, foreign_key="artefact.id")
    position: int = Field(primary_key=True)
    base_id: UUID | None = Field(default=None, foreign_key="artefact.id", index=True)
    url: str | None = None
    title: str | None = None
