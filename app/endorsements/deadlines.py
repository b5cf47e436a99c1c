"""What the time does to endorsements, and to requests for them."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from app.endorsements import answering, requests
from app.endorsements.rules import ASKED_FOR, FORGOTTEN_AFTER, RequestState, is_open
from app.endorsements.tables import EndorsementRequest
from app.endorsements.watching import watch
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion

AT_ONCE = 50


def lapse(runtime: Runtime, now: datetime) -> int:
    """Ends endorsements that nobody answered in time; how many."""
    with runtime.writing() as session:
        return answering.lapsed(session, on=_occasion(runtime, now), limit=AT_ONCE)


def remind(runtime: Runtime, now: datetime) -> int:
    """Reminds those who were asked some time ago; how many."""
    due = sa.and_(col(EndorsementRequest.remind_at) <= now, col(EndorsementRequest.asked_at) > now - ASKED_FOR)
    return _each(runtime, now, due, col(EndorsementRequest.remind_at), _remind(runtime))


def end_requests(runtime: Runtime, now: datetime) -> int:
    """Ends requests that nobody answered in time; how many."""
    over = sa.and_(
        col(EndorsementRequest.state) == RequestState.open, col(EndorsementRequest.asked_at) <= now - ASKED_FOR
    )
    return _each(runtime, now, over, col(EndorsementRequest.asked_at), _lapse)


def forget(runtime: Runtime, now: datetime) -> int:
    """Takes away the addresses that were asked, long after a request has ended; of how many."""
    known = sa.or_(
        *(
            col(column).is_not(None)
            for column in (EndorsementRequest.sealed, EndorsementRequest.fingerprint, EndorsementRequest.link_digest)
        )
    )
    over = sa.and_(col(EndorsementRequest.ended_at) <= now - FORGOTTEN_AFTER, known)
    return _each(runtime, now, over, col(EndorsementRequest.ended_at), _forget)


def _each(
    runtime: Runtime,
    now: datetime,
    which: sa.ColumnElement[bool],
    order: Mapped[datetime | None] | Mapped[datetime],
    work: Callable[[Session, EndorsementRequest, Occasion], None],
) -> int:
    """Does `work` on some requests in one transaction; those that somebody else holds are left to them."""
    with runtime.writing() as session:
        chosen = select(EndorsementRequest).where(which).order_by(order, col(EndorsementRequest.id)).limit(AT_ONCE)
        found = session.exec(chosen.with_for_update(skip_locked=True)).all()
        requests.hold_given(session, found)
        for row in sorted(found, key=lambda each: each.community_id):  # as `answering` takes the journals
            work(session, row, _occasion(runtime, now))
        return len(found)


def _remind(runtime: Runtime) -> Callable[[Session, EndorsementRequest, Occasion], None]:
    def remind_one(session: Session, row: EndorsementRequest, on: Occasion) -> None:
        if is_open(row.state, asked_at=row.asked_at, now=on.now):
            requests.remind(session, row, at=runtime.installation, on=on)

    return remind_one


def _lapse(session: Session, row: EndorsementRequest, on: Occasion) -> None:
    requests.end(session, row, RequestState.lapsed, "request_lapsed", on=on)


def _forget(session: Session, row: EndorsementRequest, on: Occasion) -> None:
    row.sealed = row.fingerprint = row.link_digest = row.message = None
    requests.forget_address(session, row)
    session.add(row)
    session.flush()
    on.record(session, row.community_id, "endorsement.request_forgotten", row.id)


def _occasion(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="system", now=now, ids=runtime.ids)


JOBS = (
    Job("end endorsements", lapse),
    Job("remind of endorsements", remind),
    Job("end endorsement requests", end_requests),
    Job("forget who was asked", forget),
    Job("watch endorsements", watch),
)
"""What the worker does for endorsements."""
