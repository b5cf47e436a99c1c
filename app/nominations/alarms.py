"""Where recognitions of a community look like a ring: for a steward to look at, from what the database knows."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.members.links import one_person
from app.nominations.rings import Findings, rings
from app.nominations.rules import OPEN, State
from app.nominations.tables import Nomination, Nominee, Second
from app.nominations.thanks.tables import Thanks

WINDOW_DAYS = 365


def alarms(
    session: Session,
    community_id: UUID,
    *,
    now: datetime,
    window_days: int = WINDOW_DAYS,
    more: Iterable[tuple[UUID, UUID]] = (),
) -> Findings[UUID]:
    """The rings of a community, and of whom it cannot be said, by person: see `recognitions`.

    `more` is whatever else counts, as giver and receiver.
    """
    return rings([*recognitions(session, community_id, now=now, window_days=window_days), *more])


def recognitions(
    session: Session, community_id: UUID, *, now: datetime, window_days: int = WINDOW_DAYS
) -> list[tuple[UUID, UUID]]:
    """Who has recognised whom in a window, as persons: whoever is linked is one.

    By nominating or seconding somebody who accepted or has not been decided about, since a ring need not wait for
    itself; and by thanks, but not by those that were held or taken back.
    """
    given = _given(community_id, since=now - timedelta(days=window_days))
    pairs = session.connection().execute(sa.select(given.c.giver, given.c.receiver).distinct()).all()
    persons = one_person(session, community_id, None)
    return [(persons.get(giver, giver), persons.get(receiver, receiver)) for giver, receiver in pairs]


def has_recognised(
    session: Session, community_id: UUID, givers: Collection[UUID], receivers: Collection[UUID], *, now: datetime
) -> bool:
    """Whether one of these members has recognised one of those, in the sense of `recognitions`."""
    given = _given(community_id, since=now - timedelta(days=WINDOW_DAYS))
    between = sa.and_(given.c.giver.in_(givers), given.c.receiver.in_(receivers))
    return session.connection().execute(sa.select(given.c.giver).where(between).limit(1)).first() is not None


def _given(community_id: UUID, *, since: datetime) -> sa.Subquery:
    """All that counts, as `giver` and `receiver`."""
    accepted = sa.and_(col(Nominee.state).in_([State.accepted, State.issued]), col(Nominee.answered_at) > since)
    undecided = sa.and_(
        sa.or_(col(Nominee.state).is_(None), col(Nominee.state) == State.offered),
        col(Nomination.state).in_(OPEN),
        col(Nomination.submitted_at) > since,
    )
    receiver: sa.Label[Any] = col(Nominee.member_id).label("receiver")
    nominator: sa.Label[Any] = col(Nomination.nominator_id).label("giver")
    seconder: sa.Label[Any] = col(Second.member_id).label("giver")
    thanker: sa.Label[Any] = col(Thanks.giver_id).label("giver")
    thanked: sa.Label[Any] = col(Thanks.receiver_id).label("receiver")
    counts = (col(Nomination.community_id) == community_id, receiver.is_not(None), sa.or_(accepted, undecided))
    of_it = col(Nominee.nomination_id) == Nomination.id
    nominated = sa.select(nominator, receiver).join(Nominee, of_it).where(*counts)
    seconded = (
        sa.select(seconder, receiver)
        .join(Nomination, col(Second.nomination_id) == Nomination.id)
        .join(Nominee, of_it)
        .where(*counts, col(Second.withdrawn_at).is_(None))
    )
    thanks = sa.select(thanker, thanked).where(
        col(Thanks.community_id) == community_id,
        col(Thanks.given_at) > since,
        col(Thanks.held).is_(False),
        col(Thanks.withdrawn_at).is_(None),
    )
    return sa.union_all(nominated, seconded, thanks).subquery()
