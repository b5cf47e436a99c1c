"""Use-case: awarding what a nomination came to. The recipient has agreed word for word, so it is signed at once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

import badges
from app.achievements import service as achievements
from app.achievements.rules import StatusPurpose
from app.achievements.tables import AchievementVersion
from app.credentials import participation, signing
from app.credentials.awarding import AlreadyAwarded, held_key, in_the_way, insert_once
from app.credentials.editions import issue, issued
from app.credentials.recipients import Named, recipient_known, recipient_named, subject_of
from app.credentials.rules import BY_NOMINATION, State, Visibility
from app.credentials.service import consent_to
from app.credentials.tables import Credential, Recipient, StatusEntry
from app.issuers.keys import issuer_of
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community

NOT_YET = UUID(int=0)
"""Stands in a preview for what is drawn when it is signed."""
WITH_PARTICIPATION = ("/relatedResource", "/evidence/0/id")
"""The same of what somebody took part in, where that is carried: it is the first piece of evidence."""
PLACEHOLDERS = ("/id", "/validFrom", "/validUntil", "/awardedDate", "/credentialStatus", "/endorsement")
"""JSON pointers to what a preview cannot know: instants, ids, and what is signed by others once there is a badge."""


@dataclass(frozen=True)
class Agreed:
    """What one nominee of a nomination agreed to, or is asked to agree to."""

    nomination_id: UUID
    version: AchievementVersion
    """Whose wording counts."""
    recipient: Named
    narrative: str | None
    evidence: list[dict[str, str]]
    """Objects with `url`, or with `narrative`; perhaps `name`, `description`, `genre`."""
    visibility: Visibility
    consent: dict[str, Any]
    """How consent was had, as the credential keeps it."""
    participation: dict[str, Any] | None = None
    """What they took part in (`participation.facts_of`), where the badge is to rest on that too; of which `evidence`
    has the words, first."""


def award_agreed(
    session: Session, community: Community, agreed: Agreed, *, at: Installation, on: Occasion
) -> Credential:
    """The one credential of this nominee in this nomination: signed now, or the one that there is.

    Raises `AlreadyAwarded` where another one of the same achievement stands in the way, `TooMuchToCarry`,
    `badges.NotConformant`, and whatever keeps the community from signing; the caller's savepoint then takes it back.
    """
    recipient = recipient_named(session, community, agreed.recipient, at=at, on=on)
    there = _there(session, agreed, recipient)
    if there is not None:
        return there
    credential = _credential(community, agreed, recipient, on=on, id=on.ids.public(), row=on.ids.row())
    signing.check_texts(credential, agreed.version, community)
    try:
        insert_once(session, credential, on.now)
    except AlreadyAwarded:
        there = _there(session, agreed, recipient)
        if there is None:
            raise
        return there
    if agreed.participation is not None:
        kept = participation.keep(session, credential, agreed.participation, on=on)
        participation.carry(session, community, credential, kept, at=at, on=on)
    issue(session, community, credential, agreed.version, recipient, at=at, on=on)
    offered = ("credential.offered", credential.id, {"achievement": str(agreed.version.achievement_id)})
    on.record_all(session, community.id, [offered, issued(credential)])
    return credential


def preview(
    session: Session, community: Community, agreed: Agreed, *, at: Installation, on: Occasion
) -> badges.Document:
    """The Open Badges 3.0 document that `award_agreed` would sign now, but for what `PLACEHOLDERS` names.

    Made by what makes the signed one. Keeps nothing. Raises `TooMuchToCarry`, `badges.NotConformant`.
    """
    known = recipient_known(session, community, agreed.recipient, at=at)
    recipient = known or Recipient(
        id=NOT_YET, community_id=community.id, did=agreed.recipient.did, subject_id=NOT_YET.urn
    )
    credential = _credential(community, agreed, recipient, on=on, id=NOT_YET, row=NOT_YET)
    signing.check_texts(credential, agreed.version, community)
    award = signing.Award(
        issuer=issuer_of(session, community, at=at),
        credential=credential,
        version=agreed.version,
        subject=subject_of(session, recipient),
        entry=StatusEntry(list_id=NOT_YET, index=0, holder_id=NOT_YET),
    )
    return signing.unsigned(award)


def holding(
    session: Session, community: Community, version: AchievementVersion, named: Named, *, at: Installation, on: Occasion
) -> Credential | None:
    """The credential that keeps somebody from being given this achievement once more, if there is one.

    One that they gave themself does not."""
    recipient = recipient_known(session, community, named, at=at)
    held = held_key(version, achievements.policy_of(version), recipient.id) if recipient is not None else None
    return in_the_way(session, held, on.now) if held is not None else None


def _there(session: Session, agreed: Agreed, recipient: Recipient) -> Credential | None:
    """The credential of this nominee in this nomination."""
    of_it = Credential.nomination_id == agreed.nomination_id
    return session.exec(select(Credential).where(of_it, Credential.recipient_id == recipient.id)).one_or_none()


def _credential(
    community: Community, agreed: Agreed, recipient: Recipient, *, on: Occasion, id: UUID, row: UUID
) -> Credential:
    version, policy = agreed.version, achievements.policy_of(agreed.version)
    credential = Credential(
        id=id,
        row=row,
        community_id=community.id,
        achievement_id=version.achievement_id,
        achievement_version=version.number,
        recipient_id=recipient.id,
        state=State.offered,
        visibility=agreed.visibility,
        status_purpose=StatusPurpose(policy.status),
        held=held_key(version, policy, recipient.id),
        nomination_id=agreed.nomination_id,
        narrative=agreed.narrative,
        evidence=agreed.evidence,
        consent={},
        awarded_by=BY_NOMINATION,
        offered_at=on.now,
    )
    consent_to(credential, policy, agreed.visibility, agreed.consent, on=on)
    return credential
