"""Who acts, and when: what every use-case needs to know of its caller."""

from collections.abc import Mapping
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
    """A member's or token's id, `admin`, `recipient` or `system`."""
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
        journal.record(
            session,
            id=self.ids.row(),
            community=community,
            type=type,
            actor=self.actor,
            subject=str(subject),
            now=self.now,
            data=data,
        )
