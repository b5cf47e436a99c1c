"""Rows: communities, their members and what is known of them, and the tokens by which people and platforms call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.kit.database import Json, Row, choice
from app.members.person import TieKind
from app.members.phases import Phase
from app.members.rules import Role


class Community(Row, table=True):
    """A community of practice; every community is an issuer."""

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True, max_length=64)
    name: str
    description: str
    url: str
    email: str
    """Public: OB 2.0 requires an issuer's address."""
    created_at: datetime
    phase: Phase = Field(default=Phase.active, sa_type=choice(Phase), sa_column_kwargs={"server_default": "active"})
    """As it was when somebody last said so; what it is now, `phases.present` knows."""
    launched_at: datetime | None = None
    """When it was launched, of one that was a potential one first."""
    ends_at: datetime | None = None
    """The first instant at which it is archived, if that is known."""
    archived_at: datetime | None = None


class Member(Row, table=True):
    """A person in a community."""

    __table_args__ = (
        UniqueConstraint("community_id", "handle"),
        UniqueConstraint("community_id", "email"),
        UniqueConstraint("community_id", "did"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    handle: str = Field(max_length=64)
    name: str
    email: str | None = None
    """The address that comes first, in its canonical form; whether it counts as theirs, `Address` knows."""
    did: str | None = None
    affiliation: str | None = None
    role: Role = Field(sa_type=choice(Role))
    """`member` or `steward`."""
    joined_at: datetime
    minor: bool = False
    guardian_agreed: bool = False
    contact_changed_at: datetime | None = None
    """When `email` or `did` last became another: until that has been noticed, somebody may have taken them over."""
    emeritus_at: datetime | None = None
    """Since when they are honoured, and need not do anything any more."""
    left_at: datetime | None = None
    erased_at: datetime | None = Field(default=None, index=True)
    """When they had what is kept of them erased."""
    version: int = 1
    """Counts changes; the ETag of the member's resource."""


class Invited(Row, table=True):
    """That a member was brought by another, as was said when they joined."""

    __tablename__ = "member_invited"

    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
    inviter_id: UUID = Field(foreign_key="member.id", index=True)
    said_at: datetime


class Address(Row, table=True):
    """An email address that is, or was, a member's."""

    __tablename__ = "member_address"
    __table_args__ = (
        UniqueConstraint("member_id", "email"),
        Index("uq_member_address_valid", "community_id", "email", unique=True,
              sqlite_where=text("valid_since IS NOT NULL"), postgresql_where=text("valid_since IS NOT NULL")),
        Index(None, "community_id", "key"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    email: str | None
    """In its canonical form; None once it was given up."""
    written: str | None
    """As they wrote it."""
    key: str | None = Field(default=None, max_length=64)
    """Keyed hash of `email` (`addresses.address_key`): the key of whom somebody named by this address."""
    added_at: datetime
    valid_since: datetime | None = None
    """From when on it counts as theirs: proven, or stated by the community as they joined."""
    proven_at: datetime | None = None
    """When they followed the link of a letter to it."""
    ended_at: datetime | None = None
    """When it was given up."""


class AddressLetter(Row, table=True):
    """A letter to an address: with a single-use link that proves it, or to say that it is nobody's here any more."""

    __tablename__ = "address_letter"
    __table_args__ = (Index(None, "community_id", "key", "at"), Index(None, "member_id", "at"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    address_id: UUID = Field(foreign_key="member_address.id", index=True)
    key: str = Field(max_length=64)
    """Of the address."""
    at: datetime
    digest: str | None = Field(default=None, unique=True, max_length=64)
    """SHA-256 of the link's secret; None where there is no link."""
    ends_at: datetime | None = None
    """The first instant at which the link is worth nothing."""
    used_at: datetime | None = None
    sealed: bytes | None = None
    """Address and secret until the letter has left; from then on they are in it alone."""


class Absence(Row, table=True):
    """A break: from when, and the first instant after. One that is called off before it begins ends where it begins."""

    __table_args__ = (Index(None, "community_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    since: datetime
    until: datetime


class Identity(Row, table=True):
    """An account on a platform that is a member's. Two members with one account are one person."""

    __table_args__ = (
        UniqueConstraint("community_id", "platform", "canonical", "member_id"),
        Index(None, "community_id", "member_id"),
    )

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    platform: str = Field(max_length=64)
    account: str
    """As written."""
    canonical: str
    """In the form in which accounts are compared (`person.canonical_account`)."""
    is_bot: bool = False
    created_at: datetime


class Tie(Row, table=True):
    """What two members declared to be to each other, and when: that counts against judging each other."""

    __table_args__ = (
        Index("uq_tie_in_force", "community_id", "first_id", "second_id", "kind", unique=True,
              sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL")),
        Index(None, "community_id", "second_id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    first_id: UUID = Field(foreign_key="member.id")
    """The smaller of the two ids."""
    second_id: UUID = Field(foreign_key="member.id")
    kind: TieKind = Field(sa_type=choice(TieKind))
    declared_by: UUID | None = Field(default=None, foreign_key="member.id")
    """Which of the two; None if a steward did for them."""
    since: datetime
    until: datetime | None = None
    """The first instant after; None while it lasts."""


class Tenure(Row, table=True):
    """A member in a role, and when. One that is called off before it begins ends where it begins."""

    __table_args__ = (Index(None, "community_id", "role"), Index(None, "community_id", "member_id"))

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    role: str = Field(max_length=64)
    scope: str | None = Field(default=None, max_length=64)
    """What it is for; None for everything."""
    since: datetime
    until: datetime | None = None
    """The first instant after; None while it is open-ended."""
    version: int = 1
    """Counts changes; the ETag of the tenure's resource."""


class Affiliation(Row, table=True):
    """To whom a member belonged, and when: people change employers, the person stays."""

    __table_args__ = (Index(None, "community_id", "member_id"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    name: str
    """As written; for today's, what `Member.affiliation` says."""
    since: datetime
    until: datetime | None = None
    """The first instant after; None while it lasts."""


class Token(Row, table=True):
    """A bearer token: only its SHA-256 is kept, since 256 random bits need no slow hash."""

    id: UUID = Field(primary_key=True)
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    """None for the installation's admin."""
    owner_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    scopes: list[Any] = Field(sa_type=Json)
    digest: str = Field(unique=True, max_length=64)
    made_by: str | None = Field(default=None, max_length=64)
    """How the journal names who made it; None of those from before this was kept of which it does not say so."""
    own: bool = False
    """Whether nobody but its owner and whoever runs the installation has seen its secret, as far as can be known."""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class MemberDid(Row, table=True):
    """A DID that a member says is theirs; proven once they have signed a challenge with its key."""

    __tablename__ = "member_did"
    __table_args__ = (UniqueConstraint("member_id", "did"),)

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id")
    member_id: UUID = Field(foreign_key="member.id")
    did: str = Field(max_length=450)
    holding: str | None = Field(default=None, unique=True, max_length=500)
    """`community:did` once proven: one member of a community has it, by a constraint and not by a check."""
    challenge: str | None = Field(default=None, max_length=100)
    """What is to be signed; None once it was."""
    challenge_ends: datetime
    asked_at: datetime
    proven_at: datetime | None = None


class NeverAdd(Row, table=True):
    """A person who never wants to be recognised here, as a keyed hash of what they are known by."""

    __tablename__ = "never_add"
    fingerprint: str = Field(primary_key=True, max_length=64)
    at: datetime
