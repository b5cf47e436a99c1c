"""What this capability keeps of people: the links that they were sent."""

from sqlmodel import Session, col, delete, select

from app.kit.personal import Kept, Leaving, Part
from app.privacy.tables import DataLink, TokenLink

_LINKS = (DataLink, TokenLink)


def _hold(session: Session, leaving: Leaving) -> None:
    for table in _LINKS:
        session.exec(select(table.id).where(col(table.member_id) == leaving.member).with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    for table in _LINKS:
        session.exec(delete(table).where(col(table.member_id) == leaving.member))


PART = Part(
    kept=tuple(Kept(table, ("member_id",), without=frozenset({"digest"})) for table in _LINKS), hold=_hold, erase=_erase
)
