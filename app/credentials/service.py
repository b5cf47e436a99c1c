"""Use-cases: awarding, answering, revoking, suspending, reinstating."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.achievements import service as achievements
from app.achievements.rules import Policy, StatusPurpose
from app.achievements.tables import AchievementVersion
from app.credentials import signing, status
from app.credentials.recipients import Named, recipient_named, subject_of
from app.credentials.rules import Act, CannotSuspend, State, Visibility, after, present
from app.credentials.tables import Claim, Credential, Edition, Recipient
from app.issuers.keys import issuer_of
from app.kit.database import insert_if_absent
from app.kit.errors import Busy, Conflict, Forbidden, Gone, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import service as members
from app.members.tables import Community


class NoSuchCredential(NotFound):
    """There is no such credential, or none that you may see."""

    code = "no-such-credential"


class AlreadyAwarded(Conflict):
    """This award was made before; there is one credential for it, not two."""

    code = "already-awarded"
    fix = "Use the credential named in `credential_id`."


class SelfAward(Forbidden):
    """Nobody awards to themselves, unless the achievement's policy says so."""

    code = "self-award"
    fix = 'Let another steward award it, or set the policy to {"self_nomination": "allowed"} for all to see.'


class ClaimUsed(Gone):
    """This link was used, or its offer has ended."""

    code = "claim-used"
    fix = "If you accepted, your badge is yours; otherwise ask the community for a new offer."


class NoSuchClaim(NotFound):
    """There is no such link."""

    code = "no-such-claim"
    fix = "Open the link exactly as it was sent to you."


@dataclass(frozen=True)
class Offer:
    """What is to be awarded, and how consent is had."""

    achievement: str
    recipient: Named
    external_id: str | None
    narrative: str | None
    evidence: list[dict[str, Any]]
    valid_until: datetime | None
    consented: bool
    """Whether the caller vouches for the recipient's consent; else the recipient is asked."""
    visibility: Visibility


@dataclass(frozen=True)
class Awarded:
    """A new credential, offered or (where consent was given) active."""

    credential: Credential
    recipient: Recipient
    secret: str | None = None
    """Of its claim link, if one is due."""


def award(session: Session, community: Community, offer: Offer, *, at: Installation, on: Occasion) -> Awarded:
    """Awards an achievement.

    Nothing is signed before acceptance. Raises `AlreadyAwarded` (same `external_id`, or an achievement that is held and
    cannot be held twice), `SelfAward`, `NoSuchAchievement`, `NoSuchMember`, `TooMuchToCarry`.
    """
    version = achievements.newest(session, community, offer.achievement)
    recipient = recipient_named(session, community, offer.recipient, at=at, on=on)
    policy = achievements.policy_of(version)
    if on.actor == str(recipient.member_id) and policy.self_nomination != "allowed":
        raise SelfAward("The recipient is whoever awards.")
    credential = _offered(community, version, policy, recipient, offer, on=on)
    if offer.consented:
        _consent(credential, policy, offer.visibility, {"given": "vouched", "by": on.actor}, on=on)
    signing.check_texts(credential, version, community)
    _insert_once(session, credential, on.now)
    offered = ("credential.offered", credential.id, {"achievement": str(version.achievement_id)})
    if offer.consented:
        _sign(session, community, credential, version, at=at, on=on)
        on.record_all(session, community.id, [offered, _issued(credential)])
        return Awarded(credential, recipient)
    on.record_all(session, community.id, [offered])
    if recipient.member_id is not None and members.has_token(session, recipient.member_id, now=on.now):
        return Awarded(credential, recipient)
    secret = on.ids.secret()
    session.add(Claim(digest=members.digest(secret), credential_id=credential.id))
    return Awarded(credential, recipient, secret)


def answer(
    session: Session,
    credential: Credential,
    act: Act,
    visibility: Visibility,
    *,
    by: str,
    at: Installation,
    on: Occasion,
) -> Credential:
    """The recipient's answer to an offer, `act` being accept or refuse; `by` says how they proved who they are.

    Two answers may race: the row is locked, the second finds the offer answered. Raises `InvalidTransition`.
    """
    credential = _locked(session, credential.id)
    community = session.get_one(Community, credential.community_id)
    if act is Act.accept:
        version = achievements.version_of(session, credential.achievement_id, credential.achievement_version)
        policy = achievements.policy_of(version)
        _consent(credential, policy, visibility, {"given": "asked", "by": by}, on=on)
        _sign(session, community, credential, version, at=at, on=on)
        on.record_all(session, community.id, [_issued(credential)])
    else:
        _move(credential, act, on)
        credential.answered_at, credential.held = on.now, None
        on.record(session, community.id, "credential.refused", credential.id)
    return credential


