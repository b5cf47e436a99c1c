"""What this capability keeps of a member: what was found of them, in which notes to stewards they are named, and who
looked at either, and what for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.installation import Installation
from app.kit.personal import Kept, Leaving, Part
from app.metrics.noting import take_away
from app.metrics.tables import Look, Named, Note, OwnFigures


def _notes(session: Session, member: UUID, now: datetime, at: Installation) -> Iterable[Any]:
    """What the notes say that name them. Whom else they name is not told."""
    theirs = select(Note).where(col(Note.id).in_(_naming(member))).order_by(col(Note.id))
    for note in session.exec(theirs).all():
        yield note.model_dump(include={"id", "period", "kind", "values", "made_at"})


def _naming(member: UUID) -> Any:
    return select(Named.note_id).where(Named.member_id == member)


def _erase(session: Session, leaving: Leaving) -> None:
    """A note goes whole: without one of its people it would say something else."""
    session.exec(delete(OwnFigures).where(col(OwnFigures.member_id) == leaving.member))
    session.exec(delete(Look).where(col(Look.member_id) == leaving.member))
    take_away(session, session.exec(_naming(leaving.member)).all())


PART = Part(
    kept=(Kept(OwnFigures, ("member_id",)), Kept(Look, ("member_id",)), Kept(Named, ("member_id",))),
    more={"notes_to_stewards": _notes},
    erase=_erase,
)
