"""Endorsements as those see them whom they concern."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.endorsements import subjects
from app.endorsements.published import concerns
from app.endorsements.rules import EndorsementState as State
from app.endorsements.rules import Endorser, Signer, Subject
from app.endorsements.service import NoSuchEndorsement, endorsement_by_id, state_of
from app.endorsements.tables import Endorsement
from app.issuers import endorsed
from app.issuers.tables import SignedEndorsement
from app.kit.deps import Runtime
from app.kit.publishing import Place
from app.kit.schemas import Out
from app.members.auth import Caller


class EndorserOut(Out):
    """Who endorses."""

    kind: Endorser
    name: str
    member: UUID | None
    """Null for an outsider."""


class EndorsementOut(Out):
    """An endorsement."""

    id: UUID
    url: str | None
    """Where the signed EndorsementCredential is found, once it is accepted."""
    subject: Subject
    about: UUID
    """The id of the credential, the achievement or the community."""
    endorser: EndorserOut
    signed_by: Signer
    """Whose key signs it: the endorser's own, or that of a community on their behalf."""
    comment: str | None
    skills: list[str]
    state: State
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


def shown(session: Session, endorsement: Endorsement, runtime: Runtime, now: datetime) -> EndorsementOut:
    """The endorsement, whole."""
    is_signed = session.get(SignedEndorsement, endorsement.id) is not None
    return EndorsementOut(
        id=endorsement.id,
        url=endorsed.address(runtime.installation.public_url, endorsement.id) if is_signed else None,
        subject=endorsement.subject,
        about=endorsement.subject_id,
        endorser=EndorserOut(kind=endorsement.endorser, name=endorsement.name, member=endorsement.member_id),
        signed_by=endorsement.signed_by,
        comment=endorsement.comment,
        skills=endorsement.skills,
        state=state_of(endorsement, now),
        offered_at=endorsement.offered_at,
        answered_at=endorsement.answered_at,
        ended_at=endorsement.ended_at,
    )


def seen(place: Place, id: str, caller: Caller) -> Endorsement:
    """For whom it concerns, and once accepted for whoever sees what it is about. Raises `NoSuchEndorsement`."""
    endorsement = endorsement_by_id(place.session, id)
    accepted = endorsement.state is State.accepted and subjects.is_visible(place, endorsement)
    if not (accepted or concerns(place.session, endorsement, caller)):
        raise NoSuchEndorsement(f"There is no endorsement {id}.")
    return endorsement
