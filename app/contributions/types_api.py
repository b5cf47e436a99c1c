"""Doors: types of contributions."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field, Strict, StringConstraints

from app.contributions import kinds
from app.contributions.kinds import Meaning, NoSuchType
from app.contributions.rules import CareArea, Loop, Mode, Potential
from app.contributions.taxonomy import Kind, shipped
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page_of
from app.kit.schemas import In, Name, Out, Stays, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.forms import Key
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["contributions"])

Reader = Annotated[Caller, Depends(HoldingIn())]
Curator = Annotated[Caller, Depends(HoldingIn(Scope.achievements_write))]

Sentence = Annotated[Text, StringConstraints(min_length=1, max_length=1000)]
Cycle = Annotated[int, Field(ge=1, le=5)]


class TypeIn(In):
    """A type of contribution of the community's own. What it means stays; how it is said may be changed."""

    key: Key = Field(examples=["tea_kitchen"], description="Never comes to mean something else.")
    name: Name
    description: Sentence
    mode: Annotated[Mode, Strict(False)]
    cycles: list[Cycle] = Field(min_length=1, max_length=5, description="Value cycles (Wenger-Trayner), 1 to 5.")
    potential: Annotated[Potential, Strict(False)]
    care_areas: list[Annotated[CareArea, Strict(False)]] = Field(default=[], max_length=5)
    loop: Annotated[Loop, Strict(False)] = Loop.inner
    all_contributors: list[Name] = Field(default=[], max_length=5, description="What allcontributors.org calls it.")
    effort: int | None = Field(default=None, ge=1, le=12, description="A hint; never added up for others to see.")
    evidence_hint: Sentence | None = None
    value_to_member: Sentence | None = None
    value_to_community: Sentence | None = None


class TypeChange(In):
    """How a type is said, and whether it is used any more."""

    name: Annotated[Name | None, Stays] = None
    description: Annotated[Sentence | None, Stays] = None
    effort: int | None = Field(default=None, ge=1, le=12)
    evidence_hint: Sentence | None = None
    value_to_member: Sentence | None = None
    value_to_community: Sentence | None = None
    deprecated: Annotated[bool | None, Stays] = Field(
        default=None, description="True: not for what is done from now on. What was recorded under it stays."
    )


class TypeOut(Out):
    """A type of contribution."""

    key: str
    name: str
    description: str
    mode: Mode
    cycles: list[int]
    potential: Potential
    care_areas: list[CareArea]
    loop: Loop
    all_contributors: list[str]
    effort: int | None
    evidence_hint: str | None
    value_to_member: str | None
    value_to_community: str | None
    deprecated_at: datetime | None
    """Since when it is not used any more."""
    shipped: bool
    """Whether it is the same in every community."""


@router.post("/v1/communities/{c}/contribution-types", status_code=201)
@once
def add_type(c: str, body: TypeIn, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> TypeOut:
    """Add a type of contribution, beside those that every community has."""
    meaning = Meaning(
        key=body.key,
        mode=body.mode,
        cycles=tuple(sorted(set(body.cycles))),
        potential=body.potential,
        care_areas=tuple(sorted(set(body.care_areas))),
        loop=body.loop,
        all_contributors=tuple(body.all_contributors),
    )
    wording = body.model_dump(include=_WORDING)
    community = community_by_slug(session, c)
    row = kinds.add(session, community, meaning, wording, on=occasion(caller, runtime, now))
    return _shown(kinds.kind_of(row))


@router.get("/v1/communities/{c}/contribution-types")
def list_types(c: str, caller: Reader, session: ReadSessionDep, pages: PageDep) -> Listing[TypeOut]:
    """List the types of contributions, in the order of their keys: those that every community has, and its own."""
    known = kinds.known(session, community_by_slug(session, c))
    return pages.show(page_of(list(known.values()), pages.window, by=lambda kind: kind.key), _shown)


@router.get("/v1/communities/{c}/contribution-types/{type}")
def read_type(c: str, type: str, caller: Reader, session: ReadSessionDep, if_match: IfMatch) -> TypeOut:
    """One type of contribution."""
    community = community_by_slug(session, c)
    known = kinds.known(session, community).get(type)
    if known is None:
        raise NoSuchType(f"{c} has no type of contribution {type!r}.")
    if not _is_shipped(known):
        if_match.changed_to(kinds.own_type(session, community, type).version)
    return _shown(known)


@router.patch("/v1/communities/{c}/contribution-types/{type}")
def change_type(
    c: str,
    type: str,
    body: TypeChange,
    caller: Curator,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> TypeOut:
    """Say a type of the community's own anew, or deprecate it; none is deleted."""
    row = kinds.own_type(session, community_by_slug(session, c), type, lock=True)
    before = row.version
    kinds.change(session, row, body.model_dump(exclude_unset=True), on=occasion(caller, runtime, now))
    if_match.require(before)
    if_match.changed_to(row.version)
    return _shown(kinds.kind_of(row))


_WORDING = {"name", "description", "effort", "evidence_hint", "value_to_member", "value_to_community"}


def _is_shipped(kind: Kind) -> bool:
    return kind.key in shipped()


def _shown(kind: Kind) -> TypeOut:
    return TypeOut(**kind.model_dump(), shipped=_is_shipped(kind))
