"""Doors: asking for endorsements, and answering such a request, with a token or by the link of a letter."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import Field, Strict, model_validator
from sqlmodel import col, select

from app.credentials.tables import Credential, Recipient
from app.endorsements import invited, request_views, requests, subjects
from app.endorsements.invited import Answer
from app.endorsements.own import Comment
from app.endorsements.request_views import AskedThing, EndorsementRequestOut
from app.endorsements.requests import Asked
from app.endorsements.rules import RequestState, Subject
from app.endorsements.tables import EndorsementRequest
from app.kit.access import public
from app.kit.addresses import Email
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.paging import Listing, PageDep, page
from app.kit.publishing import Place
from app.kit.schemas import In, Name, Out, Prose
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Holding, SignedIn, occasion
from app.members.forms import Named
from app.members.rules import Scope

router = strict_router(tags=["endorsements"])

Owner = Annotated[Caller, Depends(Holding(Scope.nominations_write, "whoever's it is: the recipient, or a steward"))]
Askers = Annotated[Caller, Depends(SignedIn("who asked, or whose it is"))]
AskedOnes = Annotated[Caller, Depends(SignedIn("who was asked, in person"))]
Concerned = Annotated[Caller, Depends(SignedIn("who asked, whose it is, and who was asked"))]

Skill = Annotated[Name, Field(max_length=100)]


class RequestSide(StrEnum):
    """On which side of a request somebody is."""

    asker = "asker"
    asked = "asked"


class OfIn(In):
    """Whom you ask: exactly one of `member` and `email`."""

    member: Named | None = Field(default=None, description="A fellow member, by handle or id.")
    email: Email | None = Field(default=None, description="Of somebody from elsewhere, who gets a link by letter.")
    name: Name | None = Field(default=None, description="What you call them; goes with `email`.")

    @model_validator(mode="after")
    def _one(self) -> "OfIn":
        if (self.member is None) is (self.email is None):
            raise ValueError("name exactly one of member and email")
        return self


class EndorsementRequestIn(In):
    """What you ask somebody to vouch for; it has to be yours."""

    subject: Annotated[Subject, Strict(False)]
    id: str = Field(max_length=100, description="Of the credential or the achievement; of an issuer, the slug.")
    of: OfIn
    message: Annotated[Prose, Field(min_length=1, max_length=1000)] | None = Field(
        default=None, description="For whom you ask alone.", examples=["You were there every week."]
    )


class VouchIn(In):
    """The answer to a request that came by letter."""

    response: Literal["endorse", "decline"]
    name: Name | None = Field(default=None, description="What you are called, as your endorsement will say it.")
    comment: Comment | None = Field(default=None, description="Read by everybody who sees what you endorse.")
    skills: list[Skill] = Field(default_factory=list, max_length=10)
    never_add: bool = Field(default=False, description="With `decline`: nobody here may ever ask you again.")


class InvitationOut(Out):
    """What somebody asks you to vouch for. The link answers once."""

    about: AskedThing
    asker: str
    message: str | None
    asked_at: datetime
    until: datetime


class VouchedOut(Out):
    """What came of a request that was answered by its link."""

    state: RequestState
    endorsement: UUID | None
    """It waits for whoever asked to accept it; then it is signed on your behalf, as of an outsider whose address is
    proven."""


@router.post("/v1/endorsement-requests", status_code=201)
@once
def ask_for_endorsement(
    body: EndorsementRequestIn, caller: Owner, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementRequestOut:
    """Ask somebody to vouch for what is yours. They are reminded twice; after thirty days nothing is waited for."""
    at = runtime.installation
    thing = subjects.thing_named(Place(session, at, now, viewer=caller), body.subject, body.id)
    asked = Asked(member=body.of.member, email=body.of.email, name=body.of.name)
    row = requests.ask(session, thing, caller, asked, body.message, at=at, on=occasion(caller, runtime, now))
    return request_views.shown(session, row, caller, at=at, now=now)


@router.get("/v1/endorsement-requests")
def list_endorsement_requests(
    caller: Concerned,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    role: Annotated[RequestSide | None, Query(description="Left out, both.")] = None,
) -> Listing[EndorsementRequestOut]:
    """List the requests that you made, those about what is yours, and those that were made to you, newest first."""
    rows = select(EndorsementRequest).where(_mine(caller, role))
    found = page(session, rows, pages.window, by=[col(EndorsementRequest.row)], newest_first=True)
    at = runtime.installation
    return pages.show(found, lambda row: request_views.shown(session, row, caller, at=at, now=now))


@router.get("/v1/endorsement-requests/{asked}")
def read_endorsement_request(
    asked: str, caller: Concerned, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementRequestOut:
    """One request; whoever was asked reads in it what they are asked to vouch for."""
    row = requests.seen(session, asked, caller, now=now)
    return request_views.shown(session, row, caller, at=runtime.installation, now=now)


@router.post("/v1/endorsement-requests/{asked}/withdraw")
@once
def withdraw_endorsement_request(
    asked: str, caller: Askers, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementRequestOut:
    """Take a request back; its link ends."""
    row = requests.withdraw(session, asked, caller, on=occasion(caller, runtime, now))
    return request_views.shown(session, row, caller, at=runtime.installation, now=now)


@router.post("/v1/endorsement-requests/{asked}/decline")
@once
def decline_endorsement_request(
    asked: str, caller: AskedOnes, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementRequestOut:
    """Decline a request; nobody asks you why. To endorse instead: POST /v1/endorsements with its id as `request`."""
    row = requests.decline(session, asked, caller, on=occasion(caller, runtime, now))
    return request_views.shown(session, row, caller, at=runtime.installation, now=now)


@router.get("/v1/vouch/{secret}", dependencies=[public])
def read_invitation(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> InvitationOut:
    """What you are asked for by the link of a letter; looking at it uses nothing up."""
    row = invited.asked_by(session, secret, on=Occasion(actor="outsider", now=now, ids=runtime.ids))
    return InvitationOut(**request_views.asked(session, row))


@router.post("/v1/vouch/{secret}", dependencies=[public])
@once
def answer_invitation(secret: str, body: VouchIn, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> VouchedOut:
    """Answer a request by its single-use link, without a token: that you read the letter proves the address."""
    given = Answer(
        endorses=body.response == "endorse",
        name=body.name,
        comment=body.comment,
        skills=body.skills,
        never_add=body.never_add,
    )
    on = Occasion(actor="outsider", now=now, ids=runtime.ids)
    row, endorsement = invited.answer(session, secret, given, at=runtime.installation, on=on)
    return VouchedOut(state=row.state, endorsement=endorsement.id if endorsement is not None else None)


def _mine(caller: Caller, role: RequestSide | None) -> sa.ColumnElement[bool]:
    """What somebody asked for, or others for what is theirs; and what they are asked for themselves."""
    person = sa.true() if caller.member is not None else sa.false()
    recipients = select(Recipient.id).where(Recipient.member_id == caller.member)
    held = select(Credential.id).where(col(Credential.recipient_id).in_(recipients))
    of_credential = col(EndorsementRequest.subject) == Subject.credential
    asker = sa.and_(
        person,
        sa.or_(
            col(EndorsementRequest.asker_id) == caller.member,
            sa.and_(of_credential, col(EndorsementRequest.subject_id).in_(held)),
        ),
    )
    if caller.community is not None and caller.stewards(caller.community):
        looked_after = sa.and_(~of_credential, col(EndorsementRequest.community_id) == caller.community)
        asker = sa.or_(asker, looked_after)
    to_me = col(EndorsementRequest.member_id) == caller.member
    asked = sa.and_(person, to_me, ~col(EndorsementRequest.barred))
    return {RequestSide.asker: asker, RequestSide.asked: asked, None: sa.or_(asker, asked)}[role]
