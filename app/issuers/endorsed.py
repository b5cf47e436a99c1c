"""Who vouches for something, as those documents show it that it is in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

import badges
from app.issuers.tables import SignedEndorsement

MOST_SHOWN = 32
"""Endorsements that one document shows: as many as verifiers look at."""


def endorsements_of(session: Session, about: UUID) -> list[SignedEndorsement]:
    """The endorsements of a credential, an achievement or a community that stand, the oldest first."""
    chosen = select(SignedEndorsement).where(SignedEndorsement.about == about, col(SignedEndorsement.shown).is_(True))
    return list(session.exec(chosen.order_by(col(SignedEndorsement.signed_at), col(SignedEndorsement.id))).all())


def is_endorsed(session: Session, about: UUID) -> bool:
    """Whether anybody vouches for it, and still does."""
    chosen = select(SignedEndorsement.id).where(
        SignedEndorsement.about == about, col(SignedEndorsement.shown).is_(True)
    )
    return session.exec(chosen.limit(1)).first() is not None


def fitting(endorsements: Iterable[SignedEndorsement], room: int) -> list[SignedEndorsement]:
    """The first of them that a document has place for: at most `MOST_SHOWN`, and `room` bytes."""
    chosen: list[SignedEndorsement] = []
    for each in endorsements:
        room -= max(len((each.data_integrity or "").encode()), len(each.vc_jwt or ""))
        if room < 0 or len(chosen) == MOST_SHOWN:
            break
        chosen.append(each)
    return chosen


def in_json(endorsements: Iterable[SignedEndorsement]) -> dict[str, Any]:
    """The member of a document with a Data Integrity proof, or with none (OB 3.0 Appendix B).

    Objects with proofs of their own alone: contexts of before June 2026 do not know `endorsementJwt`, and a verifier in
    safe mode that holds such a copy refuses what its context does not know.
    """
    found = [badges.parse(each.data_integrity) for each in endorsements if each.data_integrity]
    return {"endorsement": found} if found else {}


def in_jwt(endorsements: Iterable[SignedEndorsement]) -> dict[str, Any]:
    """The members of a document in a VC-JWT: tokens, and objects with proofs where there is no token."""
    tokens = [each.vc_jwt for each in endorsements if each.vc_jwt]
    return in_json(each for each in endorsements if not each.vc_jwt) | ({"endorsementJwt": tokens} if tokens else {})


def in_ob2(endorsements: Iterable[SignedEndorsement], public_url: str) -> dict[str, Any]:
    """The member of an OB 2.0 document: the addresses of hosted Endorsements (OB 2.0 §Endorsement)."""
    found = [ob2_address(public_url, each.id) for each in endorsements if each.ob2_hosted]
    return {"endorsement": found} if found else {}


def address(public_url: str, id: UUID) -> str:
    """The id of an EndorsementCredential, which is also where it is found."""
    return f"{public_url}/endorsements/{id}"


def ob2_address(public_url: str, id: UUID) -> str:
    """The id of the hosted OB 2.0 Endorsement."""
    return f"{public_url}/ob2/endorsements/{id}"
