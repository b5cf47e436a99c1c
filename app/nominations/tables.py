"""Rows: nominations, who they are about, who seconded, who weighs them, and what was said on the way."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.credentials.rules import Visibility
from app.kit.database import Json, Row, choice
from app.nominations.rules import State


class Nomination(Row, table=True):
    """One proposal to recognise somebody, or a team, by one achievement."""

    id: UUID = Field(primary_key=True)
    """Random: it is in links."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id", index=True)
    achievement_id: UUID = Field(foreign_key="achievement.id", index=True)
    achievement_version: int
    """The wording and policy that count: the newest when it was submitted."""
    nominator_id: UUID = Field(foreign_key="member.id", index=True)
    state: State = Field(sa_type=choice(State))
    """As last decided; see `rules.present` for what time does to it."""
    version: int = 1
    """Counts changes. Every change is one event of the journal."""
    statement: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """`person`, `contribution`, `context`, `impact`; None once erased."""
    evidence: list[Any] = Field(sa_type=Json)
    """Objects with `url`, perhaps `name` and `description`."""
    participation: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """Which of a nominee's contributions their badge is to rest on: `since`, `until`, `types`; None for none."""
    text_version: int = 1
    """Counts changes of statement, evidence and agreed narrative; a consent names the one it is for."""
    narrative: str | None = None
    """The shared text of the badges, as agreed; None for the statement."""
    narrative_proposed: str | None = None
    """What a nominee would rather have it say, until the nominator agrees."""
    note: str | None = None
    """Why a steward withdrew or holds it."""
    clock_since: datetime | None = None
    deadline: datetime | None = Field(default=None, index=True)
    remind_at: datetime | None = Field(default=None, index=True)
    """None once reminded."""
    held_from: State | None = Field(default=None, sa_type=choice(State))
    held_left: int | None = None
    """Seconds that were left of the clock when it was held."""
    waiting_since: datetime | None = None
    """Since when it waits for a reviewer without a conflict."""
    retry_at: datetime | None = Field(default=None, index=True)
    """When that, or a badge that could not be signed, is tried again; None for at once."""
    panel: int = 0
    """Which panel decides: 0 none yet, 1 the first, 2 that of the appeal."""
    appeal: str | None = None
    """The new argument."""
    previous_id: UUID | None = Field(default=None, foreign_key="nomination.id")
    """The nomination that this one takes up again."""
    merged_into_id: UUID | None = Field(default=None, foreign_key="nomination.id")
    created_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    erased_at: datetime | None = None


class Reoffer(Row, table=True):
    """An offer that nobody answered, made again. Each is, once: a constraint, not a check."""

    __tablename__ = "nomination_reoffer"

    original_id: UUID = Field(primary_key=True, foreign_key="nomination.id")
    nomination_id: UUID = Field(foreign_key="nomination.id", unique=True)


class Nominee(Row, table=True):
    """One person whom a nomination is about: a member, or somebody reachable by email alone.

    Of whoever was named by an address there is a keyed hash, and the address sealed until the offer is answered,
    nothing in clear.
    """

    __table_args__ = (UniqueConstraint("nomination_id", "member_id"), UniqueConstraint("nomination_id", "fingerprint"))

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id", index=True)
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    fingerprint: str | None = Field(default=None, max_length=64)
    """Keyed hash of the address, a member's too: whoever joins with it is this nominee (`casefile.opened`)."""
    by_address: bool = False
    """Whether the nominator named an address: they are not told whose it is."""
    sealed: bytes | None = None
    """JSON of `email` and `name`, sealed for this row."""
    state: State | None = Field(default=None, sa_type=choice(State))
    """Where their own offer stands: offered, accepted, issued, refused, expired; None before there is one.

    Withdrawn is one that ended without them: the nomination was withdrawn, or they have left.
    """
    barred: bool = False
    """Whether nothing may be offered to them: to all, them included, it looks like an offer that is never answered."""
    answered_at: datetime | None = None
    offered_text: str | None = None
    """What they are asked to consent to, word for word, as canonical JSON (RFC 8785): nobody else changes it."""
    offered_digest: str | None = Field(default=None, max_length=64)
    offered_version: int | None = None
    """The `text_version` of that."""
    offered_seconds: list[Any] | None = Field(default=None, sa_type=Json)
    """The ids of the seconds whose words it has, in its order: which are whose is not told by a name."""
    visibility: Visibility | None = Field(default=None, sa_type=choice(Visibility))
    credential_id: UUID | None = Field(default=None, foreign_key="credential.id", unique=True)
    claim_digest: str | None = Field(default=None, unique=True, max_length=64)
    """Of the single-use link by which a stranger answers."""
    claim_sealed: bytes | None = None
    """Its secret until the letter with it has left."""
    claim_used_at: datetime | None = None


class OpenKey(Row, table=True):
    """`achievement:person:period` of each nominee while a nomination is open: a constraint, not a check."""

    __tablename__ = "open_nomination"
    key: str = Field(primary_key=True, max_length=160)
    nomination_id: UUID = Field(foreign_key="nomination.id", index=True)


