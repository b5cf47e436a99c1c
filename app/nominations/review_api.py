"""Doors of those who weigh a nomination."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field, Strict
from sqlmodel import col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep, take_back
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.ids import id_in
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Prose
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import reviewing
from app.nominations.casefile import NoSuchNomination
from app.nominations.conflicts import Conflict
from app.nominations.doors import Concerned, Seen, Weighing, locked, person_of, seen
from app.nominations.review_views import ReviewOut, review_shown
from app.nominations.sight import Part, Sight
from app.nominations.tables import Reviewer, Verdict
from app.nominations.views import WAITS, NominationOut, answered, shown, tag_of

router = strict_router(tags=["nominations"])

ValidateOnly = Annotated[
    bool, Query(description="A dry run: the same refusals and the same answer, and nothing is kept.")
]


class ReviewIn(In):
    """A verdict; `recuse` gives the seat to somebody else."""

    verdict: Literal["approve", "not_yet", "decline", "recuse"]
    feedback: Annotated[Prose, Field(max_length=4000)] | None = Field(
        default=None, description="What could be better, in words that help. Needed unless you approve or recuse."
    )
    rubric: dict[Annotated[str, Field(max_length=100)], Literal["met", "partly", "not_met"]] | None = Field(
        default=None, max_length=20, description="How the criteria are met, by what you call them."
    )
    evidence_checked: Annotated[list[Annotated[int, Field(ge=0, lt=50)]], Field(max_length=50)] | None = Field(
        default=None,
        description="The positions, from 0, of the evidence that you have looked at: to approve, all. Left out, the "
        "decision says of which nobody said that they had looked at it.",
    )
    conflicts: list[Annotated[Conflict, Strict(False)]] = Field(
        default_factory=list, max_length=10, description="What you know to stand between you and an impartial look."
    )


@router.post("/v1/nominations/{nomination}/reviews", responses=WAITS)
@once
def review(
    nomination: str,
    body: ReviewIn,
    caller: Weighing,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
    response: Response,
    validate_only: ValidateOnly = False,
) -> NominationOut:
    """Say what you think of a nomination, if you are on its panel. Until it is decided you may say otherwise."""
    found = seen(session, nomination, caller, now=now)
    member, before = person_of(caller), tag_of(shown(locked(found, now=now), at=runtime.installation, now=now))
    opinion = reviewing.Opinion(
        verdict=None if body.verdict == "recuse" else Verdict(body.verdict),
        feedback=body.feedback,
        rubric=dict(body.rubric) if body.rubric else None,
        checked=body.evidence_checked,
        conflicts=frozenset(body.conflicts),
    )
    on = occasion(caller, runtime, now)
    case = reviewing.review(session, nomination, member, opinion, at=runtime.installation, on=on)
    if_match.honour(before)
    answer = answered(Seen(case, found.relations, member), response, at=runtime.installation, now=now)
    if_match.changed_to(tag_of(answer))
    if validate_only:
        take_back(session)
    return answer


@router.get("/v1/nominations/{nomination}/reviews")
def list_reviews(
    nomination: str, caller: Concerned, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[ReviewOut]:
    """List what the panel said, as far as you may see it: your own until it is decided."""
    found = seen(session, nomination, caller, now=now)
    seats = page(session, _visible(found, now=now), pages.window, by=[col(Reviewer.id)])
    return pages.show(seats, lambda seat: review_shown(found, seat))


@router.get("/v1/nominations/{nomination}/reviews/{review}")
def read_review(nomination: str, review: str, caller: Concerned, session: ReadSessionDep, now: NowDep) -> ReviewOut:
    """One seat of the panel, and what was said from it."""
    found = seen(session, nomination, caller, now=now)
    seat = session.exec(_visible(found, now=now).where(Reviewer.id == id_in(review))).one_or_none()
    if seat is None:
        raise NoSuchNomination(f"There is no review {review}, or none that you may see.")
    return review_shown(found, seat)


def _visible(found: Seen, *, now: datetime) -> SelectOfScalar[Reviewer]:
    """The seats of which somebody may see what was said from them."""
    seats, sight = (
        select(Reviewer).where(Reviewer.nomination_id == found.case.nomination.id),
        found.sees(Part.votes, now),
    )
    if sight is Sight.nothing:
        return seats.where(false())
    return seats if sight is Sight.full else seats.where(Reviewer.member_id == found.member)
