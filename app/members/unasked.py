"""Who never wants to be recognised here: kept as keyed hashes alone, which tell nobody who they are."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.installation import Installation
from app.members.addresses import valid_emails
from app.members.links import accounts_of
from app.members.tables import Member, NeverAdd

BOUND_TO = "never-add"


def fingerprints(
    at: Installation, *, member: UUID | None = None, email: str | None = None, did: str | None = None
) -> list[str]:
    """The keyed hashes by which somebody is found on the list of those who are never added."""
    known = {"member": member, "email": email, "did": did}
    return [
        at.vault.fingerprint(f"{kind}:{value}", bound_to=BOUND_TO) for kind, value in known.items() if value is not None
    ]


def fingerprints_of(session: Session, member: Member, *, at: Installation) -> list[str]:
    """Of all by which they are known for sure: nobody speaks for an address that they have not shown to be theirs."""
    by_address = (fingerprints(at, email=email) for email in valid_emails(session, member.id))
    return [*fingerprints(at, member=member.id, did=member.did), *chain.from_iterable(by_address)]


def accounts(session: Session, member: Member) -> list[Member]:
    """The members of the community who are the same person as this one, themself among them."""
    known = {member.id, *accounts_of(session, member.community_id, [member.id])}
    return list(session.exec(select(Member).where(col(Member.id).in_(known))).all())


def is_listed(session: Session, prints: Sequence[str]) -> bool:
    """Whether somebody known by one of these is on the list."""
    return session.exec(select(NeverAdd).where(col(NeverAdd.fingerprint).in_(prints)).limit(1)).first() is not None