class Receipt(Row, table=True):
    """What a nominee consented to, word for word. Never changed."""

    __tablename__ = "consent_receipt"

    nominee_id: UUID = Field(primary_key=True, foreign_key="nominee.id")
    at: datetime
    text: str
    """Canonical JSON (RFC 8785) of all that the badge says of them, and who sees it."""
    digest: str = Field(max_length=64)
    text_version: int
    by: str
    """How they proved who they are: `token` or `claim-link`."""
    withdrawn_at: datetime | None = None


class Invitation(Row, table=True):
    """Somebody who was asked to second, and may therefore see the statement."""

    __tablename__ = "nomination_invitation"

    nomination_id: UUID = Field(primary_key=True, foreign_key="nomination.id")
    member_id: UUID = Field(primary_key=True, foreign_key="member.id", index=True)
    invited_by: UUID | None = Field(default=None, foreign_key="member.id")
    at: datetime


class Second(Row, table=True):
    """Somebody's own reason why this person should be recognised."""

    __table_args__ = (UniqueConstraint("nomination_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    reason: str | None
    """None once erased."""
    affiliation: str
    """Canonical; a person without one counts as their own (`self:` and their id)."""
    publish: bool = False
    """Whether the reason, with their name, may go into the badge."""
    at: datetime
    withdrawn_at: datetime | None = None


class Seat(StrEnum):
    """How it stands with a reviewer."""

    assigned = "assigned"
    voted = "voted"
    recused = "recused"
    replaced = "replaced"


ACTIVE = frozenset({Seat.assigned, Seat.voted})
"""Seats that count."""
GUEST = "guest"
"""As `Reviewer.source`: somebody from another community of this installation."""


class Verdict(StrEnum):
    """What a reviewer says."""

    approve = "approve"
    not_yet = "not_yet"
    decline = "decline"


class Reviewer(Row, table=True):
    """Somebody who was drawn, or came forward, to weigh a nomination, and what they said."""

    __table_args__ = (UniqueConstraint("nomination_id", "panel", "member_id"),)

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id")
    panel: int
    member_id: UUID = Field(foreign_key="member.id", index=True)
    pseudonym: str = Field(max_length=40)
    source: str = Field(max_length=20)
    """Where they come from: `steward`, `seat`, `holder`, `member`, `guest`."""
    disclosed: list[Any] = Field(sa_type=Json)
    """Conflicts that are known and were found bearable, as codes."""
    seat: Seat = Field(sa_type=choice(Seat))
    at: datetime
    until: datetime | None = None
    """When their own term ends; nothing is decided by them after."""
    verdict: Verdict | None = Field(default=None, sa_type=choice(Verdict))
    rubric: dict[str, Any] | None = Field(default=None, sa_type=Json)
    feedback: str | None = None
    checked: list[Any] = Field(sa_type=Json)
    """Positions of the evidence that they have looked at."""
    voted_at: datetime | None = None


class Question(Row, table=True):
    """What a reviewer needs to know, and the answer."""

    __tablename__ = "review_question"

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id", index=True)
    reviewer_id: UUID = Field(foreign_key="reviewer.id")
    question: str | None
    at: datetime
    answer: str | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="member.id")
    answered_at: datetime | None = None
    """Set without an answer when none came in time."""


class Objection(Row, table=True):
    """A reason of a reviewer against approval, which has to be answered or outvoted."""

    __tablename__ = "review_objection"

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id", index=True)
    reviewer_id: UUID = Field(foreign_key="reviewer.id")
    reason: str | None
    at: datetime
    answer: str | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="member.id")
    answered_at: datetime | None = None


class Outcome(StrEnum):
    """What came of what was reported: the nomination, held for it, went on or was withdrawn."""

    went_on = "went_on"
    withdrawn = "withdrawn"


class Report(Row, table=True):
    """Somebody says that a nomination does harm; it is held until a steward has looked."""

    __tablename__ = "nomination_report"

    id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(foreign_key="nomination.id", index=True)
    reporter_id: UUID | None = Field(default=None, foreign_key="member.id")
    """None where the service itself raised it."""
    category: str = Field(max_length=40)
    text: str | None
    at: datetime
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome))
    """None while nobody has said what becomes of it."""


class Snapshot(Row, table=True):
    """What the service found at the address of a piece of evidence, as digests: so that a later change shows."""

    __tablename__ = "evidence_snapshot"
    nomination_id: UUID = Field(primary_key=True, foreign_key="nomination.id")
    position: int = Field(primary_key=True)
    url: str
    digest: str | None = Field(default=None, max_length=64)
    """SHA-256 of the bytes; None where nothing could be had."""
    at: datetime | None = None
    """None until it was looked at."""
    looked_again_at: datetime | None = None
    changed: bool = False


class Block(Row, table=True):
    """Somebody does not want to be nominated by somebody."""

    __tablename__ = "nominator_block"
    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    blocked_id: UUID = Field(primary_key=True, foreign_key="member.id")
    at: datetime
