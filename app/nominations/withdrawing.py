"""Use-case: a holder who takes their consent back, for whatever reason: nobody asks for it, and nobody is told."""

from uuid import UUID

from sqlmodel import Session

from app.credentials import service as credentials
from app.credentials.rules import State as CredentialState
from app.credentials.rules import Visibility
from app.credentials.tables import Credential
from app.kit.errors import InvalidTransition
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.nominations import settling
from app.nominations.casefile import Case, opened_by_id
from app.nominations.rules import State
from app.nominations.tables import Nominee, Receipt

REASON = "Withdrawn by its holder."
"""What whoever verifies a badge that was given back is told."""


def withdraw_consent(session: Session, id: str, member: UUID, *, revoke: bool, at: Installation, on: Occasion) -> Case:
    """Hides the badge at once and, if its holder wants that, revokes it for ever. Done again, it changes nothing.

    The nomination itself stays as it is, its version too: by it, its nominator would learn of this. What is not signed
    yet never is: then it ends like one that was refused. Raises `InvalidTransition` where nothing was consented to.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nominee = case.nominee(member)
    receipt = session.get(Receipt, nominee.id) if nominee is not None else None
    if nominee is None or receipt is None:
        raise InvalidTransition("There is no consent of yours that could be withdrawn.", allowed=[])
    credential = session.get(Credential, nominee.credential_id) if nominee.credential_id is not None else None
    changed = receipt.withdrawn_at is None
    receipt.withdrawn_at = receipt.withdrawn_at or on.now
    nominee.visibility = Visibility.private
    session.add_all([receipt, nominee])
    if credential is not None:
        changed |= _taken_back(session, credential, revoke=revoke, at=at, on=on)
    elif nominee.state is State.accepted:
        settling.take_back(case, nominee, on=on)
    if changed:
        _tell(case, nominee, revoke=revoke, on=on)
    return case


def _taken_back(session: Session, credential: Credential, *, revoke: bool, at: Installation, on: Occasion) -> bool:
    """Hidden, and perhaps revoked; whether that changed anything."""
    shown = credential.visibility is not Visibility.private
    credentials.take_consent_back(session, credential, on=on)
    ends = revoke and credential.state is not CredentialState.revoked
    if ends:
        credentials.revoke(session, credential, REASON, at=at, on=on)
    return shown or ends


def _tell(case: Case, nominee: Nominee, *, revoke: bool, on: Occasion) -> None:
    said: dict[str, Datum] = {"nominee": str(nominee.id), "revoked": revoke}
    on.record(case.session, case.community.id, "nomination.consent_withdrawn", case.nomination.id, said)
