"""What is signed of a credential: its first edition with which it is issued, and the later ones."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

import badges
from app.achievements import service as achievements
from app.achievements.tables import AchievementVersion
from app.credentials import signing, status
from app.credentials.recipients import name_of, subject_of
from app.credentials.rules import Provenance, State, basis_of, present
from app.credentials.tables import Credential, Edition, Recipient
from app.issuers import endorsed
from app.issuers.keys import issuer_of
from app.kit import journal
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community


def issue(
    session: Session,
    community: Community,
    credential: Credential,
    version: AchievementVersion,
    recipient: Recipient,
    *,
    at: Installation,
    on: Occasion,
) -> None:
    """Status index and signed edition, in the transaction that accepts and that records it."""
    # From here nobody changes the keys until this is signed and recorded: a key that was given up signs nothing later.
    journal.hold(session, community.id)
    issuer = issuer_of(session, community, at=at)
    entry = status.take_index(session, issuer, credential.id, credential.status_purpose, on=on)
    gathered = signing.Award(
        issuer=issuer,
        credential=credential,
        version=version,
        subject=subject_of(session, recipient),
        entry=entry,
        asserted_by=asserting(session, credential, recipient),
    )
    signing.sign(session, gathered, number=1, on=on)


def sign_edition(
    session: Session, credential: Credential, *, only_changed: bool = False, at: Installation, on: Occasion
) -> bool:
    """Signs the next edition of a credential in force, with the endorsements of it that stand; True if it did.

    With `only_changed`, if the newest edition shows others. Same id, subject, status entry and awardedDate, validFrom
    of now, so that no edition is one of the future; earlier editions stay as they are. A credential
    that is out of force is not signed again, nor one of a name that the community has given up (`new_issuer`): their
    endorsements are found at their own addresses. The caller has locked the credential and records why.
    """
    if present(credential.state, offer_ends=None, valid_until=credential.valid_until, now=on.now) is not State.active:
        return False
    community = session.get_one(Community, credential.community_id)
    journal.hold(session, community.id)
    issuer, entry = issuer_of(session, community, at=at), status.entry_of(session, credential.id)
    if status.issuer_of_list(session, entry) != issuer.id:
        return False
    before = newest_edition(session, credential)
    document = badges.parse(before.data_integrity)
    instant = max(on.now.replace(microsecond=0), badges.instant(document["validFrom"]))
    if credential.valid_until is not None and instant > credential.valid_until:
        return False
    gathered = signing.Award(
        issuer=issuer,
        credential=credential,
        version=achievements.version_of(session, credential.achievement_id, credential.achievement_version),
        subject=document["credentialSubject"]["id"],
        entry=entry,
        asserted_by=document["credentialSubject"].get("source", {}).get("name"),
        valid_from=instant,
    )
    vouched = endorsed.fitting(endorsed.endorsements_of(session, credential.id), signing.room_in(gathered))
    if only_changed and endorsed.in_jwt(vouched) == _vouched_in(before):
        return False
    signing.sign(session, replace(gathered, endorsements=vouched), number=before.number + 1, on=on)
    return True


def asserting(session: Session, credential: Credential, recipient: Recipient) -> str | None:
    """The name of who asserts it of themself, if that is all there is."""
    own = basis_of(credential.awarded_by, recipient.member_id) is Provenance.self_asserted
    return name_of(session, recipient) or subject_of(session, recipient) if own else None


def newest_edition(session: Session, credential: Credential) -> Edition:
    """What was signed last of a credential that is signed."""
    chosen = select(Edition).where(Edition.credential_id == credential.id)
    return session.exec(chosen.order_by(col(Edition.number).desc()).limit(1)).one()


def signed_since(session: Session, credential: UUID, since: datetime) -> list[datetime]:
    """When editions of a credential were signed after an instant, in order."""
    chosen = select(Edition.signed_at).where(Edition.credential_id == credential, Edition.signed_at > since)
    return list(session.exec(chosen.order_by(col(Edition.number))).all())


def _vouched_in(edition: Edition) -> dict[str, Any]:
    """The endorsements that an edition shows, as `endorsed.in_jwt` has them: there each has its place."""
    claims = edition.vc_jwt.split(".")[1]
    document = badges.parse(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return {name: document[name] for name in ("endorsement", "endorsementJwt") if name in document}


def issued(credential: Credential) -> tuple[str, UUID, dict[str, int]]:
    """What the journal is told of it."""
    return "credential.issued", credential.id, {"edition": 1}
