"""Use-cases: answering an endorsement, taking it down, taking it back, and what time does to it."""

from uuid import UUID

from sqlmodel import Session, col, select

import badges
from app.credentials import service as credentials
from app.credentials.editions import signed_since
from app.credentials.rules import State as CredentialState
from app.credentials.tables import Credential
from app.endorsements import signing, subjects
from app.endorsements.rules import (
    EDITIONS_PER,
    MOST_EDITIONS,
    OPEN_FOR,
    SIGNED,
    Act,
    DoesNotFit,
    EndorsementOver,
    NotTheirs,
    Signer,
    Subject,
    TooManyEditions,
)
from app.endorsements.rules import EndorsementState as State
from app.endorsements.service import is_endorser, locked, move, record, state_of
from app.endorsements.tables import Endorsement
from app.kit import journal, rates
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.auth import Caller


def answer(session: Session, id: UUID, act: Act, caller: Caller, *, at: Installation, on: Occasion) -> Endorsement:
    """The owner's answer, with which it is signed; or their taking it down later.

    Raises `NotTheirs`, `InvalidTransition`.
    """
    endorsement = locked(session, id)
    thing = subjects.thing_of(session, endorsement)
    if not subjects.is_owner(thing, caller):
        raise NotTheirs("Only the owner of what is endorsed answers.")
    return answered(session, endorsement, act, at=at, on=on)


def answered(session: Session, endorsement: Endorsement, act: Act, *, at: Installation, on: Occasion) -> Endorsement:
    """An answer to a locked endorsement. Raises `InvalidTransition`, `EndorsementOver`, `BadgeRevoked`,
    `DoesNotFit`, `TooManyEditions`."""
    was = state_of(endorsement, on.now)
    if act is Act.accept and endorsement.ends_at is not None and endorsement.ends_at <= on.now:
        raise EndorsementOver(f"Its endorser signed it until {endorsement.ends_at.isoformat()}.")
    move(endorsement, act, on)
    endorsement.answered_at = on.now
    _hold(session, endorsement)
    if act is Act.accept and endorsement.subject is Subject.credential:
        _check_badge(session, endorsement, on=on)
    _carry_out(session, endorsement, was, act, at=at, on=on)
    session.flush()
    record(session, endorsement, endorsement.state.value, on=on)
    return endorsement


def _check_badge(session: Session, endorsement: Endorsement, *, on: Occasion) -> None:
    """Whether a badge can be signed with one more. Taking one down, or back, is never refused.

    Raises `BadgeRevoked`, `DoesNotFit`, `TooManyEditions`.
    """
    subjects.check_stands(session, subjects.thing_of(session, endorsement))
    credential = session.get_one(Credential, endorsement.subject_id)
    if endorsement.signed_by is Signer.endorser and credential.state is CredentialState.suspended:
        fix = "Accept it once the badge is reinstated."
        raise DoesNotFit("Whether it goes together with what is there is found out by signing.", fix=fix)
    recent = signed_since(session, credential.id, on.now - EDITIONS_PER)
    if wait := rates.wait(recent, most=MOST_EDITIONS, within=EDITIONS_PER, now=on.now):
        raise TooManyEditions(f"At most {MOST_EDITIONS} within a day.", retry_after=wait)


def _carry_out(
    session: Session, endorsement: Endorsement, was: State, act: Act, *, at: Installation, on: Occasion
) -> None:
    """Signs it, or has it shown or not. What others signed goes in as it is, and may not go together with what is
    there. Raises `DoesNotFit`."""
    try:
        if was in SIGNED:
            signing.show(session, endorsement, act is Act.accept, at=at, on=on)
        elif act is Act.accept and endorsement.signed_by is Signer.community:
            signing.sign(session, endorsement, at=at, on=on)
            signing.renew(session, endorsement, at=at, on=on)
        elif act is Act.accept:
            signing.take(session, endorsement, on=on)
            signing.renew(session, endorsement, at=at, on=on)
    except badges.BadgeError as error:
        if endorsement.signed_by is Signer.community:
            raise
        raise DoesNotFit(error.detail) from None


def withdraw(session: Session, id: UUID, caller: Caller, *, at: Installation, on: Occasion) -> Endorsement:
    """The endorser takes it back. Raises `NotTheirs`, `InvalidTransition`."""
    endorsement = locked(session, id)
    if not is_endorser(endorsement, caller):
        raise NotTheirs("Only who gave an endorsement takes it back.")
    return withdrawn(session, endorsement, at=at, on=on)


def withdrawn(session: Session, endorsement: Endorsement, *, at: Installation, on: Occasion) -> Endorsement:
    """A locked endorsement is taken back: revoked, and what it was about is signed anew without it.

    Raises `InvalidTransition`.
    """
    was = state_of(endorsement, on.now)
    move(endorsement, Act.withdraw, on)
    endorsement.ended_at = on.now
    if was in SIGNED:
        _hold(session, endorsement)
        if endorsement.signed_by is Signer.community:
            signing.revoke(session, endorsement, at=at, on=on)
        signing.show(session, endorsement, False, at=at, on=on)
    session.flush()
    record(session, endorsement, "withdrawn", on=on)
    return endorsement


def _hold(session: Session, endorsement: Endorsement) -> None:
    """Takes all that is signed into, before any of it: the credential, and both communities' journals by their ids, so
    that two communities which endorse each other do not wait for each other in a circle."""
    if endorsement.subject is Subject.credential:
        credentials.locked(session, endorsement.subject_id)
    for community in sorted({endorsement.community_id, endorsement.signing_id}):
        journal.hold(session, community)


def lapsed(session: Session, *, on: Occasion, limit: int) -> int:
    """Ends offers whose time is over; how many. For the worker."""
    due = select(Endorsement.id).where(Endorsement.state == State.offered)
    due = due.where(col(Endorsement.offered_at) <= on.now - OPEN_FOR).order_by(col(Endorsement.offered_at)).limit(limit)
    found = [locked(session, id) for id in session.exec(due).all()]
    for endorsement in sorted(found, key=lambda each: each.community_id):
        if endorsement.state is State.offered:
            endorsement.state, endorsement.ended_at = State.lapsed, on.now
            endorsement.standing = endorsement.given = None
            session.add(endorsement)
            session.flush()
            record(session, endorsement, "lapsed", on=on)
    return len(found)
