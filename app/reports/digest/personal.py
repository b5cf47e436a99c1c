"""What this capability keeps of a member: whether they want to be greeted by name, and that they have a feed."""

from sqlmodel import Session, col, delete

from app.kit.personal import Kept, Leaving, Part
from app.reports.digest.tables import DigestFeed, Introduction


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(Introduction).where(col(Introduction.member_id) == leaving.member))
    session.exec(delete(DigestFeed).where(col(DigestFeed.member_id) == leaving.member))


PART = Part(
    kept=(Kept(Introduction, ("member_id",)), Kept(DigestFeed, ("member_id",), without=frozenset({"digest"}))),
    erase=_erase,
)
