"""What this capability keeps of a member: what they vouch for, and who vouches for what is theirs."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.credentials.personal import of_member
from app.endorsements import answering, requests, service
from app.endorsements.rules import STANDING, Endorser, RequestState
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.issuers.tables import SignedEndorsement
from app.kit.personal import Kept, Leaving, Part
from app.members.personal import FORMER
from app.members.tables import Address


def _hold(session: Session, leaving: Leaving) -> None:
    _given(session, leaving.member, lock=True)
    requests.hold_given(session, _requests(session, leaving.member, lock=True))


def _erase(session: Session, leaving: Leaving) -> None:
    """Their name and words go from what they gave. What is signed stays in the badges of others, unless they want to
    take everything back; what was never accepted, or was asked of them, ends."""
    for endorsement in _given(session, leaving.member):
        _unsay(session, endorsement, leaving)
    for request in _requests(session, leaving.member):
        if request.state is RequestState.open:
            requests.end(session, request, RequestState.withdrawn, "request_withdrawn", on=leaving.on)
        request.message = None  # what they wrote, or what names them
        given = requests.forget_address(session, request) if request.asker_id != leaving.member else None
        if given is not None:  # before they were a member, or by an address that was not known to be theirs
            _unsay(session, given, leaving)
        request.sealed = request.fingerprint = request.link_digest = request.link_sealed = None
        session.add(request)
    session.flush()


def _unsay(session: Session, endorsement: Endorsement, leaving: Leaving) -> None:
    signed = session.get(SignedEndorsement, endorsement.id) is not None
    if service.state_of(endorsement, leaving.on.now) in STANDING and (leaving.revoke or not signed):
        answering.withdrawn(session, endorsement, at=leaving.at, on=leaving.on)
    endorsement.name, endorsement.comment, endorsement.given = FORMER, None, None
    endorsement.skills = []
    session.add(endorsement)


def _requests(session: Session, member: UUID, *, lock: bool = False) -> Sequence[EndorsementRequest]:
    """Those that they made, and those that were made to them, or to an address of theirs."""
    chosen = select(EndorsementRequest).where(sa.or_(col(EndorsementRequest.asker_id) == member, _made_to(member)))
    chosen = chosen.order_by(col(EndorsementRequest.id))
    return session.exec(chosen.with_for_update() if lock else chosen).all()


def _asked(member: UUID) -> sa.ColumnElement[bool]:
    """Those that they made, and those of which they were to hear."""
    to_them = sa.and_(_made_to(member), ~col(EndorsementRequest.barred))
    return sa.or_(col(EndorsementRequest.asker_id) == member, to_them)


def _made_to(member: UUID) -> sa.ColumnElement[bool]:
    """Those that were made to them, or to an address that is, or was, proven to be theirs."""
    keys = sa.select(col(Address.key)).where(col(Address.member_id) == member, col(Address.valid_since).is_not(None))
    return sa.or_(col(EndorsementRequest.member_id) == member, col(EndorsementRequest.fingerprint).in_(keys))


def _given(session: Session, member: UUID, *, lock: bool = False) -> Sequence[Endorsement]:
    """Those that they gave in their own name."""
    chosen = select(Endorsement).where(Endorsement.member_id == member, Endorsement.endorser == Endorser.member)
    chosen = chosen.order_by(col(Endorsement.id))
    return session.exec(chosen.with_for_update() if lock else chosen).all()


def _concerning(member: UUID) -> sa.ColumnElement[bool]:
    """Those that they gave, and those of what is theirs."""
    return sa.or_(col(Endorsement.member_id) == member, col(Endorsement.subject_id).in_(of_member(member)))


PART = Part(
    kept=(
        Kept(Endorsement, ("member_id",), which=_concerning, without=frozenset({"endorser_key", "standing"})),
        Kept(
            SignedEndorsement,
            which=lambda member: col(SignedEndorsement.id).in_(
                sa.select(col(Endorsement.id)).where(_concerning(member))
            ),
        ),
        Kept(
            EndorsementRequest,
            ("asker_id", "member_id"),
            which=_asked,
            without=frozenset({"fingerprint", "sealed", "standing", "barred", "link_digest", "link_sealed"}),
        ),
    ),
    hold=_hold,
    erase=_erase,
)
