"""Doors: what was made together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints, model_validator
from sqlmodel import Session, col

from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Line, Name, Out, Stays, Text
from app.kit.strict import router as strict_router
from app.kit.suppression import USUAL_K
from app.members.auth import Caller, FellowOf, occasion
from app.members.forms import Key, Named
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community
from app.stories.artefacts import service
from app.stories.artefacts.rules import Base, Review
from app.stories.artefacts.service import By, Made
from app.stories.artefacts.tables import Artefact

router = strict_router(tags=["artefacts"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.achievements_write))]

Licence = Annotated[Line, StringConstraints(max_length=100)]
Said = Annotated[Text, StringConstraints(min_length=1)]


class ContributorIn(In):
    """Somebody who had a part in it."""

    member: Named
    role: Key = Field(examples=["author", "editor", "illustrator"])


class BaseIn(In):
    """Something that it builds on: an artefact here, or something elsewhere."""

    artefact: Id | None = None
    url: WebUrl | None = None
    title: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> "BaseIn":
        if (self.artefact is None) is (self.url is None):
            raise ValueError("name an artefact, or the address of something elsewhere")
        return self

    @property
    def base(self) -> Base:
        return Base(self.artefact, self.url, self.title)


class ArtefactIn(In):
    """Something that was made together."""

    title: Name = Field(examples=["A checklist for shared rooms"])
    url: WebUrl = Field(description="Where it stands.")
    licence: Licence | None = Field(
        default=None, description="By its SPDX name, if it has one.", examples=["CC-BY-4.0"]
    )
    description: Said | None = None
    contributors: list[ContributorIn] = Field(min_length=1, max_length=100)
    builds_on: list[BaseIn] = Field(default=[], max_length=50)


class ArtefactChange(In):
    """What is to be said otherwise; what is left out stays. Whoever reviewed it reviewed the one before."""

    title: Annotated[Name | None, Stays] = None
    url: Annotated[WebUrl | None, Stays] = None
    licence: Licence | None = None
    description: Said | None = None
    contributors: Annotated[list[ContributorIn] | None, Stays, Field(min_length=1, max_length=100)] = None
    builds_on: Annotated[list[BaseIn] | None, Stays, Field(max_length=50)] = None


class ReviewIn(In):
    """What somebody thinks of it who had no part in it."""

    verdict: Literal["approved", "changes_asked"]
    note: Said | None = Field(default=None, description="Needed where changes are asked for.")


class ContributorOut(Out):
    """Somebody who had a part in it."""

    member: UUID
    role: str


class BaseOut(Out):
    """Something that it builds on."""

    artefact: UUID | None
    url: str | None
    title: str | None


class ArtefactOut(Out):
    """Something that was made together."""

    id: UUID
    title: str | None
    url: str | None
    licence: str | None
    description: str | None
    contributors: list[ContributorOut]
    builds_on: list[BaseOut]
    review: Review
    review_note: str | None
    reviewed_at: datetime | None
    added_at: datetime


class NodeOut(Out):
    """An artefact in the picture of all."""

    id: UUID
    title: str
    licence: str | None
    review: Review
    contributors: int | None
    """Null where fewer than `k` people had a part in it."""


class EdgeOut(Out):
    """That one builds on another."""

    source: UUID
    target: UUID


class PictureOut(Out):
    """All artefacts, and what builds on what."""

    said: str
    """The same in a sentence."""
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    k: int


@router.post("/v1/communities/{c}/artefacts", status_code=201)
@once
def add_artefact(
    c: str, body: ArtefactIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ArtefactOut:
    """List something that was made together: where it stands, who had which part in it, and on what it builds."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    contributors = [(each.member, each.role) for each in body.contributors]
    bases = [each.base for each in body.builds_on]
    made = Made(body.title, body.url, body.licence, body.description, contributors, bases)
    return _one(session, service.add(session, community, made, on=on))


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
    items = _shown(session, found.items)
    return pages.show(found, lambda row: items[row.id])


@router.get("/v1/communities/{c}/artefact-graph")
def read_graph(c: str, caller: Fellow, session: ReadSessionDep) -> PictureOut:
    """What builds on what, as nodes and edges and in a sentence; nobody is named in it."""
    picture = service.picture(session, community_by_slug(session, c))
    return PictureOut(
        said=picture.said,
        nodes=[NodeOut.model_validate(node) for node in picture.nodes],
        edges=[EdgeOut(source=one, target=other) for one, other in picture.edges],
        k=USUAL_K,
    )


@router.get("/v1/communities/{c}/artefacts/{artefact_id}")
def read_artefact(c: str, artefact_id: Id, caller: Fellow, session: ReadSessionDep, if_match: IfMatch) -> ArtefactOut:
    """One artefact."""
    artefact = service.artefact_by_id(session, community_by_slug(session, c), artefact_id)
    if_match.changed_to(artefact.version)
    return _one(session, artefact)


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
    made, on = _redrawn(session, artefact, body), occasion(caller, runtime, now)
    service.change(session, community, artefact, made, _by(caller, community), on=on)
    if_match.require(before)
    if_match.changed_to(artefact.version)
    return _one(session, artefact)


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
    return _one(session, artefact)


@router.delete("/v1/communities/{c}/artefacts/{artefact_id}")
def remove_artefact(
    c: str, artefact_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ArtefactOut:
    """Take it out of the list; what builds on it stays. What you get is the last that is seen of it."""
    community, artefact = _locked(session, c, artefact_id)
    last = _one(session, artefact)
    service.remove(session, artefact, _by(caller, community), on=occasion(caller, runtime, now))
    return last


def _redrawn(session: Session, artefact: Artefact, body: ArtefactChange) -> Made:
    changes = body.model_dump(exclude_unset=True)
    contributors = service.contributors_of(session, [artefact.id])[artefact.id]
    parts = [(str(each.member_id), each.role) for each in contributors]
    parts = [(each.member, each.role) for each in body.contributors] if body.contributors is not None else parts
    bases = service.bases_of(session, [artefact.id])[artefact.id]
    bases = [each.base for each in body.builds_on] if body.builds_on is not None else bases
    return Made(
        title=body.title or artefact.title or "",
        url=body.url or artefact.url or "",
        licence=changes.get("licence", artefact.licence),
        description=changes.get("description", artefact.description),
        contributors=parts,
        builds_on=bases,
    )


def _locked(session: Session, c: str, id: UUID) -> tuple[Community, Artefact]:
    community = community_by_slug(session, c)
    return community, service.artefact_by_id(session, community, id, lock=True)


def _by(caller: Caller, community: Community) -> By:
    return By(caller.actor, caller.member, caller.stewards(community.id))


def _one(session: Session, artefact: Artefact) -> ArtefactOut:
    return _shown(session, [artefact])[artefact.id]


def _shown(session: Session, rows: Sequence[Artefact]) -> dict[UUID, ArtefactOut]:
    ids = [row.id for row in rows]
    parts, bases = service.contributors_of(session, ids), service.bases_of(session, ids)
    return {
        row.id: ArtefactOut.model_validate(
            row.model_dump()
            | {
                "contributors": [ContributorOut(member=each.member_id, role=each.role) for each in parts[row.id]],
                "builds_on": [BaseOut.model_validate(base) for base in bases[row.id]],
            }
        )
        for row in rows
    }
