"""Doors: breaks, leaving and coming back, emeritus."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import Session, col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Instant, Out
from app.kit.strict import router as strict_router
from app.members import standing
from app.members.auth import Caller, HoldingIn, OneselfOr, occasion
from app.members.profiles import MemberOut, profile
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.members.tables import Absence, Member

router = strict_router()

Oneself = Annotated[Caller, Depends(OneselfOr(Scope.members_write))]
Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]


class BreakIn(In):
    """A break to take."""

    since: Instant | None = Field(default=None, alias="from", description="Left out, it begins now.")
    until: Instant = Field(description="The first instant after it; in a hundred years at most.")


class BreakOut(Out):
    """A break; one that was called off before it began ends where it begins."""

    id: UUID
    member: UUID
    since: datetime = Field(serialization_alias="from")
    until: datetime


@router.post("/v1/communities/{c}/members/{m}/breaks", status_code=201)
@once
def take_break(
    c: str, m: str, body: BreakIn, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> BreakOut:
    """Take a break, in which nothing is expected of the member and clocks wait for them."""
    member = _held(session, c, m)
    on = occasion(caller, runtime, now)
    return _break(standing.take_break(session, member, since=body.since, until=body.until, on=on))


@router.get("/v1/communities/{c}/members/{m}/breaks")
def list_breaks(c: str, m: str, caller: Oneself, session: ReadSessionDep, pages: PageDep) -> Listing[BreakOut]:
    """List a member's breaks, past and to come."""
    member = member_named(session, community_by_slug(session, c), m)
    rows = select(Absence).where(Absence.community_id == member.community_id, Absence.member_id == member.id)
    return pages.show(page(session, rows, pages.window, by=[col(Absence.id)]), _break)


@router.get("/v1/communities/{c}/members/{m}/breaks/{break_id}")
def read_break(c: str, m: str, break_id: Id, caller: Oneself, session: ReadSessionDep) -> BreakOut:
    """One break."""
    member = member_named(session, community_by_slug(session, c), m)
    return _break(standing.break_by_id(session, member, break_id))


@router.delete("/v1/communities/{c}/members/{m}/breaks/{break_id}")
def end_break(
    c: str, m: str, break_id: Id, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> BreakOut:
    """End a break early, or call it off."""
    member = _held(session, c, m)
    return _break(standing.end_break(session, member, break_id, on=occasion(caller, runtime, now)))


@router.post("/v1/communities/{c}/members/{m}/leave")
@once
def leave(c: str, m: str, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> MemberOut:
    """Leave the community: every token of the member ends; what they earned stays theirs and verifiable."""
    member = _held(session, c, m)
    standing.leave(session, member, on=occasion(caller, runtime, now))
    return profile(session, member, caller, now=now)


@router.post("/v1/communities/{c}/members/{m}/return")
@once
def come_back(c: str, m: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> MemberOut:
    """Bring back a member who left."""
    member = _held(session, c, m)
    standing.come_back(session, member, on=occasion(caller, runtime, now))
    return profile(session, member, caller, now=now)


@router.put("/v1/communities/{c}/members/{m}/emeritus")
def honour(c: str, m: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> MemberOut:
    """Make a member emeritus: honoured, and free of duties."""
    member = _held(session, c, m)
    standing.honour(session, member, on=occasion(caller, runtime, now))
    return profile(session, member, caller, now=now)


@router.delete("/v1/communities/{c}/members/{m}/emeritus")
def recall(c: str, m: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> MemberOut:
    """Make somebody who is emeritus an ordinary member again."""
    member = _held(session, c, m)
    standing.recall(session, member, on=occasion(caller, runtime, now))
    return profile(session, member, caller, now=now)


def _held(session: Session, c: str, m: str) -> Member:
    return member_named(session, community_by_slug(session, c), m, lock=True)


def _break(absence: Absence) -> BreakOut:
    return BreakOut(id=absence.id, member=absence.member_id, since=absence.since, until=absence.until)
