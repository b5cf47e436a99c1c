"""Open Badges 3.0: what an issuer can say, as models that refuse what the standard does not allow.

`Achievement` and who earned it (`AchievementSubject`) make an `OpenBadgeCredential`; `to_document()` is what is signed.
"""

from badges.ob3.achievements import Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel
from badges.ob3.credentials import (
    AchievementSubject,
    BitstringStatusList,
    BitstringStatusListCredential,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    OpenBadgeCredential,
    Result,
)
from badges.ob3.profiles import Address, GeoCoordinates, IdentifierEntry, IdentityObject, Image, Profile
from badges.ob3.verifiable import (
    CONTEXTS,
    CREDENTIALS_CONTEXT,
    EXTENSIONS_CONTEXT,
    OB_CONTEXT,
    BitstringStatusListEntry,
    CredentialSchema,
    CredentialStatus,
    RefreshService,
    TermsOfUse,
    VerifiableCredential,
)
from badges.ob3.vocabularies import (
    ACHIEVEMENT_TYPES,
    ALIGNMENT_TARGET_TYPES,
    IDENTIFIER_TYPES,
    RESULT_STATUSES,
    RESULT_TYPES,
)

__all__ = [
    "ACHIEVEMENT_TYPES",
    "ALIGNMENT_TARGET_TYPES",
    "CONTEXTS",
    "CREDENTIALS_CONTEXT",
    "EXTENSIONS_CONTEXT",
    "IDENTIFIER_TYPES",
    "OB_CONTEXT",
    "RESULT_STATUSES",
    "RESULT_TYPES",
    "Achievement",
    "AchievementSubject",
    "Address",
    "Alignment",
    "BitstringStatusList",
    "BitstringStatusListCredential",
    "BitstringStatusListEntry",
    "CredentialSchema",
    "CredentialStatus",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "OpenBadgeCredential",
    "Profile",
    "RefreshService",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "TermsOfUse",
    "VerifiableCredential",
]
