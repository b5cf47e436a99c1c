"""What this capability keeps of a member, while a wave is open: that they may answer, and whether they drew a slip.

What they answered is nobody's: it cannot be told to them, nor taken away, since nobody knows which it is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.installation import Installation
from app.kit.personal import Kept, Leaving, Part
from app.surveys.slips import is_marked
from app.surveys.tables import Invited, Roll


def _slips(session: Session, member: UUID, now: datetime, at: Installation) -> Iterable[Any]:
    """Whether they have drawn one."""
    theirs = select(Invited, Roll).join(Roll, col(Roll.wave_id) == Invited.wave_id).where(Invited.member_id == member)
    for invited, roll in session.exec(theirs.order_by(col(Invited.wave_id))).all():
        yield {"wave": str(invited.wave_id), "drawn": is_marked(roll.drawn, invited.place)}


def _hold(session: Session, leaving: Leaving) -> None:
    theirs = select(Invited.place).where(Invited.member_id == leaving.member).order_by(col(Invited.wave_id))
    session.exec(theirs.with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(Invited).where(col(Invited.member_id) == leaving.member))


PART = Part(kept=(Kept(Invited, ("member_id",)),), more={"survey_slips": _slips}, hold=_hold, erase=_erase)
