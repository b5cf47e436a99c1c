"""Use-cases: the DIDs that members control. Each is proven by signing a challenge; a member may have several.

`Member.did` is what a steward wrote down, and stays so: nobody has proven it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

import badges
from app.kit.errors import Conflict, FieldError, Invalid, NotFound, Unprocessable
from app.kit.ids import id_in
from app.kit.occasions import Occasion
from app.members.tables import Member, MemberDid

KINDS = ("did:key:", "did:web:", "did:jwk:")
"""Kinds whose keys can be looked up here."""
ANSWERED_WITHIN = timedelta(minutes=10)
MOST = 10
"""DIDs of one member, those included that are yet to be proven."""


class NoSuchDid(NotFound):
    """You have no such DID here."""

    code = "no-such-did"
    fix = "GET /v1/me/dids lists those of yours."


class DidProven(Conflict):
    """You have proven this DID already."""

    code = "did-proven"
    fix = "Nothing needs to be done."


class DidTaken(Conflict):
    """Another member of this community has proven this DID."""

    code = "did-taken"
    fix = "If both are you, remove it from the other account first; else ask a steward."


class TooManyDids(Conflict):
    """You have as many DIDs as one member may have."""

    code = "too-many-dids"
    fix = "Remove one that you do not use: DELETE /v1/me/dids/{id}."


class ChallengeOver(Conflict):
    """There is no challenge open: it was answered, or its time is over."""

    code = "challenge-over"
    fix = "Ask for a new one: POST /v1/me/dids."


class NotProven(Unprocessable):
    """The presentation does not prove that you control this DID."""

    code = "did-not-proven"
    fix = "Sign a VerifiablePresentation without credentials, with an authentication or assertion key, for both."


class DidUnchecked(Unprocessable):
    """Whether this DID is yours could not be found out."""

    code = "did-unchecked"
    fix = "See that its document is served and lists the key, then send the same presentation again."


@dataclass(frozen=True)
class Shown:
    """What came of looking at a presentation, before anything is written."""

    challenge: str
    answer: badges.Check


def begin(session: Session, member: UUID, did: str, *, on: Occasion) -> MemberDid:
    """A challenge for a DID; a new one takes the place of one before. Raises `Invalid`, `DidProven`, `TooManyDids`."""
    if not did.startswith(KINDS):
        raise Invalid(errors=[{"pointer": "/did", "message": f"known here are {', '.join(KINDS)}"}])
    # Nobody else counts those of this member meanwhile.
    me = session.exec(select(Member).where(Member.id == member).with_for_update(key_share=True)).one()
    theirs = select(MemberDid).where(MemberDid.member_id == member, MemberDid.did == did).with_for_update()
    row = session.exec(theirs.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        if session.exec(select(func.count()).where(MemberDid.member_id == member)).one() >= MOST:
            raise TooManyDids(f"A member has at most {MOST}.")
        row = MemberDid(
            id=on.ids.row(),
            community_id=me.community_id,
            member_id=member,
            did=did,
            challenge_ends=on.now,
            asked_at=on.now,
        )
    if row.proven_at is not None:
        raise DidProven(f"You have proven {did}.")
    row.challenge, row.challenge_ends = on.ids.secret(), on.now + ANSWERED_WITHIN
    session.add(row)
    session.flush()
    on.record(session, me.community_id, "member.did_asked", row.id, {"member": str(member)})
    return row


def asked(session: Session, member: UUID, id: str, *, now: datetime) -> MemberDid:
    """One that waits for its proof. Raises `NoSuchDid`, `ChallengeOver`."""
    row = did_of(session, member, id)
    if row.challenge is None or now >= row.challenge_ends:
        raise ChallengeOver("No challenge is open for this DID.")
    return row


def prove(session: Session, member: UUID, id: str, shown: Shown, *, on: Occasion) -> MemberDid:
    """The DID is theirs, if that is what the presentation showed.

    Raises `NoSuchDid`, `ChallengeOver`, `NotProven`, `DidUnchecked`, `DidTaken`.
    """
    did_of(session, member, id, lock=True)
    row = asked(session, member, id, now=on.now)
    if row.challenge != shown.challenge:
        raise ChallengeOver("A newer challenge has taken its place.")
    answer = shown.answer
    told: list[FieldError] = [{"pointer": "/presentation", "message": answer.detail}]
    if answer.outcome is badges.Outcome.unknown:
        raise DidUnchecked(answer.detail, errors=told, check=answer.code)
    if answer.outcome is not badges.Outcome.passed:
        raise NotProven(answer.detail, errors=told, check=answer.code)
    row.challenge, row.proven_at, row.holding = None, on.now, f"{row.community_id}:{row.did}"
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise DidTaken("Somebody else here has proven it.") from None
    on.record(session, row.community_id, "member.did_proven", row.id, {"member": str(member)})
    return row


def remove(session: Session, member: UUID, id: str, *, on: Occasion) -> MemberDid:
    """A DID is theirs no longer; what was signed with it stays as it is. Raises `NoSuchDid`."""
    row = did_of(session, member, id, lock=True)
    session.delete(row)
    session.flush()
    on.record(session, row.community_id, "member.did_removed", row.id, {"member": str(member)})
    return row


def did_of(session: Session, member: UUID, id: str, *, lock: bool = False) -> MemberDid:
    """One of a member's. Raises `NoSuchDid`."""
    chosen = select(MemberDid).where(MemberDid.id == id_in(id), MemberDid.member_id == member)
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    row = session.exec(chosen).one_or_none()
    if row is None:
        raise NoSuchDid(f"You have no DID {id}.")
    return row


def proven(session: Session, member: UUID) -> list[str]:
    """The DIDs that a member has proven, oldest first."""
    theirs = select(MemberDid.did).where(MemberDid.member_id == member, col(MemberDid.proven_at).is_not(None))
    return list(session.exec(theirs.order_by(col(MemberDid.proven_at), col(MemberDid.id))).all())
