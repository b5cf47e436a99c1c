"""Rows: what members show of their badges, and to whom they have shown them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

import badges
from app.credentials.rules import Visibility
from app.kit.database import Json, Row, choice
from app.kit.leases import Work
from app.portfolio.import_rules import Match


class PortfolioChoice(Row, table=True):
    """What a member shows, and how. Who has chosen nothing has no row."""

    __tablename__ = "portfolio_choice"

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    title: str | None = None
    summary: str | None = None
    reveal: list[Any] = Field(sa_type=Json)
    """In the words of `rules.Reveal`."""
    items: list[Any] | None = Field(default=None, sa_type=Json)
    """Ids of badges, also of imported ones, in their order; None for all that are not revoked."""
    indexed: bool = False
    changed_at: datetime


class PortfolioLink(Row, table=True):
    """A link by which a member shows badges to whoever has it. Only the secret's SHA-256 is kept."""

    __tablename__ = "portfolio_link"

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    title: str | None = None
    items: list[Any] | None = Field(default=None, sa_type=Json)
    """Ids of badges, in their order; None for what everybody sees of the portfolio."""
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None


class ImportedBadge(Work, table=True):
    """A badge from elsewhere, and what came of looking at it; the work is to look again."""

    __tablename__ = "imported_badge"
    __table_args__ = (UniqueConstraint("member_id", "sha256"), UniqueConstraint("member_id", "credential_key"))

    row: UUID = Field(unique=True)
    """Ordered by time; `id` is random, since strangers see it."""
    community_id: UUID = Field(foreign_key="community.id", index=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    sha256: str = Field(max_length=64)
    """Of the bytes that were handed in (`ImportedOriginal`), in hex."""
    credential_key: str = Field(max_length=64)
    """SHA-256 of the id of the credential or assertion; of the bytes, where it has none."""
    size: int
    media_type: str = Field(max_length=40)
    standard: str | None = Field(default=None, max_length=16)
    """OB20, OB30 or CLR20."""
    format: str | None = Field(default=None, max_length=32)
    container: str | None = Field(default=None, max_length=8)
    source_url: str | None = None
    """The address from which it was had."""
    name: str | None = None
    """Of the achievement, as the badge says it, like all that follows; to be believed as far as the verdict goes."""
    issuer_id: str | None = None
    issuer_name: str | None = None
    awarded_at: datetime | None = None
    valid_until: datetime | None = None
    recipient: Match = Field(sa_type=choice(Match))
    visibility: Visibility = Field(sa_type=choice(Visibility))
    verdict: badges.Verdict = Field(sa_type=choice(badges.Verdict))
    """The newest that says anything: `unknown` takes no other's place."""
    report: dict[str, Any] = Field(sa_type=Json)
    """Of that verdict."""
    checked_at: datetime
    """When that was."""
    asked_at: datetime
    """When it was last looked at, whatever came of it."""
    imported_at: datetime


class ImportedOriginal(Row, table=True):
    """What was handed in, byte for byte."""

    __tablename__ = "imported_original"

    import_id: UUID = Field(primary_key=True, foreign_key="imported_badge.id")
    body: bytes


class Presentation(Row, table=True):
    """A VerifiablePresentation that a member signed for somebody."""

    id: UUID = Field(primary_key=True)
    """Random: whoever knows it may read it."""
    row: UUID = Field(unique=True)
    """Ordered by time: lists page by it, and the journal names it by this."""
    member_id: UUID = Field(foreign_key="member.id", index=True)
    holder: str
    """The DID whose key signed it."""
    challenge: str
    domain: str
    credentials: int
    """How many are in it."""
    shown: dict[str, Any] = Field(sa_type=Json)
    """The ids of those from here and of those imported, each with who could see it then."""
    signed: str
    """As it came: JSON with a Data Integrity proof, or a token."""
    taken_at: datetime
