"""From approval to the offer: who of the nominees is asked, and by which link those are who have no token."""

from sqlmodel import Session, col, select

from app.credentials.agreed import holding
from app.credentials.recipients import Named
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import contacts
from app.members.addresses import valid_emails
from app.members.contacts import Contact
from app.members.service import member_by_contact
from app.nominations.casefile import Case, keep_who
from app.nominations.consenting import forget_participation, freeze
from app.nominations.nominees import contact_of, let_go, recipient_of
from app.nominations.rules import Act, State
from app.nominations.stepping import step
from app.nominations.tables import Nomination, Nominee
from app.nominations.wishes import accounts, is_never_added


def offer(case: Case, *, at: Installation, on: Occasion) -> Case:
    """Asks the nominees of a locked nomination that was approved.

    Who never wants to be recognised here, holds the badge already, or is a minor for whom nobody has agreed, is not
    asked, and nobody learns that: theirs looks like an offer that is not answered, until its time is over. Nor is
    asked who has left; where that is everybody, the nomination is closed.
    """
    for nominee in case.nominees:
        if nominee.state is State.refused:
            continue  # when it was offered before
        keep_who(nominee)
        named = recipient_of(nominee, at=at)
        if named is None or case.has_left(nominee):
            nominee.state = State.withdrawn
        else:
            nominee.state, nominee.barred = State.offered, _is_barred(case, nominee, named, at=at, on=on)
            if _is_named_twice(case, nominee, at=at):
                nominee.barred, nominee.fingerprint = True, None  # as who they are they are asked elsewhere in it
            freeze(case, nominee, at=at, on=on)
            if nominee.sealed is not None:
                new_link(case, nominee, at=at, on=on)
        case.session.add(nominee)
    let_go(case.nominees)
    asked = sum(nominee.state is State.offered for nominee in case.nominees)
    step(case, Act.offer if asked else Act.bar, on=on, asked=asked)
    return case


def end(case: Case) -> None:
    """Ends what those were asked, and have agreed to, who hold no badge by it; links and letters with it."""
    for nominee in case.nominees:
        if nominee.state in {State.offered, State.accepted}:
            nominee.state, nominee.claim_sealed = State.withdrawn, None
            forget_participation(nominee)
            case.session.add(nominee)


def new_link(case: Case, nominee: Nominee, *, at: Installation, on: Occasion) -> None:
    """A single-use link for somebody who was named by an address, kept sealed until its letter has left.

    A link before it ends. For who may not be asked there is none, nor for a member who has given that address up since:
    somebody else may read what goes there.
    """
    contact = contact_of(nominee, at=at)
    if nominee.barred or contact is None:
        return
    if nominee.member_id is not None and contact.email not in valid_emails(case.session, nominee.member_id):
        nominee.claim_digest = nominee.claim_sealed = None
        return
    nominee.claim_digest, nominee.claim_sealed = contacts.new_link(bound_to=_purpose(nominee), at=at, on=on)
    nominee.claim_used_at = None


def letters_due(session: Session, *, limit: int) -> list[Nominee]:
    """Those to whom the letter with their link has yet to be sent. `letter_of` says what it is to hold."""
    open_ones = select(Nomination.id).where(Nomination.state == State.offered)
    waiting = (
        select(Nominee)
        .where(col(Nominee.claim_sealed).is_not(None), Nominee.state == State.offered)
        .where(col(Nominee.nomination_id).in_(open_ones))
        .order_by(col(Nominee.id))
    )
    return list(session.exec(waiting.limit(limit).with_for_update(skip_locked=True)).all())


def letter_of(nominee: Nominee, *, at: Installation) -> tuple[Contact, str] | None:
    """To whom, and the secret of the link; None where nothing is kept any more."""
    return contacts.letter(contact_of(nominee, at=at), nominee.claim_sealed, bound_to=_purpose(nominee), at=at)


def letter_sent(session: Session, nominee: Nominee) -> None:
    """Forgets the secret: from now on it is in the letter alone."""
    nominee.claim_sealed = None
    session.add(nominee)


def _is_barred(case: Case, nominee: Nominee, named: Named, *, at: Installation, on: Occasion) -> bool:
    """Whether nothing may be offered to a nominee. All members who are one person count for each of them."""
    session, members = case.session, accounts(case.session, nominee)
    if any(member.minor and not member.guardian_agreed for member in members):
        return True
    if is_never_added(session, nominee, members, at=at):
        return True
    return holding(session, case.community, case.version, named, at=at, on=on) is not None


def _is_named_twice(case: Case, nominee: Nominee, *, at: Installation) -> bool:
    """Whether the address by which somebody was named is that of a member who is a nominee already."""
    contact = contact_of(nominee, at=at) if nominee.member_id is None else None
    known = member_by_contact(case.session, case.community, email=contact.email) if contact is not None else None
    return known is not None and case.nominee(known.id) is not None


def _purpose(nominee: Nominee) -> str:
    return f"nominee/{nominee.id}/claim"
