"""Use-cases: achievements and their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

import badges
from app.achievements import documents
from app.achievements.rules import Policy, flaws, merged
from app.achievements.tables import Achievement, AchievementVersion
from app.kit.errors import FieldError, Invalid, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows
from app.members import service as members
from app.members.tables import Community


class NoSuchAchievement(NotFound):
    """There is no such achievement in this community."""

    code = "no-such-achievement"
    fix = "GET …/achievements lists what can be earned in this community."


_IS_NEWEST = sa.and_(
    col(Achievement.id) == AchievementVersion.achievement_id,
    col(Achievement.newest) == AchievementVersion.number,
)
_WITHOUT_IMAGES = tuple(
    defer(image, raiseload=False)  # type: ignore[arg-type]  # a mapped attribute, which SQLModel calls bytes
    for image in (AchievementVersion.image_svg, AchievementVersion.image_png)
)
"""Images are read when they are asked for; a badge names them by their address."""
_OF_ACHIEVEMENT = select(AchievementVersion).join(Achievement, _IS_NEWEST).options(*_WITHOUT_IMAGES)
_BUT_IMAGES = [
    column for column in sa.inspect(AchievementVersion).columns if not column.name.endswith(("_svg", "_png"))
]
_NEWEST = PreparedRows(
    AchievementVersion,
    sa.select(*_BUT_IMAGES)
    .join(Achievement, _IS_NEWEST)
    .where(col(Achievement.id) == sa.bindparam("id"), col(Achievement.community_id) == sa.bindparam("community")),
)


@dataclass(frozen=True)
class Wording:
    """What a version of an achievement says; `policy` holds only what differs from the defaults."""

    name: str
    description: str
    criteria_narrative: str
    criteria_url: str | None
    achievement_type: str
    contribution_type: str | None
    tags: list[str]
    alignments: list[dict[str, Any]]
    results: list[dict[str, Any]]
    policy: dict[str, Any]
    image: bytes | None
    """A PNG somebody gave; None to have one drawn."""
    value_to_member: str | None = None
    value_to_community: str | None = None
    discussion: str | None = None


def create(
    session: Session,
    community: Community,
    wording: Wording,
    *,
    on: Occasion,
    came_of: Mapping[str, Datum] | None = None,
) -> AchievementVersion:
    """A new achievement, in its first version; `came_of` is what the journal tells of how it came about.

    Raises `Invalid`, `TooMuchToCarry`, `badges.BadgeError`.
    """
    achievement = _new(community, on)
    session.add(achievement)
    session.flush()
    version = _drawn_up(session, community, achievement, wording, None, on=on)
    return _added(session, community, version, came_of or {}, on=on)


def check(session: Session, community: Community, wording: Wording, *, on: Occasion) -> None:
    """Refuses what could not become an achievement. Raises `Invalid`, `TooMuchToCarry`, `badges.BadgeError`."""
    _drawn_up(session, community, _new(community, on), wording, None, on=on)


def change(
    session: Session,
    community: Community,
    before: AchievementVersion,
    wording: Wording,
    *,
    keep_image: bool,
    on: Occasion,
) -> AchievementVersion:
    """A new version; what was awarded under `before` keeps it. With `keep_image`, an image that was given stays.

    Raises `Invalid`, `TooMuchToCarry`, `badges.BadgeError`.
    """
    achievement = session.get_one(Achievement, before.achievement_id)
    achievement.newest = before.number + 1
    session.add(achievement)
    version = _drawn_up(session, community, achievement, wording, before if keep_image else None, on=on)
    return _added(session, community, version, {}, on=on)


def newest(session: Session, community: Community, id: str, *, lock: bool = False) -> AchievementVersion:
    """The newest version; with `lock`, nobody else changes the achievement meanwhile. Raises `NoSuchAchievement`."""
    try:
        wanted = UUID(id)
    except ValueError:
        raise NoSuchAchievement(f"{id!r} is not the id of an achievement.") from None
    if lock:  # first and apart: who waited here has to see the version that was waited for
        mine = select(Achievement.newest).where(Achievement.id == wanted, Achievement.community_id == community.id)
        session.exec(mine.with_for_update()).one_or_none()
    version = _NEWEST.first(session, {"id": wanted, "community": community.id})
    if version is None:
        raise NoSuchAchievement(f"{community.slug} has no achievement {id}.")
    return version


def version_of(session: Session, achievement_id: UUID, number: int | None = None) -> AchievementVersion:
    """One version of an achievement, by default the newest. Raises `NoSuchAchievement`."""
    chosen = select(AchievementVersion).where(AchievementVersion.achievement_id == achievement_id)
    if number is None:
        chosen = chosen.order_by(col(AchievementVersion.number).desc()).limit(1)
    else:
        chosen = chosen.where(AchievementVersion.number == number)
    version = session.exec(chosen.options(*_WITHOUT_IMAGES)).one_or_none()
    if version is None:
        raise NoSuchAchievement("There is no such achievement, or no such version of it.")
    return version


def versions(achievement_id: UUID) -> SelectOfScalar[AchievementVersion]:
    """Every version of an achievement, to be paged."""
    chosen = select(AchievementVersion).where(AchievementVersion.achievement_id == achievement_id)
    return chosen.options(*_WITHOUT_IMAGES)


def newest_of_all(session: Session, community: Community) -> Sequence[AchievementVersion]:
    """The newest version of every achievement of a community, oldest achievement first."""
    chosen = _OF_ACHIEVEMENT.where(Achievement.community_id == community.id)
    return session.exec(chosen.order_by(col(Achievement.row))).all()


def policy_of(version: AchievementVersion) -> Policy:
    """The policy with its defaults."""
    return Policy.model_validate(version.policy)


def _new(community: Community, on: Occasion) -> Achievement:
    return Achievement(id=on.ids.public(), row=on.ids.row(), community_id=community.id, created_at=on.now)


def _drawn_up(
    session: Session,
    community: Community,
    achievement: Achievement,
    wording: Wording,
    image_of: AchievementVersion | None,
    *,
    on: Occasion,
) -> AchievementVersion:
    policy = _policy(wording.policy, members=members.size(session, community))
    artwork, uploaded = _artwork(community, achievement, wording, image_of)
    version = AchievementVersion(
        id=on.ids.row(),
        achievement_id=achievement.id,
        number=achievement.newest,
        name=wording.name,
        description=wording.description,
        criteria_narrative=wording.criteria_narrative,
        criteria_url=wording.criteria_url,
        achievement_type=wording.achievement_type,
        contribution_type=wording.contribution_type,
        tags=wording.tags,
        alignments=wording.alignments,
        results=[{"id": f"urn:uuid:{on.ids.public()}"} | result for result in wording.results],
        policy=policy.model_dump(mode="json"),
        value_to_member=wording.value_to_member,
        value_to_community=wording.value_to_community,
        discussion=wording.discussion,
        image_svg=artwork.svg,
        image_png=artwork.png,
        image_caption=artwork.caption,
        image_uploaded=uploaded,
        created_at=on.now,
        created_by=on.actor,
    )
    documents.check_issuable(version, community)
    return version


def _added(
    session: Session, community: Community, version: AchievementVersion, came_of: Mapping[str, Datum], *, on: Occasion
) -> AchievementVersion:
    session.add(version)
    session.flush()
    happened = "achievement.created" if version.number == 1 else "achievement.changed"
    on.record(session, community.id, happened, version.achievement_id, {"version": version.number, **came_of})
    return version


def _policy(changes: dict[str, Any], *, members: int) -> Policy:
    """The whole policy. Raises `Invalid` with every flaw, so that a steward mends them in one go."""
    try:
        policy = Policy.model_validate(merged(Policy().model_dump(mode="json"), changes))
    except ValidationError as error:
        raise Invalid(errors=[_field_error(e["loc"], e["msg"]) for e in error.errors()]) from error
    found = flaws(policy, members=members)
    if found:
        raise Invalid(errors=[{"pointer": pointer, "message": reason} for pointer, reason in found])
    return policy


def _field_error(loc: tuple[int | str, ...], message: str) -> FieldError:
    return {"pointer": badges.pointer_to("policy", *loc), "message": message}


def _artwork(
    community: Community, achievement: Achievement, wording: Wording, image_of: AchievementVersion | None
) -> tuple[badges.artwork.Artwork, bool]:
    """An image that was given, now or with `image_of`, else one drawn for this wording; and whether it was given."""
    given = f"The badge {wording.name}"
    if wording.image is not None:
        return replace(_accepted(wording.image), caption=given), True
    if image_of is not None and image_of.image_uploaded:
        return badges.artwork.Artwork(image_of.image_svg, image_of.image_png, given), True
    drawn = badges.artwork.draw(
        title=wording.name,
        community=community.name,
        contribution_type=wording.contribution_type,
        seed=str(achievement.id),
    )
    return drawn, False


def _accepted(image: bytes) -> badges.artwork.Artwork:
    try:
        return badges.artwork.accept(image)
    except badges.BadgeError as error:
        error.pointer = "/image"
        raise
