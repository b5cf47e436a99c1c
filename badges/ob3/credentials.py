"""The credentials of OB 3.0, and the status list credential that they point to, all still unsigned."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from badges.models import ALONE, STATED, Listed, Model, Number, Types, Uri, When, including, matching
from badges.ob3.achievements import Achievement, Alignment
from badges.ob3.profiles import Endorsement, IdentityObject, Image, Profile
from badges.ob3.verifiable import (
    CONTEXTS,
    CREDENTIALS_CONTEXT,
    EXTENSIONS_CONTEXT,
    BadgeContexts,
    Contexts,
    VerifiableCredential,
)
from badges.ob3.vocabularies import CompactJws, ResultStatusType


class Evidence(Model):
    """OB 3.0 Appendix B, Evidence: the work that earned it, as a web page (`id`), as Markdown, or both."""

    id: Uri | None = None
    type: Annotated[Types, including("Evidence")] = ("Evidence",)
    name: str | None = None
    description: str | None = None
    narrative: str | None = None
    genre: str | None = None
    audience: str | None = None


class Result(Model):
    """OB 3.0 Appendix B, Result: what was reached, of what the achievement describes."""

    type: Annotated[Types, including("Result")] = ("Result",)
    result_description: Uri | None = None
    """`id` of a ResultDescription of the same achievement."""
    value: str | None = None
    status: ResultStatusType | None = None
    """Required where the description has the `resultType` Status."""
    achieved_level: Uri | None = None
    """`id` of a RubricCriterionLevel of the same achievement."""
    alignment: Listed[Alignment] = ()


class AchievementSubject(Model):
    """OB 3.0 Appendix B, AchievementSubject: who earned which achievement.

    `id`, or at least one `identifier`, is required; a VC-JWT needs the `id` (§8.2.4, `sub`).
    """

    id: Uri | None = None
    type: Annotated[Types, including("AchievementSubject")] = ("AchievementSubject",)
    identifier: Listed[IdentityObject] = ()
    achievement: Achievement
    narrative: str | None = None
    result: Listed[Result] = ()
    role: str | None = None
    image: Image | None = None
    """PNG or SVG; may be baked."""
    source: Profile | None = None
    """Who assessed it, where that is not the issuer."""
    credits_earned: Number | None = None
    activity_start_date: When | None = None
    activity_end_date: When | None = None
    license_number: str | None = None
    term: str | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.id is None and not self.identifier:
            raise ValueError("either id or at least one identifier says who the recipient is; there is neither")
        return self

    @model_validator(mode="after")
    def _results_belong_to_the_achievement(self) -> Self:
        described = {description.id: description for description in self.achievement.result_description}
        levels = {level.id for description in described.values() for level in description.rubric_criterion_level}
        for result in self.result:
            if result.result_description is not None and result.result_description not in described:
                raise ValueError(f"the achievement describes no result {result.result_description}")
            if result.achieved_level is not None and result.achieved_level not in levels:
                raise ValueError(f"the achievement has no level {result.achieved_level}")
            description = described.get(result.result_description or "")
            if description and description.result_type == "Status" and result.status is None:
                raise ValueError(f"a result of type Status needs a status, see {description.id}")
        return self


def _contexts(members: dict[str, Any]) -> tuple[str, ...]:
    """The contexts that judges accept, the third only where a type of 1EdTech's own occurs: no other defines those."""
    return (*CONTEXTS, EXTENSIONS_CONTEXT) if _has_type_of_1edtech(members) else CONTEXTS


def _has_type_of_1edtech(value: Any) -> bool:
    if isinstance(value, Model):
        value = value.__dict__ | (value.model_extra or {})
    if isinstance(value, dict):
        stated = value.get("type")
        for name in stated if isinstance(stated, list | tuple) else (stated,):
            if isinstance(name, str) and name.startswith("1EdTech"):
                return True
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    return any(map(_has_type_of_1edtech, [child for child in value if isinstance(child, Model | dict | list | tuple)]))


class OpenBadgeCredential(VerifiableCredential):
    """OB 3.0 Appendix B, AchievementCredential: one award of one achievement to one recipient."""

    type: Annotated[
        Types, including("VerifiableCredential"), including("OpenBadgeCredential", "AchievementCredential")
    ] = (
        "VerifiableCredential",
        "OpenBadgeCredential",
    )
    valid_from: When
    credential_subject: AchievementSubject
    image: Image | None = None
    """For wallets."""
    evidence: Listed[Evidence] = ()
    endorsement: Listed[Endorsement] = ()
    """With Data Integrity proofs."""
    endorsement_jwt: Listed[CompactJws] = ()
    """As VC-JWT; see `Profile.endorsement_jwt`."""
    context: BadgeContexts = Field(default_factory=_contexts, alias="@context")


class EndorsementSubject(Model):
    """OB 3.0 Appendix B, EndorsementSubject: what is endorsed, by its id, and in what words (Markdown)."""

    id: Uri
    type: Annotated[Types, including("EndorsementSubject")] = ("EndorsementSubject",)
    endorsement_comment: str | None = None


class EndorsementCredential(VerifiableCredential):
    """OB 3.0 Appendix B, EndorsementCredential: somebody vouches for a credential, an achievement or a profile."""

    type: Annotated[Types, including("VerifiableCredential"), including("EndorsementCredential")] = (
        "VerifiableCredential",
        "EndorsementCredential",
    )
    name: str
    """Required here, though not of an OpenBadgeCredential."""
    valid_from: When
    credential_subject: EndorsementSubject
    context: BadgeContexts = Field(default_factory=_contexts, alias="@context")


class BitstringStatusList(Model):
    """Bitstring Status List §2.2, the subject of the credential."""

    id: Uri | None = None
    type: Annotated[Literal["BitstringStatusList"], STATED] = "BitstringStatusList"
    status_purpose: Annotated[Listed[str], ALONE]
    encoded_list: Annotated[str, matching("u[A-Za-z0-9_-]+", "u and base64url without padding")]
    """See `badges.status.StatusList`."""
    ttl: Number | None = None
    """Milliseconds for which a copy is good."""


class BitstringStatusListCredential(VerifiableCredential):
    """Bitstring Status List §2.2: the list, as a credential of its own."""

    type: Annotated[Types, including("VerifiableCredential"), including("BitstringStatusListCredential")] = (
        "VerifiableCredential",
        "BitstringStatusListCredential",
    )
    credential_subject: BitstringStatusList
    context: Contexts = Field(default=(CREDENTIALS_CONTEXT,), alias="@context")
