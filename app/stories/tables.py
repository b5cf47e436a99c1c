"""Rows: value stories, and what each is about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Row, choice
from app.stories.rules import Audience


class Story(Row, table=True):
    """What somebody got out of it, in their own words."""

    __table_args__ = (Index(None, "community_id", "row"),)

    id: UUID = Field(primary_key=True)
    """Random: strangers see it of those that are published."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id")
    author_id: UUID = Field(foreign_key="member.id", index=True)
    cycles: str = Field(max_length=5)
    """Of value creation, in their order: `34`."""
    title: str | None
    """None, like all words, once it is withdrawn."""
    what_happened: str | None = None
    what_i_got: str | None = None
    applied_where: str | None = None
    difference: str | None = None
    reframed_what: str | None = None
    strategic: str | None = None
    enabling: str | None = None
    audience: Audience = Field(sa_type=choice(Audience))
    may_quote: bool
    named: bool
    consented_at: datetime
    """When its author last said who may read it."""
    told_at: datetime
    changed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    version: int = 1
    """Counts changes; the ETag of the story's resource."""


class StoryLink(Row, table=True):
    """What a story is about: a contribution, a badge, or the story that it goes on from."""

    __tablename__ = "story_link"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END + CASE WHEN credential_id IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN to_story_id IS NULL THEN 0 ELSE 1 END = 1",
            name="names_one",
        ),
        UniqueConstraint("story_id", "contribution_id"),
        UniqueConstraint("story_id", "credential_id"),
        UniqueConstraint("story_id", "to_story_id"),
    )

    story_id: UUID = Field(primary_key=True, foreign_key="story.id")
    position: int = Field(primary_key=True)
    contribution_id: UUID | None = Field(default=None, foreign_key="contribution.id", index=True)
    credential_id: UUID | None = Field(default=None, foreign_key="credential.id", index=True)
    to_story_id: UUID | None = Field(default=None, foreign_key="story.id", index=True)
