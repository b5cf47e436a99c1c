"""Doors: what others took up."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, Strict, StringConstraints
from sqlmodel import Session, col

from app.kit.access import public
from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Instant, Name, Out, Slug, Text
from app.kit.strict import router as strict_router
from app.kit.suppression import USUAL_K
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community
from app.stories.uptake import service
from app.stories.uptake.rules import PlaceKind, State, counts, state_of
from app.stories.uptake.service import Taken
from app.stories.uptake.tables import Uptake
from app.stories.views import viewer_of

router = strict_router(tags=["stories"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.achievements_write))]

Said = Annotated[Text, StringConstraints(min_length=1)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class UptakeIn(In):
    """That another community or organisation took something up."""

    what: Name = Field(examples=["The checklist for shared rooms"])
    taker: Name | None = Field(
        default=None, description="Who did, as they are called there: better a role than a name."
    )
    place: Name = Field(description="The community or organisation.", examples=["Harbour Library"])
    place_kind: Annotated[PlaceKind, Strict(False)]
    place_community: Slug | None = Field(default=None, description="Its slug, if it is a community here.")
    outcome: Said = Field(description="What came of it.")
    organisational_change: Said | None = Field(default=None, description="What is done otherwise there since.")
    happened_at: Instant
    story: Id | None = Field(default=None, description="The story that tells of it.")
    contribution: Id | None = Field(default=None, description="What was taken up, if it is a contribution.")
    evidence_url: WebUrl | None = Field(default=None, description="What shows it. Without evidence it does not count.")
    evidence_digest: Digest | None = Field(default=None, description="SHA-256 of what stands there.")


class UptakeOut(Out):
    """A record of uptake."""

    id: UUID
    what: str | None
    taker: str | None
    place: str | None
    place_kind: PlaceKind
    place_community: str | None
    outcome: str | None
    organisational_change: str | None
    happened_at: datetime
    story: UUID | None
    contribution: UUID | None
    evidence_url: str | None
    evidence_digest: str | None
    state: State
    counts: bool
    """Whether a steward who did not record it has looked at its evidence."""
    recorded_at: datetime
    verified_at: datetime | None


@router.post("/v1/communities/{c}/uptake", status_code=201)
@once
def record_uptake(
    c: str, body: UptakeIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> UptakeOut:
    """Record that another community, or an organisation, took up what was made here, and what came of it."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    taken = Taken(**body.model_dump())
    return _shown(session, service.record(session, community, taken, *viewer_of(caller, community), on=on))


@router.get("/v1/communities/{c}/uptake")
def list_uptake(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    counting: Annotated[bool, Query(description="Only those that count.")] = False,
) -> Listing[UptakeOut]:
    """List what others took up, newest first."""
    community = community_by_slug(session, c)
    rows = (service.counting if counting else service.recorded)(community)
    found = page(session, rows, pages.window, by=[col(Uptake.id)], newest_first=True)
    return pages.show(found, lambda row: _shown(session, row))


class PlaceOut(Out):
    """A community in a landscape."""

    slug: str
    name: str
    domain: str | None = Field(description="What it is about.")
    landscape: str | None = Field(description="Beside which others it wants to be seen.")


class FlowOut(Out):
    """How often one community took up what another had made."""

    made_by: str
    taken_up_by: str
    count: int = Field(description="Records with evidence that somebody else had looked at when the month began.")


class LandscapeOut(Out):
    """Communities beside each other, and what went from one to another. Nobody is named in it."""

    communities: list[PlaceOut]
    flows: list[FlowOut]
    counted_until: datetime
    """What is looked at or withdrawn since shows in the next month."""
    k: int = USUAL_K


@router.get("/v1/landscape", dependencies=[public])
def read_landscape(
    session: ReadSessionDep,
    now: NowDep,
    named: Annotated[
        str | None, Query(max_length=200, description="The name of one landscape; all by default.")
    ] = None,
) -> LandscapeOut:
    """The communities that published a profile, and what they took up from each other, as nodes and edges. Of those
    with fewer than `k` people nothing is shown, and only uptake counts whose evidence had been looked at when the month
    began. Records single out communities and not people; members of a community list its own at any time."""
    found = service.landscape(session, named, now=now)
    slugs = {place.id: place.slug for place in found.places}
    return LandscapeOut(
        communities=[PlaceOut.model_validate(place) for place in found.places],
        flows=[FlowOut(made_by=slugs[a], taken_up_by=slugs[b], count=count) for a, b, count in found.taken_up],
        counted_until=found.counted_until,
    )


@router.get("/v1/communities/{c}/uptake/{uptake_id}")
def read_uptake(c: str, uptake_id: Id, caller: Fellow, session: ReadSessionDep) -> UptakeOut:
    """One record of uptake; of one that was withdrawn, that it was."""
    return _shown(session, service.uptake_by_id(session, community_by_slug(session, c), uptake_id))


@router.post("/v1/communities/{c}/uptake/{uptake_id}/verify")
@once
def verify_uptake(
    c: str, uptake_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> UptakeOut:
    """Say that you have looked at the evidence and that it is so: from now on it counts. Not of what you recorded."""
    uptake = service.uptake_by_id(session, community_by_slug(session, c), uptake_id, lock=True)
    service.verify(session, uptake, on=occasion(caller, runtime, now))
    return _shown(session, uptake)


@router.delete("/v1/communities/{c}/uptake/{uptake_id}")
def withdraw_uptake(
    c: str, uptake_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> UptakeOut:
    """Take a record back, with its words: your own, or as a steward any."""
    community = community_by_slug(session, c)
    uptake = service.uptake_by_id(session, community, uptake_id, lock=True)
    service.withdraw(session, uptake, steward=caller.stewards(community.id), on=occasion(caller, runtime, now))
    return _shown(session, uptake)


def _shown(session: Session, row: Uptake) -> UptakeOut:
    place = session.get_one(Community, row.place_community_id).slug if row.place_community_id is not None else None
    state = state_of(row.verified_at, row.withdrawn_at)
    said = row.model_dump() | {"place_community": place, "story": row.story_id, "contribution": row.contribution_id}
    return UptakeOut.model_validate(said | {"state": state, "counts": counts(state, row.evidence_digest)})
