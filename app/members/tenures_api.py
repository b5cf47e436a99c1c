"""Doors: tenures."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Instant, Out, Stays
from app.kit.strict import router as strict_router
from app.members import tenures
from app.members.auth import Caller, FellowOf, HoldingIn, occasion
from app.members.forms import Key, Named
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.members.tables import Tenure

router = strict_router()

Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]
Fellow = Annotated[Caller, Depends(FellowOf())]


class TenureIn(In):
    """A member in a role, for a time."""

    member: Named
    role: Key = Field(examples=["reviewer"], description="What the community calls it: reviewer, council, host…")
    scope: Key | None = Field(default=None, description="For what: an achievement's id, or a word; null: everything.")
    since: Instant | None = Field(default=None, alias="from", description="Left out, it begins now.")
    until: Instant | None = Field(default=None, alias="to", description="The first instant after it; null: open-ended.")


class TenureChange(In):
    """When a tenure ends."""

    until: Annotated[Instant | None, Stays] = Field(default=None, alias="to", description="The first instant after it.")


class TenureOut(Out):
    """A member in a role, for a time."""

    id: UUID
    member: UUID
    role: str
    scope: str | None
    since: datetime = Field(serialization_alias="from")
    until: datetime | None = Field(serialization_alias="to")


@router.post("/v1/communities/{c}/tenures", status_code=201)
@once
def begin_tenure(
    c: str, body: TenureIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> TenureOut:
    """Put a member into a role for a time, which may be past or to come."""
    member = member_named(session, community_by_slug(session, c), body.member, lock=True)
    tenure = tenures.begin(
        session,
        member,
        role=body.role,
        scope=body.scope,
        since=body.since,
        until=body.until,
        on=occasion(caller, runtime, now),
    )
    return _tenure(tenure)


@router.get("/v1/communities/{c}/tenures")
def list_tenures(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[TenureOut]:
    """List who was, is and will be in which role."""
    rows = select(Tenure).where(Tenure.community_id == community_by_slug(session, c).id)
    return pages.show(page(session, rows, pages.window, by=[col(Tenure.id)]), _tenure)


@router.get("/v1/communities/{c}/tenures/{tenure_id}")
def read_tenure(c: str, tenure_id: Id, caller: Fellow, session: ReadSessionDep, if_match: IfMatch) -> TenureOut:
    """One tenure."""
    tenure = tenures.tenure_by_id(session, community_by_slug(session, c), tenure_id)
    if_match.changed_to(tenure.version)
    return _tenure(tenure)


@router.patch("/v1/communities/{c}/tenures/{tenure_id}")
def change_tenure(
    c: str,
    tenure_id: Id,
    body: TenureChange,
    caller: Steward,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> TenureOut:
    """Say when a tenure ends; one that is over stays as it was."""
    tenure = tenures.tenure_held(session, community_by_slug(session, c), tenure_id)
    before = tenure.version
    if body.until is not None:
        tenures.change_end(session, tenure, body.until, on=occasion(caller, runtime, now))
    if_match.require(before)
    if_match.changed_to(tenure.version)
    return _tenure(tenure)


def _tenure(tenure: Tenure) -> TenureOut:
    return TenureOut(
        id=tenure.id,
        member=tenure.member_id,
        role=tenure.role,
        scope=tenure.scope,
        since=tenure.since,
        until=tenure.until,
    )
