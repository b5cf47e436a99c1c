"""Rows: milestones, who met them, and how far each journal has been read for them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.kit.readings import Place


class MilestoneState(StrEnum):
    """Where a milestone is in its life. What it says changes only while it is a draft."""

    draft = "draft"
    active = "active"
    retired = "retired"


class Stage(StrEnum):
    """What became of somebody's meeting a milestone."""

    waiting = "waiting"
    """Its result goes out when its turn comes."""
    given = "given"
    """It has gone out."""
    passed_over = "passed_over"
    """There was nothing to give: `reason` says why."""


HELD_ALREADY = "already-awarded"
"""Why somebody was passed over who is done with the milestone for good. Every other reason may pass."""
TRIES = 6
"""How often it is tried to give what is refused for now. Who was passed over after as many is done with the milestone
until another takes its place: else whatever they did next would have them meet it, and wait, once more."""
RETIRED = "milestone-retired"
"""Why somebody was passed over for whom it is taken up again by the milestone that replaces this one."""


class Milestone(Row, table=True):
    """What has to add up, and what follows."""

    __table_args__ = (Index(None, "community_id", "state"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    name: str = Field(max_length=200)
    description: str
    discussion: str
    """Where the community debated it."""
    rule: dict[str, Any] = Field(sa_type=Json)
    state: MilestoneState = Field(default=MilestoneState.draft, sa_type=choice(MilestoneState))
    replaces: UUID | None = Field(default=None, foreign_key="milestone.id")
    """The one that ends when this one begins."""
    series: UUID
    """The id of the first of those that replace each other: who met that one has met this one."""
    drawn_up_by: str = Field(max_length=500)
    """As the journal names them."""
    approved_by: str | None = Field(default=None, max_length=500)
    """Another steward, of the draft as it stands."""
    objection: str | None = None
    """Of the steward who looked at it last, if they object."""
    created_at: datetime
    activated_at: datetime | None = None
    activated_by: UUID | None = Field(default=None, foreign_key="member.id")
    """The steward, if it was one in person: nominations are drafted for them."""
    retired_at: datetime | None = None
    sweep_after: UUID | None = None
    """While all members are looked at, the last who was."""
    sweeping: bool = False
    swept_on: date | None = None
    """When all members were last looked at for an anniversary."""
    version: int = 1
    """Counts changes; the ETag of the milestone's resource."""


class Attainment(Row, table=True):
    """That somebody met a milestone."""

    __table_args__ = (
        UniqueConstraint("series", "member_id", "nth"),
        Index(None, "stage", "series", "met_at"),
        Index(None, "series", "given_at"),
        Index(None, "community_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    """Random: it stands in badges."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id")
    milestone_id: UUID = Field(foreign_key="milestone.id")
    series: UUID
    member_id: UUID = Field(foreign_key="member.id", index=True)
    """The smallest of the ids of all members who are this person."""
    nth: int
    """The how manieth time: a constraint, not a check, has each count once."""
    met_at: datetime
    contributions: list[Any] = Field(sa_type=Json)
    """Those that it rests on, oldest first: each an id, its type and digest. Weighed anew when it is given."""
    stage: Stage = Field(default=Stage.waiting, sa_type=choice(Stage))
    tries: int = 0
    """How often it could not be given for what may pass."""
    due_at: datetime | None = None
    """After such a try, when it is tried again."""
    given_at: datetime | None = None
    reason: str | None = Field(default=None, max_length=64)
    """Why nothing was given: a code."""
    credential_id: UUID | None = Field(default=None, foreign_key="credential.id", index=True)
    nomination_id: UUID | None = Field(default=None, foreign_key="nomination.id")
    dismissed_at: datetime | None = None
    """Of a suggestion: when the stewards put it away."""


class EvidenceText(Row, table=True):
    """The evidence of a badge, byte for byte as the badge pins it. Never changed; it goes with who has that revoked."""

    __tablename__ = "evidence_text"

    attainment_id: UUID = Field(primary_key=True, foreign_key="attainment.id")
    body: str


class Weighed(Place, table=True):
    """How far a community's journal has been read for milestones. Moved in the transaction that says who met one."""

    __tablename__ = "journal_weighed"
