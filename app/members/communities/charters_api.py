"""Doors: a community's charter, which everyone may read, and its profile."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field, StringConstraints
from sqlmodel import col

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Name, Out, Stays, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, Visitor, occasion
from app.members.communities import charters
from app.members.communities.charters import Agreed, NoCharter
from app.members.communities.tables import Charter, CommunityProfile
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["communities and members"])

Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]
Viewer = Annotated[Caller | None, Depends(Visitor())]

Said = Annotated[Text, StringConstraints(min_length=1)]
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class CharterIn(In):
    """What a community agrees on, from purpose to practice; each in the community's own words."""

    purpose: Said = Field(description="Why the community is there.", examples=["That nobody learns this alone."])
    principles: Said = Field(description="By which rules it goes.")
    participants: Said = Field(description="Who takes part, and who should.")
    structure: Said = Field(description="Who decides what, and how.")
    practices: Said = Field(description="What it does, and how often.")
    note: Name | None = Field(default=None, description="What is otherwise than in the version before.")


class CharterOut(Out):
    """A version of a charter."""

    number: int
    purpose: str
    principles: str
    participants: str
    structure: str
    practices: str
    note: str | None
    adopted_at: datetime


class ProfileChange(In):
    """What is to change of a profile; what is left out stays, and null takes away."""

    domain: Said | None = Field(default=None, description="What it is about: the shared concern or passion.")
    community: Said | None = Field(default=None, description="Who it is for, and how they find each other.")
    practice: Said | None = Field(default=None, description="What its members do, and share of it.")
    rhythm: Name | None = Field(default=None, description="How often it meets.", examples=["every other Tuesday"])
    rhythm_days: int | None = Field(default=None, ge=1, le=366, description="The same in days, for what is counted.")
    landscape: Name | None = Field(
        default=None,
        description="Beside which other communities it wants to be seen: a name on which they agree (`/v1/landscape`).",
        examples=["Shared rooms of the north"],
    )
    public: Annotated[bool | None, Stays] = Field(
        default=None, description="Whether everyone may read it; it names a domain then."
    )


class ProfileOut(Out):
    """What a community is about."""

    domain: str | None
    community: str | None
    practice: str | None
    rhythm: str | None
    rhythm_days: int | None
    landscape: str | None
    public: bool


@router.post("/v1/communities/{c}/charter/versions", status_code=201)
@once
def adopt_charter(
    c: str, body: CharterIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CharterOut:
    """Adopt the next version of the charter. Those before it stay, and so does every badge."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return CharterOut.model_validate(charters.adopt(session, community, Agreed(**body.model_dump()), on=on))


@router.get("/v1/communities/{c}/charter", dependencies=[public])
def read_charter(c: str, session: ReadSessionDep) -> CharterOut:
    """The charter as it stands."""
    return CharterOut.model_validate(charters.charter_of(session, community_by_slug(session, c)))


@router.get("/v1/communities/{c}/charter/versions", dependencies=[public])
def list_charters(c: str, session: ReadSessionDep, pages: PageDep) -> Listing[CharterOut]:
    """List the versions of the charter, newest first."""
    rows = charters.versions(community_by_slug(session, c))
    found = page(session, rows, pages.window, by=[col(Charter.community_id), col(Charter.number)], newest_first=True)
    return pages.show(found, CharterOut.model_validate)


@router.get("/v1/communities/{c}/charter/versions/{n}", dependencies=[public])
def read_charter_version(c: str, n: str, session: ReadSessionDep) -> CharterOut:
    """One version of the charter."""
    community = community_by_slug(session, c)
    if not _NUMBER.fullmatch(n):
        raise NoCharter(f"{n!r} is not the number of a version.")
    return CharterOut.model_validate(charters.charter_of(session, community, int(n)))


@router.get("/v1/communities/{c}/profile")
def read_profile(c: str, caller: Viewer, session: ReadSessionDep, if_match: IfMatch) -> ProfileOut:
    """What the community is about; to those who are not of it, if it is published."""
    community = community_by_slug(session, c)
    inside = caller is not None and caller.within(community.id)
    profile = (charters.profile_of if inside else charters.public_profile)(session, community)
    return _profile(profile, if_match)


@router.patch("/v1/communities/{c}/profile")
def change_profile(
    c: str,
    body: ProfileChange,
    caller: Steward,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> ProfileOut:
    """Say what the community is about."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    profile, before = charters.describe(session, community, body.model_dump(exclude_unset=True), on=on)
    if_match.require(before)
    return _profile(profile, if_match)


def _profile(profile: CommunityProfile, if_match: IfMatch) -> ProfileOut:
    if_match.changed_to(profile.version)
    return ProfileOut.model_validate(profile)
