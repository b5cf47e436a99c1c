"""Letters to people who were asked by their address: sealed as long as they are needed, and the link in each."""

import json
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.endorsements.rules import RequestState
from app.endorsements.tables import EndorsementRequest
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.rules import digest


@dataclass(frozen=True)
class Contact:
    """How somebody is reached who was named by an address."""

    email: str
    name: str | None


def sealed(row: EndorsementRequest, contact: Contact, *, at: Installation) -> bytes:
    """An address as it is kept: sealed for this row."""
    text = json.dumps({"email": contact.email, "name": contact.name})
    return at.vault.seal(text.encode(), bound_to=_context(row))


def contact_of(row: EndorsementRequest, *, at: Installation) -> Contact | None:
    """The address that was asked, while it is kept."""
    if row.sealed is None:
        return None
    opened = json.loads(at.vault.open(row.sealed, bound_to=_context(row)))
    return Contact(opened["email"], opened["name"])


def new_link(row: EndorsementRequest, *, at: Installation, on: Occasion) -> None:
    """A single-use link, kept sealed until its letter has left. A link before it ends."""
    secret = on.ids.secret()
    row.link_digest = digest(secret)
    row.link_sealed = at.vault.seal(secret.encode(), bound_to=_context(row, "link"))


def letters_due(session: Session, *, limit: int) -> list[EndorsementRequest]:
    """Those whose letter, with the link in it, has yet to be sent."""
    waiting = select(EndorsementRequest).where(
        col(EndorsementRequest.link_sealed).is_not(None), EndorsementRequest.state == RequestState.open
    )
    waiting = waiting.order_by(col(EndorsementRequest.row)).limit(limit)
    return list(session.exec(waiting.with_for_update(skip_locked=True)).all())


def letter_of(row: EndorsementRequest, *, at: Installation) -> tuple[Contact, str] | None:
    """To whom, and the secret of the link; None where nothing is kept any more."""
    contact = contact_of(row, at=at)
    if contact is None or row.link_sealed is None:
        return None
    return contact, at.vault.open(row.link_sealed, bound_to=_context(row, "link")).decode()


def letter_sent(session: Session, row: EndorsementRequest) -> None:
    """Forgets the secret: from now on it is in the letter alone."""
    row.link_sealed = None
    session.add(row)


def _context(row: EndorsementRequest, part: str = "contact") -> str:
    return f"endorsement-request/{row.id}/{part}"
