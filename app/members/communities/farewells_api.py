"""Doors: what stewards prepare to say to people when their community ends."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field, StringConstraints
from sqlmodel import Session, col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Out, Prose
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion, person_in
from app.members.communities import farewells
from app.members.communities.tables import Farewell
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community, Member

router = strict_router(tags=["communities and members"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]

Said = Annotated[Prose, StringConstraints(min_length=1, max_length=2000)]


class FarewellIn(In):
    """What somebody is to be said when the community ends."""

    to: str = Field(min_length=1, max_length=64, description="A member, by handle or id.")
    text: Said = Field(examples=["You kept the door open for two years. Thank you."])


class FarewellOut(Out):
    """The same; for whom it is, from the day on which it was said."""

    id: UUID
    to: str
    text: str
    said_at: datetime | None = Field(description="When it was; null while the community goes on.")


@router.post("/v1/communities/{c}/farewells", status_code=201)
@once
def prepare_farewell(
    c: str, body: FarewellIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> FarewellOut:
    """Prepare what a member is thanked for when the community ends: all are told at once then, in their feed and by
    mail, and nobody before."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return _shown(session, farewells.prepare(session, community, body.to, body.text, on=on))


@router.get("/v1/communities/{c}/farewells")
def list_farewells(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[FarewellOut]:
    """List what is prepared, and what was said: all of it for stewards, for members what was said to them."""
    community = community_by_slug(session, c)
    found = page(session, farewells.farewells(community, said_to=_to(caller, community)), pages.window,
                 by=[col(Farewell.id)])  # fmt: skip
    return pages.show(found, lambda row: _shown(session, row))


@router.get("/v1/communities/{c}/farewells/{farewell_id}")
def read_farewell(c: str, farewell_id: Id, caller: Fellow, session: ReadSessionDep) -> FarewellOut:
    """One farewell."""
    community = community_by_slug(session, c)
    said_to = _to(caller, community)
    return _shown(session, farewells.farewell_by_id(session, community, farewell_id, said_to=said_to))


@router.delete("/v1/communities/{c}/farewells/{farewell_id}", status_code=204)
def take_farewell_back(
    c: str, farewell_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> None:
    """Take away what was prepared, before it is said."""
    row = farewells.farewell_by_id(session, community_by_slug(session, c), farewell_id, lock=True)
    farewells.take_back(session, row, on=occasion(caller, runtime, now))


def _to(caller: Caller, community: Community) -> UUID | None:
    """To whom what they may read was said; None for stewards, who read all."""
    return None if caller.stewards(community.id) else person_in(caller)


def _shown(session: Session, row: Farewell) -> FarewellOut:
    handle = session.get_one(Member, row.member_id).handle
    return FarewellOut(id=row.id, to=handle, text=row.text, said_at=row.said_at)
