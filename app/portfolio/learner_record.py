"""A portfolio as a learner record (CLR 2.0), which the community signs: each badge in it keeps its own proof, also one
from elsewhere.

The record says what was there when it was made. Whether a badge still stands, its own status tells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

import badges
from app.credentials.recipients import subject_of
from app.credentials.rules import SIGNED, State
from app.credentials.tables import Credential, Recipient
from app.issuers.documents import profile
from app.issuers.keys import issuer_of
from app.kit.database import read_session
from app.kit.errors import Conflict
from app.portfolio.elsewhere import in_force
from app.portfolio.imports import genuine
from app.portfolio.shelf import Shelf
from app.portfolio.tables import ImportedBadge

MOST = 100
"""Credentials in a record, endorsements in them included: as many as verifiers look at."""
LARGEST = 640 * 1024
"""Bytes of these."""


class NothingToRecord(Conflict):
    """There is no badge in force to put into a learner record."""

    code = "nothing-to-record"
    fix = "Choose badges that are in force, or wait for the first."


def written(shelf: Shelf) -> Iterator[bytes]:
    """The record, signed. Raises `NothingToRecord`."""
    room = _Room()
    chosen = [*_issued(shelf, room), *_brought(shelf, room)]
    if not chosen:
        raise NothingToRecord("None of the badges that you may see is in force.")
    with read_session(shelf.runtime.engine) as session:
        record = _record(session, shelf, chosen)
    return iter([badges.serialize(record).encode()])


def _record(session: Session, shelf: Shelf, chosen: list[badges.Document]) -> badges.Document:
    theirs = select(Recipient).where(Recipient.member_id == shelf.owner.id)
    recipient = session.exec(theirs).one_or_none()
    # Whoever was awarded nothing here has no name in public yet.
    subject = subject_of(session, recipient) if recipient else f"urn:uuid:{shelf.runtime.ids.public()}"
    issuer = issuer_of(session, shelf.community, at=shelf.runtime.installation)
    record = badges.clr.ClrCredential(
        id=f"urn:uuid:{shelf.runtime.ids.public()}",
        name=shelf.title,
        description=shelf.wanted.summary,
        issuer=profile(issuer.community, issuer.id),
        valid_from=shelf.made_at,
        # That there is more is not told to whom it is not shown.
        partial=not shelf.view.unhidden or len(chosen) < _known(session, shelf),
        credential_subject=badges.clr.ClrSubject(id=subject, verifiable_credential=tuple(chosen)),
    )
    return badges.add_proof(record.to_document(), issuer.data_integrity, created=shelf.made_at)


def _known(session: Session, shelf: Shelf) -> int:
    """Of how many badges the community knows that somebody has them."""
    theirs = Recipient.member_id == shelf.owner.id
    held = select(func.count()).select_from(Credential).join(Recipient, col(Recipient.id) == Credential.recipient_id)
    held = held.where(theirs, col(Credential.state).in_(SIGNED - {State.revoked}))
    brought = (
        select(func.count()).select_from(ImportedBadge).where(ImportedBadge.member_id == shelf.owner.id, genuine())
    )
    return session.exec(held).one() + session.exec(brought).one()


@dataclass
class _Room:
    """What one record still has place for."""

    credentials: int = MOST
    bytes: int = LARGEST

    def takes(self, text: str, inside: int) -> bool:
        """Whether there was room for one with so many credentials inside; once there is none, nothing more goes in."""
        self.credentials, self.bytes = self.credentials - 1 - inside, self.bytes - len(text.encode())
        return self.credentials >= 0 and self.bytes >= 0


def _issued(shelf: Shelf, room: _Room) -> Iterator[badges.Document]:
    """The first of the badges in force, as they were signed."""
    for entry in shelf.entries():
        if entry.state is State.active:
            if not room.takes(entry.edition.data_integrity, len(entry.endorsements)):
                return
            yield badges.parse(entry.edition.data_integrity)


def _brought(shelf: Shelf, room: _Room) -> Iterator[badges.Document]:
    """The first of those from elsewhere that a record may hold.

    Its schema has no place for tokens, nor for credentials of data model 1.1; and what processors of linked data read
    differently cannot be signed together with the rest, though its own proof (`eddsa-jcs-2022`, say) may hold.
    """
    for badge, text in in_force(shelf):
        document = badges.parse(text) if badge.format == "data-integrity" and text.startswith("{") else {}
        if badges.ob3.CREDENTIALS_CONTEXT in _first(document.get("@context")) and _is_signable(document):
            if not room.takes(text, _inside(badge.report)):
                return
            yield document


def _first(contexts: Any) -> list[Any]:
    return contexts[:1] if isinstance(contexts, list) else []


def _is_signable(document: badges.Document) -> bool:
    subject = {"type": ["ClrSubject"], "verifiableCredential": [document]}
    record = {"@context": list(badges.clr.RECORD_CONTEXTS), "type": ["VerifiableCredential", "ClrCredential"]}
    try:
        badges.refuse_unsignable(record | {"credentialSubject": subject})
    except badges.BadgeError:
        return False
    return True


def _inside(report: Mapping[str, Any]) -> int:
    """How many credentials there are in what a report is on."""
    return len(report["endorsements"]) + sum(1 + _inside(each) for each in report["contains"])
