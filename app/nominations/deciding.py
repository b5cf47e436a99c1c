"""The decision about a nomination: it follows from the votes, under the lock of the row, and there is one."""

from sqlmodel import col, select

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations import offering
from app.nominations.casefile import Case
from app.nominations.panels import quorum_of, refill, sitting, size_of, unseat
from app.nominations.rules import FINAL, Act, State
from app.nominations.stepping import step
from app.nominations.tables import Objection, Reviewer, Verdict
from app.nominations.voting import Vote, outcome

_ACT = {Verdict.approve: Act.approve, Verdict.not_yet: Act.postpone, Verdict.decline: Act.decline}


def decide(case: Case, *, at: Installation, on: Occasion) -> Case:
    """Decides a locked case, if its votes do: those of people without a stake in it by now.

    The seats of others go to somebody else where it is not decided without them.
    """
    some_left = unseat(case, on=on)
    verdict = verdict_of(case, sitting(case))
    if verdict is None:
        return refill(case, on=on) if some_left else case
    nomination, given = case.nomination, [seat.verdict for seat in sitting(case)]
    nomination.decided_at, nomination.waiting_since = on.now, None
    step(
        case,
        _ACT[verdict],
        on=on,
        verdict=verdict.value,
        panel=nomination.panel,
        approvals=given.count(Verdict.approve),
        not_yet=given.count(Verdict.not_yet),
        declines=given.count(Verdict.decline),
    )
    return offering.offer(case, at=at, on=on) if nomination.state is State.approved else case


def verdict_of(case: Case, seats: list[Reviewer]) -> Verdict | None:
    """What these seats of one panel have come to. The panel of an appeal says yes or no: its word is final."""
    objectors = frozenset(objection.reviewer_id for objection in open_objections(case))
    votes = [Vote(seat.verdict, objects=seat.id in objectors) for seat in seats]
    verdict = outcome(votes, size=size_of(case), quorum=quorum_of(case))
    final = any(seat.panel >= FINAL for seat in seats)
    return Verdict.decline if final and verdict is Verdict.not_yet else verdict


def open_objections(case: Case) -> list[Objection]:
    """Those that nobody has answered."""
    of_it = select(Objection).where(Objection.nomination_id == case.nomination.id)
    return list(case.session.exec(of_it.where(col(Objection.answered_at).is_(None))).all())
