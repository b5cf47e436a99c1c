"""Rows: how people who have left reach what is kept of them: who asks for it, and the links that they are sent; and the
links by which members get tokens that nobody else has seen.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from app.kit.database import Row


class DataRequest(Row, table=True):
    """Somebody asked for what is kept of whoever has an address. Gone once it is known whether that is anybody."""

    __tablename__ = "data_request"

    id: UUID = Field(primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    at: datetime
    sealed: bytes
    """The canonical address."""


class DataLink(Row, table=True):
    """A link that was sent to somebody who has left. Only the secret's SHA-256 is kept, until another is sent."""

    __tablename__ = "data_link"

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    at: datetime
    ends_at: datetime
    """The first instant at which it is worth nothing."""


class TokenLink(Row, table=True):
    """A link that was sent to a member, by which they get a token of their own. Only the secret's SHA-256 is kept."""

    __tablename__ = "token_link"

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    at: datetime
    ends_at: datetime
    """The first instant at which it is worth nothing: when it was good for long enough, or was used."""
