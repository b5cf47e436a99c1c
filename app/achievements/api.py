"""Doors: what can be earned in a community."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, StringConstraints
from sqlmodel import select

from app.achievements import service
from app.achievements.documents import address
from app.achievements.rules import Policy, merged
from app.achievements.service import Wording
from app.achievements.tables import Achievement, AchievementVersion
from app.kit.access import public
from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Name, Out, Stays, Text
from app.kit.strict import MIB
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["achievements"])

Curator = Annotated[Caller, Depends(HoldingIn(Scope.achievements_write))]

Prose = Annotated[Text, Field(min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Image = Annotated[str, StringConstraints(max_length=3 * MIB)]
AchievementType = Annotated[str, StringConstraints(pattern=r"^(?:[A-Z][A-Za-z]{1,60}|ext:[A-Za-z0-9._-]{1,100})$")]


class CriteriaIn(In):
    """What it takes."""

    narrative: Prose = Field(examples=["Hosted at least three community calls."])
    id: WebUrl | None = Field(default=None, description="A page that says more.")


class AlignmentIn(In):
    """An entry of a skills framework that the achievement corresponds to."""

    target_name: Name
    target_url: WebUrl
    target_description: Text | None = None
    target_framework: Name | None = None
    target_code: Name | None = None
    target_type: Name | None = None


class ResultIn(In):
    """A result that can be stated with the achievement (OB 3.0 ResultDescription)."""

    name: Name
    result_type: Name
    allowed_value: Annotated[list[Name], Field(max_length=100)] | None = None
    required_value: Name | None = None
    value_min: Name | None = None
    value_max: Name | None = None


class AchievementIn(In):
    """An achievement to be earned."""

    name: Name = Field(examples=["Session Host"])
    description: Prose = Field(examples=["Opens a space where others learn from each other."])
    criteria: CriteriaIn
    achievement_type: AchievementType = Field(default="Badge", description="A type of OB 3.0, or `ext:` and your own.")
    contribution_type: Key | None = Field(default=None, examples=["hosting"])
    image: Image | None = Field(
        default=None, description="A PNG in base64 or as a data: URI. Left out, an image is drawn."
    )
    policy: dict[str, Any] = Field(
        default_factory=dict,
        description=f"What differs from the default policy, which is: `{Policy().model_dump_json()}`",
    )
    alignments: list[AlignmentIn] = Field(default_factory=list, max_length=50)
    results: list[ResultIn] = Field(default_factory=list, max_length=20)
    tags: list[Name] = Field(default_factory=list, max_length=50)


class AchievementChange(In):
    """What the new version says otherwise; what is left out stays, and null takes away what there need not be."""

    name: Annotated[Name | None, Stays] = None
    description: Annotated[Prose | None, Stays] = None
    criteria: Annotated[CriteriaIn | None, Stays] = None
    achievement_type: Annotated[AchievementType | None, Stays] = None
    contribution_type: Key | None = None
    image: Image | None = Field(default=None, description="Null has one drawn again.")
    policy: Annotated[dict[str, Any] | None, Stays] = Field(default=None, description="What differs from before.")
    alignments: Annotated[list[AlignmentIn] | None, Field(max_length=50), Stays] = None
    results: Annotated[list[ResultIn] | None, Field(max_length=20), Stays] = None
    tags: Annotated[list[Name] | None, Field(max_length=50), Stays] = None


class CriteriaOut(Out):
    """What it takes."""

    narrative: str
    id: str | None


class AchievementOut(Out):
    """An achievement in its newest version, with its whole policy."""

    id: UUID
    version: int
    name: str
    description: str
    criteria: CriteriaOut
    achievement_type: str
    contribution_type: str | None
    alignments: list[dict[str, Any]]
    results: list[dict[str, Any]]
    tags: list[str]
    policy: dict[str, Any]
    url: str
    image: str
    image_source: Literal["drawn", "uploaded"]
    created_at: datetime


@router.post("/v1/communities/{c}/achievements", status_code=201, max_body_size=4 * MIB)
@once
def create_achievement(
    c: str, body: AchievementIn, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> AchievementOut:
    """Define something that can be earned."""
    wording = Wording(
        name=body.name,
        description=body.description,
        criteria_narrative=body.criteria.narrative,
        criteria_url=body.criteria.id,
        achievement_type=body.achievement_type,
        contribution_type=body.contribution_type,
        tags=body.tags,
        alignments=[_given(alignment) for alignment in body.alignments],
        results=[_given(result) for result in body.results],
        policy=body.policy,
        image=_image(body.image),
    )
    community = community_by_slug(session, c)
    version = service.create(session, community, wording, on=occasion(caller, runtime, now))
    return _shown(version, runtime.installation.public_url)


@router.get("/v1/communities/{c}/achievements", dependencies=[public])
def list_achievements(c: str, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep) -> Listing[AchievementOut]:
    """List what can be earned in a community."""
    community = community_by_slug(session, c)
    rows = select(Achievement).where(Achievement.community_id == community.id)
    found = page(session, rows, pages.window, by=[Achievement.row])  # type: ignore[list-item]
    public_url = runtime.installation.public_url
    return pages.show(found, lambda row: _shown(service.version_of(session, row.id, row.newest), public_url))


@router.get("/v1/communities/{c}/achievements/{a}", dependencies=[public])
def read_achievement(c: str, a: str, session: ReadSessionDep, runtime: RuntimeDep, if_match: IfMatch) -> AchievementOut:
    """One achievement, in its newest version."""
    version = service.newest(session, community_by_slug(session, c), a)
    if_match.changed_to(version.number)
    return _shown(version, runtime.installation.public_url)


@router.patch("/v1/communities/{c}/achievements/{a}", max_body_size=4 * MIB)
def change_achievement(
    c: str,
    a: str,
    body: AchievementChange,
    caller: Curator,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> AchievementOut:
    """Make a new version; badges that were issued keep theirs."""
    community = community_by_slug(session, c)
    before = service.newest(session, community, a, lock=True)
    wording = _reworded(before, body)
    keep_image = "image" not in body.model_fields_set
    on = occasion(caller, runtime, now)
    version = service.change(session, community, before, wording, keep_image=keep_image, on=on)
    if_match.require(before.number)
    if_match.changed_to(version.number)
    return _shown(version, runtime.installation.public_url)


def _reworded(before: AchievementVersion, body: AchievementChange) -> Wording:
    criteria = body.criteria
    changed = body.model_fields_set
    return Wording(
        name=body.name or before.name,
        description=body.description or before.description,
        criteria_narrative=criteria.narrative if criteria else before.criteria_narrative,
        criteria_url=criteria.id if criteria else before.criteria_url,
        achievement_type=body.achievement_type or before.achievement_type,
        contribution_type=body.contribution_type if "contribution_type" in changed else before.contribution_type,
        tags=before.tags if body.tags is None else body.tags,
        alignments=before.alignments if body.alignments is None else [_given(item) for item in body.alignments],
        results=before.results if body.results is None else [_given(item) for item in body.results],
        policy=merged(before.policy, body.policy or {}),
        image=_image(body.image),
    )


def _given(item: In) -> dict[str, Any]:
    return item.model_dump(exclude_none=True)


def _image(text: str | None) -> bytes | None:
    """The bytes of a PNG given as base64 or as a data: URI (RFC 2397)."""
    if text is None:
        return None
    data = text.removeprefix("data:image/png;base64,")
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        reason = "give a PNG in base64, or as data:image/png;base64,…"
        raise Invalid(errors=[{"pointer": "/image", "message": reason}]) from None


def _shown(version: AchievementVersion, public_url: str) -> AchievementOut:
    url = address(public_url, version.achievement_id, version.number)
    return AchievementOut(
        id=version.achievement_id,
        version=version.number,
        name=version.name,
        description=version.description,
        criteria=CriteriaOut(narrative=version.criteria_narrative, id=version.criteria_url),
        achievement_type=version.achievement_type,
        contribution_type=version.contribution_type,
        alignments=version.alignments,
        results=version.results,
        tags=version.tags,
        policy=version.policy,
        url=url,
        image=f"{url}.png",
        image_source="uploaded" if version.image_uploaded else "drawn",
        created_at=version.created_at,
    )
