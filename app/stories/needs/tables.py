"""Rows: what members need, and who wants it as well."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, col

from app.kit.database import Row, choice
from app.kit.suppression import USUAL_K, at_least
from app.stories.needs.rules import NeedKind, NeedState


class Need(Row, table=True):
    """A question, or a topic, that somebody put on the board."""

    __table_args__ = (Index(None, "community_id", "state", "id"), Index(None, "community_id", "votes", "id"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    asker_id: UUID = Field(foreign_key="member.id", index=True)
    kind: NeedKind = Field(sa_type=choice(NeedKind))
    title: str | None = Field(max_length=200)
    """None, like all words, once it is withdrawn."""
    text: str | None = None
    state: NeedState = Field(default=NeedState.open, sa_type=choice(NeedState))
    votes: int = 0
    """How many want it; the rows of `NeedVote`, counted. Told is `wanted`."""
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    answer_url: str | None = None
    answer_id: UUID | None = Field(default=None, foreign_key="contribution.id")
    """The contribution by which whoever answered is credited."""
    captured_at: datetime | None = None
    captured_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    capture_url: str | None = None
    capture_id: UUID | None = Field(default=None, foreign_key="contribution.id")
    version: int = 1
    """Counts changes, and no votes; the ETag of the need's resource."""

    @property
    def wanted(self) -> int:
        """How many want it at least: the multiple of k below, so that nobody sees a single one come or go."""
        return at_least(self.votes, k=USUAL_K)


def by_wanted() -> Any:
    """The same, to put needs in order by: an order by votes would tell how many there are."""
    return (col(Need.votes) - col(Need.votes) % USUAL_K).label("wanted")


class NeedVote(Row, table=True):
    """That somebody wants it, too."""

    __tablename__ = "need_vote"

    need_id: UUID = Field(primary_key=True, foreign_key="need.id")
    member_id: UUID = Field(primary_key=True, foreign_key="member.id", index=True)
    at: datetime
