"""Rows: platforms that a community listens to, what they told, and what of it was taken back."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.kit.leases import Work


class Source(Row, table=True):
    """A platform, or a team, that tells a community what people do."""

    __table_args__ = (Index(None, "community_id", "row"),)

    id: UUID = Field(primary_key=True)
    """Public: it stands in the address that the platform calls."""
    row: UUID = Field(unique=True)
    """In the order in which they were added."""
    community_id: UUID = Field(foreign_key="community.id")
    platform: str = Field(max_length=32)
    name: str
    accounts: str = Field(max_length=64)
    """Whose accounts it names: two forums have different people of one name."""
    achievements: list[Any] = Field(sa_type=Json)
    """The ids of those that it may award."""
    vouches: bool = False
    """Whether it may vouch for the consent of whom it awards."""
    secret: bytes
    """Sealed; empty once the source is removed."""
    old_secret: bytes | None = None
    """The one before, sealed, while it is still believed."""
    old_ends: datetime | None = None
    """The first instant at which it is not."""
    added_at: datetime
    added_by: str | None = Field(default=None, max_length=500)
    """Who added it, as the journal names them."""
    removed_at: datetime | None = None
    looked_at: datetime | None = None
    """When a worker last took of its deliveries in hand: whose turn it is."""
    version: int = 1
    """Counts changes; the ETag of the source's resource."""


class Inbound(Work, table=True):
    """A delivery as it came, and what came of it."""

    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index(None, "source_id", "id"),
        Index(None, "source_id", "due_at"),
    )

    source_id: UUID = Field(foreign_key="source.id")
    key: str = Field(max_length=64)
    """Digest of what it is known by: told again, it is the same."""
    delivery_id: str = Field(max_length=200)
    """What the platform calls it."""
    received_at: datetime
    size: int
    """Bytes of its body."""
    sealed: bytes | None = None
    """Headers and body, for as long as it may be looked at again."""
    drop_at: datetime | None = Field(default=None, index=True)
    """When they are taken away."""
    came_to: list[Any] = Field(default=[], sa_type=Json)
    """What each rule made of it: ids and reasons."""
    so_far: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """How much of it has happened, while it waits for the rest; see `portions.SoFar`."""


class Word(Row, table=True):
    """A platform's last word about something that it may take back: what it said before, and is told late, is past."""

    source_id: UUID = Field(primary_key=True, foreign_key="source.id")
    key: str = Field(primary_key=True, max_length=200)
    """Digest of what it calls it."""
    as_of: datetime
    undone: bool


class Remembered(Row, table=True):
    """Whose something is that others refer to, or by which key it was recorded."""

    source_id: UUID = Field(primary_key=True, foreign_key="source.id")
    key: str = Field(primary_key=True, max_length=200)
    account: str
    drop_at: datetime = Field(index=True)


class Gathered(Row, table=True):
    """That a delivery tells of a gathering."""

    source_id: UUID = Field(primary_key=True, foreign_key="source.id")
    key: str = Field(primary_key=True, max_length=64)
    """Digest of its rule and its own key."""
    inbound_id: UUID = Field(primary_key=True, foreign_key="inbound.id")
    is_end: bool


class RuleSet(Row, table=True):
    """A version of what a community says for itself about what counts of a source."""

    __tablename__ = "rule_set"

    source_id: UUID = Field(primary_key=True, foreign_key="source.id")
    version: int = Field(primary_key=True)
    """From 1 on; the newest is in force."""
    rules: dict[str, Any] = Field(sa_type=Json)
    """As they were given."""
    set_at: datetime


class AwardState(StrEnum):
    """What became of an award that a platform asked for."""

    awarded = "awarded"
    """It was offered or issued; what became of that, its badge says."""
    parked = "parked"
    """It waits for whoever has the account that it names."""
    refused = "refused"
    """`reason` says why; it can be asked for again."""
    withdrawn = "withdrawn"
    """The platform took it back while it waited."""


class PlatformAward(Row, table=True):
    """An award that a platform asked for, once and for ever."""

    __tablename__ = "platform_award"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index(None, "source_id", "external_id"),
        Index(None, "source_id", "state"),
        Index(None, "community_id", "platform", "account"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    source_id: UUID = Field(foreign_key="source.id")
    key: str = Field(max_length=64)
    """Digest of its id there, the achievement, and whom it names."""
    named: str = Field(default="", max_length=64)
    """Keyed hash of whom it names, as it names them."""
    external_id: str = Field(max_length=200)
    achievement_id: UUID | None = Field(default=None, foreign_key="achievement.id")
    """None where the policy lists no such."""
    state: AwardState = Field(default=AwardState.refused, sa_type=choice(AwardState))
    reason: str | None = Field(default=None, max_length=64)
    """Why it was refused: a code."""
    credential_id: UUID | None = Field(default=None, foreign_key="credential.id", index=True)
    as_of: datetime
    """When the platform says that it asked."""
    asked_at: datetime
    delivery: UUID | None = None
    """By which it was asked for: the last, where it was refused before."""
    claim: bytes | None = None
    """The secret of its claim link, sealed, where its recipient has no other way to answer."""
    platform: str | None = Field(default=None, max_length=64)
    account: str | None = None
    """While it waits: the account for whose holder, in the form in which accounts are compared."""
    address: str | None = Field(default=None, max_length=64, index=True)
    """While it waits: the keyed hash of the address for whose holder."""
    asked: bytes | None = None
    """While it waits: what was asked for, sealed."""

    def forget(self) -> None:
        """Keeps nothing any more of what is needed only while it waits."""
        self.platform = self.account = self.address = self.asked = None


class ProofState(StrEnum):
    """Whether an account has been proven to be a member's."""

    open = "open"
    """Its code has not been seen."""
    expired = "expired"
    """Nor in time; no row says so, the clock does."""
    proven = "proven"
    disputed = "disputed"
    """Proven, of an account that was another member's by then."""
    withdrawn = "withdrawn"


class AccountProof(Row, table=True):
    """That a member says that an account is theirs, and what of that is proven."""

    __tablename__ = "account_proof"
    __table_args__ = (Index(None, "member_id", "asked_at"), Index(None, "community_id", "platform", "canonical"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    platform: str = Field(max_length=64)
    account: str
    """As written."""
    canonical: str
    """In the form in which accounts are compared."""
    digest: str = Field(max_length=64)
    """Of the code that the account has to write."""
    state: ProofState = Field(default=ProofState.open, sa_type=choice(ProofState))
    asked_at: datetime
    ends_at: datetime
    """The first instant at which the code proves nothing."""
    proven_at: datetime | None = None
    source_id: UUID | None = Field(default=None, foreign_key="source.id")
    inbound_id: UUID | None = None
    """The delivery in which the code came, which may be gone by now."""
    identity_id: UUID | None = None
    """What was linked by it, for as long as it is."""
