"""Who vouches for the badges of a portfolio, as is known here: what they signed, its maker may have called anything."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.endorsements.rules import Signer
from app.endorsements.tables import Endorsement
from app.issuers.tables import SignedEndorsement


@dataclass(frozen=True)
class Voice:
    """One endorsement that stands."""

    signed: SignedEndorsement
    name: str
    """As whom its endorser is known here."""
    comment: str | None
    """None once their words were erased."""
    own_key: bool
    """Whether they signed it themselves; else the community did on their behalf."""


def voices(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Voice]]:
    """By the badge that they are about, the oldest first."""
    standing = select(SignedEndorsement, Endorsement.name, col(Endorsement.comment), Endorsement.signed_by).where(
        col(SignedEndorsement.id) == col(Endorsement.id),
        col(SignedEndorsement.about).in_(ids),
        col(SignedEndorsement.shown).is_(True),
    )
    in_time = standing.order_by(col(SignedEndorsement.signed_at), col(SignedEndorsement.id))
    found = defaultdict[UUID, list[Voice]](list)
    for signed, name, comment, signed_by in session.exec(in_time).all():
        found[signed.about].append(Voice(signed, name, comment, signed_by is Signer.endorser))
    return found
