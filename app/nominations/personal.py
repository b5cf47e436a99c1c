"""What this capability keeps of a member: what they wrote, what was written about them, and what they decided.

While a nomination is open, what was written in it stays: others are deciding by it. Of whoever had theirs erased, a job
takes away the rest once it has ended.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, or_, select, update

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.installation import Installation
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
    "state", "version", "text_version", "note", "clock_since", "deadline", "remind_at", "held_from", "held_left",
    "waiting_since", "retry_at", "panel", "merged_into_id", "decided_at", "closed_at", "erased_at",
})  # fmt: skip
"""How a nomination stands, and when that came about: its own resource says that, to each as much as they may know. By
its hour a refusal would be told from silence, and by what was erased when, who wanted that."""


@dataclass(frozen=True)
class _Said:
    """Words that somebody said in a nomination of others."""

    table: type[Second | Reviewer | Question | Objection | Report]
    by: sa.SQLColumnExpression[UUID | None]
    """Who said them, of a row."""
    words: tuple[str, ...]
    """The columns that have them."""

    def left(self, who: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """The rows that still have words, in nominations that have ended."""
        ended = sa.select(col(Nomination.id)).where(col(Nomination.state).in_(CLOSED))
        words = sa.or_(*(getattr(self.table, each).is_not(None) for each in self.words))
        return sa.and_(who, col(self.table.nomination_id).in_(ended), words)


def _in_seat(of: type[Question | Objection]) -> sa.SQLColumnExpression[UUID | None]:
    """Whoever sat in the seat from which it was said."""
    seat = sa.select(col(Reviewer.member_id)).where(col(Reviewer.id) == col(of.reviewer_id))
    return seat.correlate(of).scalar_subquery()


_SAID = (
    _Said(Second, col(Second.member_id), ("reason",)),
    _Said(Reviewer, col(Reviewer.member_id), ("feedback", "rubric")),
    _Said(Question, _in_seat(Question), ("question",)),
    _Said(Question, col(Question.answered_by), ("answer",)),
    _Said(Objection, _in_seat(Objection), ("reason",)),
    _Said(Objection, col(Objection.answered_by), ("answer",)),
    _Said(Report, col(Report.reporter_id), ("text",)),
)
"""Verdicts and categories stay: by them it was decided."""


def about(session: Session, member: UUID, now: datetime, _at: Installation) -> Iterable[Any]:
    """What was written about them, as far as they may read it by now."""
    return [asdict(passage) for passage in remembering.about(session, member, now=now)]


def _hold(session: Session, leaving: Leaving) -> None:
    _hold_said(session, leaving.member)


def _hold_said(session: Session, member: UUID) -> None:
    """Those that they made, that are about them, or in which they said something."""
    about_them = select(Nominee.nomination_id).where(is_about([member]))
    said = (col(Nomination.id).in_(sa.select(col(each.table.nomination_id)).where(each.by == member)) for each in _SAID)
    theirs = or_(col(Nomination.nominator_id) == member, col(Nomination.id).in_(about_them), *said)
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
    said = 0
    for each in _SAID:
        own = select(each.table).where(each.left(each.by == member))
        for row in session.exec(own.with_for_update()).all():
            for name in each.words:
                setattr(row, name, None)
            if isinstance(row, Second):
                row.affiliation = f"self:{member}"
            session.add(row)
            said += 1
    session.flush()
    return len(written) + said + _unname(session, member, now=on.now)


def _unname(session: Session, member: UUID, *, now: datetime) -> int:
    """Of nominations of a team, whose text is the others' too: takes away how this one of them was named and what they
    consented to, once those have ended; of how many."""
    own = session.exec(select(Nominee).where(_named(col(Nominee.member_id) == member, now)).with_for_update()).all()
    for nominee in own:
        remembering.unknow(nominee, session.get(Receipt, nominee.id))
        session.add(nominee)
    session.flush()
    return len(own)


def _named(who: sa.ColumnElement[bool], now: datetime) -> sa.ColumnElement[bool]:
    over = sa.select(col(Nomination.id)).where(_is_over(now))
    kept = (Nominee.sealed, Nominee.fingerprint, Nominee.claim_sealed, Nominee.claim_digest, Nominee.offered_text)
    consented = sa.exists().where(col(Receipt.nominee_id) == col(Nominee.id), col(Receipt.text) != "")
    known = sa.or_(consented, *(col(each).is_not(None) for each in kept))
    return sa.and_(who, col(Nominee.nomination_id).in_(over), known)


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Of a nomination: that it has ended, and cannot be appealed any more."""
    appealed = sa.or_(col(Nomination.state).not_in(DECIDED_AGAINST), col(Nomination.decided_at) < now - APPEALED_WITHIN)
    return sa.and_(col(Nomination.state).in_(CLOSED), appealed)


def finish(runtime: Runtime, now: datetime) -> int:
    """Takes away what was left of people who had theirs erased, in nominations that have ended since; of how many."""
    with read_session(runtime.engine) as session:
        found = _left(session, now)
    did = 0
    for member in found:
        on = Occasion(actor="system", now=now, ids=runtime.ids)
        with runtime.writing() as session:
            _hold_said(session, member)
            gone = len(remembering.erase(session, member, on=on)[0]) + _unwrite(session, member, on=on)
            if gone:
                on.record(session, session.get_one(Member, member).community_id, "member.erased", member)
        did += gone > 0
    return did


def _left(session: Session, now: datetime) -> list[UUID]:
    """Some of whom something is left that can go: what they wrote, and what was written about them alone."""
    gone = sa.select(col(Member.id)).where(col(Member.erased_at).is_not(None))
    beside = aliased(Nominee)
    about_them = select(col(Nominee.member_id)).join(Nomination, col(Nomination.id) == Nominee.nomination_id)
    about_them = about_them.where(
        _is_over(now),
        col(Nominee.member_id).in_(gone),
        col(Nomination.erased_at).is_(None),
        ~sa.exists().where(col(beside.nomination_id) == Nominee.nomination_id, col(beside.id) != Nominee.id),
    )
    wrote = select(Nomination.nominator_id).where(_written(col(Nomination.nominator_id).in_(gone)))
    said = (sa.select(each.by).select_from(each.table).where(each.left(each.by.in_(gone))) for each in _SAID)
    named = select(Nominee.member_id).where(_named(col(Nominee.member_id).in_(gone), now))
    found = {each for chosen in (wrote, about_them, named) for each in session.exec(chosen.limit(AT_ONCE)).all()}
    found |= {each for chosen in said for each in session.execute(chosen.limit(AT_ONCE)).scalars()}
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
