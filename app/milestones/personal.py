"""What this capability keeps of a member: the milestones that they met."""

from sqlmodel import Session, col, select

from app.kit.personal import Kept, Leaving, Part
from app.milestones.tables import Attainment, Stage


def _erase(session: Session, leaving: Leaving) -> None:
    """What was to be given to them is not given any more. That they met something goes as their badges go."""
    waiting = select(Attainment).where(Attainment.member_id == leaving.member, Attainment.stage == Stage.waiting)
    for attainment in session.exec(waiting.order_by(col(Attainment.row)).with_for_update()).all():
        attainment.stage, attainment.reason = Stage.passed_over, "erased"
        attainment.contributions = []
        session.add(attainment)
    session.flush()


def _hold(session: Session, leaving: Leaving) -> None:
    waiting = select(Attainment.id).where(Attainment.member_id == leaving.member, Attainment.stage == Stage.waiting)
    session.exec(waiting.order_by(col(Attainment.row)).with_for_update()).all()


PART = Part(
    # Whoever is nominated hears of it when they are asked: until then a draft is nothing that was given.
    kept=(Kept(Attainment, by=("member_id",), without=frozenset({"nomination_id", "stage", "given_at"})),),
    untold={"milestone.activated_by": "that a steward began it stands in the journal, with all that they did"},
    hold=_hold,
    erase=_erase,
)
