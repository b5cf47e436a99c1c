"""What people said in favour of somebody's badges: read by them, and erased at their wish.

What was signed is its endorser's word, published at its own address and inside editions that others hold: it is revoked
or taken down, and not rewritten. The row beside it forgets the words all the same.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.credentials.tables import Credential, Recipient
from app.endorsements.rules import EndorsementState, Subject
from app.endorsements.tables import Endorsement
from app.kit.occasions import Occasion


def said_of(session: Session, member: UUID, *, lock: bool = False) -> Sequence[Endorsement]:
    """The endorsements of a member's badges of which the words are kept, oldest first."""
    recipients = select(Recipient.id).where(Recipient.member_id == member)
    held = select(Credential.id).where(col(Credential.recipient_id).in_(recipients))
    chosen = select(Endorsement).where(
        Endorsement.subject == Subject.credential,
        col(Endorsement.subject_id).in_(held),
        col(Endorsement.comment).is_not(None),
    )
    chosen = chosen.order_by(col(Endorsement.row))
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return session.exec(chosen).all()


def erase(session: Session, said: Sequence[Endorsement], *, on: Occasion) -> tuple[list[UUID], list[UUID]]:
    """Takes the words out of locked endorsements: the ids of those, and of those that wait for an answer first."""
    erased, left = [], []
    for endorsement in said:
        if endorsement.state is EndorsementState.offered:
            left.append(endorsement.id)
            continue
        endorsement.comment, endorsement.given, endorsement.skills = None, None, []
        endorsement.version += 1
        session.add(endorsement)
        session.flush()
        on.record(session, endorsement.community_id, "endorsement.erased", endorsement.id)
        erased.append(endorsement.id)
    return erased, left
