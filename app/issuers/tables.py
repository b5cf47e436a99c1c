"""Rows: the keys of communities, sealed; and who vouches for them and for what they award, as signed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.kit.database import Json, Row, choice


class KeyKind(StrEnum):
    """What a key is and what it signs."""

    ed25519 = "ed25519"
    """Data Integrity proofs; VC-JWT too where the issuer is a did:key."""
    p256 = "p256"
    """VC-JWT where the issuer is a did:web."""
    rsa = "rsa"
    """OB 2.0 signed badges; never in a DID document."""


class KeyState(StrEnum):
    """`active` signs; `retired` only verifies, for ever; `compromised` is published nowhere."""

    active = "active"
    retired = "retired"
    compromised = "compromised"


class CommunityKey(Row, table=True):
    """One key of a community. The private part is sealed: a copy of the database cannot sign."""

    __tablename__ = "community_key"
    __table_args__ = (UniqueConstraint("community_id", "kind", "generation"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    kind: KeyKind = Field(sa_type=choice(KeyKind))
    generation: int
    """1, 2, … of its kind. A unique constraint, so that two rotations cannot both win."""
    kid: str
    """Fragment under which documents list it: the JWK's thumbprint (RFC 7638)."""
    state: KeyState = Field(sa_type=choice(KeyState))
    public_jwk: dict[str, Any] = Field(sa_type=Json)
    sealed: bytes
    created_at: datetime
    retired_at: datetime | None = None


class SignedEndorsement(Row, table=True):
    """An EndorsementCredential as it was signed, found by what it is about. Its bytes never change.

    It stands here, below everything that can be endorsed, so that each shows who vouches for it.
    """

    __tablename__ = "signed_endorsement"

    id: UUID = Field(primary_key=True)
    """The endorsement's: random, strangers see it."""
    about: UUID = Field(index=True)
    """The credential, the achievement or the community."""
    signed_at: datetime
    shown: bool = True
    """Whether it still stands: neither withdrawn by who gave it nor taken down by whom it is about."""
    data_integrity: str | None = None
    """OB 3.0 as JSON with its embedded proof; None where its endorser signed a JWT."""
    vc_jwt: str | None = None
    """OB 3.0 as a compact JWS; None where its endorser signed JSON."""
    ob2_hosted: str | None = None
    """OB 2.0 Endorsement as hosted; None where its endorser signed it: Open Badges 2.0 knows no such key."""
