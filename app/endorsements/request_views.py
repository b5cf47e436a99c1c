"""Requests to endorse as those see them whom they concern."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.endorsements import subjects
from app.endorsements.letters import contact_of
from app.endorsements.requests import is_asker, state_of
from app.endorsements.rules import ASKED_FOR, RequestState, Subject
from app.endorsements.tables import EndorsementRequest
from app.kit.installation import Installation
from app.kit.schemas import Out
from app.members.auth import Caller
from app.members.tables import Member


class AskedThing(Out):
    """What is asked to be endorsed."""

    subject: Subject
    id: UUID
    """Of the credential, the achievement or the community."""
    name: str
    description: str
    community: str
    """What the community is called whose it is."""


class AskedOf(Out):
    """Who is asked."""

    member: UUID | None
    email: str | None
    """As its asker named it, for them alone, and as long as it is kept."""
    name: str | None


class EndorsementRequestOut(Out):
    """A request to endorse something."""

    id: UUID
    about: AskedThing
    asker: str
    """What whoever asks is called."""
    of: AskedOf
    message: str | None
    state: RequestState
    asked_at: datetime
    until: datetime
    """The first instant at which it is too late."""
    ended_at: datetime | None
    endorsement: UUID | None
    """The answer, once there is one."""


def shown(
    session: Session, row: EndorsementRequest, caller: Caller, *, at: Installation, now: datetime
) -> EndorsementRequestOut:
    """A request, to somebody whom it concerns."""
    contact = contact_of(row, at=at) if is_asker(session, row, caller) else None
    member = session.get(Member, row.member_id) if row.member_id is not None else None
    return EndorsementRequestOut(
        id=row.id,
        of=AskedOf(
            member=row.member_id,
            email=contact.email if contact is not None and not caller.borrowed else None,
            name=member.name if member is not None else contact.name if contact is not None else None,
        ),
        state=state_of(row, now),
        ended_at=row.ended_at,
        endorsement=row.endorsement_id,
        **asked(session, row),
    )


def asked(session: Session, row: EndorsementRequest) -> dict[str, Any]:
    """What whoever is asked needs to know, whether they have a token or a link."""
    thing = subjects.thing_of(session, row)
    name, description = subjects.described(session, thing)
    about = AskedThing(
        subject=thing.subject, id=thing.id, name=name, description=description, community=thing.community.name
    )
    asker = session.get_one(Member, row.asker_id).name
    return {
        "about": about,
        "asker": asker,
        "message": row.message,
        "asked_at": row.asked_at,
        "until": row.asked_at + ASKED_FOR,
    }
