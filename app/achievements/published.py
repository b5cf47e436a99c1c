"""What everyone may read of achievements: documents and images, by version."""

import re
from uuid import UUID

from sqlmodel import Session

from app.achievements import documents
from app.achievements.service import NoSuchAchievement, version_of
from app.achievements.tables import Achievement, AchievementVersion
from app.issuers.documents import active_issuer_id
from app.issuers.published import linked_data, ob2_generation
from app.kit.publishing import FOR_EVER, FRESH, Place, Publication, Published
from app.members.tables import Community

publication = Publication("achievements")

_NAME = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-v(?P<number>[1-9]\d{0,5}))?")


@publication.at("/achievements/{name}.json")
def as_json(place: Place, name: str) -> Published:
    """The achievement as an Open Badges 3.0 Achievement: one version (`{id}-v{n}`), or the newest (`{id}`)."""
    version, community = named(place.session, name)
    issuer_id = active_issuer_id(place.session, community, place.at.public_url)
    return linked_data(documents.achievement_document(version, community, issuer_id, place.at.public_url))


@publication.at("/achievements/{name}.png")
def as_png(place: Place, name: str) -> Published:
    """The image of an achievement, unbaked, as PNG."""
    version, _ = named(place.session, name)
    return Published(version.image_png, "image/png", cache=_cache(name))


@publication.at("/achievements/{name}.svg")
def as_svg(place: Place, name: str) -> Published:
    """The image of an achievement, unbaked, as SVG."""
    version, _ = named(place.session, name)
    return Published(version.image_svg, "image/svg+xml", cache=_cache(name))


@publication.at("/achievements/{name}", served=False)
def as_asked(place: Place, name: str) -> Published:
    """The achievement as machines ask for it."""
    return as_json(place, name)


@publication.at("/ob2/badgeclasses/{name}")
def badge_class(place: Place, name: str) -> Published:
    """The achievement as an Open Badges 2.0 BadgeClass: `{id}-v{n}`, with `.k2` and so on for later keys."""
    bare, dot, generation = name.partition(".k")
    version, community = named(place.session, bare)
    _, key = ob2_generation(place.session, f"{community.slug}{dot}{generation}")
    return linked_data(documents.badge_class(version, community, key.generation, place.at.public_url))


def named(session: Session, name: str) -> tuple[AchievementVersion, Community]:
    """The version that `{id}-v{n}` or `{id}` names, with its community. Raises `NoSuchAchievement`."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise NoSuchAchievement(f"{name!r} does not name an achievement.")
    version = version_of(session, UUID(match["id"]), int(match["number"]) if match["number"] else None)
    achievement = session.get_one(Achievement, version.achievement_id)
    return version, session.get_one(Community, achievement.community_id)


def _cache(name: str) -> str:
    """A version never changes; the newest one does."""
    return FOR_EVER if "-v" in name else FRESH
