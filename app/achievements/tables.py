"""Rows: achievements, their versions, and proposals of them. A version never changes; neither does its artwork."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.achievements.proposal_rules import ProposalState
from app.kit.database import Json, Row, choice


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


class Proposal(Row, table=True):
    """What a member would have the community recognise."""

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    proposer_id: UUID = Field(foreign_key="member.id", index=True)
    state: ProposalState = Field(sa_type=choice(ProposalState))
    version: int = 1
    """Counts changes; the ETag of the proposal's resource."""
    wording: dict[str, Any] = Field(sa_type=Json)
    """What an achievement of it would say, in the words of `service.Wording`; `policy` is only what differs."""
    image: bytes | None = None
    """The PNG that was given."""
    image_given: bool
    feedback: str | None = None
    """Why it was declined."""
    achievement_id: UUID | None = Field(default=None, foreign_key="achievement.id", unique=True)
    """What came of it."""
    created_at: datetime
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


class ProposalSupport(Row, table=True):
    """A member's word for a proposal."""

    __tablename__ = "proposal_support"
    __table_args__ = (UniqueConstraint("proposal_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    proposal_version: int
    """Of what was supported: the proposer may have changed it since."""
    comment: str | None = None
    created_at: datetime
