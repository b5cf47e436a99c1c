"""Which badges of somebody there are for whom looks.

It is asked when a portfolio begins, and of each badge again when it is read: what was hidden meanwhile does not leave.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, select

from app.credentials.rules import SIGNED, State, Visibility
from app.credentials.tables import Credential, Recipient
from app.members.tables import Member
from app.portfolio.import_rules import SHOWN, Match
from app.portfolio.imports import genuine
from app.portfolio.tables import ImportedBadge


@dataclass(frozen=True)
class View:
    """What somebody sees of a member's badges."""

    member_id: UUID
    seen: frozenset[Visibility]
    revoked: bool = False
    """Whether what was revoked is among them."""
    whole: bool = False
    """Whether what is worth nothing is, too, of badges from elsewhere."""
    unhidden: bool = False
    """Whether nothing is kept from who looks: its owner, or a steward."""

    def issued(self, session: Session) -> tuple[UUID, ...]:
        """The badges from here, the newest first."""
        rows = select(Credential.id).join(Recipient, col(Recipient.id) == Credential.recipient_id)
        return tuple(session.exec(rows.where(self.of_issued()).order_by(col(Credential.row).desc())).all())

    def brought(self, session: Session) -> tuple[UUID, ...]:
        """The badges from elsewhere, the newest first."""
        rows = select(ImportedBadge.id).where(self.of_brought())
        return tuple(session.exec(rows.order_by(col(ImportedBadge.row).desc())).all())

    def of_issued(self) -> ColumnElement[bool]:
        """What holds of a badge from here that is seen, and of its recipient."""
        theirs = and_(
            Recipient.member_id == self.member_id,
            col(Credential.state).in_(SIGNED),
            col(Credential.visibility).in_(self.seen),
            self._of_member(),
        )
        return theirs if self.revoked else and_(theirs, Credential.state != State.revoked)

    def of_brought(self) -> ColumnElement[bool]:
        """What holds of a badge from elsewhere that is seen."""
        theirs = and_(
            ImportedBadge.member_id == self.member_id, col(ImportedBadge.visibility).in_(self.seen), self._of_member()
        )
        if not self.whole:
            theirs = and_(theirs, col(ImportedBadge.verdict).in_(SHOWN), ImportedBadge.recipient != Match.unmatched)
        return theirs if self.unhidden else and_(theirs, genuine())

    def _of_member(self) -> ColumnElement[bool]:
        """Nothing of a minor is shown to others."""
        known = select(Member.id).where(Member.id == self.member_id)
        return (known if self.unhidden else known.where(col(Member.minor).is_(False))).exists()
