"""A portfolio as a learner record (CLR 2.0), which the community signs: each badge in it keeps its own proof.

The record says what was there when it was made. Whether a badge still stands, its own status tells.
"""

from collections.abc import Iterator

from sqlmodel import Session, col, func, select

import badges
from app.credentials.recipients import subject_of
from app.credentials.rules import SIGNED, State
from app.credentials.tables import Credential, Recipient
from app.issuers.documents import profile
from app.issuers.keys import issuer_of
from app.kit.database import read_session
from app.kit.errors import Conflict
from app.portfolio.shelf import Shelf

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
    chosen = [badges.parse(each) for each in _fitting(shelf)]
    if not chosen:
        raise NothingToRecord("None of the badges that you may see is in force.")
    with read_session(shelf.runtime.engine) as session:
        record = _record(session, shelf, chosen)
    return iter([badges.serialize(record).encode()])


def _record(session: Session, shelf: Shelf, chosen: list[badges.Document]) -> badges.Document:
    theirs = select(Recipient).where(Recipient.member_id == shelf.owner.id)
    recipient = session.exec(theirs).one()
    standing = (Credential.recipient_id == recipient.id, col(Credential.state).in_(SIGNED - {State.revoked}))
    held = session.exec(select(func.count()).select_from(Credential).where(*standing)).one()
    issuer = issuer_of(session, shelf.community, at=shelf.runtime.installation)
    record = badges.clr.ClrCredential(
        id=f"urn:uuid:{shelf.runtime.ids.public()}",
        name=shelf.title,
        description=shelf.wanted.summary,
        issuer=profile(issuer.community, issuer.id),
        valid_from=shelf.made_at,
        # That there is more is not told to whom it is not shown.
        partial=not shelf.unhidden or len(chosen) < held,
        credential_subject=badges.clr.ClrSubject(
            id=subject_of(session, recipient), verifiable_credential=tuple(chosen)
        ),
    )
    return badges.add_proof(record.to_document(), issuer.data_integrity, created=shelf.made_at)


def _fitting(shelf: Shelf) -> Iterator[str]:
    """The first of the badges in force that one record has place for, as they were signed."""
    left, room = MOST, LARGEST
    for entry in shelf.entries():
        if entry.state is State.active:
            text = entry.edition.data_integrity
            left, room = left - 1 - len(entry.endorsements), room - len(text.encode())
            if left < 0 or room < 0:
                return
            yield text
