"""Doors: endorsing, answering, taking back."""

from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import Field, Strict
from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from app.credentials.tables import Credential, Recipient
from app.endorsements import service, subjects
from app.endorsements.rules import Act, Endorser, Subject
from app.endorsements.service import Words
from app.endorsements.tables import Endorsement
from app.endorsements.views import EndorsementOut, seen, shown
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.publishing import Place
from app.kit.schemas import Id, In, Name, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Holding, SignedIn, occasion
from app.members.rules import Scope

router = strict_router(tags=["endorsements"])

Voucher = Annotated[Caller, Depends(Holding(Scope.nominations_write))]
Somebody = Annotated[Caller, Depends(SignedIn())]

Comment = Annotated[Text, Field(min_length=20, max_length=2000)]
Skill = Annotated[Name, Field(max_length=100)]


class Role(StrEnum):
    """On which side of an endorsement somebody is."""

    endorser = "endorser"
    owner = "owner"


class EndorsementIn(In):
    """What you vouch for, in your own words."""

    subject: Annotated[Subject, Strict(False)]
    id: str = Field(max_length=100, description="Of the credential or the achievement; of an issuer, the slug.")
    comment: Comment = Field(
        description="Read by everybody who sees what you endorse.",
        examples=["I sat beside her at every one of these calls."],
    )
    skills: list[Skill] = Field(default_factory=list, max_length=10, examples=[["facilitation"]])
    for_community: bool = Field(default=False, description="You are a steward and speak for your community.")


class EndorsementAnswerIn(In):
    """The owner's answer; `decline` also takes down what was accepted."""

    response: Annotated[str, Field(pattern="^(accept|decline)$")]


@router.post("/v1/endorsements", status_code=201)
@once
def endorse(
    body: EndorsementIn, caller: Voucher, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementOut:
    """Vouch for a badge, an achievement or an issuer. It is signed and shown once its owner accepts."""
    thing = subjects.thing_named(_place(session, caller, runtime, now), body.subject, body.id)
    words = Words(comment=body.comment, skills=body.skills, for_community=body.for_community)
    made = service.endorse(session, thing, caller, words, on=occasion(caller, runtime, now))
    return shown(session, made, runtime, now)


@router.get("/v1/endorsements")
def list_endorsements(
    caller: Somebody,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    role: Annotated[Role | None, Query(description="Left out, both.")] = None,
    about: Annotated[Id | None, Query(description="A credential, an achievement or a community.")] = None,
) -> Listing[EndorsementOut]:
    """List the endorsements that you gave, and those of what is yours, newest first."""
    rows = select(Endorsement).where(_mine(caller, role))
    if about is not None:
        rows = rows.where(Endorsement.subject_id == about)
    found = page(session, rows, pages.window, by=[Endorsement.row], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: shown(session, row, runtime, now))


@router.get("/v1/endorsements/{endorsement}")
def read_endorsement(
    endorsement: str, caller: Somebody, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementOut:
    """One endorsement, for whom it concerns, and once accepted for whoever sees what it is about."""
    return shown(session, seen(_place(session, caller, runtime, now), endorsement, caller), runtime, now)


@router.post("/v1/endorsements/{endorsement}/response")
@once
def answer_endorsement(
    endorsement: str, body: EndorsementAnswerIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementOut:
    """Accept an endorsement of what is yours, with which it is signed and shown; decline it, or take it down."""
    found = seen(_place(session, caller, runtime, now), endorsement, caller)
    on = occasion(caller, runtime, now)
    done = service.answer(session, found.id, Act(body.response), caller, at=runtime.installation, on=on)
    return shown(session, done, runtime, now)


@router.post("/v1/endorsements/{endorsement}/withdraw")
@once
def withdraw_endorsement(
    endorsement: str, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementOut:
    """Take back what you said: revoked for whoever verifies it, and no longer shown."""
    found = seen(_place(session, caller, runtime, now), endorsement, caller)
    on = occasion(caller, runtime, now)
    done = service.withdraw(session, found.id, caller, at=runtime.installation, on=on)
    return shown(session, done, runtime, now)


def _place(session: Session, caller: Caller, runtime: Runtime, now: NowDep) -> Place:
    return Place(session, runtime.installation, now, viewer=caller)


def _mine(caller: Caller, role: Role | None) -> ColumnElement[bool]:
    """What somebody gave, in person or as a steward for their community, and what is said of what is theirs."""
    recipients = select(Recipient.id).where(col(Recipient.member_id).is_not(None), Recipient.member_id == caller.member)
    held = select(Credential.id).where(col(Credential.recipient_id).in_(recipients))
    gave = and_(Endorsement.endorser == Endorser.member, Endorsement.member_id == caller.member)
    own = and_(Endorsement.subject == Subject.credential, col(Endorsement.subject_id).in_(held))
    if caller.community is not None and caller.stewards(caller.community):
        gave = or_(gave, and_(Endorsement.endorser == Endorser.community, Endorsement.signing_id == caller.community))
        theirs = Endorsement.community_id == caller.community
        own = or_(own, and_(Endorsement.subject != Subject.credential, theirs))
    if caller.member is None:
        gave = and_(gave, sa.false())
    return {Role.endorser: gave, Role.owner: own, None: or_(gave, own)}[role]