def answer_claim(
    session: Session, secret: str, act: Act, visibility: Visibility, *, at: Installation, on: Occasion
) -> Credential:
    """The answer of somebody who holds the claim link. Raises `NoSuchClaim`, `ClaimUsed`."""
    claim = session.exec(select(Claim).where(Claim.digest == members.digest(secret)).with_for_update()).one_or_none()
    credential = claimed(session, claim, on.now)
    if claim is not None:
        claim.used_at = on.now
        session.add(claim)
    return answer(session, credential, act, visibility, by="claim-link", at=at, on=on)


def claim_of(session: Session, secret: str) -> Claim | None:
    """The claim whose secret this is."""
    return session.get(Claim, members.digest(secret))


def claimed(session: Session, claim: Claim | None, now: datetime) -> Credential:
    """The offer behind a claim link that can still be answered. Raises `NoSuchClaim`, `ClaimUsed`."""
    if claim is None:
        raise NoSuchClaim("No offer has this link.")
    credential = session.get_one(Credential, claim.credential_id)
    if claim.used_at is not None or state_of(credential, now) is not State.offered:
        raise ClaimUsed("A claim link answers one offer once, while the offer stands.")
    return credential


def revoke(session: Session, credential: Credential, reason: str, *, at: Installation, on: Occasion) -> Credential:
    """Ends a credential for ever. Raises `InvalidTransition`."""
    return _change_status(session, credential, Act.revoke, reason, at=at, on=on)


def suspend(session: Session, credential: Credential, reason: str, *, at: Installation, on: Occasion) -> Credential:
    """Sets a credential aside until it is reinstated. Raises `CannotSuspend`, `InvalidTransition`."""
    if credential.status_purpose is not StatusPurpose.suspension:
        raise CannotSuspend("Its status entry, which is signed into it, speaks of revocation.")
    return _change_status(session, credential, Act.suspend, reason, at=at, on=on)


def reinstate(session: Session, credential: Credential, *, at: Installation, on: Occasion) -> Credential:
    """Puts a suspended credential back into force. Raises `InvalidTransition`, also once it is revoked."""
    return _change_status(session, credential, Act.reinstate, None, at=at, on=on)


def credential_by_id(session: Session, id: str) -> Credential:
    """Raises `NoSuchCredential`."""
    known = id_in(id)
    credential = session.get(Credential, known) if known else None
    if credential is None:
        raise NoSuchCredential(f"There is no credential {id}.")
    return credential


def state_of(credential: Credential, now: datetime) -> State:
    """The state at this instant."""
    return present(credential.state, offer_ends=credential.offer_ends, valid_until=credential.valid_until, now=now)


def any_signed(session: Session) -> bool:
    """Whether any badge exists that bears the service's address."""
    return session.exec(select(Edition.number).limit(1)).first() is not None


def _offered(
    community: Community,
    version: AchievementVersion,
    policy: Policy,
    recipient: Recipient,
    offer: Offer,
    *,
    on: Occasion,
) -> Credential:
    return Credential(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community.id,
        achievement_id=version.achievement_id,
        achievement_version=version.number,
        recipient_id=recipient.id,
        state=State.offered,
        visibility=offer.visibility,
        status_purpose=StatusPurpose(policy.status),
        held=None if policy.stackable else f"{version.achievement_id}:{recipient.id}",
        external_id=offer.external_id,
        narrative=offer.narrative,
        evidence=offer.evidence,
        consent={},
        awarded_by=on.actor,
        offered_at=on.now,
        offer_ends=on.now + timedelta(days=policy.windows_days.offer),
        valid_until=offer.valid_until,
    )


