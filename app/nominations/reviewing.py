"""Use-cases of those who weigh a nomination: their verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit.errors import FieldError, Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.people import Person
from app.nominations import panels
from app.nominations.candidates import Candidate, stakes_of
from app.nominations.casefile import Case, opened_by_id
from app.nominations.conflicts import ABSENT, Conflict, conflicts_of, hard
from app.nominations.deciding import decide
from app.nominations.refusals import BotsMayNot, ConflictOfInterest, EvidenceUnchecked, NotOnThePanel, Party, SeatEnded
from app.nominations.rules import Act
from app.nominations.stepping import require, step
from app.nominations.tables import ACTIVE, Reviewer, Seat, Verdict


@dataclass(frozen=True)
class Opinion:
    """What a reviewer says."""

    verdict: Verdict | None
    """None: they step back."""
    feedback: str | None = None
    rubric: dict[str, Any] | None = None
    checked: Sequence[int] | None = None
    """Positions of the evidence that they have looked at; None where they do not say, which the decision shows."""
    conflicts: frozenset[Conflict] = field(default_factory=frozenset)
    """What they themselves say stands between them and it."""


def review(session: Session, id: str, member: UUID, opinion: Opinion, *, at: Installation, on: Occasion) -> Case:
    """One verdict, or another one than before; the decision, if it follows.

    Raises `InvalidTransition`, `Party`, `BotsMayNot`, `NotOnThePanel`, `SeatEnded`, `ConflictOfInterest`,
    `EvidenceUnchecked`, `Invalid`.
    """
    # The row is locked from here: of many who vote at once each sees all before them, and one of them is the quorum.
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=[member])
    case, seat = seated(case, member, Act.review, on=on)
    if opinion.verdict is None:
        return _step_back(case, seat, opinion, on=on)
    _check(case, opinion)
    seat.seat, seat.verdict, seat.voted_at = Seat.voted, opinion.verdict, on.now
    seat.feedback, seat.rubric, seat.checked = (
        opinion.feedback,
        opinion.rubric,
        sorted(frozenset(opinion.checked or ())),
    )
    seat.disclosed = sorted({*seat.disclosed, *(c.value for c in opinion.conflicts)})
    session.add(seat)
    step(case, Act.review, on=on, review=str(seat.id), panel=seat.panel)
    return decide(case, at=at, on=on)


def seated(case: Case, member: UUID, act: Act, *, on: Occasion) -> tuple[Case, Reviewer]:
    """The seat from which somebody is about to take `act`; where a steward decides alone, they take it by that.

    Raises `InvalidTransition`, `Party`, `BotsMayNot`, `NotOnThePanel`, `SeatEnded`, `ConflictOfInterest`.
    """
    person = case.people[member]
    if case.is_party(person):
        raise Party(f"{person.handle} has a stake in this nomination.")
    if person.is_bot:
        raise BotsMayNot(f"{person.handle} is a bot.")
    seat = case.reviewer(member)
    if seat is None and any(earlier.member_id == member for earlier in case.earlier):
        raise ConflictOfInterest(
            f"{person.handle} sat on the panel whose decision is appealed.", conflicts=[Conflict.first_panel.value]
        )
    if seat is None and not _may_come_forward(case, person):
        raise NotOnThePanel(f"{person.handle} was not drawn for this nomination.")
    require(case, act, on=on)
    conflicts = conflicts_of(person, stakes_of(case, now=on.now))
    if forbidding := hard(conflicts - ABSENT):
        raise _conflict(forbidding)
    if seat is None:
        if Conflict.affiliation in conflicts:
            raise _conflict([Conflict.affiliation])
        case = panels.give_seats(case, [Candidate(person, "steward", sorted(c.value for c in conflicts))], on=on)
        seat = case.reviewer(member)
    if seat is None or seat.seat not in ACTIVE:
        raise NotOnThePanel(f"{person.handle} has no seat in this panel any more.")
    if seat.until is not None and on.now >= seat.until:
        raise SeatEnded(f"The term ended at {seat.until.isoformat()}.")
    return case, seat


def _may_come_forward(case: Case, person: Person) -> bool:
    return case.policy.review.mode == "single_steward" and person.role == "steward"


def _conflict(conflicts: Sequence[Conflict]) -> ConflictOfInterest:
    named = [conflict.value for conflict in conflicts]
    return ConflictOfInterest(f"There is: {', '.join(named)}.", conflicts=named)


def _step_back(case: Case, seat: Reviewer, opinion: Opinion, *, on: Occasion) -> Case:
    """Gives the seat up; the lots fall again."""
    seat.seat, seat.verdict = Seat.recused, None
    seat.disclosed = sorted({*seat.disclosed, *(c.value for c in opinion.conflicts)})
    case.session.add(seat)
    step(
        case,
        Act.review,
        on=on,
        recused=str(seat.member_id),
        conflicts=sorted(c.value for c in opinion.conflicts),
        panel=seat.panel,
    )
    return panels.refill(case, on=on)


def _check(case: Case, opinion: Opinion) -> None:
    """Whether the verdict comes with what it needs."""
    evidence, errors = range(len(case.nomination.evidence)), list[FieldError]()
    if opinion.verdict is not Verdict.approve and not opinion.feedback:
        errors.append({"pointer": "/feedback", "message": "say what is missing, so that they can do something with it"})
    errors += [
        {"pointer": f"/evidence_checked/{place}", "message": "there is no evidence at this position"}
        for place, position in enumerate(opinion.checked or ())
        if position not in evidence
    ]
    if errors:
        raise Invalid("The verdict is not complete.", errors=errors)
    if forbidding := hard(opinion.conflicts):
        raise _conflict(forbidding)
    unchecked = sorted(frozenset(evidence) - frozenset(evidence if opinion.checked is None else opinion.checked))
    if opinion.verdict is Verdict.approve and unchecked:
        raise EvidenceUnchecked("Some evidence was not looked at.", unchecked=unchecked)
