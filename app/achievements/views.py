"""An achievement as requests give it and answers show it."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.achievements.documents import address
from app.achievements.linting import lint
from app.achievements.rules import Policy, merged
from app.achievements.service import Wording, policy_of
from app.achievements.tables import AchievementVersion
from app.kit.addresses import WebUrl
from app.kit.errors import Invalid
from app.kit.schemas import In, Name, Out, Stays, Text
from app.kit.strict import MIB

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
    policy: Policy = Field(default_factory=Policy, description="What differs from the default policy.")
    alignments: list[AlignmentIn] = Field(default_factory=list, max_length=50)
    results: list[ResultIn] = Field(default_factory=list, max_length=20)
    tags: list[Name] = Field(default_factory=list, max_length=50)
    value_to_member: Prose | None = Field(
        default=None, examples=["You learn to hold a room."], description="What whoever earns it has of it."
    )
    value_to_community: Prose | None = Field(
        default=None, examples=["Newcomers find a way in."], description="What the community has of it."
    )
    discussion: WebUrl | None = Field(default=None, description="Where it is, or was, debated.")


class AchievementChange(In):
    """What the new version says otherwise; what is left out stays, and null takes away what there need not be."""

    name: Annotated[Name | None, Stays] = None
    description: Annotated[Prose | None, Stays] = None
    criteria: Annotated[CriteriaIn | None, Stays] = None
    achievement_type: Annotated[AchievementType | None, Stays] = None
    contribution_type: Key | None = None
    image: Image | None = Field(default=None, description="Null has one drawn again.")
    policy: Annotated[Policy | None, Stays] = Field(default=None, description="What differs from before.")
    alignments: Annotated[list[AlignmentIn] | None, Field(max_length=50), Stays] = None
    results: Annotated[list[ResultIn] | None, Field(max_length=20), Stays] = None
    tags: Annotated[list[Name] | None, Field(max_length=50), Stays] = None
    value_to_member: Prose | None = None
    value_to_community: Prose | None = None
    discussion: WebUrl | None = None


class CriteriaOut(Out):
    """What it takes."""

    narrative: str
    id: str | None


class WarningOut(Out):
    """Something that is missing or unwise; nothing is refused for it."""

    pointer: str
    message: str
    severity: Literal["warning"] = "warning"


class AchievementOut(Out):
    """An achievement in one version, with its whole policy."""

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
    policy: Policy
    value_to_member: str | None
    value_to_community: str | None
    discussion: str | None
    url: str
    image: str
    image_source: Literal["drawn", "uploaded"]
    created_at: datetime
    lint: list[WarningOut]


def worded(body: AchievementIn) -> Wording:
    """What a body says. Raises `Invalid` for an image that is none."""
    return Wording(
        name=body.name,
        description=body.description,
        criteria_narrative=body.criteria.narrative,
        criteria_url=body.criteria.id,
        achievement_type=body.achievement_type,
        contribution_type=body.contribution_type,
        tags=body.tags,
        alignments=[_given(alignment) for alignment in body.alignments],
        results=[_given(result) for result in body.results],
        policy=_differing(body.policy),
        image=_image(body.image),
        value_to_member=body.value_to_member,
        value_to_community=body.value_to_community,
        discussion=body.discussion,
    )


def reworded(before: AchievementVersion | Wording, body: AchievementChange) -> Wording:
    """What is said after a change; `image` is what was given with it. Raises `Invalid` for an image that is none."""
    criteria = body.criteria

    def changed(name: str) -> Any:
        return getattr(body if name in body.model_fields_set else before, name)

    return Wording(
        name=changed("name"),
        description=changed("description"),
        criteria_narrative=criteria.narrative if criteria else before.criteria_narrative,
        criteria_url=criteria.id if criteria else before.criteria_url,
        achievement_type=changed("achievement_type"),
        contribution_type=changed("contribution_type"),
        tags=changed("tags"),
        alignments=before.alignments if body.alignments is None else [_given(item) for item in body.alignments],
        results=before.results if body.results is None else [_given(item) for item in body.results],
        policy=merged(before.policy, _differing(body.policy)),
        image=_image(body.image),
        value_to_member=changed("value_to_member"),
        value_to_community=changed("value_to_community"),
        discussion=changed("discussion"),
    )


def shown(version: AchievementVersion, public_url: str) -> AchievementOut:
    """A version as answers show it."""
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
        policy=policy_of(version),
        value_to_member=version.value_to_member,
        value_to_community=version.value_to_community,
        discussion=version.discussion,
        url=url,
        image=f"{url}.png",
        image_source="uploaded" if version.image_uploaded else "drawn",
        created_at=version.created_at,
        lint=warnings(policy_of(version), version),
    )


def warnings(policy: Policy, said: AchievementVersion | Wording) -> list[WarningOut]:
    """What is missing in what is said, or unwise in the policy."""
    found = lint(policy, value_to_member=said.value_to_member, value_to_community=said.value_to_community)
    return [WarningOut(pointer=pointer, message=reason) for pointer, reason in found]


def policy_said(said: Wording) -> Policy:
    """The whole policy of what is said."""
    return Policy.model_validate(merged(Policy().model_dump(mode="json"), said.policy))


def _differing(policy: Policy | None) -> dict[str, Any]:
    """What was given of a policy, and none of the defaults that stand for the rest."""
    return {} if policy is None else policy.model_dump(mode="json", exclude_unset=True)


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
