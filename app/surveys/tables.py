"""Rows: what is asked, when, and what came of it.

Nothing here leads from what was answered to whom (decision record 28). `Invited` and `Roll` know people and no answers;
`Spent` and `Urn` know answers, and no people, no times, no order. The two sides have the wave in common and nothing
else; all four go when it closes.
"""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row, choice


class WaveState(StrEnum):
    """Where a wave is in its life."""

    planned = "planned"
    open = "open"
    closed = "closed"
    """It has been counted, once and for ever."""
    cancelled = "cancelled"
    """It was never counted; whatever was answered is gone."""


class RemarkState(StrEnum):
    """Whether a remark is quoted."""

    waiting = "waiting"
    """No steward has read it for that yet."""
    quoted = "quoted"
    kept = "kept"
    """For the stewards alone."""


class Survey(Row, table=True):
    """What is asked: an instrument. Its row never changes."""

    __table_args__ = (Index(None, "community_id", "id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    instrument: dict[str, Any] = Field(sa_type=Json)


class Wave(Row, table=True):
    """A survey, asked once: from one day on until another."""

    __tablename__ = "survey_wave"
    __table_args__ = (
        Index(None, "community_id", "id"),
        Index(None, "state", "opens_on"),
        Index(None, "survey_id", "opens_on"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    survey_id: UUID = Field(foreign_key="survey.id")
    name: str = Field(max_length=200)
    opens_on: date
    closes_on: date
    """The first day on which nothing can be answered any more."""
    anniversary_of: date | None = None
    k: int
    """The fewest people of whom anything is told."""
    by_affiliation: bool
    state: WaveState = Field(default=WaveState.planned, sa_type=choice(WaveState))
    affiliations: list[Any] = Field(sa_type=Json)
    """Those that can be given with an answer: each is that of k invited people at least."""
    reminded: bool = False
    """Whether those who may answer have been told once more."""
    invited: int | None = None
    """How many people were there when it opened."""
    results: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """What is told, from the day on which it closed, and never otherwise."""


class Invited(Row, table=True):
    """Somebody who may draw a slip while a wave is open."""

    __tablename__ = "survey_invited"
    __table_args__ = (UniqueConstraint("wave_id", "member_id"),)

    wave_id: UUID = Field(primary_key=True, foreign_key="survey_wave.id")
    place: int = Field(primary_key=True)
    """Whose bit in the roll is theirs; in the order of ids."""
    member_id: UUID = Field(foreign_key="member.id", index=True)


class Roll(Row, table=True):
    """Who has drawn a slip in a wave: one row for all, so that it cannot be told who drew when, or before whom."""

    __tablename__ = "survey_roll"

    wave_id: UUID = Field(primary_key=True, foreign_key="survey_wave.id")
    drawn: bytes
    """A bit for each place."""
    sealed_key: bytes
    """By which slips of this wave are known."""


class Spent(Row, table=True):
    """That a slip was used. Nothing else has ever been written down of it."""

    __tablename__ = "survey_spent"

    wave_id: UUID = Field(primary_key=True, foreign_key="survey_wave.id")
    digest: str = Field(primary_key=True, max_length=64)


class Urn(Row, table=True):
    """What was answered in a wave: many answers in one row, sealed and sorted, so that none has a place or a time."""

    __tablename__ = "survey_urn"

    wave_id: UUID = Field(primary_key=True, foreign_key="survey_wave.id")
    part: int = Field(primary_key=True)
    """From 0 on; each begins when the one before is full."""
    sealed: bytes


class Remark(Row, table=True):
    """What somebody said in their own words, apart from whatever else they answered."""

    __tablename__ = "survey_remark"
    __table_args__ = (Index(None, "wave_id", "id"),)

    id: UUID = Field(primary_key=True)
    """Random."""
    wave_id: UUID = Field(foreign_key="survey_wave.id")
    text: str
    may_quote: bool
    state: RemarkState = Field(default=RemarkState.waiting, sa_type=choice(RemarkState))
    quote: str | None = None
    """What of it is quoted."""


class Note(Row, table=True):
    """What came of a conversation in a small group, where a survey would have had too few answers."""

    __tablename__ = "qualitative_note"
    __table_args__ = (Index(None, "community_id", "id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    method: str = Field(max_length=32)
    held_on: date
    n: int
    """How many took part."""
    themes: list[Any] = Field(sa_type=Json)
    summary: str | None = None
