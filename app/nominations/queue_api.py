"""The stewards' desk: what is open in a community, how old it is, and what it waits for."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import WithJsonSchema
from sqlmodel import Session, col, func, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.errors import Forbidden
from app.kit.installation import Installation
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller
from app.members.service import community_by_slug
from app.nominations.candidates import stakes_of
from app.nominations.casefile import Case
from app.nominations.conflicts import conflicts_of
from app.nominations.doors import Desk, Seen, readable, seen_row
from app.nominations.evidence import EvidenceState, states
from app.nominations.rules import OPEN, State
from app.nominations.sight import Relation, StateTold
from app.nominations.tables import Nomination, Objection, Report, Seat
from app.nominations.views import NomineeOut, nominees_of

router = strict_router(tags=["nominations"])


StateAsked = Annotated[State, WithJsonSchema({"type": "string", "enum": [state.value for state in State]})]


class QueueItem(Out):
    """An open nomination, as whoever looks after the community needs to see it."""

    id: UUID
    state: StateTold
    achievement: UUID
    nominees: list[NomineeOut]
    age_days: int
    """Since it was submitted."""
    in_state_days: int
    deadline: datetime | None
    """When the time of this state is over."""
    overdue: bool
    waiting_for_reviewer: bool
    """Whether the lots find nobody without a stake in it: appoint somebody (`POST …/reviewers`)."""
    reports: int
    objections: int
    """Those that are open."""
    evidence_changed: list[int]
    """Positions of the evidence that reads otherwise than when it was submitted."""
    evidence_state: list[EvidenceState]
    """Of each piece: whether the service has looked at what stands there."""
    conflicts: dict[UUID, list[str]]
    """Of each reviewer at work, by their id, what is known to stand between them and the nominee by now."""
    own_conflicts: list[str]
    """Yours; with a hard one you do not decide."""


@router.get("/v1/communities/{c}/queue")
def read_queue(
    c: str,
    caller: Desk,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    state: Annotated[StateAsked | None, Query(description="Only those in this state.")] = None,
) -> Listing[QueueItem]:
    """List what is open, oldest first. What you have a stake in is not among it."""
    community = community_by_slug(session, c)
    if not caller.stewards(community.id):
        raise Forbidden("The queue is for stewards.")
    rows = select(Nomination).where(Nomination.community_id == community.id, readable(caller))
    rows = rows.where(col(Nomination.state).in_(OPEN if state is None else {state}))
    found = page(session, rows, pages.window, by=[col(Nomination.row)])
    listed = pages.show(found, lambda row: seen_row(session, row, caller, now=now))
    mine = [each for each in listed.items if each is not None and Relation.steward in each.relations]
    return Listing(items=[_item(session, each, caller, runtime.installation, now) for each in mine], next=listed.next)


def _item(session: Session, found: Seen, caller: Caller, at: Installation, now: datetime) -> QueueItem:
    case, nomination = found.case, found.case.nomination
    deadline = case.deadline()
    open_objections = select(func.count()).where(
        Objection.nomination_id == nomination.id, col(Objection.answered_at).is_(None)
    )
    sitting = {seat.member_id for seat in case.reviewers if seat.seat in {Seat.assigned, Seat.voted}} & set(case.people)
    mine = {caller.member} if caller.member is not None else set()
    evidence = states(case)
    return QueueItem(
        id=nomination.id,
        state=case.state(now),
        achievement=nomination.achievement_id,
        nominees=nominees_of(found, at=at, now=now),
        age_days=(now - (nomination.submitted_at or nomination.created_at)).days,
        in_state_days=(now - (nomination.clock_since or nomination.created_at)).days,
        deadline=deadline,
        overdue=deadline is not None and now >= deadline,
        waiting_for_reviewer=nomination.waiting_since is not None,
        reports=session.exec(select(func.count()).where(Report.nomination_id == nomination.id)).one(),
        objections=session.exec(open_objections).one(),
        evidence_changed=[position for position, state in enumerate(evidence) if state == "changed"],
        evidence_state=evidence,
        conflicts=_conflicts(case, sitting, now),
        own_conflicts=[code for codes in _conflicts(case, mine, now).values() for code in codes],
    )


def _conflicts(case: Case, members: Collection[UUID], now: datetime) -> dict[UUID, list[str]]:
    """What stands between these members and the case, where anything does."""
    stakes = stakes_of(case, now=now)
    found = {member: sorted(conflicts_of(case.people[member], stakes)) for member in members}
    return {member: [each.value for each in conflicts] for member, conflicts in found.items() if conflicts}
