"""Whom a nomination is about: members, or people of whom there is only a keyed hash and a sealed address."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.credentials.recipients import Named
from app.kit.errors import Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import contacts
from app.members import service as members
from app.members.addresses import address_key, reached_at
from app.members.contacts import Contact
from app.members.people import Person
from app.members.tables import Community, Member
from app.nominations.rules import State
from app.nominations.tables import Nominee


@dataclass(frozen=True)
class Proposed:
    """How a nominator names somebody: exactly one of `member` (handle or id) and canonical `email`."""

    member: str | None = None
    email: str | None = None
    name: str | None = None


def proposed(
    session: Session,
    community: Community,
    nomination_id: UUID,
    named: Sequence[Proposed],
    *,
    at: Installation,
    on: Occasion,
) -> list[Nominee]:
    """Rows for those named, each once; an address that is a member's means that member. Raises `NoSuchMember`."""
    rows = [_row(session, community, nomination_id, one, at=at, on=on) for one in named]
    if len({(row.by_address, row.member_id, row.fingerprint) for row in rows}) < len(rows):
        raise Invalid(errors=[{"pointer": "/nominees", "message": "somebody is named twice"}])
    known = {row.member_id for row in rows if not row.by_address}
    for row in rows:
        if row.by_address and row.member_id in known:
            # To say so would tell whose address it is; `offering` does not ask anybody twice.
            row.member_id = row.fingerprint = None
        elif row.member_id is not None:
            known.add(row.member_id)
    return rows


def carried_over(nominee: Nominee, nomination_id: UUID, *, at: Installation, on: Occasion) -> Nominee:
    """A row for the same person in another nomination of the community; an address is sealed anew for it.

    A refusal stays one.
    """
    row = Nominee(
        id=on.ids.row(),
        nomination_id=nomination_id,
        member_id=nominee.member_id,
        fingerprint=nominee.fingerprint,
        by_address=nominee.by_address,
    )
    contact = contact_of(nominee, at=at)
    if contact is not None:
        row.sealed = contacts.sealed(contact, bound_to=_purpose(row), at=at)
    if nominee.state is State.refused:
        row.state, row.answered_at = nominee.state, nominee.answered_at
    return row


def contact_of(nominee: Nominee, *, at: Installation) -> Contact | None:
    """The address, and perhaps the name, by which somebody was named, while they are kept."""
    return contacts.opened(nominee.sealed, bound_to=_purpose(nominee), at=at)


def recipient_of(nominee: Nominee, *, at: Installation) -> Named | None:
    """How a credential names a nominee; None for a stranger of whom nothing is kept any more."""
    if nominee.member_id is not None:
        return Named(member=str(nominee.member_id))
    contact = contact_of(nominee, at=at)
    return Named(email=contact.email, name=contact.name) if contact is not None else None


def let_go(nominees: Sequence[Nominee]) -> None:
    """Forgets the addresses by which people were named, once they have answered and nobody of the team is waited for.

    Until then their names are needed to keep them out of the badges of the others.
    """
    if any(nominee.state in {State.offered, State.accepted} for nominee in nominees):
        return
    for nominee in nominees:
        if nominee.state in {State.refused, State.issued}:
            nominee.sealed = None


def keys_of(nominee: Nominee, person: Person | None) -> list[str]:
    """By what a nominee is known, for constraints: the person behind a member, and the address they have.

    So that neither a second account nor an address of one's own makes a second person.
    """
    known = [str(person.identity)] if person is not None else []
    return [*known, nominee.fingerprint] if nominee.fingerprint is not None else known


def _row(
    session: Session, community: Community, nomination_id: UUID, one: Proposed, *, at: Installation, on: Occasion
) -> Nominee:
    row = Nominee(id=on.ids.row(), nomination_id=nomination_id)
    member = _member(session, community, one)
    address = reached_at(session, member) if member is not None and one.email is None else one.email
    row.fingerprint = address_key(community.id, address, at=at) if address is not None else None
    row.member_id = member.id if member is not None else None
    if one.email is not None:
        row.by_address = True
        row.sealed = contacts.sealed(Contact(one.email, one.name), bound_to=_purpose(row), at=at)
    return row


def _member(session: Session, community: Community, one: Proposed) -> Member | None:
    if one.member is not None and "@" in one.member:
        raise members.NoSuchMember(
            "That is no handle.", fix='An address goes into an object: {"email": "somebody@example.org", "name": "…"}.'
        )
    if one.member is not None:
        return members.member_named(session, community, one.member)
    return members.member_by_contact(session, community, email=one.email)


def _purpose(nominee: Nominee) -> str:
    return f"nominee/{nominee.id}/contact"
