"""A person as a plain value: what decisions about people look at. No database here."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.members.rules import Role

STILL_COUNTS = timedelta(days=365)
"""How long an affiliation that ended still counts (CHAOSS: reviewers and applicants of one organisation)."""


class Standing(StrEnum):
    """How somebody is part of a community: a break and an honourable retirement are not leaving."""

    active = "active"
    on_break = "on_break"
    emeritus = "emeritus"
    left = "left"


class TieKind(StrEnum):
    """What two people may have declared to be to each other."""

    household = "household"
    manager = "manager"
    paid_by = "paid_by"
    close = "close"


@dataclass(frozen=True)
class Person:
    """What is known of a member at one instant."""

    id: UUID
    handle: str
    name: str
    role: Role
    joined_at: datetime
    standing: Standing
    is_bot: bool
    minor: bool
    guardian_agreed: bool
    affiliation: str | None
    """Today's, as written."""
    affiliations: frozenset[str]
    """Today's and all of the last 365 days, in the form of `canonical_affiliation`; empty if there are none."""
    identity: UUID
    """The same for all members who are one person; of an unlinked member their own id."""
    ties: Mapping[UUID, frozenset[TieKind]]
    """Declared ties in force, by the other member's id, whoever of the two declared them."""
    absences: tuple[tuple[datetime, datetime], ...]
    """Breaks that have begun, oldest first: from, and the first instant after."""
    contact_changed_at: datetime | None
    """When email address or DID last changed: offers wait for a while then, in case somebody took the identity over."""


@dataclass(frozen=True)
class Seat:
    """A tenure in force: that a member is in a role now."""

    member_id: UUID
    role: str
    scope: str | None
    """What it is for; None for everything."""
    until: datetime | None
    """The first instant at which it is worth nothing; None if it is open-ended."""
    tenure_id: UUID


def standing_at(
    *, left: bool, emeritus: bool, absences: Iterable[tuple[datetime, datetime]], now: datetime
) -> Standing:
    """How somebody stands at `now`: who left is not on a break, and who is emeritus needs none."""
    if left:
        return Standing.left
    if emeritus:
        return Standing.emeritus
    away = any(begun <= now < over for begun, over in absences)
    return Standing.on_break if away else Standing.active


def linked(a: Person, b: Person) -> bool:
    """Whether two members are one person."""
    return a.identity == b.identity


def canonical_affiliation(name: str) -> str:
    """The one form in which affiliations are compared: NFC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def canonical_account(account: str) -> str:
    """The one form in which accounts on a platform are compared: as affiliations are, without an `@` before it."""
    return canonical_affiliation(account).removeprefix("@")
