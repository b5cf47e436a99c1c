"""What somebody consents to: all that their badge will say, and who sees it, word for word; of direct awards kept here.

What is offered directly stays as it was offered, so that what is read is what is signed.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import rfc8785
from sqlmodel import Session

from app.achievements import service as achievements
from app.achievements.tables import AchievementVersion
from app.credentials import participation
from app.credentials.rules import Visibility
from app.credentials.tables import AwardReceipt, Credential, Participation
from app.kit.errors import Conflict
from app.kit.occasions import Occasion


class TextChanged(Conflict):
    """The words have changed since you read them."""

    code = "text-changed"
    fix = "Read the offer again, and answer with its `text_version` or `digest`."


def canonical(said: Mapping[str, Any]) -> str:
    """What a receipt keeps: canonical JSON (RFC 8785)."""
    return rfc8785.dumps(dict(said)).decode()


def digest_of(text: str) -> str:
    """SHA-256 of a receipt's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def told(credential: Credential, kept: Participation | None) -> list[dict[str, Any]]:
    """The evidence of an offer as its recipient reads it: what they took part in first, in words, if they were told."""
    own = [participation.piece(kept.facts)] if kept is not None else []
    return [*own, *credential.evidence]


def text_of(
    credential: Credential, version: AchievementVersion, visibility: Visibility, kept: Participation | None
) -> str:
    """All that the badge of an offer will say of somebody, and who sees it."""
    until, ended = credential.valid_until, credential.activity_end_date
    said: dict[str, Any] = {
        "credential": str(credential.id),
        "achievement": str(version.achievement_id),
        "achievement_version": version.number,
        "achievement_name": version.name,
        "narrative": credential.narrative,
        "evidence": told(credential, kept),
        "activity_end_date": ended.astimezone(UTC).isoformat() if ended is not None else None,
        "valid_until": until.astimezone(UTC).isoformat() if until is not None else None,
        "visibility": visibility.value,
    }
    if kept is not None:
        said["participation"] = kept.facts
    return canonical(said)


def offered(session: Session, credential: Credential, kept: Participation | None) -> str:
    """The same as its recipient reads it: private, with all that it tells."""
    version = achievements.version_of(session, credential.achievement_id, credential.achievement_version)
    return text_of(credential, version, Visibility.private, kept)


def keep(session: Session, credential: Credential, text: str, *, by: str, on: Occasion) -> None:
    """Keeps what was consented to just now."""
    session.add(AwardReceipt(credential_id=credential.id, at=on.now, text=text, digest=digest_of(text), by=by))


def forget(session: Session, credential: Credential) -> None:
    """Takes the words away. The digest stays: who has the text can still show that it was this one."""
    receipt = session.get(AwardReceipt, credential.id)
    if receipt is not None:
        receipt.text = ""
        session.add(receipt)
