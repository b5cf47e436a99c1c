"""The vocabularies of OB 3.0 (Appendix B): listed terms, and those of one's own that begin with `ext:`."""

import re
from typing import Annotated

from pydantic import AfterValidator

from badges.models import matching

ACHIEVEMENT_TYPES = (
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
)
ALIGNMENT_TARGET_TYPES = (
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
)
IDENTIFIER_TYPES = (
    "name",
    "sourcedId",
    "systemId",
    "productId",
    "userName",
    "accountId",
    "emailAddress",
    "nationalIdentityNumber",
    "isbn",
    "issn",
    "lisSourcedId",
    "oneRosterSourcedId",
    "sisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiToolId",
    "ltiPlatformId",
    "ltiUserId",
    "identifier",
)
RESULT_TYPES = (
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
)
RESULT_STATUSES = ("Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew")

_EXTENSION = re.compile(r"ext:[A-Za-z0-9._|]\S*")
"""As far as the published schemas tell; theirs looks only at the first letter."""


def _term_of(terms: tuple[str, ...], *, extensible: bool = True) -> AfterValidator:
    def check(term: str) -> str:
        if term not in terms and not (extensible and _EXTENSION.fullmatch(term)):
            own = ", or a term of your own that begins with ext:" if extensible else ""
            raise ValueError(f"{term[:80]!r} is none of {', '.join(terms)}{own}")
        return term

    return AfterValidator(check)


AchievementType = Annotated[str, _term_of(ACHIEVEMENT_TYPES)]
AlignmentTargetType = Annotated[str, _term_of(ALIGNMENT_TARGET_TYPES)]
IdentifierType = Annotated[str, _term_of(IDENTIFIER_TYPES)]
ResultType = Annotated[str, _term_of(RESULT_TYPES)]
ResultStatusType = Annotated[str, _term_of(RESULT_STATUSES, extensible=False)]
LanguageCode = Annotated[
    str, matching(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", "a language code like en or pt-BR")
]
CompactJws = Annotated[str, matching(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+", "a compact JWS")]
