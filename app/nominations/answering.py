"""Use-cases of those who were nominated: accepting, with which the badge is signed, and refusing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.credentials.agreed import holding
from app.credentials.receipts import TextChanged, digest_of
from app.credentials.rules import Visibility
from app.kit import rates
from app.kit.errors import Invalid, InvalidTransition
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members import mailed_links
from app.members.rules import digest
from app.members.tables import NeverAdd
from app.members.unasked import fingerprints
from app.nominations.casefile import Case, has_reported, keep_who, opened_by_id
from app.nominations.consenting import (
    answered_with,
    asked_of,
    forget_participation,
    text_of,
    version_asked,
    without_participation,
)
from app.nominations.issuing import issue
from app.nominations.nominees import contact_of
from app.nominations.refusals import AlreadyHeld, NeedsAgreement, NoSuchOffer, OfferClosed, OfferOnHold
from app.nominations.rules import ON_HOLD, Act, State
from app.nominations.settling import settle
from app.nominations.stepping import require
from app.nominations.tables import Nominee, Receipt
from app.nominations.wishes import enlist
from app.nominations.wording import only_leaves_out

_OFFER = "nominee"


@dataclass(frozen=True)
class Answer:
    """What a nominee says to an offer."""

    accepts: bool
    visibility: Visibility = Visibility.private
    narrative: str | None = None
    """The narrative with sentences left out, or empty; None leaves it as it is."""
    text_version: int | None = None
    """Of the text that they read."""
    digest: str | None = None
    """Of that text."""
    participation: bool = False
    """Whether the badge is to rest on what they took part in, where the offer says so."""
    never_add: bool = False
    """With a refusal: never to be asked again, by anybody here."""


def answer(
    session: Session, id: str, member: UUID, given: Answer, *, at: Installation, on: Occasion
) -> tuple[Case, Nominee]:
    """A member's answer. Of a team each answers alone.

    Raises `NoSuchOffer`, `InvalidTransition`, `OfferOnHold`, `TextChanged`, `NeedsAgreement`, `AlreadyHeld`,
    `NothingKept`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nominee = case.asked(member)
    if nominee is None:
        raise NoSuchOffer("Nothing is offered to you here.")
    return answered(case, nominee, given, by="token", at=at, on=on), nominee


def answer_link(
    session: Session, secret: str, given: Answer, *, at: Installation, on: Occasion
) -> tuple[Case, Nominee]:
    """The answer of somebody who holds the link. Raises `NoSuchOffer`, `OfferClosed`, and what `answer` raises."""
    case, nominee = offered_by(session, secret, at=at, on=on, lock=True)
    nominee.claim_used_at = on.now
    return answered(case, nominee, given, by="claim-link", at=at, on=on), nominee


def offered_by(
    session: Session, secret: str, *, at: Installation, on: Occasion, lock: bool = False
) -> tuple[Case, Nominee]:
    """The open offer behind a link, of a letter or of a mail to a member. Raises `NoSuchOffer`, `OfferClosed`."""
    named = sa.or_(col(Nominee.claim_digest) == digest(secret), col(Nominee.id) == mailed_links.thing_in(secret))
    found = session.exec(select(Nominee.id, Nominee.nomination_id).where(named)).one_or_none()
    if found is None:
        raise NoSuchOffer("No offer has this link.")
    case = opened_by_id(session, str(found[1]), now=on.now, lock=lock)
    nominee = next(each for each in case.nominees if each.id == found[0])
    if not (nominee.claim_digest == digest(secret) or _is_mailed(session, nominee, secret, at=at)):
        raise NoSuchOffer("No offer has this link.")
    stands = nominee.state is State.offered and case.state(on.now) is State.offered
    if nominee.claim_used_at is not None or not stands:
        raise OfferClosed("A link answers one offer once, while the offer stands.")
    return case, nominee


def mailed_to(session: Session, nominee: Nominee, *, at: Installation) -> str | None:
    """Where a member reads their offer and answers it, for a mail to them; None for who is none, or not written to."""
    if nominee.member_id is None:
        return None
    secret = mailed_links.secret_of(session, nominee.member_id, nominee.id, of=_OFFER, at=at)
    return f"{at.public_url}/offers/{secret}" if secret is not None else None


def _is_mailed(session: Session, nominee: Nominee, secret: str, *, at: Installation) -> bool:
    """Whether this is the link in a mail to a nominee who is a member; there is none for who is never asked."""
    member = nominee.member_id
    if member is None or nominee.barred:
        return False
    return mailed_links.is_genuine(session, member, secret, of=_OFFER, at=at)


