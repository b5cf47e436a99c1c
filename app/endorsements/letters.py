"""Letters to people who were asked by their address: sealed as long as they are needed, and the link in each."""

from sqlmodel import Session, col, select

from app.endorsements.rules import RequestState
from app.endorsements.tables import EndorsementRequest
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import contacts
from app.members.contacts import Contact


def sealed(row: EndorsementRequest, contact: Contact, *, at: Installation) -> bytes:
    """An address as it is kept: sealed for this row."""
    return contacts.sealed(contact, bound_to=_context(row), at=at)


def contact_of(row: EndorsementRequest, *, at: Installation) -> Contact | None:
    """The address that was asked, while it is kept."""
    return contacts.opened(row.sealed, bound_to=_context(row), at=at)


def new_link(row: EndorsementRequest, *, at: Installation, on: Occasion) -> None:
    """A single-use link, kept sealed until its letter has left. A link before it ends."""
    row.link_digest, row.link_sealed = contacts.new_link(bound_to=_context(row, "link"), at=at, on=on)


def letters_due(session: Session, *, limit: int) -> list[EndorsementRequest]:
    """Those whose letter, with the link in it, has yet to be sent."""
    waiting = select(EndorsementRequest).where(
        col(EndorsementRequest.link_sealed).is_not(None), EndorsementRequest.state == RequestState.open
    )
    waiting = waiting.order_by(col(EndorsementRequest.row)).limit(limit)
    return list(session.exec(waiting.with_for_update(skip_locked=True)).all())


def letter_of(row: EndorsementRequest, *, at: Installation) -> tuple[Contact, str] | None:
    """To whom, and the secret of the link; None where nothing is kept any more."""
    return contacts.letter(contact_of(row, at=at), row.link_sealed, bound_to=_context(row, "link"), at=at)


def letter_sent(session: Session, row: EndorsementRequest) -> None:
    """Forgets the secret: from now on it is in the letter alone."""
    row.link_sealed = None
    session.add(row)


def _context(row: EndorsementRequest, part: str = "contact") -> str:
    return f"endorsement-request/{row.id}/{part}"
