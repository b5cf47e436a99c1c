"""Doors: endorsing, answering, taking back."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Query, Request
from pydantic import Field, Strict
from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

import badges
from app.credentials.tables import Credential, Recipient
from app.endorsements import answering, requests, service, subjects
from app.endorsements.own import Comment, Given
from app.endorsements.rules import Act, Endorser, Subject
from app.endorsements.service import Words
from app.endorsements.subjects import Thing
from app.endorsements.tables import Endorsement
from app.endorsements.views import EndorsementOut, seen, shown
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.pacing import Deadline, until
from app.kit.paging import Listing, PageDep, page
from app.kit.pieces import members
from app.kit.pools import Turn
from app.kit.publishing import Place
from app.kit.schemas import MOST_SIGNED, Id, In, Name, Signed
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Holding, SignedIn, occasion
from app.members.rules import Scope

router = strict_router(tags=["endorsements"])

Voucher = Annotated[Caller, Depends(Holding(Scope.nominations_write))]
Somebody = Annotated[Caller, Depends(SignedIn())]

SECONDS = 10.0
"""After so long nobody is asked any more about what somebody signed."""

Skill = Annotated[Name, Field(max_length=100)]


class Side(StrEnum):
    """On which side of an endorsement somebody is."""

    endorser = "endorser"
    owner = "owner"


class EndorsementIn(In):
    """What you vouch for, in your own words."""

    subject: Annotated[Subject, Strict(False)]
    id: str = Field(max_length=100, description="Of the credential or the achievement; of an issuer, the slug.")
    comment: Comment | None = Field(
        default=None,
        description="Read by everybody who sees what you endorse; the community signs it on your behalf.",
        examples=["I sat beside her at every one of these calls."],
    )
    signed: Signed | None = Field(
        default=None,
        description="Instead of `comment`: an EndorsementCredential of it that you signed with a key of a DID that you "
        "have proven (POST /v1/me/dids), as JSON or as a VC-JWT. It is kept byte for byte.",
    )
    skills: list[Skill] = Field(default_factory=list, max_length=10, examples=[["facilitation"]])
    for_community: bool = Field(default=False, description="You are a steward and speak for your community.")
    request: Id | None = Field(
        default=None, description="Of the request that you answer with it: what is private you see by that alone."
    )


class EndorsementAnswerIn(In):
    """The owner's answer; `decline` also takes down what was accepted."""

    response: Annotated[str, Field(pattern="^(accept|decline)$")]


async def _looked_at(
    body: EndorsementIn, request: Request, caller: Voucher, runtime: RuntimeDep, now: NowDep
) -> Given | None:
    """What somebody signed themselves, verified while nothing is locked: it may take asking strangers."""
    if body.signed is None:
        return None
    text = body.signed
    if not isinstance(text, str):  # the very bytes, and not what they mean: those alone were signed
        parts = members(await request.body()) or {}
        text = parts["signed"].decode() if "signed" in parts else badges.serialize(text)
    if len(text.encode()) > MOST_SIGNED:
        raise Invalid(errors=[{"pointer": "/signed", "message": f"at most {MOST_SIGNED} bytes are taken"}])
    given: Given = await runtime.verifiers.run(partial(_judged, text, runtime, now))
    return given


def _judged(text: str, runtime: Runtime, now: datetime, turn: Turn) -> Given:
    fetch = until(Deadline(SECONDS), turn.aside(runtime.fetch))
    return Given(text, badges.verify(text, fetch=fetch, now=now))


@router.post("/v1/endorsements", status_code=201)
@once
def endorse(
    body: EndorsementIn,
    given: Annotated[Given | None, Depends(_looked_at)],
    caller: Voucher,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> EndorsementOut:
    """Vouch for a badge, an achievement or an issuer. It is signed and shown once its owner accepts."""
    words, on = _words(body, given), occasion(caller, runtime, now)
    thing = _asked(session, body, caller, on) or subjects.thing_named(
        _place(session, caller, runtime, now), body.subject, body.id
    )
    made = service.endorse(session, thing, caller, words, at=runtime.installation, on=on)
    requests.answered(session, made, named=body.request, on=on)
    return shown(session, made, runtime, now)


@router.get("/v1/endorsements")
def list_endorsements(
    caller: Somebody,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    role: Annotated[Side | None, Query(description="Left out, both.")] = None,
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
    done = answering.answer(session, found.id, Act(body.response), caller, at=runtime.installation, on=on)
    return shown(session, done, runtime, now)


@router.post("/v1/endorsements/{endorsement}/withdraw")
@once
def withdraw_endorsement(
    endorsement: str, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EndorsementOut:
    """Take back what you said: revoked for whoever verifies it, and no longer shown."""
    found = seen(_place(session, caller, runtime, now), endorsement, caller)
    on = occasion(caller, runtime, now)
    done = answering.withdraw(session, found.id, caller, at=runtime.installation, on=on)
    return shown(session, done, runtime, now)


def _words(body: EndorsementIn, given: Given | None) -> Words:
    """Raises `Invalid` where both ways of saying it are taken, or none."""
    if (body.comment is None) is (given is None):
        raise Invalid(errors=[{"pointer": "/comment", "message": "one of `comment` and `signed` is needed"}])
    if given is not None and (body.skills or body.for_community):
        raise Invalid(errors=[{"pointer": "/signed", "message": "is signed by yourself, and says all that it says"}])
    return Words(comment=body.comment, skills=body.skills, for_community=body.for_community, given=given)


def _asked(session: Session, body: EndorsementIn, caller: Caller, on: Occasion) -> Thing | None:
    """What somebody was asked to endorse, if they name the request. Raises what `requests.open_for` raises."""
    if body.request is None:
        return None
    row = requests.open_for(session, str(body.request), caller, on=on)
    thing = subjects.thing_of(session, row)
    its_id = thing.community.slug if thing.subject is Subject.issuer else str(thing.id)
    if thing.subject is not body.subject or body.id != its_id:
        raise Invalid(errors=[{"pointer": "/request", "message": "is about something else"}])
    return thing


def _place(session: Session, caller: Caller, runtime: Runtime, now: NowDep) -> Place:
    return Place(session, runtime.installation, now, viewer=caller)


def _mine(caller: Caller, role: Side | None) -> ColumnElement[bool]:
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
    return {Side.endorser: gave, Side.owner: own, None: or_(gave, own)}[role]
