"""What somebody reads of the thing that they are asked to vouch for, who has a letter and no account.

Its owner has asked them, so they read what it says although not everybody may: who vouches has to know for what. What
others have said in it is theirs, and stays where it is published.
"""

from typing import Any

from app.achievements.service import version_of
from app.credentials import published as credentials
from app.credentials.service import NoSuchCredential
from app.credentials.signing import credential_url
from app.credentials.tables import Credential
from app.endorsements.rules import Subject
from app.endorsements.tables import EndorsementRequest
from app.kit.markup import prose
from app.kit.publishing import Place
from app.pages.stated import day
from app.pages.voices import behind


def about(place: Place, row: EndorsementRequest) -> dict[str, Any]:
    """Of a badge its criteria, why it was given, when, its evidence, and its page where everybody may see that."""
    if row.subject is Subject.credential:
        return _badge(place, place.session.get_one(Credential, row.subject_id))
    nothing = dict.fromkeys(("criteria", "why", "awarded", "evidence", "page"))
    if row.subject is Subject.achievement:
        version = version_of(place.session, row.subject_id, row.subject_version)
        return nothing | {"criteria": prose(version.criteria_narrative)}
    return nothing


def _badge(place: Place, credential: Credential) -> dict[str, Any]:
    version = version_of(place.session, credential.achievement_id, credential.achievement_version)
    return {
        "criteria": prose(version.criteria_narrative),
        "why": prose(credential.narrative) if credential.narrative else None,
        "awarded": day(credential.awarded_at) if credential.awarded_at else None,
        "evidence": behind(credential.evidence, credential.narrative)["evidence"],
        "page": _page(place, credential),
    }


def _page(place: Place, credential: Credential) -> str | None:
    try:
        credentials.visible(place, str(credential.id))
    except NoSuchCredential:
        return None
    return f"{credential_url('', credential)}.html"
