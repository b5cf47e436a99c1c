"""What the formats that people read say of a badge."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import badges
from app.credentials.rules import Provenance, State
from app.issuers.tables import SignedEndorsement
from app.portfolio.import_rules import Match
from app.portfolio.shelf import Entry
from app.portfolio.tables import ImportedBadge

STATES: Mapping[State, str] = {
    State.active: "In force",
    State.expired: "Expired",
    State.suspended: "Suspended",
    State.revoked: "Revoked",
}

VERDICTS: Mapping[badges.Verdict, str] = {
    badges.Verdict.valid: "Verified",
    badges.Verdict.expired: "Genuine, and expired",
    badges.Verdict.not_yet_valid: "Genuine, and not valid yet",
    badges.Verdict.revoked: "Revoked by its issuer",
    badges.Verdict.suspended: "Suspended by its issuer",
    badges.Verdict.forged: "Found to be forged",
    badges.Verdict.not_conformant: "Not as the standard asks",
    badges.Verdict.wrong_recipient: "Awarded to somebody else",
    badges.Verdict.unknown: "Could not be verified",
    badges.Verdict.not_a_badge: "Found to be no badge",
}
"""What was found of a badge from elsewhere."""

_WHOSE: Mapping[Match, str] = {
    Match.matched: "",
    Match.unmatched: "; awarded to somebody else",
    Match.cannot_tell: "; whether it is theirs could not be told",
}

_BASES: Mapping[Provenance, str] = {
    Provenance.self_asserted: "Self-asserted",
    Provenance.peer_recognised: "Recognised by peers",
    Provenance.steward_issued: "Awarded by the community",
}


def provenance(entry: Entry) -> str:
    """On whose word a badge rests."""
    many = len(entry.endorsements)
    return _BASES[entry.basis] + (f", endorsed {many} times" if many > 1 else ", endorsed" if many else "")


def day(when: datetime | None) -> str | None:
    """A date as people read it."""
    return f"{when:%d %B %Y}".lstrip("0") if when else None


def found(badge: ImportedBadge) -> str:
    """What was found of a badge from elsewhere, and when."""
    return f"{VERDICTS[badge.verdict]}, {day(badge.checked_at)}{_WHOSE[badge.recipient]}"


def signed_words(endorsement: SignedEndorsement) -> str:
    """In which words somebody vouches, as they were signed: they stay so when they are erased here."""
    return str(_document(endorsement)["credentialSubject"].get("endorsementComment") or "")


def _document(endorsement: SignedEndorsement) -> dict[str, Any]:
    text = endorsement.data_integrity
    if text is None:
        claims = (endorsement.vc_jwt or "").split(".")[1]
        text = urlsafe_b64decode(claims + "=" * (-len(claims) % 4)).decode()
    document: dict[str, Any] = json.loads(text)
    return document
