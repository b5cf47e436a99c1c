"""Doors: communities as everyone sees them, how they begin and end, and saying that one would come."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel import col, select

from app.kit.access import public
from app.kit.addresses import Email
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.paging import Listing, PageDep, Slice, page
from app.kit.schemas import In, Instant, Out
from app.kit.strict import router as strict_router
from app.kit.suppression import USUAL_K
from app.members.auth import Admin, Caller, FellowOf, occasion
from app.members.communities import charters, interest, lifecycle
from app.members.communities.charters_api import router as charter_doors
from app.members.communities.farewells_api import router as farewell_doors
from app.members.communities.tables import Interest
from app.members.phases import Phase, present
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community

router = strict_router(tags=["communities and members"])

Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]
Keeper = Annotated[Caller, Depends(Admin())]


class CommunityOut(Out):
    """A community."""

    slug: str
    name: str
    description: str
    url: str
    email: str
    created_at: datetime
    phase: Phase
    """`potential`: people may say that they would come. `archived`: all there is stays, and nothing new begins."""
    launched_at: datetime | None
    """When it began, of one that was a potential one first."""
    ends_at: datetime | None
    """From when on it is archived, if that is known."""
    archived_at: datetime | None


class EndIn(In):
    """When a community ends."""

    ends_at: Instant = Field(description="The first instant at which it is archived.")


class InterestIn(In):
    """Somebody who would come."""

    email: Email = Field(description="It is asked by a letter whether it was you, and told when the community begins.")


class InterestOut(Out):
    """How many would come at least."""

    confirmed: int | None
    """The multiple of `k` below their number; null while they are fewer than `k`."""
    k: int = USUAL_K


class LinkOut(Out):
    """What the link in a letter is about."""

    community: str
    confirmed: bool
    """Whether its reader said that it was them."""


def community_shown(community: Community, now: datetime) -> CommunityOut:
    """A community as it is now."""
    phase = present(community.phase, community.ends_at, now=now)
    return CommunityOut.model_validate(community.model_dump() | {"phase": phase})


@router.get("/v1/communities", dependencies=[public])
def list_communities(
    session: ReadSessionDep,
    pages: PageDep,
    now: NowDep,
    like: Annotated[
        str | None,
        Query(
            min_length=3,
            max_length=2000,
            description="What a community is to be about: only those that may be about the same are listed, the most "
            "alike first, by their names and by what else everyone may read of them. Ask before you found another.",
        ),
    ] = None,
) -> Listing[CommunityOut]:
    """List the communities; of those that may be about the same as something, one page."""
    if like is not None:
        alike = charters.like(session, like, limit=pages.window.limit)
        return pages.show(Slice(alike), lambda community: community_shown(community, now))
    found = page(session, select(Community), pages.window, by=[col(Community.id)])
    return pages.show(found, lambda community: community_shown(community, now))


@router.get("/v1/communities/{c}", dependencies=[public])
def read_community(c: str, session: ReadSessionDep, now: NowDep) -> CommunityOut:
    """One community."""
    return community_shown(community_by_slug(session, c), now)


@router.post("/v1/communities/{c}/launch")
@once
def launch_community(c: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CommunityOut:
    """Have a potential community begin; those who said that they would come are told, once."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return community_shown(lifecycle.launch(session, community, on=on), now)


@router.post("/v1/communities/{c}/archive")
@once
def archive_community(c: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CommunityOut:
    """End a community. Every badge, key and status list stays and verifies; stewards still revoke, and people leave,
    take back and take along. Nothing new begins: no nomination, no badge, no member."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return community_shown(lifecycle.archive(session, community, on=on), now)


@router.post("/v1/communities/{c}/reopen")
@once
def reopen_community(c: str, caller: Keeper, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CommunityOut:
    """Take the end of a community back."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return community_shown(lifecycle.reopen(session, community, on=on), now)


@router.put("/v1/communities/{c}/end")
def set_end(
    c: str, body: EndIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CommunityOut:
    """Say when the community ends: from that instant on it is archived, by itself."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return community_shown(lifecycle.end_on(session, community, body.ends_at, on=on), now)


@router.delete("/v1/communities/{c}/end")
def unset_end(c: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CommunityOut:
    """Say that no end is known."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return community_shown(lifecycle.end_on(session, community, None, on=on), now)


@router.post("/v1/communities/{c}/interest", status_code=202, dependencies=[public])
@once
def register_interest(c: str, body: InterestIn, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> InterestOut:
    """Say that you would come to a community that is only potential. A letter asks whether it was you; you are counted
    once you have followed its link. The answer is the same for every address, and nobody is shown any."""
    community = community_by_slug(session, c)
    interest.register(session, community, body.email, at=runtime.installation, on=_somebody(runtime, now))
    return InterestOut(confirmed=interest.confirmed(session, community))


@router.get("/v1/communities/{c}/interest", dependencies=[public])
def count_interest(c: str, session: ReadSessionDep) -> InterestOut:
    """How many would come at least, in steps of `k`: nobody sees a single one come or go."""
    return InterestOut(confirmed=interest.confirmed(session, community_by_slug(session, c)))


@router.get("/v1/interest/{secret}", dependencies=[public])
def read_interest(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> LinkOut:
    """What the link in a letter is about; looking at it confirms nothing."""
    return _link(session, interest.behind(session, secret, on=_somebody(runtime, now)))


@router.post("/v1/interest/{secret}", dependencies=[public])
@once
def confirm_interest(secret: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> LinkOut:
    """Say that it was you."""
    return _link(session, interest.confirm(session, secret, on=_somebody(runtime, now)))


@router.delete("/v1/interest/{secret}", dependencies=[public])
def take_interest_back(secret: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> LinkOut:
    """Say that it was not you, or that you would not come any more: nothing is kept of it."""
    gone = interest.take_back(session, secret, on=_somebody(runtime, now))
    return LinkOut(community=session.get_one(Community, gone.community_id).name, confirmed=False)


def _somebody(runtime: RuntimeDep, now: NowDep) -> Occasion:
    return Occasion(actor="somebody", now=now, ids=runtime.ids)


def _link(session: SessionDep, found: Interest) -> LinkOut:
    community = session.get_one(Community, found.community_id)
    return LinkOut(community=community.name, confirmed=found.confirmed_at is not None)


router.include_router(charter_doors)
router.include_router(farewell_doors)
