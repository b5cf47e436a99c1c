"""What of a portfolio is shown to whom. Plain values, no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.credentials.rules import Visibility

MOST_ITEMS = 5_000
"""Badges that somebody may put into an order."""


class Reveal(StrEnum):
    """What a portfolio may say of its owner besides their badges."""

    name = "name"
    email = "email"
    did = "did"
    affiliation = "affiliation"
    joined_at = "joined_at"


@dataclass(frozen=True)
class Wanted:
    """What a member would show."""

    title: str | None = None
    """None for one that is made of their name."""
    summary: str | None = None
    reveal: tuple[Reveal, ...] = (Reveal.name,)
    items: tuple[UUID, ...] | None = None
    """The badges to show, in this order, also from elsewhere; None for all that are not revoked, the newest first."""
    indexed: bool = False
    """Whether search engines may list its page."""


def may_see(*, in_person: bool, steward: bool, in_community: bool) -> frozenset[Visibility]:
    """Badges of which visibility somebody sees in a member's portfolio, as they see them one by one."""
    if in_person or steward:
        return frozenset(Visibility)
    return frozenset({Visibility.public, Visibility.community} if in_community else {Visibility.public})


def in_order(found: Sequence[UUID], wanted: Sequence[UUID] | None) -> tuple[UUID, ...]:
    """What there is to see, as its owner ordered it; in the order found, if they did not."""
    if wanted is None:
        return tuple(found)
    known = frozenset(found)
    return tuple(id for id in wanted if id in known)


def repeated(items: Collection[UUID]) -> list[int]:
    """The places at which something stands once more."""
    seen: set[UUID] = set()
    return [place for place, id in enumerate(items) if id in seen or seen.add(id)]  # type: ignore[func-returns-value]
