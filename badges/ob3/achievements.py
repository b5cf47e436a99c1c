"""What can be earned: the achievement, how it is earned, and what results it may have (OB 3.0 Appendix B)."""

from typing import Annotated, Self

from pydantic import model_validator

from badges.models import Listed, Model, Number, Types, Uri, including
from badges.ob3.profiles import Endorsement, IdentifierEntry, Image, Profile
from badges.ob3.vocabularies import AchievementType, AlignmentTargetType, CompactJws, LanguageCode, ResultType


class Criteria(Model):
    """OB 3.0 Appendix B, Criteria: what it takes, as the `id` of a web page, as Markdown, or both."""

    id: Uri | None = None
    narrative: str | None = None


class Alignment(Model):
    """OB 3.0 Appendix B, Alignment: a node of an educational or skills framework that this corresponds to."""

    type: Annotated[Types, including("Alignment")] = ("Alignment",)
    target_name: str
    target_url: Uri
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: AlignmentTargetType | None = None


class Related(Model):
    """OB 3.0 Appendix B, Related: another language or version of the same achievement."""

    id: Uri
    type: Annotated[Types, including("Related")] = ("Related",)
    in_language: LanguageCode | None = None
    version: str | None = None


class RubricCriterionLevel(Model):
    """OB 3.0 Appendix B, RubricCriterionLevel."""

    id: Uri
    type: Annotated[Types, including("RubricCriterionLevel")] = ("RubricCriterionLevel",)
    name: str
    level: str | None = None
    points: str | None = None
    description: str | None = None
    alignment: Listed[Alignment] = ()


class ResultDescription(Model):
    """OB 3.0 Appendix B, ResultDescription: a result that the achievement may have, and what it takes to pass."""

    id: Uri
    type: Annotated[Types, including("ResultDescription")] = ("ResultDescription",)
    name: str
    result_type: ResultType
    allowed_value: Listed[str] = ()
    """From low to high."""
    required_value: str | None = None
    value_min: str | None = None
    value_max: str | None = None
    rubric_criterion_level: Listed[RubricCriterionLevel] = ()
    """From low to high."""
    required_level: Uri | None = None
    """`id` of one of `rubric_criterion_level`."""
    alignment: Listed[Alignment] = ()

    @model_validator(mode="after")
    def _requires_a_level_that_exists(self) -> Self:
        if self.required_level and self.required_level not in {level.id for level in self.rubric_criterion_level}:
            raise ValueError("requiredLevel names none of the rubricCriterionLevel entries")
        return self


class Achievement(Model):
    """OB 3.0 Appendix B, Achievement: what the badge is for, the same for all who earn it."""

    id: Uri
    type: Annotated[Types, including("Achievement")] = ("Achievement",)
    name: str
    description: str
    criteria: Criteria
    achievement_type: AchievementType | None = None
    image: Image | None = None
    """Not baked; the baked one, if any, is the subject's."""
    creator: Profile | None = None
    tag: Listed[str] = ()
    alignment: Listed[Alignment] = ()
    result_description: Listed[ResultDescription] = ()
    human_code: str | None = None
    field_of_study: str | None = None
    specialization: str | None = None
    credits_available: Number | None = None
    in_language: LanguageCode | None = None
    version: str | None = None
    related: Listed[Related] = ()
    other_identifier: Listed[IdentifierEntry] = ()
    endorsement: Listed[Endorsement] = ()
    """With Data Integrity proofs."""
    endorsement_jwt: Listed[CompactJws] = ()
    """As VC-JWT; see `Profile.endorsement_jwt`."""

    @model_validator(mode="after")
    def _names_each_result_once(self) -> Self:
        ids = [description.id for description in self.result_description]
        if len(ids) != len(set(ids)):
            raise ValueError("two resultDescription entries have the same id, so that a result could mean either")
        return self
