"""What the time does to nominations: reminding who is waited for, and ending what has passed its deadline.

Each nomination is taken in a transaction of its own, locked, and left alone where it is no longer as it was found: of
several workers, and of those at the door, one wins.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.members.tables import Member
from app.nominations import issuing, panels, remembering, settling
from app.nominations.casefile import Case, nomination_by_id, opened
from app.nominations.rules import CLOSED, ON_LAPSE, Act, Clock, Lapse, State
from app.nominations.stepping import go_on, note, step
from app.nominations.tables import ACTIVE, Nomination, Nominee, Reviewer, Seat

_log = logging.getLogger(__name__)

AT_ONCE = 50
WEIGHED = frozenset({State.under_review, State.appealed})
FORGOTTEN_AFTER = timedelta(days=60)
"""How long after a nomination has ended a stranger is known by a hash and a sealed address."""


def lapse(runtime: Runtime, now: datetime) -> int:
    """Deals with nominations whose time is over, the longest first; with how many."""
    passed = sa.and_(col(Nomination.deadline) <= now, col(Nomination.state).in_(_LAPSED))
    return _each(runtime, now, passed, col(Nomination.deadline), _lapse)


def remind(runtime: Runtime, now: datetime) -> int:
    """Notes, once for each clock, that most of its time is over; of how many."""
    soon = sa.and_(col(Nomination.remind_at) <= now, col(Nomination.deadline) > now)
    return _each(runtime, now, soon, col(Nomination.remind_at), _remind)


def find_reviewers(runtime: Runtime, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Looks hourly at each nomination that waits for reviewers, or that some weigh; for how many there was news.

    Where somebody who weighs it has left, or their term has ended, that is at once.
    """
    waits = col(Nomination.waiting_since).is_not(None)
    over = sa.and_(col(Reviewer.seat) == Seat.assigned, col(Reviewer.until) <= now)
    left = sa.and_(col(Reviewer.seat).in_(ACTIVE), col(Member.left_at).is_not(None))
    gone = select(Reviewer.nomination_id).join(Member, col(Member.id) == Reviewer.member_id).where(sa.or_(over, left))
    gone = gone.where(Reviewer.panel == Nomination.panel, Reviewer.nomination_id == Nomination.id)
    with read_session(runtime.engine) as session:
        waiting = select(Nomination.id, Nomination.version).where(
            sa.or_(col(Nomination.state).in_(WEIGHED), sa.and_(waits, col(Nomination.state) == State.seconded)),
            sa.or_(col(Nomination.retry_at).is_(None), col(Nomination.retry_at) <= now, col(Nomination.id).in_(gone)),
        )
        longest_first = col(Nomination.retry_at).asc().nulls_first()
        found = session.exec(waiting.order_by(longest_first, col(Nomination.id)).limit(at_once)).all()
    news = 0
    for id, version in found:
        with runtime.writing() as session:
            case = panels.retry_waiting(session, str(id), on=_occasion(runtime, now))
            news += case.nomination.version != version
    return news


def issue(runtime: Runtime, now: datetime) -> int:
    """Signs badges that were accepted and could not be signed then, tried hourly; how many."""
    with read_session(runtime.engine) as session:
        waiting = issuing.awaiting(session, now=now, limit=AT_ONCE)
    did, on = 0, _occasion(runtime, now)
    for id in waiting:
        try:
            with runtime.writing() as session:
                did += issuing.retry(session, id, at=runtime.installation, on=on)
        except Exception:  # noqa: BLE001  whatever is wrong with one, the others are signed
            _log.exception("The badge of nominee %s could not be tried; the others go on.", id)
            with runtime.writing() as session:
                issuing.rest(session, id, on=on)
    return did


def end_offers(runtime: Runtime, now: datetime) -> int:
    """Ends offers to members who have left: nobody is there to answer; of how many nominations."""
    left = select(Nominee.nomination_id).join(Member).where(Nominee.state == State.offered)
    left = left.where(col(Member.left_at).is_not(None))
    asked = sa.and_(col(Nomination.state) == State.offered, col(Nomination.id).in_(left))
    return _each(runtime, now, asked, col(Nomination.clock_since), lambda case, on: settling.leave(case, on=on))


def forget_strangers(runtime: Runtime, now: datetime) -> int:
    """Takes away the addresses by which people were named, long after it has ended; of how many nominations."""
    known = sa.or_(
        *(col(column).is_not(None) for column in (Nominee.sealed, Nominee.fingerprint, Nominee.claim_digest))
    )
    about_strangers = select(Nominee.nomination_id).where(col(Nominee.by_address), known)
    over = sa.and_(
        col(Nomination.state).in_(CLOSED),
        col(Nomination.closed_at) <= now - FORGOTTEN_AFTER,
        col(Nomination.id).in_(about_strangers),
    )
    return _each(runtime, now, over, col(Nomination.closed_at), _forget)


