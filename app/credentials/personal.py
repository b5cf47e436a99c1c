"""What this capability keeps of a member: what they were offered and awarded, as it was signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.credentials import answering, receipts, service
from app.credentials.participation import let_go
from app.credentials.recipients import contacts_of
from app.credentials.rules import SIGNED, Act, State, Visibility
from app.credentials.tables import AwardReceipt, Credential, Edition, Participation, Recipient
from app.kit.installation import Installation
from app.kit.personal import Kept, Leaving, Part
from app.members.tables import Member

REASON = "Its holder left, and had it revoked."
"""What whoever verifies such a badge is told."""


def of_member(member: UUID) -> sa.Select[UUID]:
    """The ids of all that was offered or awarded to a member."""
    holding = sa.select(col(Recipient.id)).where(col(Recipient.member_id) == member)
    return sa.select(col(Credential.id)).where(col(Credential.recipient_id).in_(holding))


def named_by_contact(session: Session, member: UUID, now: datetime, at: Installation) -> Iterable[Any]:
    """What was offered or awarded to an address or a DID of theirs, before it was known to be that."""
    for each in contacts_of(session, session.get_one(Member, member), at=at):
        awards = select(Credential).where(Credential.recipient_id == each.id).order_by(col(Credential.row))
        for credential in session.exec(awards).all():
            receipt = session.get(AwardReceipt, credential.id)
            agreed = {"consented_to": receipt.text if receipt is not None else None}
            yield {"named": each.name} | credential.model_dump(exclude={"held"}) | agreed


def _hold(session: Session, leaving: Leaving) -> None:
    _theirs(session, leaving, lock=True)


def _erase(session: Session, leaving: Leaving) -> None:
    """Offers are refused, and of what was consented to the words go. What is signed stays signed; revoked, if that is
    wanted, it is hidden too, and what was kept of it besides the signed bytes and the status goes."""
    for credential in _theirs(session, leaving):
        state = service.state_of(credential, leaving.on.now)
        if state is State.offered:
            at, on = leaving.at, leaving.on
            answering.answer(session, credential, Act.refuse, Visibility.private, by="token", at=at, on=on)
        elif state in SIGNED and leaving.revoke:
            _end(session, credential, state, leaving)
        receipts.forget(session, credential)
        if state not in SIGNED or leaving.revoke:
            credential.narrative, credential.evidence = None, []
            let_go(session, credential)
            session.add(credential)
    for recipient in contacts_of(session, session.get_one(Member, leaving.member), at=leaving.at):
        recipient.name = recipient.did = recipient.email_fingerprint = recipient.email_sealed = None
        session.add(recipient)
    session.flush()


def _end(session: Session, credential: Credential, state: State, leaving: Leaving) -> None:
    if state is not State.revoked:
        service.revoke(session, credential, REASON, at=leaving.at, on=leaving.on)
    service.show_to(session, credential, Visibility.private, on=leaving.on)


def _theirs(session: Session, leaving: Leaving, *, lock: bool = False) -> Sequence[Credential]:
    """Those of the member, and of whoever was named by an address or a DID of theirs."""
    named = [each.id for each in contacts_of(session, session.get_one(Member, leaving.member), at=leaving.at)]
    theirs = sa.or_(col(Credential.id).in_(of_member(leaving.member)), col(Credential.recipient_id).in_(named))
    chosen = select(Credential).where(theirs).order_by(col(Credential.id))
    return session.exec(chosen.with_for_update() if lock else chosen).all()


PART = Part(
    kept=(
        Kept(Recipient, ("member_id",), without=frozenset({"email_sealed", "email_fingerprint"})),
        Kept(Credential, which=lambda member: col(Credential.id).in_(of_member(member)), without=frozenset({"held"})),
        Kept(Participation, which=lambda member: col(Participation.credential_id).in_(of_member(member))),
        Kept(AwardReceipt, which=lambda member: col(AwardReceipt.credential_id).in_(of_member(member))),
        Kept(Edition, which=lambda member: col(Edition.credential_id).in_(of_member(member))),
    ),
    more={"credential_by_contact": named_by_contact},
    hold=_hold,
    erase=_erase,
)
