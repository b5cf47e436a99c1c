"""From an accepted endorsement to a signed one, and to the next edition of what it is about."""

from sqlmodel import Session

import badges
from app.achievements.rules import StatusPurpose
from app.credentials import service as credentials
from app.credentials import status
from app.credentials.editions import sign_edition
from app.endorsements import documents, subjects
from app.endorsements.rules import WATCHED_EVERY, Endorser, Subject
from app.endorsements.tables import Endorsement
from app.issuers import endorsed
from app.issuers.keys import issuer_of
from app.issuers.tables import SignedEndorsement
from app.kit import journal
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community


def sign(session: Session, endorsement: Endorsement, *, at: Installation, on: Occasion) -> None:
    """Signs it for its endorser, in every form; the caller's transaction decides whether it exists.

    The endorsed credential, if it is one, is locked. Raises `badges.NotConformant`, and whatever keeps the community
    from signing.
    """
    thing = subjects.thing_of(session, endorsement)
    signing = session.get_one(Community, endorsement.signing_id)
    journal.hold(session, signing.id)
    issuer = issuer_of(session, signing, at=at)
    vouched = documents.Vouched(
        issuer=issuer,
        url=endorsed.address(at.public_url, endorsement.id),
        pinned=subjects.pinned(session, thing, at=at),
        endorser=endorsement.name,
        is_own=endorsement.endorser is Endorser.community,
        is_outsider=endorsement.endorser is Endorser.outsider,
        said_at=endorsement.offered_at,
        comment=endorsement.comment or "",
        skills=endorsement.skills,
        valid_from=on.now.replace(microsecond=0),
        entry=status.take_index(session, issuer, endorsement.id, StatusPurpose.revocation, on=on),
    )
    embedded = badges.add_proof(documents.credential(vouched, jwt=False), issuer.data_integrity, created=on.now)
    enveloped = documents.credential(vouched, jwt=True)
    hosted = documents.hosted(vouched, endorsed.ob2_address(at.public_url, endorsement.id))
    signed = SignedEndorsement(
        id=endorsement.id,
        about=endorsement.subject_id,
        signed_at=on.now,
        data_integrity=badges.serialize(embedded),
        vc_jwt=badges.sign_credential(enveloped, issuer.vc_jwt, embed_key=issuer.embed_key),
        ob2_hosted=badges.serialize(hosted),
    )
    session.add(signed)
    session.flush()


def take(session: Session, endorsement: Endorsement, *, on: Occasion) -> None:
    """Has what its endorser signed stand as it is, in the one form that they signed it in."""
    text = endorsement.given or ""
    is_json = text.lstrip().startswith("{")
    signed = SignedEndorsement(
        id=endorsement.id,
        about=endorsement.subject_id,
        signed_at=on.now,
        data_integrity=text if is_json else None,
        vc_jwt=None if is_json else text.strip(),
    )
    endorsement.given, endorsement.watch_at = None, on.now + WATCHED_EVERY
    session.add_all([endorsement, signed])
    session.flush()


def show(session: Session, endorsement: Endorsement, shown: bool, *, at: Installation, on: Occasion) -> None:
    """Has what is endorsed show a signed endorsement from now on, or no more."""
    signed = session.get_one(SignedEndorsement, endorsement.id)
    signed.shown = shown
    session.add(signed)
    session.flush()
    renew(session, endorsement, at=at, on=on)


def renew(session: Session, endorsement: Endorsement, *, at: Installation, on: Occasion) -> None:
    """Signs the next edition of an endorsed credential, with the endorsements that stand by now."""
    if endorsement.subject is Subject.credential:
        credential = credentials.locked(session, endorsement.subject_id)
        sign_edition(session, credential, at=at, on=on)


def revoke(session: Session, endorsement: Endorsement, *, at: Installation, on: Occasion) -> None:
    """Sets the bit of a signed endorsement for ever: whoever verifies it learns that its endorser took it back."""
    signing = session.get_one(Community, endorsement.signing_id)
    status.set_bit(session, signing, endorsement.id, True, at=at, now=on.now)
