"""Credentials as those see them who look after them, and who that is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.credentials import receipts, service, signing
from app.credentials.participation import GENRE, kept_of
from app.credentials.recipients import is_minor, name_of, subject_of
from app.credentials.rules import Cause, Provenance, State, Visibility, basis_of, shown_to
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Recipient
from app.issuers import endorsed
from app.kit.deps import Runtime
from app.kit.schemas import Out
from app.members.auth import Caller, is_alone, onlooker


class CredentialOut(Out):
    """A credential, as those see it who look after it."""

    id: UUID
    url: str
    state: State
    achievement: UUID
    achievement_version: int
    recipient: dict[str, Any]
    visibility: Visibility
    """Who sees it now: nobody else, whatever was chosen, while its recipient is known as a minor."""
    status_purpose: str
    external_id: str | None
    narrative: str | None
    evidence: list[dict[str, Any]]
    participation: dict[str, Any] | None = None
    """Of an offer to you that tells what you took part in: window, counts, and the contributions that it cites. Signed
    only if you accept with `"participation": true`; then it is found where `evidence` says. This and `digest` are told
    to no token that another made for you."""
    digest: str | None = None
    """Of an offer to you: SHA-256 of all that you read of the badge, as the receipt of a private acceptance would hold
    it (canonical JSON, RFC 8785). An answer that gives it is to these words and no others."""
    activity_end_date: datetime | None
    """When what it is for was done, where a platform said so."""
    consent: dict[str, Any]
    awarded_by: str
    provenance: Provenance
    """On whose word it rests: `endorsed` while somebody vouches for it, signed, besides `basis`."""
    basis: Provenance
    """On whose word it was issued: the recipient's own, peers', or a steward's."""
    offered_at: datetime
    offer_ends: datetime | None
    awarded_at: datetime | None
    valid_until: datetime | None
    reason: str | None
    cause: Cause | None


def shown(session: Session, credential: Credential, runtime: Runtime, now: datetime, caller: Caller) -> CredentialOut:
    """The credential as `caller` sees it, who looks after it, or is its recipient."""
    recipient = session.get_one(Recipient, credential.recipient_id)
    told = shown_with(session, credential, recipient, runtime, now)
    if told.state is State.offered and is_alone(caller, recipient.member_id):
        kept = kept_of(session, credential)
        told.participation = kept.facts if kept is not None else None
        told.evidence = receipts.told(credential, kept)
        told.digest = receipts.digest_of(receipts.offered(session, credential, kept))
    looks = onlooker(caller, recipient.member_id, credential.community_id)
    if not shown_to(looks, told.visibility, told.state):
        # Whoever awarded it proposed that it rest on that; what it says is for those who see the badge.
        told.evidence = [each for each in told.evidence if each.get("genre") != GENRE]
        told.consent = {name: said for name, said in told.consent.items() if name != "receipt"}
    return told


def shown_with(
    session: Session, credential: Credential, recipient: Recipient, runtime: Runtime, now: datetime
) -> CredentialOut:
    """The same, where its recipient is at hand."""
    basis = basis_of(credential.awarded_by, recipient.member_id)
    return CredentialOut(
        id=credential.id,
        url=signing.credential_url(runtime.installation.public_url, credential),
        state=service.state_of(credential, now),
        achievement=credential.achievement_id,
        achievement_version=credential.achievement_version,
        recipient={
            "id": subject_of(session, recipient),
            "member": recipient.member_id,
            "name": name_of(session, recipient),
        },
        visibility=Visibility.private if is_minor(session, recipient) else credential.visibility,
        status_purpose=credential.status_purpose,
        external_id=credential.external_id,
        narrative=credential.narrative,
        evidence=credential.evidence,
        activity_end_date=credential.activity_end_date,
        consent=credential.consent,
        awarded_by=credential.awarded_by,
        provenance=Provenance.endorsed if endorsed.is_endorsed(session, credential.id) else basis,
        basis=basis,
        offered_at=credential.offered_at,
        offer_ends=credential.offer_ends,
        awarded_at=credential.awarded_at,
        valid_until=credential.valid_until,
        reason=credential.reason,
        cause=credential.cause,
    )


def looked_after(session: Session, id: str, caller: Caller) -> Credential:
    """For recipient, stewards and who awarded it; for others it does not exist. Raises `NoSuchCredential`."""
    credential = service.credential_by_id(session, id)
    recipient = session.get_one(Recipient, credential.recipient_id)
    looks = onlooker(caller, recipient.member_id, credential.community_id)
    if not (looks.in_full or credential.awarded_by == caller.actor):
        raise NoSuchCredential(f"There is no credential {id}.")
    return credential


def managed(session: Session, id: str, caller: Caller) -> Credential:
    """For whoever holds the scope in this community. Raises `NoSuchCredential`."""
    credential = service.credential_by_id(session, id)
    if not caller.within(credential.community_id):
        raise NoSuchCredential(f"There is no credential {id}.")
    return credential
