"""Rows: endorsements. What was signed stands in `issuers.tables.SignedEndorsement`, where all can show it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.endorsements.rules import EndorsementState as State
from app.endorsements.rules import Endorser, RequestState, Signer, Subject
from app.kit.database import Json, Row, choice


class Endorsement(Row, table=True):
    """What somebody says in favour of a credential, an achievement or an issuer."""

    __table_args__ = (Index(None, "subject_id", "state"), Index(None, "endorser_key", "offered_at"))

    id: UUID = Field(primary_key=True)
    """Random: strangers see it."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id", index=True)
    """Whose credential or achievement it is about, or which."""
    subject: Subject = Field(sa_type=choice(Subject))
    subject_id: UUID
    """Of the credential, the achievement or the community."""
    subject_version: int | None = None
    """Of an achievement: the version that was read."""
    endorser: Endorser = Field(sa_type=choice(Endorser))
    endorser_key: str = Field(max_length=80)
    """By whom it was said, in one word, so that nobody says it twice: a member's or a community's id, or a hash."""
    standing: str | None = Field(default=None, unique=True, max_length=160)
    """`subject:endorser` while it is offered or in force: a constraint, not a check."""
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    """Who wrote it, where that is a member: also for a community."""
    signing_id: UUID = Field(foreign_key="community.id")
    """The community that signs, and in whose status list it has its entry."""
    name: str
    """What the endorser is called, as the signed endorsement says it."""
    comment: str | None
    """None once erased."""
    skills: list[Any] = Field(sa_type=Json)
    """What it vouches for in particular, as names; may be empty."""
    state: State = Field(sa_type=choice(State))
    """As last decided; see `rules.present` for what time does to it."""
    signed_by: Signer = Field(sa_type=choice(Signer))
    given: str | None = None
    """What the endorser signed themself, byte for byte, until it is shown or ended."""
    ends_at: datetime | None = None
    """Until when they signed it, if they said so."""
    watch_at: datetime | None = Field(default=None, index=True)
    """When it is asked next whether they have revoked it; None where that is ours to say."""
    offered_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1
    """Counts changes; the ETag of its resource."""


class EndorsementRequest(Row, table=True):
    """Somebody was asked to endorse something: a member, or whoever reads the letters to an address."""

    __tablename__ = "endorsement_request"
    __table_args__ = (Index(None, "asker_id", "asked_at"), Index(None, "community_id", "fingerprint"))

    id: UUID = Field(primary_key=True)
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id")
    subject: Subject = Field(sa_type=choice(Subject))
    subject_id: UUID
    subject_version: int | None = None
    asker_id: UUID = Field(foreign_key="member.id")
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    """Who was asked, where that is a member."""
    fingerprint: str | None = Field(default=None, max_length=64)
    """Keyed hash of the address that was asked (`members.addresses`)."""
    sealed: bytes | None = None
    """JSON of `email` and `name`, sealed for this row."""
    standing: str | None = Field(default=None, unique=True, max_length=160)
    """`subject:asked` while it is open: a constraint, not a check."""
    message: str | None = None
    barred: bool = False
    """Nobody is told of it: it looks like one that is never answered. So it is with who never wants to be asked."""
    state: RequestState = Field(sa_type=choice(RequestState))
    """As last decided; see `rules.is_open` for what time does to it."""
    asked_at: datetime
    remind_at: datetime | None = Field(default=None, index=True)
    reminders: int = 0
    ended_at: datetime | None = None
    endorsement_id: UUID | None = None
    """The answer."""
    link_digest: str | None = Field(default=None, unique=True, max_length=64)
    """Of the single-use link by which an address is answered for."""
    link_sealed: bytes | None = None
    """Its secret until the letter with it has left."""
