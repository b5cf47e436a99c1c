"""Doors around a panel: what it asks and objects, whom a steward appoints, and the appeal against it."""

from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import Field, Strict, model_validator
from sqlmodel import col, false, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Prose, Slug
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import appealing, appointing, inquiring
from app.nominations.conflicts import Conflict
from app.nominations.doors import (
    Answering,
    Concerned,
    LookingAfter,
    Objecting,
    Seen,
    Weighing,
    having,
    person_of,
    seen,
)
from app.nominations.review_views import ObjectionOut, QuestionOut, objection_shown, question_shown
from app.nominations.sight import Part, Relation, Sight
from app.nominations.tables import Objection, Question
from app.nominations.views import WAITS, NominationOut, answered, shown

router = strict_router(tags=["nominations"])

Words = Annotated[Prose, Field(min_length=1, max_length=4000)]
AT_WORK = frozenset({Relation.nominator, Relation.reviewer, Relation.steward})


class InfoRequestIn(In):
    """What you need to know before you can say."""

    question: Words


class ReplyIn(In):
    """The answer."""

    answer: Words


class ObjectionIn(In):
    """Why this must not be approved as it is."""

    reason: Words


class AppealIn(In):
    """What the panel did not know, or did not see."""

    argument: Words
    """At least 20 characters, and three different words."""


class GuestIn(In):
    """Somebody from another community of this installation, by their id, which they can tell you."""

    community: Slug
    member: Id


class AppointmentIn(In):
    """Who is given the seat that the lots could not fill, and what there is to say against it."""

    member: Annotated[str, Field(max_length=100)] | None = Field(default=None, description="Handle or id of a member.")
    guest: GuestIn | None = None
    disclose: list[Annotated[Conflict, Strict(False)]] = Field(
        default_factory=list, max_length=10, description="Every conflict of theirs; nominator and nominee will read it."
    )

    @model_validator(mode="after")
    def _somebody(self) -> "AppointmentIn":
        if (self.member is None) == (self.guest is None):
            raise ValueError("name either member or guest")
        return self


