"""Use-cases: showing and hiding a credential, revoking, suspending, reinstating; and the steps of its state."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.achievements.rules import Policy, StatusPurpose
from app.credentials import status
from app.credentials.editions import sign_edition
from app.credentials.recipients import is_minor
from app.credentials.rules import (
    SIGNED,
    Act,
    CannotSuspend,
    Cause,
    State,
    Visibility,
    after,
    present,
)
from app.credentials.tables import Credential, Edition, Recipient
from app.kit.errors import Conflict, Forbidden, InvalidTransition, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.members.tables import Community

CHANGES_KEPT = 50
"""Of the changes of who sees a credential, how many stand in it; the journal has them all."""


class NoSuchCredential(NotFound):
    """There is no such credential, or none that you may see."""

    code = "no-such-credential"


class MinorsStayPrivate(Forbidden):
    """What a minor earned has no public page."""

    code = "minor-stays-private"
    fix = "Keep it private; they can show it to whom they like."


class ConsentWithdrawn(Conflict):
    """Its recipient has taken back their consent that this badge is shown."""

    code = "consent-withdrawn"
    fix = (
        "Show the copy that you have to whom you like; or end the badge, and consent to another one "
        '(POST /v1/nominations/{nomination}/consent/withdraw with {"revoke": true}).'
    )


def show_to(session: Session, credential: Credential, visibility: Visibility, *, on: Occasion) -> Credential:
    """Who sees a signed credential from now on, as its recipient wishes: each change is a consent, and noted as one.

    What is so already stays as it is. Raises `InvalidTransition` where nothing is signed, `MinorsStayPrivate`,
    `ConsentWithdrawn`.
    """
    credential = locked(session, credential.id)
    state, was = state_of(credential, on.now), credential.visibility
    if state not in SIGNED:
        raise InvalidTransition(f"A credential that is {state} is shown to nobody yet.", allowed=[])
    if visibility is was:
        return credential
    minor = is_minor(session, session.get_one(Recipient, credential.recipient_id))
    if minor and visibility is not Visibility.private:
        raise MinorsStayPrivate("The recipient is not of age.")
    if "withdrawn_at" in credential.consent:
        raise ConsentWithdrawn(f"That was at {credential.consent['withdrawn_at']}.")
    changes = [*credential.consent.get("changes", ()), {"visibility": visibility.value, "at": on.now.isoformat()}]
    credential.consent = credential.consent | {"changes": changes[-CHANGES_KEPT:]}
    credential.visibility = visibility
    credential.version += 1
    session.flush()
    told = {"from": was.value, "to": visibility.value}
    on.record(session, credential.community_id, "credential.visibility_changed", credential.id, told)
    return credential


def take_consent_back(session: Session, credential: Credential, *, on: Occasion) -> None:
    """Hides a signed credential for good: from now on its recipient does not consent to its being shown.

    The caller records why. Raises `InvalidTransition` where nothing is signed.
    """
    credential = show_to(session, credential, Visibility.private, on=on)
    credential.consent = {"withdrawn_at": on.now.isoformat()} | credential.consent
    session.flush()


def revoke(
    session: Session,
    credential: Credential,
    reason: str,
    *,
    cause: Cause | None = None,
    at: Installation,
    on: Occasion,
) -> Credential:
    """Ends a credential for ever. Raises `InvalidTransition`."""
    return _change_status(session, credential, Act.revoke, reason, cause=cause, at=at, on=on)


def suspend(session: Session, credential: Credential, reason: str, *, at: Installation, on: Occasion) -> Credential:
    """Sets a credential aside until it is reinstated. Raises `CannotSuspend`, `InvalidTransition`."""
    if credential.status_purpose is not StatusPurpose.suspension:
        raise CannotSuspend("Its status entry, which is signed into it, speaks of revocation.")
    return _change_status(session, credential, Act.suspend, reason, at=at, on=on)


def reinstate(session: Session, credential: Credential, *, at: Installation, on: Occasion) -> Credential:
    """Puts a suspended credential back into force; signed anew, if other endorsements of it stand by now.

    Raises `InvalidTransition`, also once it is revoked.
    """
    credential = _change_status(session, credential, Act.reinstate, None, at=at, on=on)
    sign_edition(session, credential, only_changed=True, at=at, on=on)
    return credential


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


def consent_to(
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


def refuse(credential: Credential, *, on: Occasion) -> None:
    """What a refusal makes of an offer. Raises `InvalidTransition`."""
    _move(credential, Act.refuse, on)
    credential.answered_at, credential.held = on.now, None


def _change_status(
    session: Session,
    credential: Credential,
    act: Act,
    reason: str | None,
    *,
    cause: Cause | None = None,
    at: Installation,
    on: Occasion,
) -> Credential:
    """The step, the bit, the newly signed list and the journal event, in one transaction."""
    credential = locked(session, credential.id)
    was = credential.state
    _move(credential, act, on)
    credential.reason, credential.cause = reason, cause
    if act is Act.revoke:
        credential.held = None
    community = session.get_one(Community, credential.community_id)
    status.set_bit(session, community, credential.id, act is not Act.reinstate, at=at, now=on.now)
    session.flush()
    happened = {Act.revoke: "revoked", Act.suspend: "suspended", Act.reinstate: "reinstated"}[act]
    said: dict[str, Datum] = {"from": was.value}
    if cause is not None:
        said["cause"] = cause.value
    on.record(session, community.id, f"credential.{happened}", credential.id, said)
    return credential


def locked(session: Session, id: UUID) -> Credential:
    """The row as it is now, with nobody else deciding about it until this transaction ends."""
    chosen = select(Credential).where(Credential.id == id).with_for_update()
    return session.exec(chosen.execution_options(populate_existing=True)).one()


def _move(credential: Credential, act: Act, on: Occasion) -> None:
    can_suspend = credential.status_purpose is StatusPurpose.suspension
    credential.state = after(state_of(credential, on.now), act, can_suspend=can_suspend)
    credential.version += 1
