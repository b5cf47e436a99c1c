"""What the weighing of a nomination shows to whom: decisions, single reviews, questions, objections."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import WithJsonSchema

from app.kit.schemas import Out
from app.nominations.casefile import Case
from app.nominations.deciding import verdict_of
from app.nominations.doors import Seen
from app.nominations.rules import BEFORE_OFFER, CLOSED
from app.nominations.sight import Part, Relation, Sight
from app.nominations.tables import ACTIVE, GUEST, Objection, Question, Reviewer, Seat, Verdict

ENDED = "ended"
SeatTold = Annotated[str, WithJsonSchema({"type": "string", "enum": [*(seat.value for seat in Seat), ENDED]})]
VerdictTold = Annotated[str, WithJsonSchema({"type": "string", "enum": [verdict.value for verdict in Verdict]})]


class FeedbackOut(Out):
    """What one of the panel has to say; who it was, and how they voted, is not told."""

    feedback: str | None
    rubric: dict[str, Any] | None


class DisclosedOut(Out):
    """A conflict that was known, and that the panel was given somebody with all the same."""

    reviewer: str
    source: str
    """As what they were found: `steward`, `seat` (a tenure), `holder` of the badge, `member`, `appointed`, `guest`."""
    conflicts: list[str]


class DecisionOut(Out):
    """How a nomination was decided."""

    state: VerdictTold
    feedback: list[FeedbackOut]
    disclosed: list[DisclosedOut]
    """What was known to stand between the panel and an impartial look, and was put up with."""
    evidence_unchecked: list[int]
    """Positions of the evidence of which none of the panel said that they had looked at it."""
    panel: int
    """How many decided."""
    final: bool
    """Whether this was the appeal."""
    decided_at: datetime | None
    again_from: datetime | None
    """Where it was decided against: from when on this person may be nominated for the same again."""
    appeal_until: datetime | None
    """Until when nominator, and nominee who knows of it, may appeal: `POST …/appeals {"argument": "…"}`, once."""


class ReviewOut(Out):
    """A seat in the panel, and what was said from it."""

    id: UUID
    reviewer: str
    """A name; where the panel is blind, one that says nothing of who it is."""
    member: UUID | None
    yours: bool
    panel: int
    """1, or 2 for that of an appeal."""
    source: str
    disclosed: list[str]
    seat: SeatTold
    """`ended` of somebody who had not voted when the panel was done."""
    verdict: VerdictTold | None
    feedback: str | None
    rubric: dict[str, Any] | None
    evidence_checked: list[int]
    at: datetime
    until: datetime | None
    voted_at: datetime | None


class QuestionOut(Out):
    """What a reviewer asked."""

    id: UUID
    by: str
    question: str | None
    at: datetime
    answer: str | None
    answered_at: datetime | None
    """Set without an answer when none came in time."""


class ObjectionOut(Out):
    """A reason of a reviewer against approval."""

    id: UUID
    by: str
    reason: str | None
    at: datetime
    answer: str | None
    answered_at: datetime | None


def decided(found: Seen, *, now: datetime) -> DecisionOut | None:
    """The last decision of a panel, for whom it is; once there is an offer the nominee learns of it, without words."""
    case = found.case
    reads = found.sees(Part.feedback, now) is not Sight.nothing
    was = case.nomination.held_from or case.nomination.state  # who sees it all the same sees it as it was
    offered = Relation.nominee in found.relations and was not in BEFORE_OFFER
    is_over = case.nomination.decided_at is not None
    seats = [seat for seat in (case.reviewers if is_over else case.earlier) if seat.seat in ACTIVE]
    verdict = verdict_of(case, seats) if seats and (reads or offered) else None
    if verdict is None:
        return None
    decided_at = max((seat.voted_at for seat in seats if seat.voted_at is not None), default=None)
    cooldown = case.policy.cooldown_days
    wait = {Verdict.not_yet: cooldown.not_yet, Verdict.decline: cooldown.renominate}.get(verdict)
    return DecisionOut(
        state=verdict.value,
        feedback=[_feedback(seat) for seat in seats if seat.feedback or seat.rubric] if reads else [],
        disclosed=[
            DisclosedOut(reviewer=_name(case, seat), source=seat.source, conflicts=seat.disclosed)
            for seat in seats
            if seat.disclosed or seat.source == GUEST
        ],
        evidence_unchecked=_unchecked(case, seats),
        panel=len(seats),
        final=seats[0].panel > 1,
        decided_at=decided_at,
        again_from=decided_at + timedelta(days=wait) if decided_at is not None and wait is not None else None,
        appeal_until=case.appeal_ends() if is_over else None,
    )


def review_shown(found: Seen, seat: Reviewer) -> ReviewOut:
    """One seat, to somebody who may see what was said from it."""
    mine = seat.member_id == found.member
    return ReviewOut(
        id=seat.id,
        reviewer=_name(found.case, seat),
        member=None if is_blind(found.case) and not mine else seat.member_id,
        yours=mine,
        panel=seat.panel,
        source=seat.source,
        disclosed=seat.disclosed,
        seat=_seat(found.case, seat),
        verdict=seat.verdict.value if seat.verdict else None,
        feedback=seat.feedback,
        rubric=seat.rubric,
        evidence_checked=seat.checked,
        at=seat.at,
        until=seat.until,
        voted_at=seat.voted_at,
    )


def _seat(case: Case, seat: Reviewer) -> str:
    """How it stands with a seat; of a panel whose work is done nobody is waited for."""
    is_done = seat.panel < case.nomination.panel or case.nomination.decided_at or case.nomination.state in CLOSED
    return ENDED if is_done and seat.seat is Seat.assigned else seat.seat.value


def question_shown(found: Seen, row: Question) -> QuestionOut:
    """A question, to somebody whom it concerns."""
    by = _of(found.case, row.reviewer_id)
    return QuestionOut(
        id=row.id, by=by, question=row.question, at=row.at, answer=row.answer, answered_at=row.answered_at
    )


def objection_shown(found: Seen, row: Objection) -> ObjectionOut:
    """An objection, to somebody who may answer it."""
    by = _of(found.case, row.reviewer_id)
    return ObjectionOut(id=row.id, by=by, reason=row.reason, at=row.at, answer=row.answer, answered_at=row.answered_at)


def is_blind(case: Case) -> bool:
    """Whether reviewers go by pseudonyms."""
    return case.policy.review.mode == "panel" and case.policy.review.blind


def _unchecked(case: Case, seats: list[Reviewer]) -> list[int]:
    looked_at = {position for seat in seats for position in seat.checked}
    return [position for position in range(len(case.nomination.evidence)) if position not in looked_at]


def _of(case: Case, reviewer: UUID) -> str:
    return next(_name(case, seat) for seat in [*case.earlier, *case.reviewers] if seat.id == reviewer)


def _name(case: Case, seat: Reviewer) -> str:
    return seat.pseudonym if is_blind(case) else case.people[seat.member_id].name


def _feedback(seat: Reviewer) -> FeedbackOut:
    return FeedbackOut(feedback=seat.feedback, rubric=seat.rubric)