@router.post("/v1/nominations/{nomination}/reviewers", responses=WAITS)
@once
def appoint(
    nomination: str,
    body: AppointmentIn,
    caller: LookingAfter,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
) -> NominationOut:
    """Give a seat that the lots cannot fill to a guest, or to somebody whose conflict is bearable and disclosed.

    Where the time of a panel is over and nobody else is there, that is the seat of somebody who has not said anything.
    """
    found = _looking_after(seen(session, nomination, caller, now=now))
    who = appointing.Guest(body.guest.community, body.guest.member) if body.guest is not None else body.member or ""
    on = occasion(caller, runtime, now)
    case = appointing.appoint(session, nomination, caller.member, who, body.disclose, at=runtime.installation, on=on)
    return answered(Seen(case, found.relations, caller.member), response, at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/info-requests", status_code=201)
@once
def ask(
    nomination: str, body: InfoRequestIn, caller: Weighing, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> QuestionOut:
    """Ask the nominator something; the review goes on when they have answered."""
    found, member = seen(session, nomination, caller, now=now), person_of(caller)
    case, row = inquiring.ask(session, nomination, member, body.question, on=occasion(caller, runtime, now))
    return question_shown(Seen(case, found.relations, member), row)


@router.get("/v1/nominations/{nomination}/info-requests")
def list_info_requests(
    nomination: str, caller: Concerned, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[QuestionOut]:
    """List what the panel asked, and the answers."""
    found = seen(session, nomination, caller, now=now)
    rows = select(Question).where(Question.nomination_id == found.case.nomination.id)
    if not _concerned(found, now):
        rows = rows.where(false())
    return pages.show(page(session, rows, pages.window, by=[col(Question.id)]), lambda row: question_shown(found, row))


@router.get("/v1/nominations/{nomination}/info-requests/{question}")
def read_info_request(
    nomination: str, question: str, caller: Concerned, session: ReadSessionDep, now: NowDep
) -> QuestionOut:
    """One question, and its answer."""
    found = seen(session, nomination, caller, now=now)
    if not _concerned(found, now):
        raise inquiring.NoSuchQuestion(f"There is no question {question} that you may see.")
    return question_shown(found, inquiring.question_of(session, found.case.nomination.id, question))


@router.post("/v1/nominations/{nomination}/info-requests/{question}/answer")
@once
def answer(
    nomination: str,
    question: str,
    body: ReplyIn,
    caller: Answering,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> NominationOut:
    """Answer what the panel asked: the nominator, or a nominee who knows of the nomination."""
    found = having({Relation.nominator, Relation.nominee}, seen(session, nomination, caller, now=now))
    member, on = person_of(caller), occasion(caller, runtime, now)
    case = inquiring.answer(session, nomination, question, member, body.answer, on=on)
    return shown(Seen(case, found.relations, member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/objections", status_code=201)
@once
def object_to(
    nomination: str, body: ObjectionIn, caller: Weighing, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ObjectionOut:
    """Object to an approval, if you are on the panel: it is answered, or outvoted by two thirds of the others."""
    found, member = seen(session, nomination, caller, now=now), person_of(caller)
    case, row = inquiring.object_to(session, nomination, member, body.reason, on=occasion(caller, runtime, now))
    return objection_shown(Seen(case, found.relations, member), row)


@router.get("/v1/nominations/{nomination}/objections")
def list_objections(
    nomination: str, caller: Concerned, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[ObjectionOut]:
    """List what the panel objected, and the answers."""
    found = seen(session, nomination, caller, now=now)
    rows = select(Objection).where(Objection.nomination_id == found.case.nomination.id)
    if not found.relations & AT_WORK:
        rows = rows.where(false())
    shown_rows = page(session, rows, pages.window, by=[col(Objection.id)])
    return pages.show(shown_rows, lambda row: objection_shown(found, row))


@router.get("/v1/nominations/{nomination}/objections/{objection}")
def read_objection(
    nomination: str, objection: str, caller: Concerned, session: ReadSessionDep, now: NowDep
) -> ObjectionOut:
    """One objection, and its answer."""
    found = seen(session, nomination, caller, now=now)
    if not found.relations & AT_WORK:
        raise inquiring.NoSuchQuestion(f"There is no objection {objection} that you may see.")
    return objection_shown(found, inquiring.objection_of(session, found.case.nomination.id, objection))


@router.post("/v1/nominations/{nomination}/objections/{objection}/answer")
@once
def answer_objection(
    nomination: str,
    objection: str,
    body: ReplyIn,
    caller: Objecting,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> NominationOut:
    """Answer an objection: the nominator, somebody else of the panel, or a steward."""
    found = having(AT_WORK, seen(session, nomination, caller, now=now))
    member, on, at = person_of(caller), occasion(caller, runtime, now), runtime.installation
    case = inquiring.answer_objection(session, nomination, objection, member, body.answer, at=at, on=on)
    return shown(Seen(case, found.relations, member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/appeals", responses=WAITS)
@once
def appeal(
    nomination: str,
    body: AppealIn,
    caller: Answering,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
) -> NominationOut:
    """Have people who had no part in the decision weigh it once more, with a new argument. Their word is final."""
    found = having({Relation.nominator, Relation.nominee}, seen(session, nomination, caller, now=now))
    case = appealing.appeal(session, nomination, body.argument, on=occasion(caller, runtime, now))
    return answered(Seen(case, found.relations, person_of(caller)), response, at=runtime.installation, now=now)


def _looking_after(found: Seen) -> Seen:
    """Raises `Forbidden` for who has a stake in it or weighs it, steward or not."""
    if Relation.steward in found.relations:
        return found
    raise Forbidden(
        "Reviewers are appointed by a steward who has no stake in the nomination and does not weigh it.",
        fix="Ask another steward, or where there is none whoever runs this installation (its admin token), to appoint "
        "somebody with this call: a member without a stake in it, or a guest from another community.",
    )


def _concerned(found: Seen, now: datetime) -> bool:
    """Whether somebody reads what the panel asks."""
    knows = Relation.nominee in found.relations and found.sees(Part.text, now) is Sight.full
    return knows or bool(found.relations & AT_WORK)
