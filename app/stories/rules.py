"""What a value story is (Wenger, Trayner and de Laat 2011, Promoting and assessing value creation in communities and
networks: a conceptual framework; Rapport 18, Ruud de Moor Centrum). Plain values, no database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from app.kit.suppression import USUAL_K, at_least, enough
from app.stories.chains import together

CYCLES: Mapping[int, str] = {
    1: "What happened, and was it worthwhile?",
    2: "What did it produce: ideas, ties, resources, skills?",
    3: "Where was it used in practice?",
    4: "What difference did it make?",
    5: "Did it change what success means?",
}
"""The five cycles of value creation, each with what it asks."""

FIELDS = ("what_happened", "what_i_got", "applied_where", "difference", "reframed_what", "strategic", "enabling")
"""What a story may say: of each cycle, and of strategic and enabling value."""

APPLIED, REALISED = 3, 4


class Audience(StrEnum):
    """Who reads a story, as its author consents."""

    stewards = "stewards"
    community = "community"
    public = "public"


@dataclass(frozen=True)
class Consent:
    """What an author consents to, until they say otherwise."""

    audience: Audience
    may_quote: bool
    """Whether reports may quote it, to those who may read it."""
    named: bool
    """Whether readers see whose it is."""


@dataclass(frozen=True)
class Links:
    """What a story is about, and which it goes on from."""

    contributions: tuple[UUID, ...] = ()
    credentials: tuple[UUID, ...] = ()
    stories: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a story says."""

    title: str
    cycles: tuple[int, ...]
    said: Mapping[str, str | None]
    """By the names of `FIELDS`."""
    links: Links


def flaws(told: Told) -> list[tuple[str, str]]:
    """What is wrong with a story, as (JSON pointer, reason)."""
    found = []
    if not any(told.said.get(name) for name in FIELDS):
        found.append(("/what_happened", "a story says something"))
    if APPLIED in told.cycles and not told.said.get("applied_where"):
        found.append(("/applied_where", "a story of applied value (cycle 3) says where it was applied"))
    return found


@dataclass(frozen=True)
class Counted:
    """A story as it is counted."""

    id: UUID
    author: UUID
    cycles: frozenset[int]
    leads_to: frozenset[UUID]
    month: datetime | None = None
    """In which it was told, as its first instant; None where that makes no difference."""


def counts(stories: Iterable[Counted], *, k: int = USUAL_K) -> dict[int, int | None]:
    """By cycle, how many stories there are at least: of a chain of stories one in each, and the multiple of k below
    their number. None where they are fewer than k, or too few people told them, or there are none: which of these it
    is, is not told.

    Each number is told by itself: beside the others that are told in steps of k it says nothing of what is withheld.
    Whoever looks month after month sees no number move by what fewer than k people told: those wait until more have. A
    story that is taken back, or whose author does not want to be counted any more, is gone at once; that its number is
    told in steps of k keeps whoever looks again and again from seeing it go.
    """
    known = {story.id: story for story in stories}
    chains = together(known, {id: story.leads_to for id, story in known.items()})
    found = dict[int, int | None]()
    for cycle in CYCLES:
        told = _told_by_enough([one for one in known.values() if cycle in one.cycles], k)
        found[cycle] = at_least(sum(not told.isdisjoint(chain) for chain in chains), k=k) or None
    return found


def _told_by_enough(stories: Sequence[Counted], k: int) -> set[UUID]:
    """Those of each month, together with those of the months before that still wait, once k people told them."""
    found, waiting, authors = set[UUID](), set[UUID](), set[UUID]()
    for _, month in groupby(sorted(stories, key=_month), key=_month):
        for story in month:
            waiting.add(story.id)
            authors.add(story.author)
        if enough(len(authors), k=k):
            found |= waiting
            waiting, authors = set(), set()
    return found


def _month(story: Counted) -> float:
    return story.month.timestamp() if story.month is not None else 0.0


def month_of(now: datetime) -> datetime:
    """The first instant of the month: what is counted ends there, so that nobody watches the numbers move."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
