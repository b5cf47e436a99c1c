"""An achievement as the standards write it, and the URLs it has."""

from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_snake

import badges
from app.achievements.tables import AchievementVersion
from app.issuers.rules import Addresses, generation_suffix
from app.kit.errors import Unprocessable
from app.members.tables import Community

LARGEST = 160 * 1024
"""Bytes of an Achievement as JSON. An image carries 256 KiB: this, what an award adds, and the proof."""


class TooMuchToCarry(Unprocessable):
    """The texts are too long for a badge."""

    code = "too-much-to-carry"
    fix = "Shorten the texts; link to pages for what is long."


def address(public_url: str, achievement: UUID, number: int) -> str:
    """The URL of one version, for ever (decision record 10)."""
    return f"{public_url}/achievements/{achievement}-v{number}"


def ob2_address(public_url: str, achievement: UUID, number: int, generation: int) -> str:
    """The URL of one version as an OB 2.0 BadgeClass, under one RSA generation of its issuer."""
    return f"{public_url}/ob2/badgeclasses/{achievement}-v{number}{generation_suffix(generation)}"


def achievement(
    version: AchievementVersion, community: Community, issuer_id: str, public_url: str
) -> badges.ob3.Achievement:
    """The version as an OB 3.0 Achievement (OB 3.0 §B.1.1)."""
    ob3 = badges.ob3
    url = address(public_url, version.achievement_id, version.number)
    earlier = [address(public_url, version.achievement_id, version.number - 1)] if version.number > 1 else []
    return ob3.Achievement(
        id=url,
        name=version.name,
        description=version.description,
        criteria=ob3.Criteria(id=version.criteria_url, narrative=version.criteria_narrative),
        achievement_type=version.achievement_type,
        creator=ob3.Profile(id=issuer_id, name=community.name, url=community.url),
        image=ob3.Image(id=f"{url}.png", caption=version.image_caption),
        tag=version.tags,
        alignment=version.alignments,
        result_description=version.results,
        version=str(version.number),
        related=[ob3.Related(id=url, version=str(version.number - 1)) for url in earlier],
    )


def check_issuable(version: AchievementVersion, community: Community) -> None:
    """Refuses what could not be issued later, while its author is still there to mend it.

    Raises `badges.BadgeError` (`pointer` in the words of the API) and `TooMuchToCarry`.
    """
    try:
        document = achievement_document(version, community, "did:example:issuer", "https://example.org")
        badge_class(version, community, 1, "https://example.org")
        badges.refuse_unsignable(document)
    except badges.BadgeError as error:
        error.pointer = error.pointer and _field(error.pointer)
        raise
    size = len(badges.serialize(document))
    if size > LARGEST:
        raise TooMuchToCarry(
            f"The texts of this achievement come to {size} bytes as JSON; at most {LARGEST} are taken."
        )


def achievement_document(
    version: AchievementVersion, community: Community, issuer_id: str, public_url: str
) -> dict[str, Any]:
    """The Achievement as a document of its own."""
    document = achievement(version, community, issuer_id, public_url).to_document()
    return {"@context": list(badges.ob3.CONTEXTS), **document}


def badge_class(version: AchievementVersion, community: Community, generation: int, public_url: str) -> dict[str, Any]:
    """The version as an OB 2.0 BadgeClass (OB 2.0 §BadgeClass)."""
    ob2 = badges.ob2
    url = address(public_url, version.achievement_id, version.number)
    return ob2.BadgeClass(
        id=ob2_address(public_url, version.achievement_id, version.number, generation),
        name=version.name,
        description=version.description,
        image=ob2.Image(id=f"{url}.png", caption=version.image_caption),
        criteria=ob2.Criteria(id=f"{url}.html", narrative=version.criteria_narrative),
        issuer=Addresses(public_url, community.slug).ob2_profile(generation),
        alignment=[_ob2_alignment(alignment) for alignment in version.alignments],
        tags=version.tags,
        version=str(version.number),
    ).to_document()


_FIELDS = {"alignment": "alignments", "result_description": "results", "tag": "tags"}


def _field(pointer: str) -> str:
    """Where in a request the member of an OB 3.0 Achievement comes from."""
    first, *rest = (to_snake(step) for step in pointer.split("/")[1:])
    return "/".join(["", _FIELDS.get(first, first), *rest])


def _ob2_alignment(alignment: dict[str, Any]) -> badges.ob2.Alignment:
    known = ("target_name", "target_url", "target_description", "target_framework", "target_code")
    return badges.ob2.Alignment(**{name: alignment[name] for name in known if name in alignment})