def _insert_once(session: Session, credential: Credential, now: datetime) -> None:
    """Unique constraints decide which of two equal awards exists. Raises `AlreadyAwarded` naming it."""
    if insert_if_absent(session, credential):
        return
    _let_go(session, credential.held, now)
    if insert_if_absent(session, credential):
        return
    same = _same_award(session, credential)
    if same is None:
        raise Busy("What stood in the way of this award was just being undone.")
    detail = "This external_id was awarded before." if same.external_id == credential.external_id else ""
    raise AlreadyAwarded(
        (credential.external_id and detail) or "The recipient holds this achievement, or is being offered it.",
        credential_id=str(same.id),
    )


def _same_award(session: Session, credential: Credential) -> Credential | None:
    by_external = select(Credential).where(
        Credential.community_id == credential.community_id, Credential.external_id == credential.external_id
    )
    by_holding = select(Credential).where(Credential.held == credential.held)
    found = session.exec(by_external).one_or_none() if credential.external_id is not None else None
    return found or (session.exec(by_holding).one_or_none() if credential.held is not None else None)


def _let_go(session: Session, held: str | None, now: datetime) -> None:
    """An offer that has lapsed, or a credential that has expired, no longer stands in the way of a new award."""
    chosen = select(Credential).where(Credential.held == held)
    holding = session.exec(chosen).one_or_none() if held else None
    if holding is None or state_of(holding, now) not in {State.lapsed, State.expired}:
        return
    # Its recipient may be accepting it at this very moment: looked at again once nobody else decides about it.
    holding = _locked(session, holding.id)
    state = state_of(holding, now)
    if state in {State.lapsed, State.expired}:
        holding.state = State.lapsed if state is State.lapsed else holding.state
        holding.held = None
        session.add(holding)
        session.flush()


def _consent(
    credential: Credential,
    policy: Policy,
    visibility: Visibility,
    consent: dict[str, Any],
    *,
    on: Occasion,
) -> None:
    """What acceptance makes of an offer. Raises `InvalidTransition`."""
    _move(credential, Act.accept, on)
    credential.answered_at = credential.awarded_at = on.now.replace(microsecond=0)
    credential.visibility = visibility
    credential.consent = consent | {"at": on.now.isoformat(), "achievement_version": credential.achievement_version}
    if credential.valid_until is None and (days := policy.validity_days):
        credential.valid_until = credential.awarded_at + timedelta(days=days)


def _sign(
    session: Session,
    community: Community,
    credential: Credential,
    version: AchievementVersion,
    *,
    at: Installation,
    on: Occasion,
) -> None:
    """Status index and signed edition, in the transaction that accepts and that records it."""
    issuer = issuer_of(session, community, at=at)
    entry = status.take_index(session, issuer, credential, on=on)
    gathered = signing.Award(
        issuer=issuer,
        credential=credential,
        version=version,
        subject=subject_of(session, session.get_one(Recipient, credential.recipient_id)),
        entry=entry,
    )
    signing.sign(session, gathered, number=1, on=on)


def _issued(credential: Credential) -> tuple[str, UUID, dict[str, int]]:
    return "credential.issued", credential.id, {"edition": 1}


def _change_status(
    session: Session, credential: Credential, act: Act, reason: str | None, *, at: Installation, on: Occasion
) -> Credential:
    """The step, the bit, the newly signed list and the journal event, in one transaction."""
    credential = _locked(session, credential.id)
    was = credential.state
    _move(credential, act, on)
    credential.reason = reason
    if act is Act.revoke:
        credential.held = None
    community = session.get_one(Community, credential.community_id)
    status.set_bit(session, community, credential, act is not Act.reinstate, at=at, now=on.now)
    session.flush()
    happened = {Act.revoke: "revoked", Act.suspend: "suspended", Act.reinstate: "reinstated"}[act]
    on.record(session, community.id, f"credential.{happened}", credential.id, {"from": was.value})
    return credential


def _locked(session: Session, id: UUID) -> Credential:
    """The row as it is now, with nobody else deciding about it until this transaction ends."""
    chosen = select(Credential).where(Credential.id == id).with_for_update()
    return session.exec(chosen.execution_options(populate_existing=True)).one()


def _move(credential: Credential, act: Act, on: Occasion) -> None:
    can_suspend = credential.status_purpose is StatusPurpose.suspension
    credential.state = after(state_of(credential, on.now), act, can_suspend=can_suspend)
    credential.version += 1
