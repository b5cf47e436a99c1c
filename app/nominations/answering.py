"""Use-cases of those who were nominated: accepting, with which the badge is signed, and refusing."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.credentials.agreed import award_agreed, holding
from app.credentials.rules import Visibility
from app.kit import rates
from app.kit.errors import Invalid, InvalidTransition
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.rules import digest
from app.members.tables import NeverAdd
from app.members.unasked import fingerprints
from app.nominations.casefile import Case, has_reported, keep_who, nomination_by_id, opened_by_id
from app.nominations.consenting import answered_with, asked_of, consented, digest_of, text_of, version_asked
from app.nominations.nominees import contact_of, let_go
from app.nominations.refusals import AlreadyHeld, NeedsAgreement, NoSuchOffer, OfferClosed, OfferOnHold, TextChanged
from app.nominations.rules import ON_HOLD, RETRIES, Act, State, settled
from app.nominations.stepping import note, require, step
from app.nominations.tables import Nomination, Nominee, Receipt
from app.nominations.vouching import vouch
from app.nominations.wishes import enlist
from app.nominations.wording import only_leaves_out

_log = logging.getLogger(__name__)

SIGNING = frozenset({State.offered, State.accepted})
"""Where a nomination has to be for the badges of those who have accepted to be signed."""


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
    case, nominee = offered_by(session, secret, on=on, lock=True)
    nominee.claim_used_at = on.now
    return answered(case, nominee, given, by="claim-link", at=at, on=on), nominee


def offered_by(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> tuple[Case, Nominee]:
    """The open offer behind a link. Raises `NoSuchOffer`, `OfferClosed`."""
    chosen = select(Nominee.id, Nominee.nomination_id).where(Nominee.claim_digest == digest(secret))
    found = session.exec(chosen).one_or_none()
    if found is None:
        raise NoSuchOffer("No offer has this link.")
    case = opened_by_id(session, str(found[1]), now=on.now, lock=lock)
    nominee = next(each for each in case.nominees if each.id == found[0])
    if nominee.claim_digest != digest(secret):
        raise NoSuchOffer("No offer has this link.")
    stands = nominee.state is State.offered and case.state(on.now) is State.offered
    if nominee.claim_used_at is not None or not stands:
        raise OfferClosed("A link answers one offer once, while the offer stands.")
    return case, nominee


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


def retry_issue(session: Session, nominee_id: UUID, *, at: Installation, on: Occasion) -> bool:
    """Signs once more what could not be signed when it was accepted; whether it is signed now.

    Nothing is signed of a nomination that was held or withdrawn since, nor after a consent was taken back.
    """
    nomination_id = session.exec(select(Nominee.nomination_id).where(Nominee.id == nominee_id)).one()
    case = opened_by_id(session, str(nomination_id), now=on.now, lock=True)
    nominee = next(each for each in case.nominees if each.id == nominee_id)
    receipt = session.get(Receipt, nominee.id)
    may_be = case.nomination.state in SIGNING and receipt is not None and receipt.withdrawn_at is None
    if nominee.state is not State.accepted or receipt is None or not may_be:
        return nominee.state is State.issued
    _issue(case, nominee, receipt, at=at, on=on)
    return nominee.credential_id is not None


def rest(session: Session, nominee_id: UUID, *, on: Occasion) -> None:
    """Has what could not even be tried wait its turn behind the others."""
    nomination_id = session.exec(select(Nominee.nomination_id).where(Nominee.id == nominee_id)).one()
    nomination = nomination_by_id(session, str(nomination_id), lock=True)
    nomination.retry_at = on.now + RETRIES
    session.add(nomination)


def awaiting_issue(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Nominees who have accepted, whose badge could not be signed then, and for whom it is to be tried again by now."""
    due = sa.or_(col(Nomination.retry_at).is_(None), col(Nomination.retry_at) <= now)
    accepted = (
        select(Nominee.id)
        .join(Nomination)
        .join(Receipt, col(Receipt.nominee_id) == Nominee.id)
        .where(Nominee.state == State.accepted, col(Nomination.state).in_(SIGNING), due)
        .where(col(Receipt.withdrawn_at).is_(None))
    )
    longest_first = col(Nomination.retry_at).asc().nulls_first()
    return list(session.exec(accepted.order_by(longest_first, col(Nominee.id)).limit(limit)).all())


