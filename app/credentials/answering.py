"""Use-case: answering an offer, with which a credential is issued."""

from sqlmodel import Session

from app.achievements import service as achievements
from app.credentials import participation, receipts
from app.credentials.editions import issue, issued
from app.credentials.receipts import TextChanged
from app.credentials.recipients import is_minor
from app.credentials.rules import Act, State, Visibility
from app.credentials.service import consent_to, locked, refuse, state_of
from app.credentials.tables import Credential, Participation, Recipient
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community


def answer(
    session: Session,
    credential: Credential,
    act: Act,
    visibility: Visibility,
    *,
    by: str,
    with_participation: bool = False,
    read: str | None = None,
    at: Installation,
    on: Occasion,
) -> Credential:
    """The recipient's answer to an offer, `act` being accept or refuse; `by` says how they proved who they are, `read`
    the digest of what they read.

    What they took part in, where the offer tells of that, is signed if they want it, and else forgotten.
    Two answers may race: the row is locked, the second finds the offer answered. Raises `InvalidTransition`,
    `TextChanged`.
    """
    credential = locked(session, credential.id)
    kept = participation.kept_of(session, credential)
    if read is not None and state_of(credential, on.now) is State.offered:
        _check_read(session, credential, kept, read)
    if act is Act.refuse:
        refuse(credential, on=on)
        participation.let_go(session, credential)
        on.record(session, credential.community_id, "credential.refused", credential.id)
        return credential
    if kept is not None and not with_participation:
        participation.let_go(session, credential)
        kept = None
    _accept(session, credential, kept, visibility, by=by, at=at, on=on)
    return credential


def _check_read(session: Session, credential: Credential, kept: Participation | None, read: str) -> None:
    """Nobody consents to words that they have not read. Raises `TextChanged`."""
    if read != receipts.digest_of(receipts.offered(session, credential, kept)):
        fix = "Read the offer again, and answer with its `digest`."
        raise TextChanged("That is the digest of another text than what is offered.", fix=fix)


def _accept(
    session: Session,
    credential: Credential,
    kept: Participation | None,
    visibility: Visibility,
    *,
    by: str,
    at: Installation,
    on: Occasion,
) -> None:
    """The receipt of the consent, and with it the badge; `kept` is what it is to rest on, if that is wanted."""
    community = session.get_one(Community, credential.community_id)
    version = achievements.version_of(session, credential.achievement_id, credential.achievement_version)
    recipient = session.get_one(Recipient, credential.recipient_id)
    visibility = Visibility.private if is_minor(session, recipient) else visibility
    text = receipts.text_of(credential, version, visibility, kept)
    receipt = {"given": "asked", "by": by, "receipt": receipts.digest_of(text)}
    consent_to(credential, achievements.policy_of(version), visibility, receipt, on=on)
    receipts.keep(session, credential, text, by=by, on=on)
    if kept is not None:
        participation.carry(session, community, credential, kept, at=at, on=on)
    issue(session, community, credential, version, recipient, at=at, on=on)
    on.record_all(session, community.id, [issued(credential)])
