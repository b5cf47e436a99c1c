"""What a platform told, one event at a time, and what it comes to: plain values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LONGEST_KEY = 200


def within(key: str) -> str:
    """A key as it is kept: one that is too long by its digest."""
    return key if len(key) <= LONGEST_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


@dataclass(frozen=True)
class Told:
    """One event, as the platform told it."""

    names: tuple[str, ...]
    """What the platform calls it: several where it has a long name and a short one, or several types."""
    body: Any
    action: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """In lower case."""


@dataclass(frozen=True)
class Known:
    """One way to know somebody: an account, or with the scheme `email` an address."""

    scheme: str | None
    """None for the accounts of the source."""
    account: str


@dataclass(frozen=True)
class Party:
    """Somebody whom an event names."""

    known: tuple[Known, ...]
    """In this order: the first that is a member's is who they are."""
    role: str
    part: str
    remembered: str | None = None
    """The key under which they were remembered, if that is how they are known."""


@dataclass(frozen=True)
class Would:
    """What a rule makes of an event."""

    rule: str


@dataclass(frozen=True)
class WouldRecord(Would):
    """A contribution."""

    type: str
    parties: tuple[Party, ...]
    occurred_at: datetime
    as_of: datetime
    dedupe: str
    ends_at: datetime | None = None
    url: str | None = None
    title: str | None = None
    channel: str | None = None
    undoable: bool = False
    """Whether there are events that take it back."""
    also: str | None = None
    """Another key of it."""


@dataclass(frozen=True)
class WouldUndo(Would):
    """What was recorded under a key is taken back, unless it came about after that."""

    dedupe: str
    as_of: datetime
    also: bool = False
    """Whether it is the other key of what was recorded."""


@dataclass(frozen=True)
class WouldAward(Would):
    """An award is asked for."""

    achievement: str
    to: Party
    """Known by an account, or by one of the schemes `member`, `email` and `did`."""
    external_id: str
    occurred_at: datetime | None
    """When what it is for was done; None where nothing says so."""
    as_of: datetime
    narrative: str | None = None
    evidence: tuple[Mapping[str, str], ...] = ()
    name: str | None = None
    """Of whoever is no member."""
    consented: bool = False
    """Whether the platform vouches for their consent."""


@dataclass(frozen=True)
class WouldRevoke(Would):
    """Awards are asked to be taken back: all under an id, or those of an achievement, or to somebody."""

    external_id: str
    as_of: datetime
    reason: str | None = None
    achievement: str | None = None
    recipient: Party | None = None


@dataclass(frozen=True)
class WouldRemember(Would):
    """Who did something that others may refer to."""

    key: str
    person: Known


@dataclass(frozen=True)
class WouldNot(Would):
    """A rule is about such events, and not about this one."""

    why: str


@dataclass(frozen=True)
class Noted(Would):
    """One thing told of a gathering; `gatherings.settle` says what all of them come to."""

    key: str
    kind: str
    """`came`, `went` or `ended`."""
    at: datetime
    begin: datetime | None = None
    host: Party | None = None
    guest: Party | None = None
    guest_name: str | None = None
    title: str | None = None
    never_ends: bool = False
    """Whether no end of it is told."""
