"""What this capability keeps of a member: the accounts that they have said are theirs."""

from sqlmodel import Session, col, delete

from app.kit.personal import Kept, Leaving, Part
from app.sources.tables import AccountProof


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(AccountProof).where(col(AccountProof.member_id) == leaving.member))


PART = Part(kept=(Kept(AccountProof, ("member_id",), without=frozenset({"digest"})),), erase=_erase)
