"""Use-case: awarding. One award is one credential, whoever asks for it how often."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.achievements import service as achievements
from app.achievements.rules import Policy, StatusPurpose
from app.achievements.tables import AchievementVersion
from app.credentials import participation, signing
from app.credentials.editions import issue, issued
from app.credentials.participation import Wanted
from app.credentials.recipients import Named, is_minor, recipient_named
from app.credentials.rules import Provenance, State, Visibility, basis_of
from app.credentials.service import consent_to, locked, state_of
from app.credentials.tables import Claim, Credential, Recipient
from app.kit.errors import Busy, Conflict, Forbidden
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.rules import digest
from app.members.tables import Community
from app.members.tokens import has_token


class AlreadyAwarded(Conflict):
    """This award was made before; there is one credential for it, not two."""

    code = "already-awarded"
    fix = "Use the credential named in `credential_id`."


class SelfAward(Forbidden):
    """Nobody awards to themselves, unless the achievement's policy says so."""

    code = "self-award"
    fix = 'Let another steward award it, or set the policy to {"self_nomination": "allowed"} for all to see.'


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
    activity_end_date: datetime | None = None
    participation: Wanted | None = None
    """Which contributions of the recipient it is to rest on, if they agree. Only where they answer with a token: a
    claim link is seen by whoever awards, too."""
    owner: UUID | None = None
    """The member whose the platform is that awards, if it is anybody's."""


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
    cannot be held twice), `SelfAward`, `NoSuchAchievement`, `NoSuchMember`, `TooMuchToCarry`, `Invalid`.
    """
    participation.check(session, community, offer.participation, now=on.now)
    version = achievements.newest(session, community, offer.achievement)
    recipient = recipient_named(session, community, offer.recipient, at=at, on=on)
    policy = achievements.policy_of(version)
    if offer.owner is not None and offer.owner == recipient.member_id:
        on = replace(on, actor=str(offer.owner))  # whoever has a platform of theirs award them speaks for themself
    if on.actor == str(recipient.member_id) and policy.self_nomination != "allowed":
        raise SelfAward("The recipient is whoever awards.")
    if is_minor(session, recipient):
        offer = replace(offer, visibility=Visibility.private)
    credential = offered(session, community, version, policy, recipient, offer, on=on)
    if offer.consented:
        consent_to(credential, policy, offer.visibility, {"given": "vouched", "by": on.actor}, on=on)
    signing.check_texts(credential, version, community)
    insert_once(session, credential, on.now)
    happened = ("credential.offered", credential.id, {"achievement": str(version.achievement_id)})
    if offer.consented:
        issue(session, community, credential, version, recipient, at=at, on=on)
        on.record_all(session, community.id, [happened, issued(credential)])
        return Awarded(credential, recipient)
    on.record_all(session, community.id, [happened])
    if recipient.member_id is not None and has_token(session, recipient.member_id, now=on.now):
        _rest(session, credential, recipient, offer, on=on)
        return Awarded(credential, recipient)
    secret = on.ids.secret()
    session.add(Claim(digest=digest(secret), credential_id=credential.id))
    return Awarded(credential, recipient, secret)


def _rest(session: Session, credential: Credential, recipient: Recipient, offer: Offer, *, on: Occasion) -> None:
    """Keeps what it is to rest on, for its recipient alone to read."""
    if offer.participation is None:
        return
    community, member = credential.community_id, recipient.member_id
    facts = participation.facts_of(session, community, member, offer.participation, now=on.now)
    if facts is not None:
        participation.keep(session, credential, facts, on=on)


def offered(
    session: Session,
    community: Community,
    version: AchievementVersion,
    policy: Policy,
    recipient: Recipient,
    offer: Offer,
    *,
    on: Occasion,
) -> Credential:
    """A new credential, not kept yet. Raises `AlreadyAwarded` for one's own word where others have given theirs."""
    held = held_key(version, policy, recipient.id)
    if held is not None and basis_of(on.actor, recipient.member_id) is Provenance.self_asserted:
        given = in_the_way(session, held, on.now)
        if given is not None:
            raise AlreadyAwarded("Others have given you this achievement.", credential_id=str(given.id))
        held = f"{held}:self"
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
        held=held,
        external_id=offer.external_id,
        narrative=offer.narrative,
        evidence=offer.evidence,
        activity_end_date=offer.activity_end_date,
        consent={},
        awarded_by=on.actor,
        offered_at=on.now,
        offer_ends=on.now + timedelta(days=policy.windows_days.offer),
        valid_until=offer.valid_until,
    )


def held_key(version: AchievementVersion, policy: Policy, recipient: UUID) -> str | None:
    """What keeps an achievement that is earned once from being offered or held twice.

    What somebody says of themself is kept from being said twice by a key of its own, so that it does not keep others
    from recognising them.
    """
    return None if policy.stackable else f"{version.achievement_id}:{recipient}"


def in_the_way(session: Session, held: str, now: datetime) -> Credential | None:
    """The credential that has this key, unless its time is over."""
    found = session.exec(select(Credential).where(Credential.held == held)).one_or_none()
    return found if found is not None and state_of(found, now) not in {State.lapsed, State.expired} else None


def insert_once(session: Session, credential: Credential, now: datetime) -> None:
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
    holding = locked(session, holding.id)
    state = state_of(holding, now)
    if state in {State.lapsed, State.expired}:
        holding.state = State.lapsed if state is State.lapsed else holding.state
        holding.held = None
        session.add(holding)
        session.flush()
