"""Rows: how far each journal is read, what each member is told, what each chose, and the mails to send.

They hold whom and which event, never words: those are said when they are read or sent, from the rows of that time.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.kit.leases import Work
from app.kit.readings import Place
from app.notifications.rules import Mails, Weekday


class Reading(Place, table=True):
    """How far a community's journal has been read. Moved in the transaction that writes who hears of it."""

    __tablename__ = "journal_reading"


class Told(Row, table=True):
    """That a member hears of an event, in some part; an item of their feed."""

    __table_args__ = (sa.UniqueConstraint("member_id", "community_id", "seq"),)

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id")
    community_id: UUID
    seq: int = Field(sa_type=sa.BigInteger)
    """With the community: which event."""
    type: str = Field(max_length=64)
    part: str = Field(max_length=32)
    """In which part they hear of it, such as `recipient`."""
    at: datetime
    """When it happened."""
    read_at: datetime | None = None
    mail_id: UUID | None = Field(default=None, index=True)
    """The mail that says so, if one does."""


class Choice(Row, table=True):
    """What a member chose. Who has none hears everything at once."""

    __tablename__ = "notification_choice"
    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    mails: Mails = Field(default=Mails.each, sa_type=choice(Mails))
    digest_day: Weekday = Field(default=Weekday.monday, sa_type=choice(Weekday))
    muted: list[Any] = Field(sa_type=Json)
    """Types of events that they do not want to hear of."""
    digest_at: datetime | None = Field(default=None, index=True)
    """When the next digest is due; None where none is wanted."""


class Mail(Work, table=True):
    """A mail to send: to a member about what they are told, or a letter to somebody else."""

    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    is_digest: bool = False
    sealed: bytes | None = None
    """A letter's address and words. Gone once it has ended."""
    said: str | None = Field(default=None, max_length=64)
    """Why it could not be sent the last time: a code."""
