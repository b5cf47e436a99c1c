"""What this capability keeps of a member: the milestones that they met."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.installation import Installation
from app.kit.personal import Kept, Leaving, Part
from app.milestones.progressing import is_drafted
from app.milestones.tables import Attainment, EvidenceText, Stage


def _erase(session: Session, leaving: Leaving) -> None:
    """What was to be given to them is not given any more. What it was that others rest on goes as their badges go."""
    for attainment in _theirs(session, leaving):
        if attainment.stage is Stage.waiting:
            attainment.stage, attainment.reason = Stage.passed_over, "erased"
        if attainment.stage is Stage.passed_over or leaving.revoke:
            attainment.contributions = []
            session.exec(delete(EvidenceText).where(col(EvidenceText.attainment_id) == attainment.id))
        session.add(attainment)
    session.flush()


def _hold(session: Session, leaving: Leaving) -> None:
    _theirs(session, leaving)


def _theirs(session: Session, leaving: Leaving) -> Sequence[Attainment]:
    theirs = select(Attainment).where(Attainment.member_id == leaving.member).order_by(col(Attainment.row))
    return session.exec(theirs.with_for_update()).all()


def _given(session: Session, member: UUID, now: datetime, at: Installation) -> Iterable[Any]:
    """What came of each that they met. A nomination that is drafted is nothing that was given yet."""
    theirs = select(Attainment).where(Attainment.member_id == member).order_by(col(Attainment.row))
    for attainment in session.exec(theirs).all():
        if not is_drafted(session, attainment):
            yield attainment.model_dump(include={"id", "stage", "given_at", "nomination_id"})


PART = Part(
    # Whoever is nominated hears of it when they are asked.
    kept=(Kept(Attainment, by=("member_id",), without=frozenset({"nomination_id", "stage", "given_at"})),),
    more={"attainment_given": _given},
    untold={"milestone.activated_by": "that a steward began it stands in the journal, with all that they did"},
    hold=_hold,
    erase=_erase,
)
