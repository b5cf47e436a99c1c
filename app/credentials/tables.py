"""Rows: recipients, credentials, their signed editions, claim links and status lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.achievements.rules import StatusPurpose
from app.credentials.rules import Cause, State, Visibility
from app.kit.database import Json, Row, choice


class Recipient(Row, table=True):
    """Somebody whom a community recognises: a member, or a person known by an email address or a DID alone.

    Of a member nothing else is kept here: what the member's row says counts.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "email_fingerprint"),
        UniqueConstraint("community_id", "did"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID | None = Field(default=None, foreign_key="member.id", unique=True)
    name: str | None = None
    """As the award named somebody who is no member; a member's name is the member's."""
    did: str | None = None
    email_fingerprint: str | None = Field(default=None, max_length=64)
    """Keyed hash of the canonical address: finds the recipient again, tells the database's reader nothing."""
    email_sealed: bytes | None = None
    subject_id: str
    """A random urn:uuid, which names them in public where they have no DID (`recipients.subject_of`)."""


class Credential(Row, table=True):
    """One award. Everything that is signed about it is in its editions."""

    __table_args__ = (
        UniqueConstraint("community_id", "external_id"),
        UniqueConstraint("nomination_id", "recipient_id"),
    )

    id: UUID = Field(primary_key=True)
    """Random: strangers see it."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it."""
    community_id: UUID = Field(foreign_key="community.id", index=True)
    achievement_id: UUID = Field(foreign_key="achievement.id", index=True)
    achievement_version: int
    """The wording it was offered under, kept for ever."""
    recipient_id: UUID = Field(foreign_key="recipient.id", index=True)
    state: State = Field(sa_type=choice(State))
    """As last decided; see `rules.present` for what time does to it."""
    visibility: Visibility = Field(sa_type=choice(Visibility))
    status_purpose: StatusPurpose = Field(sa_type=choice(StatusPurpose))
    held: str | None = Field(default=None, unique=True, max_length=80)
    """`achievement:recipient` while a non-stackable achievement is offered or held: a constraint, not a check.

    With `:self` at its end where its recipient alone says so."""
    external_id: str | None = Field(default=None, max_length=255)
    nomination_id: UUID | None = None
    """The nomination that it comes of: one credential for each of its nominees, and no second."""
    narrative: str | None = None
    evidence: list[Any] = Field(sa_type=Json)
    """Each a url, or words, or both; and a digest, where what stands at the url never changes, with its `media_type`,
    where that is not JSON."""
    activity_end_date: datetime | None = None
    """When what it is for was done, where somebody said so: OB 3.0 `activityEndDate`."""
    consent: dict[str, Any] = Field(sa_type=Json)
    """How consent was had: asked or given, by whom, when, in which version of the text."""
    awarded_by: str
    offered_at: datetime
    offer_ends: datetime | None = None
    answered_at: datetime | None = None
    awarded_at: datetime | None = None
    """awardedDate: the instant of acceptance."""
    valid_until: datetime | None = None
    reason: str | None = None
    """Why it was revoked or suspended; public."""
    cause: Cause | None = Field(default=None, sa_type=choice(Cause))
    """Of a revocation, the same in a word."""
    version: int = 1
    """Counts changes; the ETag of its management resource."""


class Edition(Row, table=True):
    """What was signed at one instant, byte for byte (decision record 8). Never changed, never deleted."""

    credential_id: UUID = Field(primary_key=True, foreign_key="credential.id")
    number: int = Field(primary_key=True)
    signed_at: datetime
    data_integrity: str
    """OB 3.0 as JSON with its embedded proof."""
    vc_jwt: str
    """OB 3.0 as a compact JWS."""
    ob2_hosted: str
    """OB 2.0 Assertion as hosted."""
    ob2_signed: str
    """OB 2.0 Assertion as a compact JWS."""
    ob2_signed_id: str = Field(unique=True)
    """Its own urn:uuid, by which the RevocationList names it."""
    ob2_generation: int
    """RSA generation whose Profile and BadgeClass it names."""


class Participation(Row, table=True):
    """What somebody took part in, as their badge pins it. Never changed once that is signed; it goes with an offer
    that is refused or lapses, and with who has their badge revoked."""

    __tablename__ = "participation_snapshot"
    __table_args__ = (
        Index("ix_participation_snapshot_unsigned", "credential_id",
              sqlite_where=text("token IS NULL"), postgresql_where=text("token IS NULL")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    """Random: it stands in the badge."""
    credential_id: UUID = Field(foreign_key="credential.id", unique=True)
    facts: dict[str, Any] = Field(sa_type=Json)
    """Window, counts, and the contributions that it cites."""
    token: str | None = None
    """The same, signed: what is served, byte for byte. None while the badge is offered."""


class AwardReceipt(Row, table=True):
    """What somebody consented to who was asked about a direct award, word for word. Never changed; its words go with
    who has what is kept of them erased."""

    __tablename__ = "award_receipt"

    credential_id: UUID = Field(primary_key=True, foreign_key="credential.id")
    at: datetime
    text: str
    """Canonical JSON (RFC 8785) of all that the badge says of them, and who sees it."""
    digest: str = Field(max_length=64)
    by: str
    """How they proved who they are: `token` or `claim-link`."""


class Claim(Row, table=True):
    """A single-use link by which an offer is answered without a token. Only the secret's SHA-256 is kept."""

    digest: str = Field(primary_key=True, max_length=64)
    credential_id: UUID = Field(foreign_key="credential.id", index=True)
    used_at: datetime | None = None


class StatusList(Row, table=True):
    """One Bitstring status list of an issuer for one purpose, as last signed."""

    __tablename__ = "status_list"
    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    purpose: StatusPurpose = Field(sa_type=choice(StatusPurpose))
    issuer_id: str
    """The DID that signs it: a new issuer starts new lists."""
    length: int
    taken: int = 0
    full: bool = False
    sequence: int = 0
    """How often it was signed."""
    signed_at: datetime
    data_integrity: str
    vc_jwt: str


class StatusEntry(Row, table=True):
    """One index of a status list, taken for ever: the primary key makes reuse impossible."""

    __tablename__ = "status_entry"
    list_id: UUID = Field(primary_key=True, foreign_key="status_list.id")
    index: int = Field(primary_key=True)
    holder_id: UUID = Field(unique=True)
    """The credential, or the endorsement, of which it speaks."""
    raised: bool = False
    """Whether the bit is set."""
