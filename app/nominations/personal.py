"""What this capability keeps of a member: what they wrote, what was written about them, and what they decided.

While a nomination is open, what was written in it stays: others are deciding by it. Of whoever had theirs erased, a job
takes away the rest once it has ended.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, or_, select, update

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.kit.personal import Kept, Leaving, Part
from app.members.tables import Member
from app.nominations import evidence, remembering, writing
from app.nominations.casefile import is_about, opened_by_id
from app.nominations.rules import CLOSED, DECIDED_AGAINST, State
from app.nominations.stepping import note
from app.nominations.tables import (
    Block,
    Invitation,
    Nomination,
    Nominee,
    Objection,
    Question,
    Receipt,
    Report,
    Reviewer,
    Second,
)
from app.nominations.thanks.tables import Suggestion, Thanks

AT_ONCE = 20
APPEALED_WITHIN = timedelta(days=30)
"""As policies have it that do not say otherwise; where there is more time, it is tried again until that is over."""
_IN_CONFIDENCE = frozenset({
    "state", "version", "note", "clock_since", "deadline", "remind_at", "held_from", "held_left", "waiting_since",
    "retry_at", "panel", "merged_into_id",
})  # fmt: skip
"""How a nomination stands: its own resource says that, to each as much as they may know."""


def about(session: Session, member: UUID, now: datetime) -> Iterable[Any]:
    """What was written about them, as far as they may read it by now."""
    return [asdict(passage) for passage in remembering.about(session, member, now=now)]


def _hold(session: Session, member: UUID) -> None:
    about_them = select(Nominee.nomination_id).where(is_about([member]))
    theirs = or_(col(Nomination.nominator_id) == member, col(Nomination.id).in_(about_them))
    session.exec(select(Nomination.id).where(theirs).order_by(col(Nomination.id)).with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    """What they had not submitted ends; of what has ended, their words and those about them go."""
    member, on = leaving.member, leaving.on
    drafts = select(Nomination.id).where(Nomination.nominator_id == member, Nomination.state == State.draft)
    for id in session.exec(drafts).all():
        writing.withdraw(session, str(id), None, by_steward=False, on=on)
    remembering.erase(session, member, on=on)
    _unwrite(session, member, on=on)
    session.exec(delete(Suggestion).where(col(Suggestion.member_id) == member))
    session.exec(delete(Block).where(or_(col(Block.member_id) == member, col(Block.blocked_id) == member)))
    session.exec(update(Thanks).where(col(Thanks.giver_id) == member).values(text=None, url=None))
    session.flush()


def _unwrite(session: Session, member: UUID, *, on: Occasion) -> int:
    """Takes away what they wrote in nominations that have ended: how much; what a badge says of it, its holder has."""
    written = session.exec(select(Nomination.id).where(_written(col(Nomination.nominator_id) == member))).all()
    for id in written:
        case = opened_by_id(session, str(id), now=on.now, lock=True)
        case.nomination.statement, case.nomination.evidence, case.nomination.appeal = None, [], None
        case.nomination.text_version += 1
        evidence.forget(session, id)
        note(case, "erased", on=on)
    ended = sa.select(col(Nomination.id)).where(col(Nomination.state).in_(CLOSED))
    answers = 0
    for table, by, words in (
        (Second, Second.member_id, "reason"),
        (Question, Question.answered_by, "answer"),
        (Objection, Objection.answered_by, "answer"),
    ):
        own = select(table).where(by == member, col(table.nomination_id).in_(ended))
        for row in session.exec(own.with_for_update()).all():
            answers += getattr(row, words) is not None
            setattr(row, words, None)
            if isinstance(row, Second):
                row.affiliation = f"self:{member}"
            session.add(row)
    session.flush()
    return len(written) + answers


def finish(runtime: Runtime, now: datetime) -> int:
    """Takes away what was left of people who had theirs erased, in nominations that have ended since; of how many."""
    with read_session(runtime.engine) as session:
        found = _left(session, now)
    did = 0
    for member in found:
        on = Occasion(actor="system", now=now, ids=runtime.ids)
        with runtime.writing() as session:
            gone = len(remembering.erase(session, member, on=on)[0]) + _unwrite(session, member, on=on)
            if gone:
                on.record(session, session.get_one(Member, member).community_id, "member.erased", member)
        did += gone > 0
    return did


def _left(session: Session, now: datetime) -> list[UUID]:
    """Some of whom something is left that can go: what they wrote, and what was written about them alone."""
    gone = sa.select(col(Member.id)).where(col(Member.erased_at).is_not(None))
    seconded = select(Second.member_id).join(Nomination, col(Nomination.id) == Second.nomination_id)
    seconded = seconded.where(
        col(Nomination.state).in_(CLOSED), col(Second.member_id).in_(gone), col(Second.reason).is_not(None)
    )
    beside = aliased(Nominee)
    about_them = select(col(Nominee.member_id)).join(Nomination, col(Nomination.id) == Nominee.nomination_id)
    about_them = about_them.where(
        col(Nomination.state).in_(CLOSED),
        col(Nominee.member_id).in_(gone),
        col(Nomination.erased_at).is_(None),
        or_(col(Nomination.state).not_in(DECIDED_AGAINST), col(Nomination.decided_at) < now - APPEALED_WITHIN),
        ~sa.exists().where(col(beside.nomination_id) == Nominee.nomination_id, col(beside.id) != Nominee.id),
    )
    wrote = select(Nomination.nominator_id).where(_written(col(Nomination.nominator_id).in_(gone)))
    found = {each for chosen in (wrote, seconded, about_them) for each in session.exec(chosen.limit(AT_ONCE)).all()}
    return sorted(each for each in found if each is not None)


def _written(by: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(by, col(Nomination.state).in_(CLOSED), col(Nomination.statement).is_not(None))


def _offered(member: UUID) -> sa.ColumnElement[bool]:
    """As nominees: once they were asked, since until then it is for those who decide."""
    return sa.and_(is_about([member]), col(Nominee.state).is_not(None), col(Nominee.barred).is_(False))


def _received(member: UUID) -> sa.ColumnElement[bool]:
    """Thanks that they gave or have: neither of the two is told that one was held."""
    got = sa.and_(col(Thanks.receiver_id) == member, col(Thanks.held).is_(False))
    return sa.or_(col(Thanks.giver_id) == member, got)


def _weighed(table: type[Question | Objection], member: UUID) -> sa.ColumnElement[bool]:
    """What they asked or objected, and what they answered."""
    seats = sa.select(col(Reviewer.id)).where(col(Reviewer.member_id) == member)
    return sa.or_(col(table.reviewer_id).in_(seats), col(table.answered_by) == member)


PART = Part(
    kept=(
        Kept(Nomination, ("nominator_id",), without=_IN_CONFIDENCE),
        Kept(
            Nominee,
            ("member_id",),
            which=_offered,
            without=frozenset({"fingerprint", "sealed", "claim_digest", "claim_sealed"}),
        ),
        Kept(
            Receipt,
            which=lambda member: col(Receipt.nominee_id).in_(sa.select(col(Nominee.id)).where(_offered(member))),
        ),
        Kept(Invitation, ("member_id", "invited_by")),
        Kept(Second, ("member_id",)),
        Kept(Reviewer, ("member_id",)),
        Kept(Question, ("answered_by",), which=lambda member: _weighed(Question, member)),
        Kept(Objection, ("answered_by",), which=lambda member: _weighed(Objection, member)),
        Kept(Report, ("reporter_id",)),
        Kept(Block, ("member_id",)),
        Kept(
            Thanks,
            ("giver_id", "receiver_id"),
            which=_received,
            without=frozenset({"held", "about", "counted_in", "hidden_at"}),
        ),
        Kept(Suggestion, ("member_id",)),
    ),
    more={"about_me": about},
    untold={
        "nominator_block.blocked_id": "who does not want to be nominated by somebody need not tell them",
        "nomination_suggestion.nominee_id": "what is suggested to somebody is told to nobody else",
    },
    hold=_hold,
    erase=_erase,
)

JOBS = (Job("erase what was left", finish),)