def answered(case: Case, nominee: Nominee, given: Answer, *, by: str, at: Installation, on: Occasion) -> Case:
    """The answer in a locked case. Raises as `answer` does."""
    if given.accepts or not _refuses_what_harms(case, nominee):
        require(case, Act.accept if given.accepts else Act.refuse, on=on)
    if nominee.state is not State.offered:
        raise InvalidTransition(f"This nominee's offer is {nominee.state}: it is answered once.", allowed=[])
    _check_contact(case, nominee, on)
    keep_who(nominee)
    _check_read(case, nominee, given, at=at)
    if not given.accepts:
        return _refused(case, nominee, given, at=at, on=on)
    if given.never_add:
        raise Invalid(errors=[{"pointer": "/never_add", "message": "goes with a refusal"}])
    return _accepted(case, nominee, given, by=by, at=at, on=on)


def on_hold_until(case: Case, nominee: Nominee, *, now: datetime) -> datetime | None:
    """Until when a nominee's answer is not taken, if it is not taken now."""
    person = case.people.get(nominee.member_id) if nominee.member_id is not None else None
    changed = person.contact_changed_at if person is not None else None
    return changed + ON_HOLD if changed is not None and now < changed + ON_HOLD else None


def _refuses_what_harms(case: Case, nominee: Nominee) -> bool:
    """Whether an offer is held because its nominee reported it: they need not wait with refusing it.

    It stays held, since what was reported has still to be looked at.
    """
    held = case.nomination.state is State.held and case.nomination.held_from is State.offered
    return held and nominee.member_id is not None and has_reported(case, nominee.member_id)


def _check_contact(case: Case, nominee: Nominee, on: Occasion) -> None:
    until = on_hold_until(case, nominee, now=on.now)
    if until is not None:
        wait = str(rates.seconds_until(until, on.now))
        raise OfferOnHold(f"It can be answered from {until.isoformat()} on.", headers={"Retry-After": wait})


def _check_read(case: Case, nominee: Nominee, given: Answer, *, at: Installation) -> None:
    """Nobody consents to words that they have not read. Raises `TextChanged`.

    The text stays as it was offered until another narrative is agreed on: only after that is it asked which was read.
    """
    version = version_asked(case, nominee)
    if given.text_version not in {None, version}:
        raise TextChanged(f"You read version {given.text_version}; now it is {version}.")
    if given.digest is not None and given.digest != digest_of(text_of(asked_of(case, nominee, at=at))):
        raise TextChanged(f"That is the digest of another text than version {version}.")
    unsaid = given.text_version is None and given.digest is None
    if given.accepts and unsaid and case.nomination.narrative is not None:
        raise TextChanged(f"Another narrative was agreed on: now it is version {version}.")


def _refused(case: Case, nominee: Nominee, given: Answer, *, at: Installation, on: Occasion) -> Case:
    if given.never_add:
        _never_again(case.session, nominee, at=at, on=on)
    nominee.state, nominee.answered_at = State.refused, on.now
    _done_with(nominee)
    case.session.add(nominee)
    settle(case, on=on)
    return case


def _done_with(nominee: Nominee) -> None:
    """Once answered, a stranger's letter is not sent any more, nor are the words kept: a receipt has them, if any."""
    nominee.claim_sealed = None
    if nominee.member_id is None:
        nominee.offered_text = None


def _accepted(case: Case, nominee: Nominee, given: Answer, *, by: str, at: Installation, on: Occasion) -> Case:
    """Consent first, and then, if it can be had, the badge: without one, what was consented to stays."""
    session, asked = case.session, asked_of(case, nominee, at=at)
    if given.narrative is not None and not only_leaves_out(given.narrative, asked.narrative or ""):
        raise NeedsAgreement("The narrative says something that it did not say before.")
    if holding(session, case.community, case.version, asked.recipient, at=at, on=on) is not None:
        raise AlreadyHeld("It was given to you in another way meanwhile.")
    person = case.people.get(nominee.member_id) if nominee.member_id is not None else None
    minor = person is not None and person.minor
    visibility = Visibility.private if minor else given.visibility
    agreed = answered_with(asked, narrative=given.narrative, visibility=visibility)
    if not given.participation:
        agreed = without_participation(agreed)
        forget_participation(nominee)
    text = text_of(agreed)
    receipt = Receipt(
        nominee_id=nominee.id,
        at=on.now,
        text=text,
        digest=digest_of(text),
        text_version=version_asked(case, nominee),
        by=by,
    )
    nominee.state, nominee.answered_at, nominee.visibility = State.accepted, on.now, visibility
    _done_with(nominee)
    session.add_all([nominee, receipt])
    session.flush()
    settle(case, on=on, receipt=receipt.digest)
    issue(case, nominee, receipt, at=at, on=on)
    return case


def _never_again(session: Session, nominee: Nominee, *, at: Installation, on: Occasion) -> None:
    """Puts whoever refused on the list of those who are never asked."""
    if nominee.member_id is not None:
        enlist(session, nominee.member_id, at=at, on=on)
        return
    contact = contact_of(nominee, at=at)
    for print in fingerprints(at, email=contact.email if contact is not None else None):
        insert_if_absent(session, NeverAdd(fingerprint=print, at=on.now))
