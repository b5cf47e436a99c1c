"""Who vouches for something, for the page that shows it: as their signed endorsements say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.credentials.rules import Provenance
from app.endorsements.rules import Endorser, Signer
from app.endorsements.tables import Endorsement
from app.issuers.tables import SignedEndorsement
from app.kit.markup import prose
from app.members.tables import Community
from app.portfolio.wording import signed_words

MOST_SHOWN = 50
"""Endorsements on one page; more are counted."""

WORDS = {
    Provenance.self_asserted: "Its recipient says so of themself",
    Provenance.peer_recognised: "Peers nominated, seconded and decided",
    Provenance.steward_issued: "A steward, or a platform that the community trusts, awarded it",
}
"""What a badge rests on before anybody vouches for it."""


def vouched(session: Session, about: UUID) -> dict[str, Any]:
    """`endorsements` that stand, the oldest first, and how many `more` there are; and `erased`, what those said whose
    words were erased, so that it is not read elsewhere on the page."""
    standing = (SignedEndorsement.about == about, col(SignedEndorsement.shown).is_(True))
    both = select(Endorsement, SignedEndorsement).where(col(SignedEndorsement.id) == col(Endorsement.id), *standing)
    in_time = both.order_by(col(SignedEndorsement.signed_at), col(SignedEndorsement.id))
    found = session.exec(in_time).all()
    return {
        "endorsements": [endorsement(session, each) for each, _ in found[:MOST_SHOWN]],
        "more": max(0, len(found) - MOST_SHOWN),
        "erased": {prose(signed_words(signed)) for each, signed in found if each.comment is None},
    }


def endorsement(session: Session, each: Endorsement) -> dict[str, Any]:
    """One of them."""
    return {
        "name": each.name,
        "told": prose(each.comment) if each.comment else None,
        "skills": each.skills,
        "signed_by": signer(session, each),
        "page": f"/endorsements/{each.id}.html",
    }


def signer(session: Session, each: Endorsement) -> str:
    """Whose key signed it."""
    if each.signed_by is Signer.endorser:
        return "signed by them, with a key of their own"
    community = session.get_one(Community, each.signing_id).name
    return f"signed by {community}" + ("" if each.endorser is Endorser.community else " on their behalf")


def provenance(basis: Provenance, endorsements: Sequence[Any]) -> str:
    """On whose word a badge rests."""
    return f"{WORDS[basis]}{'; others vouch for it, signed' if endorsements else ''}."