def lapse(case: Case, *, on: Occasion) -> Case:
    """The time of a locked offer is over: who has not answered does not stand in the way of those who have."""
    for nominee in case.nominees:
        if nominee.state is State.offered:
            nominee.state, nominee.claim_sealed = State.expired, None
            case.session.add(nominee)
    outcome = settled(n.state for n in case.nominees if n.state is not None)
    if outcome in {State.accepted, State.issued, State.refused}:
        case.nomination.deadline = None  # it is not the whole that has run out
    _settle(case, on=on)
    return case


def leave(case: Case, *, on: Occasion) -> None:
    """The offers to those who have left end as if nobody had answered; nobody is blamed for that."""
    for nominee in case.nominees:
        if nominee.state is State.offered and case.has_left(nominee):
            nominee.state = State.withdrawn
            case.session.add(nominee)
    _settle(case, on=on)


def catch_up(case: Case, *, on: Occasion) -> None:
    """Brings an offer that was held to where its nominees are: one who reported it may have refused meanwhile."""
    if settled(nominee.state for nominee in case.nominees if nominee.state is not None) is not None:
        _settle(case, on=replace(on, actor="system"))  # whoever lets it go on has not answered it


def take_back(case: Case, nominee: Nominee, *, on: Occasion) -> None:
    """A consent ends before its badge was signed: nothing is, and to everybody else it is as if they had refused."""
    nominee.state = State.refused
    case.session.add(nominee)
    _settle(case, on=on)


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
    _settle(case, on=on)
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
    _settle(case, on=on, receipt=receipt.digest)
    _issue(case, nominee, receipt, at=at, on=on)
    return case


def _issue(case: Case, nominee: Nominee, receipt: Receipt, *, at: Installation, on: Occasion) -> None:
    """The badge, or nothing of it. What it says was consented to, so that it can be signed later as well as now."""
    try:
        agreed = consented(case, nominee, receipt, at=at)
        with case.session.begin_nested():
            credential = award_agreed(case.session, case.community, agreed, at=at, on=on)
            vouch(case, nominee, credential, agreed, at=at, on=on)
            nominee.credential_id, nominee.state = credential.id, State.issued
            case.session.add(nominee)
            case.session.flush()
            _settle(case, on=on, credential=str(credential.id))
    except SQLAlchemyError:
        raise  # the database takes nothing at all now, so that the consent is not kept either
    except Exception as error:  # noqa: BLE001  whatever keeps it from being signed, the consent stands
        _log.warning("The badge of nominee %s could not be signed (%s); it is tried again.", nominee.id, type(error))
        case.nomination.retry_at = on.now + RETRIES
        case.session.add(case.nomination)


def _settle(case: Case, *, on: Occasion, **said: Datum) -> None:
    """Brings the nomination to where its nominees are."""
    let_go(case.nominees)
    outcome = settled(nominee.state for nominee in case.nominees if nominee.state is not None)
    was = case.nomination.state
    if was is State.offered and outcome is not None:
        act = {State.refused: Act.refuse, State.expired: Act.expire}.get(outcome, Act.accept)
        step(case, act, on=on, **said)
    if case.nomination.state is State.accepted and outcome is State.issued:
        step(case, Act.issue, on=on, **said)
    if was is State.accepted and outcome in {State.refused, State.expired}:
        step(case, Act.bar, on=on, **said)
    if case.nomination.state is was:
        note(case, "answered", on=on, was=was, **said)


def _never_again(session: Session, nominee: Nominee, *, at: Installation, on: Occasion) -> None:
    """Puts whoever refused on the list of those who are never asked."""
    if nominee.member_id is not None:
        enlist(session, nominee.member_id, at=at, on=on)
        return
    contact = contact_of(nominee, at=at)
    for print in fingerprints(at, email=contact.email if contact is not None else None):
        insert_if_absent(session, NeverAdd(fingerprint=print, at=on.now))
