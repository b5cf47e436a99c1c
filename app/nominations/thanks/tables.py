"""Rows: thanks, and the nominations that they suggest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.kit.database import Row


class Thanks(Row, table=True):
    """One thanks from somebody to somebody, seen by these two and the stewards."""

    __table_args__ = (UniqueConstraint("giver_id", "receiver_id", "about"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    giver_id: UUID = Field(foreign_key="member.id")
    receiver_id: UUID = Field(foreign_key="member.id", index=True)
    contribution_type: str | None = Field(default=None, max_length=64)
    text: str | None
    """None once taken back."""
    url: str | None = None
    about: str = Field(max_length=64)
    """Digest of what it is for: the same is thanked for once, also after it was taken back."""
    given_at: datetime
    held: bool = False
    """Whether it was one too many at once: its receiver never sees it, and its giver does not know."""
    hidden_at: datetime | None = None
    """When the receiver put it away."""
    withdrawn_at: datetime | None = None
    """When the giver took it back."""
    counted_in: UUID | None = Field(default=None, foreign_key="thanks.id", index=True)
    """The thanks with which a suggestion was made that this one counted for."""


class Suggestion(Row, table=True):
    """Turn your thanks into a nomination? Asked of each who gave one of three."""

    __tablename__ = "nomination_suggestion"
    __table_args__ = (UniqueConstraint("thanks_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    thanks_id: UUID = Field(foreign_key="thanks.id")
    """The thanks with which there were three."""
    member_id: UUID = Field(foreign_key="member.id", index=True)
    """Who is asked."""
    nominee_id: UUID = Field(foreign_key="member.id")
    contribution_type: str = Field(max_length=64)
    made_at: datetime
    dismissed_at: datetime | None = None
