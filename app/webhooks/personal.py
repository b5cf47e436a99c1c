"""What this capability keeps of a member: the webhooks that have their eyes. Of what those told, ids alone."""

from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.personal import Kept, Leaving, Part
from app.webhooks.service import remove
from app.webhooks.tables import Subscription


def _theirs(member: UUID) -> SelectOfScalar[Subscription]:
    return select(Subscription).where(Subscription.owner_id == member).order_by(col(Subscription.id))


def _hold(session: Session, leaving: Leaving) -> None:
    session.exec(_theirs(leaving.member).with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    for subscription in session.exec(_theirs(leaving.member)).all():
        remove(session, subscription, on=leaving.on)


PART = Part(
    kept=(Kept(Subscription, ("owner_id",), without=frozenset({"sealed"})),),
    hold=_hold,
    erase=_erase,
)
