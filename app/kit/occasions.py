"""Who acts, and when: what every use-case needs to know of its caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.kit import journal
from app.kit.ids import Ids


@dataclass(frozen=True)
class Occasion:
    """One request, command or job: its actor, its one instant, and where its new ids come from."""

    actor: str
    """A member's or token's id, `admin`, `recipient` or `system`; `somebody` where it is nobody's business who."""
    now: datetime
    ids: Ids

    def record(
        self,
        session: Session,
        community: UUID,
        type: str,
        subject: UUID,
        data: Mapping[str, journal.Datum] | None = None,
    ) -> None:
        """Writes into the community's journal that this happened now, by this actor, to `subject`."""
        self.record_all(session, community, [(type, subject, data or {})])

    def record_all(
        self, session: Session, community: UUID, happened: Sequence[tuple[str, UUID, Mapping[str, journal.Datum]]]
    ) -> None:
        """Writes several things, each a type, a subject and its data, into the journal in one go and in this order."""
        happenings = [
            journal.Happening(id=self.ids.row(), type=type, subject=str(subject), data=data)
            for type, subject, data in happened
        ]
        journal.record(session, happenings, community=community, actor=self.actor, now=self.now)
