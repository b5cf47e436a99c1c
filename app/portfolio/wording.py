"""What the formats that people read say of a badge."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.credentials.rules import Provenance, State
from app.issuers.tables import SignedEndorsement
from app.portfolio.shelf import Entry

STATES: Mapping[State, str] = {
    State.active: "In force",
    State.expired: "Expired",
    State.suspended: "Suspended",
    State.revoked: "Revoked",
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


def said_by(endorsement: SignedEndorsement) -> tuple[str, str]:
    """Who vouches, as the endorsement calls itself, and in which words. It was verified when it was taken."""
    document = _document(endorsement)
    issuer = document["issuer"]
    name = document.get("name") or (issuer.get("name") or issuer["id"] if isinstance(issuer, dict) else issuer)
    return str(name), str(document["credentialSubject"].get("endorsementComment") or "")


def _document(endorsement: SignedEndorsement) -> dict[str, Any]:
    text = endorsement.data_integrity
    if text is None:
        claims = (endorsement.vc_jwt or "").split(".")[1]
        text = urlsafe_b64decode(claims + "=" * (-len(claims) % 4)).decode()
    document: dict[str, Any] = json.loads(text)
    return document
