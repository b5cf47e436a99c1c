"""Doors: the board of what members need."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, Strict, StringConstraints
from sqlmodel import Session, col, select

from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Out, Stays, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion, person_in
from app.members.forms import Named
from app.members.service import community_by_slug
from app.members.tables import Community
from app.stories.needs import service
from app.stories.needs.rules import Act, NeedKind, NeedState
from app.stories.needs.service import By
from app.stories.needs.tables import Need, NeedVote, by_wanted

router = strict_router(tags=["needs"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Said = Annotated[Text, StringConstraints(min_length=1)]


class NeedIn(In):
    """Something that you need."""

    kind: Annotated[NeedKind, Strict(False)]
    title: Name = Field(examples=["How do others keep shared rooms warm?"])
    text: Said | None = None


class NeedChange(In):
    """What is to be said otherwise; what is left out stays."""

    title: Annotated[Name | None, Stays] = None
    text: Said | None = None


class AnswerIn(In):
    """Who answered it."""

    member: Named = Field(description="Handle or id: neither you nor who asked.")
    url: WebUrl | None = Field(default=None, description="Where the answer stands.")


class CaptureIn(In):
    """Who wrote it down."""

    member: Named = Field(description="Handle or id: neither you nor who asked.")
    url: WebUrl = Field(description="Where others find it.")


class NeedOut(Out):
    """Something that a member needs."""

    id: UUID
    kind: NeedKind
    title: str | None
    """Null once whoever asked had what is kept of them erased."""
    text: str | None
    state: NeedState
    asker: UUID
    votes: int
    """At least so many want it: the multiple of five below, so that nobody sees a single one come or go."""
    voted: bool | None
    """Whether you want it, too: for you alone, so null with a token that another made for you."""
    asked_at: datetime
    answered_at: datetime | None
    answered_by: UUID | None
    answer_url: str | None
    captured_at: datetime | None
    captured_by: UUID | None
    capture_url: str | None
    contributions: list[UUID]
    """By which those are credited who answered and who wrote it down."""


@router.post("/v1/communities/{c}/needs", status_code=201)
@once
def ask(c: str, body: NeedIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NeedOut:
    """Put a question, or a topic, on the board."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    need = service.ask(session, community, person_in(caller), body.kind, body.title, body.text, on=on)
    return _one(session, need, caller)


@router.get("/v1/communities/{c}/needs")
def list_needs(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    state: Annotated[NeedState | None, Query(description="In one state.")] = None,
    order: Annotated[Literal["newest", "most_wanted"], Query()] = "newest",
) -> Listing[NeedOut]:
    """List what members need: the newest first, or what most want, in steps of five."""
    rows = service.needs(community_by_slug(session, c), state)
    by = [by_wanted(), col(Need.id)] if order == "most_wanted" else [col(Need.id)]
    found = page(session, rows, pages.window, by=by, newest_first=True)
    voted = _voted(session, [row.id for row in found.items], caller)
    return pages.show(found, lambda row: _shown(row, voted))


@router.get("/v1/communities/{c}/needs/{need_id}")
def read_need(c: str, need_id: Id, caller: Fellow, session: ReadSessionDep, if_match: IfMatch) -> NeedOut:
    """One need."""
    need = service.need_by_id(session, community_by_slug(session, c), need_id)
    if_match.changed_to(need.version)
    return _one(session, need, caller)


@router.patch("/v1/communities/{c}/needs/{need_id}")
def change_need(
    c: str,
    need_id: Id,
    body: NeedChange,
    caller: Fellow,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> NeedOut:
    """Say otherwise what you asked, while nobody has answered."""
    community, need = _locked(session, c, need_id)
    before = need.version
    changes = body.model_dump(exclude_unset=True)
    service.change(session, need, changes, _by(caller, community), on=occasion(caller, runtime, now))
    if_match.require(before)
    if_match.changed_to(need.version)
    return _one(session, need, caller)


@router.delete("/v1/communities/{c}/needs/{need_id}")
def withdraw_need(
    c: str, need_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NeedOut:
    """Take off the board what you asked and nobody has answered, or as a steward what others asked."""
    community, need = _locked(session, c, need_id)
    service.withdraw(session, need, _by(caller, community), on=occasion(caller, runtime, now))
    return _one(session, need, caller)


@router.put("/v1/communities/{c}/needs/{need_id}/vote")
def vote(c: str, need_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NeedOut:
    """Say that you want it, too. Others are told in steps of five how many do, and nobody who."""
    _, need = _locked(session, c, need_id)
    service.vote(session, need, person_in(caller), True, on=occasion(caller, runtime, now))
    return _one(session, need, caller)


@router.delete("/v1/communities/{c}/needs/{need_id}/vote")
def take_vote_back(
    c: str, need_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NeedOut:
    """Say that you do not want it any more."""
    _, need = _locked(session, c, need_id)
    service.vote(session, need, person_in(caller), False, on=occasion(caller, runtime, now))
    return _one(session, need, caller)


@router.post("/v1/communities/{c}/needs/{need_id}/answer")
@once
def answer(
    c: str, need_id: Id, body: AnswerIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NeedOut:
    """Say, as who asked or as a steward, who answered it: they are credited with `supporting`."""
    return _credited(c, need_id, Act.answer, body, caller, session, runtime, now)


@router.post("/v1/communities/{c}/needs/{need_id}/capture")
@once
def capture(
    c: str, need_id: Id, body: CaptureIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NeedOut:
    """Say, as who asked, as who answered or as a steward, who wrote the answer down where others find it: they are
    credited with `curating`."""
    return _credited(c, need_id, Act.capture, body, caller, session, runtime, now)


@router.post("/v1/communities/{c}/needs/{need_id}/reopen")
@once
def reopen(c: str, need_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NeedOut:
    """Say that it is not answered after all; what was credited for it is taken back."""
    community, need = _locked(session, c, need_id)
    service.reopen(session, community, need, _by(caller, community), on=occasion(caller, runtime, now))
    return _one(session, need, caller)


def _credited(
    c: str,
    id: UUID,
    act: Act,
    body: AnswerIn | CaptureIn,
    caller: Caller,
    session: Session,
    runtime: RuntimeDep,
    now: datetime,
) -> NeedOut:
    community, need = _locked(session, c, id)
    by, on = _by(caller, community), occasion(caller, runtime, now)
    service.credit(session, community, need, act, body.member, body.url, by, at=runtime.installation, on=on)
    return _one(session, need, caller)


def _locked(session: Session, c: str, id: UUID) -> tuple[Community, Need]:
    community = community_by_slug(session, c)
    return community, service.need_by_id(session, community, id, lock=True)


def _by(caller: Caller, community: Community) -> By:
    return By(caller.member, caller.stewards(community.id))


def _voted(session: Session, ids: list[UUID], caller: Caller) -> set[UUID] | None:
    """Which of these the caller wants; None where that is not for their token to tell."""
    if caller.borrowed:
        return None
    mine = select(NeedVote.need_id).where(col(NeedVote.need_id).in_(ids), col(NeedVote.member_id) == caller.member)
    return set(session.exec(mine).all())


def _one(session: Session, need: Need, caller: Caller) -> NeedOut:
    return _shown(need, _voted(session, [need.id], caller))


def _shown(need: Need, voted: set[UUID] | None) -> NeedOut:
    credited = [id for id in (need.answer_id, need.capture_id) if id is not None]
    mine = need.id in voted if voted is not None else None
    said = {"asker": need.asker_id, "votes": need.wanted, "voted": mine, "contributions": credited}
    return NeedOut.model_validate(need.model_dump() | said)
