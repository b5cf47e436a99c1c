"""What this capability keeps of somebody who has left: the links that they were sent."""

from sqlmodel import Session, col, delete, select

from app.kit.personal import Kept, Leaving, Part
from app.privacy.tables import DataLink


def _hold(session: Session, leaving: Leaving) -> None:
    session.exec(select(DataLink.id).where(DataLink.member_id == leaving.member).with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(DataLink).where(col(DataLink.member_id) == leaving.member))


PART = Part(kept=(Kept(DataLink, ("member_id",), without=frozenset({"digest"})),), hold=_hold, erase=_erase)
