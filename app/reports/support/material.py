"""What a report is made of, as plain values: nothing of what people said in words, but by which ids that is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.metrics.formulas.maturity import Stage
from app.metrics.periods import Window
from app.metrics.telling import Json
from app.reports.support.figures import Figures, Snapshot


@dataclass(frozen=True)
class About:
    """The community."""

    slug: str
    name: str
    description: str
    url: str


@dataclass(frozen=True)
class Asked:
    """A wave of a survey that has been counted."""

    id: UUID
    name: str
    survey: str
    closed_on: date
    results: Mapping[str, Any]
    """As they were told on that day."""


@dataclass(frozen=True)
class Stories:
    """Value stories: how many stand at the end of the period, and which of those told in it may be quoted."""

    by_cycle: Mapping[int, int | None]
    """None where they are too few, or too few people told them, or there are none."""
    quoted: Sequence[UUID] = ()
    """For everyone: what is for members alone is in `Material.inside`, since strangers see what a report says."""


@dataclass(frozen=True)
class Unquoted:
    """Remarks of a wave that are not quoted; None where it is not told how many."""

    wave: UUID
    name: str
    quoted: int
    not_quoted: int | None
    """Those that may be."""
    for_stewards: int | None
    """Those that may not."""


@dataclass(frozen=True)
class Counts:
    """Of what is counted for the report alone: what may be told, and where something is not, as JSON pointers."""

    told: Json
    withheld: Sequence[str] = ()

    def number(self, *way: str) -> int | None:
        """What stands at the end of a way; None where it is not told."""
        value = self.told
        for name in way:
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, int) else None


@dataclass(frozen=True)
class Material:
    """All of it."""

    about: About
    window: Window
    period: str
    snapshots: Sequence[Snapshot]
    now: Figures
    before: Sequence[Figures]
    """Of earlier periods as long as this one, oldest first, as far as they were published."""
    stories: Stories
    counts: Counts
    waves: Sequence[Asked] = ()
    """Those that closed in the period."""
    earlier_waves: Sequence[Asked] = ()
    """Those that closed before it, oldest first."""
    stages: Sequence[tuple[str, Stage]] = ()
    """Of quarters up to the period's end, oldest first."""
    stewards_say: Stage | None = None
    """What stewards say of the stage, if it is not what the rules do."""
    effort: Mapping[str, Any] | None = None
    """The hours that members stated, as they are told of its quarters; None where nobody did, or of a month."""
    remarks: Sequence[UUID] = ()
    unquoted: Sequence[Unquoted] = ()
    notes: Sequence[UUID] = ()
    few_notes: int = 0
    """Conversations in which fewer than k took part: of those nothing else is told."""
    beyond: Sequence[str] = ()
    """Of which kinds of words there are more than are quoted."""
    inside: Mapping[str, Any] = field(default_factory=dict)
    """What is for readers in the community, and so in no document that strangers may see, as JSON."""
    k: int = field(default=5)
