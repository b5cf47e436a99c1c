"""Where recognitions of a community look like a ring: for a steward to look at, from what the database knows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.nominations.rings import Findings, rings
from app.nominations.thanks.tables import Thanks


def alarms(
    session: Session,
    community_id: UUID,
    *,
    now: datetime,
    window_days: int = 365,
    more: Iterable[tuple[UUID, UUID]] = (),
) -> Findings[UUID]:
    """The rings of a community, and of whom it cannot be said.

    Looks at the thanks of a window, but not at those that were held or taken back, and at `more`: whatever else counts
    as giver and receiver, say nominators and seconders with their nominees.
    """
    given = select(Thanks.giver_id, Thanks.receiver_id).where(
        Thanks.community_id == community_id,
        Thanks.given_at > now - timedelta(days=window_days),
        col(Thanks.held).is_(False),
        col(Thanks.withdrawn_at).is_(None),
    )
    return rings([*session.exec(given.distinct()).all(), *more])
