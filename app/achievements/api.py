"""Doors: what can be earned in a community."""

import re
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import select

from app.achievements import service
from app.achievements.service import NoSuchAchievement
from app.achievements.tables import Achievement, AchievementVersion
from app.achievements.views import AchievementChange, AchievementIn, AchievementOut, reworded, shown, worded
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep, take_back
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.strict import MIB
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["achievements"])

Curator = Annotated[Caller, Depends(HoldingIn(Scope.achievements_write))]
ValidateOnly = Annotated[
    bool, Query(description="A dry run: the same refusals and the same answer, and nothing is kept, its ids included.")
]

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@router.post("/v1/communities/{c}/achievements", status_code=201, max_body_size=4 * MIB)
@once
def create_achievement(
    c: str,
    body: AchievementIn,
    caller: Curator,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    validate_only: ValidateOnly = False,
) -> AchievementOut:
    """Define something that can be earned."""
    community = community_by_slug(session, c)
    version = service.create(session, community, worded(body), on=occasion(caller, runtime, now))
    if validate_only:
        take_back(session)
    return shown(version, runtime.installation.public_url)


@router.get("/v1/communities/{c}/achievements", dependencies=[public])
def list_achievements(c: str, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep) -> Listing[AchievementOut]:
    """List what can be earned in a community."""
    community = community_by_slug(session, c)
    rows = select(Achievement).where(Achievement.community_id == community.id)
    found = page(session, rows, pages.window, by=[Achievement.row])  # type: ignore[list-item]
    public_url = runtime.installation.public_url
    return pages.show(found, lambda row: shown(service.version_of(session, row.id, row.newest), public_url))


@router.get("/v1/communities/{c}/achievements/{a}", dependencies=[public])
def read_achievement(c: str, a: str, session: ReadSessionDep, runtime: RuntimeDep, if_match: IfMatch) -> AchievementOut:
    """One achievement, in its newest version."""
    version = service.newest(session, community_by_slug(session, c), a)
    if_match.changed_to(version.number)
    return shown(version, runtime.installation.public_url)


@router.get("/v1/communities/{c}/achievements/{a}/versions", dependencies=[public])
def list_versions(
    c: str, a: str, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep
) -> Listing[AchievementOut]:
    """List the versions of an achievement, each with the policy it had, newest first."""
    rows = service.versions(service.newest(session, community_by_slug(session, c), a).achievement_id)
    found = page(session, rows, pages.window, by=[AchievementVersion.id], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda version: shown(version, runtime.installation.public_url))


@router.get("/v1/communities/{c}/achievements/{a}/versions/{n}", dependencies=[public])
def read_version(c: str, a: str, n: str, session: ReadSessionDep, runtime: RuntimeDep) -> AchievementOut:
    """One version of an achievement, as it was awarded."""
    newest = service.newest(session, community_by_slug(session, c), a)
    if not _NUMBER.fullmatch(n):
        raise NoSuchAchievement(f"{n!r} is not the number of a version.")
    return shown(service.version_of(session, newest.achievement_id, int(n)), runtime.installation.public_url)


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
    validate_only: ValidateOnly = False,
) -> AchievementOut:
    """Make a new version; badges that were issued keep theirs."""
    community = community_by_slug(session, c)
    before = service.newest(session, community, a, lock=True)
    keep_image = "image" not in body.model_fields_set
    on = occasion(caller, runtime, now)
    version = service.change(session, community, before, reworded(before, body), keep_image=keep_image, on=on)
    if_match.require(before.number)
    if validate_only:
        take_back(session)
    if_match.changed_to(version.number)
    return shown(version, runtime.installation.public_url)
