"""What a journal says has happened to what is known of a community, so that no more than that is read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.kit.ids import id_in
from app.kit.journal import Event
from app.metrics.periods import instant

MOST: Final = 50_000
"""Events after which it takes less to read everything again."""
_RECOGNISE: Final = frozenset({"credential", "nomination", "thanks", "milestone"})
_BOARD: Final = frozenset({"need", "story", "uptake"})
_NOTHING: Final = frozenset(
    {
        "achievement",
        "award",
        "charter",
        "digest",
        "effort",
        "endorsement",
        "figures",
        "import",
        "interest",
        "keys",
        "maturity",
        "note",
        "notes",
        "notifications",
        "portfolio",
        "proposal",
        "report",
        "source",
        "survey",
        "tenure",
        "tie",
        "token",
        "wave",
        "webhook",
        "wishes",
    }
)
"""What changes nothing that figures are computed from. Of all that is named nowhere here everything is read again."""
_NOTHING_OF_MEMBERS: Final = frozenset({"member.data_asked", "member.looked_at", "member.returned"})
"""`member.returned` is what figures say themselves; after `member.readmitted`, of who had left, everything is read."""


@dataclass
class Happened:
    """What has."""

    seq: int
    """Up to where the journal was read."""
    contributions: set[UUID] = field(default_factory=set)
    """Recorded, or become otherwise."""
    recognitions: set[UUID] = field(default_factory=set)
    """Badges, nominations, thanks and attainments."""
    revoked: dict[str, int] = field(default_factory=dict)
    """Badges, and when."""
    kinds: bool = False
    board: bool = False
    """Questions, and what others took up."""
    breaks: bool = False

    def add(self, type: str, subject: str, data: Mapping[str, Any], at: int) -> bool:
        """One event; whether that is all that has to be known of it."""
        of, _, _ = type.partition(".")
        match of:
            case "contribution":
                self.contributions |= {id for id in (id_in(subject), id_in(str(data.get("corrects")))) if id}
            case _ if of in _RECOGNISE:
                self.recognitions |= {id for id in [id_in(subject)] if id}
                if type == "credential.revoked":
                    self.revoked[subject] = at
            case _ if of in _BOARD:
                self.board = True
            case "contribution_type":
                self.kinds = True
            case "break":
                self.breaks = True
            case _:
                return of in _NOTHING or type in _NOTHING_OF_MEMBERS
        return True


def since(session: Session, community: UUID, seq: int) -> Happened | None:
    """What has happened after that; None where it is so much, or such, that everything has to be read again.

    Who joined, left or opted out, whose an account is: all that may change whom the past is credited to.
    """
    columns = (Event.seq, Event.type, Event.subject, Event.data, Event.occurred_at)
    told = sa.select(*map(col, columns)).where(col(Event.community) == community, col(Event.seq) > seq)
    told = told.order_by(col(Event.seq)).limit(MOST + 1)
    found = Happened(seq)
    for count, event in enumerate(session.connection().execute(told)):
        if count == MOST or not found.add(event.type, event.subject, event.data, instant(event.occurred_at)):
            return None
        found.seq = event.seq
    return found
