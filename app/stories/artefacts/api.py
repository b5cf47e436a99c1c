"""Doors: what was made together."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import Session, col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community
from app.stories.artefacts import service
from app.stories.artefacts.rules import Review
from app.stories.artefacts.service import By
from app.stories.artefacts.tables import Artefact
from app.stories.artefacts.views import (
    ArtefactChange,
    ArtefactIn,
    ArtefactOut,
    PictureOut,
    ReviewIn,
    drawn,
    one,
    pictured,
    redrawn,
    shown,
)

router = strict_router(tags=["artefacts"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.achievements_write))]


@router.post("/v1/communities/{c}/artefacts", status_code=201)
@once
def add_artefact(
    c: str, body: ArtefactIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ArtefactOut:
    """List something that was made together: where it stands, who had which part in it, and on what it builds."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return one(session, service.add(session, community, drawn(body), on=on))


@router.get("/v1/communities/{c}/artefacts")
def list_artefacts(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    review: Annotated[Review | None, Query(description="Of which others think so.")] = None,
) -> Listing[ArtefactOut]:
    """List what was made together, newest first."""
    rows = service.artefacts(community_by_slug(session, c), review)
    found = page(session, rows, pages.window, by=[col(Artefact.id)], newest_first=True)
    items = shown(session, found.items)
    return pages.show(found, lambda row: items[row.id])


@router.get("/v1/communities/{c}/artefact-graph")
def read_graph(c: str, caller: Fellow, session: ReadSessionDep) -> PictureOut:
    """What builds on what, as nodes and edges and in a sentence; nobody is named in it."""
    return pictured(service.picture(session, community_by_slug(session, c)))


@router.get("/v1/communities/{c}/artefacts/{artefact_id}")
def read_artefact(c: str, artefact_id: Id, caller: Fellow, session: ReadSessionDep, if_match: IfMatch) -> ArtefactOut:
    """One artefact."""
    artefact = service.artefact_by_id(session, community_by_slug(session, c), artefact_id)
    if_match.changed_to(artefact.version)
    return one(session, artefact)


@router.patch("/v1/communities/{c}/artefacts/{artefact_id}")
def change_artefact(
    c: str,
    artefact_id: Id,
    body: ArtefactChange,
    caller: Fellow,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> ArtefactOut:
    """Say otherwise what it is, where it stands, or who made it."""
    community, artefact = _locked(session, c, artefact_id)
    before = artefact.version
    made, on = redrawn(session, artefact, body), occasion(caller, runtime, now)
    service.change(session, community, artefact, made, _by(caller, community), on=on)
    if_match.require(before)
    if_match.changed_to(artefact.version)
    return one(session, artefact)


@router.post("/v1/communities/{c}/artefacts/{artefact_id}/reviews")
@once
def review_artefact(
    c: str, artefact_id: Id, body: ReviewIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ArtefactOut:
    """Say what you think of it: that it can be recommended, or what should be otherwise. Not of your own."""
    if body.verdict == "changes_asked" and body.note is None:
        raise Invalid(errors=[{"pointer": "/note", "message": "is needed to ask for changes"}])
    community, artefact = _locked(session, c, artefact_id)
    on = occasion(caller, runtime, now)
    service.review(session, artefact, Review(body.verdict), body.note, _by(caller, community), on=on)
    return one(session, artefact)


@router.delete("/v1/communities/{c}/artefacts/{artefact_id}")
def remove_artefact(
    c: str, artefact_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ArtefactOut:
    """Take it out of the list; what builds on it stays. What you get is the last that is seen of it."""
    community, artefact = _locked(session, c, artefact_id)
    last = one(session, artefact)
    service.remove(session, artefact, _by(caller, community), on=occasion(caller, runtime, now))
    return last


def _locked(session: Session, c: str, id: UUID) -> tuple[Community, Artefact]:
    community = community_by_slug(session, c)
    return community, service.artefact_by_id(session, community, id, lock=True)


def _by(caller: Caller, community: Community) -> By:
    return By(caller.actor, caller.member, caller.stewards(community.id))