def _occasion(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="system", now=now, ids=runtime.ids)


def _each(
    runtime: Runtime,
    now: datetime,
    which: sa.ColumnElement[bool],
    order: Mapped[datetime | None],
    work: Callable[[Case, Occasion], None],
) -> int:
    with read_session(runtime.engine) as session:
        chosen = select(Nomination.id, Nomination.version).where(which).order_by(order, col(Nomination.id))
        found = session.exec(chosen.limit(AT_ONCE)).all()
    did = 0
    for id, version in found:
        with runtime.writing() as session:
            nomination = nomination_by_id(session, str(id), lock=True)
            if nomination.version == version:
                work(opened(session, nomination, now=now), _occasion(runtime, now))
                did += 1
    return did


def _lapse(case: Case, on: Occasion) -> None:
    if not _put_off(case, on):
        _LAPSED[case.nomination.state](case, on)


def _remind(case: Case, on: Occasion) -> None:
    if not _put_off(case, on):
        case.nomination.remind_at = None
        note(case, "reminded", on=on, clock=case.nomination.state.value)


def _expire(case: Case, on: Occasion) -> None:
    """Nobody did in time what had to be done; a draft that nobody came back to is nobody's to keep."""
    was = case.nomination.state
    step(case, Act.expire, on=on)
    if was is State.draft:
        remembering.forget(case, on=on)


def _forget(case: Case, on: Occasion) -> None:
    """What a badge says stays, since somebody holds it; where there is none, no word does."""
    if any(nominee.state is State.issued for nominee in case.nominees):
        remembering.forget_strangers(case, on=on)
    else:
        remembering.forget(case, on=on)


def _go_on(case: Case, on: Occasion) -> None:
    go_on(case, on=on)


def _lapse_offer(case: Case, on: Occasion) -> None:
    """Who has not answered by now does not stand in the way of those who have."""
    settling.lapse(case, on=on)


def _press(case: Case, on: Occasion) -> None:
    """Those who have to decide are told that it is overdue, and again after as long as they had."""
    _start(case, Clock.started(case.nomination.state, case.policy, on.now))
    note(case, "overdue", on=on, clock=case.nomination.state.value)


def _reassign(case: Case, on: Occasion) -> None:
    """Who has not voted by now makes room for others, as far as there are any; and the review has its time again."""
    silent = [seat for seat in case.reviewers if seat.seat is Seat.assigned]
    there_are = panels.make_room(case, silent, on=on)
    _start(case, Clock.started(case.nomination.state, case.policy, on.now))
    note(case, "overdue", on=on, clock=case.nomination.state.value, replaced=there_are)
    if there_are < len(silent):
        # Those for whom there is nobody keep their seats, since late is better than never; but a steward hears of it,
        # each time, and may give one of them to somebody else.
        case.nomination.waiting_since = None
        panels.wait(case, len(silent) - there_are, on=on)
    panels.refill(case, on=on)


_ON_LAPSE: dict[Lapse, Callable[[Case, Occasion], None]] = {
    Lapse.expire: _expire,
    Lapse.go_on: _go_on,
    Lapse.reassign: _reassign,
    Lapse.remind: _press,
}
_LAPSED: dict[State, Callable[[Case, Occasion], None]] = {
    state: _ON_LAPSE[lapse] for state, lapse in ON_LAPSE.items()
} | {State.offered: _lapse_offer}
"""What follows in each state when its time is over."""


def _put_off(case: Case, on: Occasion) -> bool:
    """Moves the clock by the breaks of whoever is waited for, and by the time in which their answer is not taken.

    Whether there is time again by that.

    What a break has given stays, also where its end is changed later.
    """
    nomination, until = case.nomination, case.deadline()
    if nomination.deadline is None or until is None or until <= nomination.deadline:
        return False
    given = until - nomination.deadline
    counted = [end for person in case.waited_for() for begin, end in case.breaks_of(person) if begin < until]
    nomination.deadline, nomination.clock_since = until, max(counted)
    if nomination.remind_at is not None:
        nomination.remind_at += given
    note(case, "put_off", on=on, clock=nomination.state.value)
    return until > on.now


def _start(case: Case, clock: Clock | None) -> None:
    nomination = case.nomination
    nomination.clock_since = clock.since if clock else None
    nomination.deadline = clock.deadline if clock else None
    nomination.remind_at = clock.remind_at if clock else None


JOBS = (
    Job("end nominations", lapse),
    Job("end offers to who has left", end_offers),
    Job("remind of nominations", remind),
    Job("find reviewers", find_reviewers),
    Job("sign badges", issue),
    Job("forget strangers", forget_strangers),
)
"""What the worker does for nominations."""
