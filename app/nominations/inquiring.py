"""What a panel asks, and what it objects; and the answers."""

from uuid import UUID

from sqlmodel import Session

from app.kit.errors import Forbidden, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations.casefile import Case, opened_by_id
from app.nominations.deciding import decide
from app.nominations.refusals import AnsweredAlready, NotOnThePanel
from app.nominations.reviewing import seated
from app.nominations.rules import Act
from app.nominations.stepping import note, require, step
from app.nominations.tables import Objection, Question


class NoSuchQuestion(NotFound):
    """This nomination has no such question or objection, or none that you may see."""

    code = "no-such-question"
    fix = "GET …/info-requests and GET …/objections list them."


def ask(session: Session, id: str, member: UUID, question: str, *, on: Occasion) -> tuple[Case, Question]:
    """A reviewer needs to know something: the review waits for the answer. Raises as `reviewing.seated` does."""
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=[member])
    case, seat = seated(case, member, Act.ask, on=on)
    row = Question(id=on.ids.row(), nomination_id=case.nomination.id, reviewer_id=seat.id, question=question, at=on.now)
    session.add(row)
    step(case, Act.ask, on=on, question=str(row.id))
    return case, row


def answer(session: Session, id: str, question: str, member: UUID, text: str, *, on: Occasion) -> Case:
    """The answer to a question: the review goes on. Raises `NoSuchQuestion`, `InvalidTransition`, `AnsweredAlready`."""
    case = opened_by_id(session, id, now=on.now, lock=True)
    row = question_of(session, case.nomination.id, question)
    require(case, Act.answer, on=on)
    if row.answered_at is not None:
        raise AnsweredAlready("This question has been answered.")
    row.answer, row.answered_by, row.answered_at = text, member, on.now
    session.add(row)
    step(case, Act.answer, on=on, question=str(row.id))
    return case


def object_to(session: Session, id: str, member: UUID, reason: str, *, on: Occasion) -> tuple[Case, Objection]:
    """A reviewer has a reason against approval: it is answered or outvoted first. Raises as `reviewing.seated` does."""
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=[member])
    case, seat = seated(case, member, Act.review, on=on)
    row = Objection(id=on.ids.row(), nomination_id=case.nomination.id, reviewer_id=seat.id, reason=reason, at=on.now)
    session.add(row)
    note(case, "objected", on=on, objection=str(row.id), panel=seat.panel)
    return case, row


def answer_objection(
    session: Session, id: str, objection: str, member: UUID, text: str, *, at: Installation, on: Occasion
) -> Case:
    """Somebody else answers an objection; what it held up is decided.

    Raises `NoSuchQuestion`, `InvalidTransition`, `AnsweredAlready`, `NotOnThePanel` and `Forbidden` for the objector.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    row = objection_of(session, case.nomination.id, objection)
    require(case, Act.review, on=on)
    if row.answered_at is not None:
        raise AnsweredAlready("This objection has been answered.")
    objector = next((seat for seat in case.reviewers if seat.id == row.reviewer_id), None)
    if objector is None:
        raise NotOnThePanel("It was raised in the panel before.")
    if objector.member_id == member:
        raise Forbidden("Somebody else answers an objection.", fix="Ask a steward, or another of the panel.")
    row.answer, row.answered_by, row.answered_at = text, member, on.now
    session.add(row)
    note(case, "objection_answered", on=on, objection=str(row.id))
    return decide(case, at=at, on=on)


def question_of(session: Session, nomination: UUID, id: str) -> Question:
    """Raises `NoSuchQuestion`."""
    known = id_in(id)
    row = session.get(Question, known) if known else None
    if row is None or row.nomination_id != nomination:
        raise NoSuchQuestion(f"There is no question {id} about this nomination.")
    return row


def objection_of(session: Session, nomination: UUID, id: str) -> Objection:
    """Raises `NoSuchQuestion`."""
    known = id_in(id)
    row = session.get(Objection, known) if known else None
    if row is None or row.nomination_id != nomination:
        raise NoSuchQuestion(f"There is no objection {id} to this nomination.")
    return row
