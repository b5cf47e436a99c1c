"""By what an address is found again without being read: whoever has it now is whom somebody named by it before."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.installation import Installation
from app.members.tables import Member


def address_key(community: UUID, email: str, *, at: Installation) -> str:
    """The keyed hash of a canonical address in a community."""
    # The purpose is that of its first use, so that what was written under it goes on being found.
    return at.vault.fingerprint(email, bound_to=f"nominee/{community}")


def fill_in(session: Session, *, at: Installation) -> int:
    """Gives their keys to members who are from before there were any; to how many."""
    without = select(Member).where(col(Member.email).is_not(None), col(Member.address_key).is_(None))
    members = session.exec(without).all()
    for member in members:
        assert member.email is not None  # noqa: S101  as asked
        member.address_key = address_key(member.community_id, member.email, at=at)
        session.add(member)
    return len(members)
