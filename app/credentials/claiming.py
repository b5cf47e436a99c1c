"""Use-cases: an offer is read and answered by a link, without a token.

A claim link is given to whoever awards, for somebody who has no token; only its digest is kept. The link in a mail to
a member is told to nobody else, and nothing of it is kept (`members.mailed_links`).
"""

from datetime import datetime

from sqlmodel import Session, select

from app.credentials.answering import answer
from app.credentials.rules import Act, State, Visibility
from app.credentials.service import state_of
from app.credentials.tables import Claim, Credential, Recipient
from app.kit.errors import Gone, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import mailed_links
from app.members.rules import digest

_OFFER = "credential"


class ClaimUsed(Gone):
    """This link was used, or its offer has ended."""

    code = "claim-used"
    fix = "If you accepted, your badge is yours; otherwise ask the community for a new offer."


class NoSuchClaim(NotFound):
    """There is no such link."""

    code = "no-such-claim"
    fix = "Open the link exactly as it was sent to you."


def mailed_to(session: Session, credential: Credential, *, at: Installation) -> str | None:
    """Where a member reads an offer and answers it, for a mail to them; None for who is none, or not written to."""
    member = session.get_one(Recipient, credential.recipient_id).member_id
    if member is None:
        return None
    secret = mailed_links.secret_of(session, member, credential.id, of=_OFFER, at=at)
    return f"{at.public_url}/v1/claims/{secret}" if secret is not None else None


def claimed(session: Session, secret: str, *, at: Installation, now: datetime) -> Credential:
    """The offer behind a link that can still be answered. Raises `NoSuchClaim`, `ClaimUsed`."""
    claim = session.get(Claim, digest(secret))
    credential = session.get_one(Credential, claim.credential_id) if claim else _mailed(session, secret, at=at)
    if credential is None:
        raise NoSuchClaim("No offer has this link.")
    if (claim is not None and claim.used_at is not None) or state_of(credential, now) is not State.offered:
        raise ClaimUsed("A claim link answers one offer once, while the offer stands.")
    return credential


def answer_claim(
    session: Session,
    secret: str,
    act: Act,
    visibility: Visibility,
    *,
    with_participation: bool = False,
    read: str | None = None,
    at: Installation,
    on: Occasion,
) -> Credential:
    """The answer of somebody who holds the link. Raises `NoSuchClaim`, `ClaimUsed`, `InvalidTransition`,
    `TextChanged`."""
    claim = session.exec(select(Claim).where(Claim.digest == digest(secret)).with_for_update()).one_or_none()
    credential = claimed(session, secret, at=at, now=on.now)
    if claim is not None:
        claim.used_at = on.now
        session.add(claim)
    by, also = "claim-link", with_participation
    return answer(session, credential, act, visibility, by=by, with_participation=also, read=read, at=at, on=on)


def _mailed(session: Session, secret: str, *, at: Installation) -> Credential | None:
    """What the link in a mail to its recipient leads to."""
    id = mailed_links.thing_in(secret)
    credential = session.get(Credential, id) if id is not None else None
    member = session.get_one(Recipient, credential.recipient_id).member_id if credential is not None else None
    if member is None or not mailed_links.is_genuine(session, member, secret, of=_OFFER, at=at):
        return None
    return credential
