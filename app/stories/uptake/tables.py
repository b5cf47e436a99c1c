"""Rows: what others took up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.kit.database import Row, choice
from app.stories.uptake.rules import PlaceKind


class Uptake(Row, table=True):
    """That somebody elsewhere took something up, and what came of it."""

    __table_args__ = (Index(None, "community_id", "id"), Index(None, "community_id", "happened_at"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    what: str | None = Field(max_length=200)
    """What was taken up. None, like all words, once it is withdrawn."""
    taker: str | None = Field(default=None, max_length=200)
    """Who did, as they are called there."""
    place: str | None = Field(max_length=200)
    """Where: the community or the organisation."""
    place_kind: PlaceKind = Field(sa_type=choice(PlaceKind))
    place_community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    """If it is a community of this installation."""
    outcome: str | None
    organisational_change: str | None = None
    """What an organisation does otherwise since, if it does."""
    happened_at: datetime
    story_id: UUID | None = Field(default=None, foreign_key="story.id")
    contribution_id: UUID | None = Field(default=None, foreign_key="contribution.id")
    evidence_url: str | None = None
    evidence_digest: str | None = Field(default=None, max_length=64)
    """SHA-256 of what stands at `evidence_url`."""
    recorded_by: str = Field(max_length=500)
    """As the journal names them."""
    recorded_at: datetime
    verified_by: str | None = Field(default=None, max_length=500)
    """The steward who looked at the evidence."""
    verified_at: datetime | None = None
    withdrawn_at: datetime | None = None
