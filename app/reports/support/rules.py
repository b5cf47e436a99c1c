"""Of which periods there are reports, and who reads what of people's own words. Plain values."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from app.metrics.periods import Kind
from app.stories.rules import Audience

KINDS: Final = frozenset({Kind.month, Kind.quarter, Kind.year})
"""A week is too short to make a case with."""


class Readers(StrEnum):
    """For whom a report is shown."""

    everyone = "everyone"
    """It can be passed on: of people's words, what they gave for everyone."""
    community = "community"
    """Also what they gave for the community: not to be passed on."""


def may_quote(audience: Audience, consents: bool, readers: Readers) -> bool:
    """Whether a story is quoted to these readers, as its author consents today."""
    return consents and audience in quoted_to(readers)


def quoted_to(readers: Readers) -> Collection[Audience]:
    """The audiences of stories that these readers are among."""
    return {Audience.public} if readers is Readers.everyone else {Audience.public, Audience.community}
