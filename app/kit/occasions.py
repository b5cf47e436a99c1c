"""Who acts, and when: what every use-case needs to know of its caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Afterwards(Occasion):
    """An occasion of many things in one transaction, which are written into the journal when all have happened.

    The order in which everybody locks is: rows first, then the journal of their community (`journal.hold`). Who does
    one thing keeps it by recording it last; whoever does several would hold the journal from the first on, and wait for
    rows of those who wait for the journal. Signing holds it too: so one transaction signs once, or has locked all that
    it signs for before (`sources/portions.py`).
    """

    _happened: list[tuple[UUID, Sequence[tuple[str, UUID, Mapping[str, journal.Datum]]]]] = field(default_factory=list)

    @classmethod
    def of(cls, on: Occasion) -> "Afterwards":
        return cls(on.actor, on.now, on.ids)

    def record_all(
        self, session: Session, community: UUID, happened: Sequence[tuple[str, UUID, Mapping[str, journal.Datum]]]
    ) -> None:
        """Remembers it, in this order."""
        self._happened.append((community, happened))

    def write(self, session: Session) -> None:
        """Writes what has happened into the journals, of which each is taken once; the last word of a transaction."""
        by_community: dict[UUID, list[tuple[str, UUID, Mapping[str, journal.Datum]]]] = {}
        for community, happened in self._happened:
            by_community.setdefault(community, []).extend(happened)
        for community in sorted(by_community):
            super().record_all(session, community, by_community[community])
