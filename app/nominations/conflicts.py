"""What stands between a person and the weighing of a nomination. Plain values, no database."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.members.person import Person, Standing, TieKind


class Conflict(StrEnum):
    """Why somebody should not, or cannot, weigh a nomination."""

    party = "party"
    """Nominator, seconder or nominee, or one person with one of them."""
    declared = "declared"
    """Of one household with a nominee, their manager, or paid by them; or the other way round."""
    close = "close"
    """They have said that they are close."""
    first_panel = "first_panel"
    """Of an appeal: had a seat in the panel whose decision is appealed."""
    affiliation = "affiliation"
    """Belongs where a nominee belongs, or did within the last 365 days."""
    reciprocal = "reciprocal"
    """One of the two recognised the other within the last 180 days."""
    bot = "bot"
    left = "left"
    on_break = "on_break"


BEARABLE = frozenset({Conflict.affiliation, Conflict.reciprocal})
"""What a steward may put up with, if it is disclosed; everything else is hard."""
SOFT = frozenset({Conflict.reciprocal})
"""What does not keep anybody out of a draw: it is flagged, kept and logged."""
ABSENT = frozenset({Conflict.on_break})
"""What keeps people from being asked, but not from doing what they were asked before."""

_DECLARED = frozenset({TieKind.household, TieKind.manager, TieKind.paid_by})


@dataclass(frozen=True)
class Stakes:
    """What conflicts with a case are measured by. Persons are named by their identity, whatever accounts they have."""

    parties: frozenset[UUID]
    nominees: tuple[Person, ...]
    """Those that are members."""
    recognised: frozenset[UUID]
    """Who recognised a nominee lately, or was recognised by one; by the ids of their accounts."""
    first_panel: frozenset[UUID]


def conflicts_of(person: Person, stakes: Stakes) -> frozenset[Conflict]:
    """Everything that stands between somebody and weighing the case; nothing for most people."""
    ties = frozenset().union(*(_ties(person, nominee) for nominee in stakes.nominees))
    held = {
        Conflict.party: person.identity in stakes.parties,
        Conflict.declared: bool(ties & _DECLARED),
        Conflict.close: TieKind.close in ties,
        Conflict.first_panel: person.identity in stakes.first_panel,
        Conflict.affiliation: any(person.affiliations & nominee.affiliations for nominee in stakes.nominees),
        Conflict.reciprocal: person.id in stakes.recognised,
        Conflict.bot: person.is_bot,
        Conflict.left: person.standing is Standing.left,
        Conflict.on_break: person.standing is Standing.on_break,
    }
    return frozenset(conflict for conflict, is_so in held.items() if is_so)


def hard(conflicts: Collection[Conflict]) -> list[Conflict]:
    """Those among them that nobody can put up with, in the order of their names."""
    return sorted(frozenset(conflicts) - BEARABLE)


def may_be_drawn(conflicts: Collection[Conflict]) -> bool:
    """Whether lots may fall on somebody with these conflicts."""
    return frozenset(conflicts) <= SOFT


def _ties(a: Person, b: Person) -> frozenset[TieKind]:
    return a.ties.get(b.id, frozenset()) | b.ties.get(a.id, frozenset())
