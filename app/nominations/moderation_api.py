"""Doors of those who look after a community, and of those who tell them what is wrong: holding and reporting."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep
from app.kit.schemas import In, Out, Prose
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import moderating, reoffering
from app.nominations.doors import Concerned, Hearing, LookingAfter, Seen, person_of, seen
from app.nominations.moderating import Category
from app.nominations.sight import Relation
from app.nominations.tables import Outcome, Report
from app.nominations.views import NominationOut, shown

router = strict_router(tags=["nominations"])

Words = Annotated[Prose, Field(min_length=1, max_length=2000)]
ASK = "Ask another steward, or where there is none whoever runs this installation (its admin token)."


class HoldIn(In):
    """Why it is held; stewards read it."""

    reason: Words


class ReleaseIn(In):
    """What was found; stewards read it."""

    note: Words | None = None


class ReportIn(In):
    """What is wrong. Stewards who have no stake in the nomination read it, and who wrote it."""

    category: Annotated[Category, Strict(False)]
    text: Annotated[Prose, Field(min_length=1, max_length=4000)]


class ReceivedOut(Out):
    """That a report was received."""

    id: UUID
    nomination: UUID
    category: str
    text: str | None
    at: datetime


class ReportOut(ReceivedOut):
    """A report; `reporter` is null where the service itself raised it."""

    reporter: UUID | None
    outcome: Outcome | None
    """What came of it, once the nomination that was held `went_on` or was `withdrawn`."""


@router.post("/v1/nominations/{nomination}/hold")
@once
def hold(
    nomination: str, body: HoldIn, caller: LookingAfter, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Hold a nomination: its clock stops, and the nominee does not see it until you have decided."""
    found = _looked_after(seen(session, nomination, caller, now=now))
    case = moderating.hold(session, nomination, body.reason, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/release")
@once
def release(
    nomination: str,
    caller: LookingAfter,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: ReleaseIn | None = None,
) -> NominationOut:
    """Let a held nomination go on where it was, with the time that was left. To end it, withdraw it."""
    found = _looked_after(seen(session, nomination, caller, now=now))
    words, on = body.note if body is not None else None, occasion(caller, runtime, now)
    case = moderating.release(session, nomination, words, at=runtime.installation, on=on)
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/reoffer", status_code=201)
@once
def reoffer(
    nomination: str, caller: LookingAfter, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Offer once more what nobody answered in time: a new nomination, whose `previous` is this one, and which nobody
    has to second or to weigh again.

    Its nominator asks a steward: whether somebody refused or did not answer is not theirs to learn. Who refused is
    never asked again by this.
    """
    found = _looked_after(seen(session, nomination, caller, now=now))
    case = reoffering.reoffer(session, nomination, at=runtime.installation, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/reports", status_code=201)
@once
def report(
    nomination: str, body: ReportIn, caller: Concerned, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ReceivedOut:
    """Say that a nomination does harm. It is held at once, until a steward without a stake in it has looked.

    What you see of it you go on seeing. What came of it stands in your report; if it is about you, you may refuse the
    offer meanwhile.
    """
    seen(session, nomination, caller, now=now)
    on, by = occasion(caller, runtime, now), person_of(caller)
    row = moderating.report(session, nomination, by, body.category, body.text, on=on)
    return ReceivedOut(id=row.id, nomination=row.nomination_id, category=row.category, text=row.text, at=row.at)


@router.get("/v1/nominations/{nomination}/reports")
def list_reports(
    nomination: str, caller: Hearing, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[ReportOut]:
    """List what was reported of a nomination, newest first; for who looks after it, or what you reported yourself."""
    found, by = _heard(seen(session, nomination, caller, now=now))
    return pages.show(moderating.reports(session, found.case.nomination.id, pages.window, by=by), _shown)


@router.get("/v1/nominations/{nomination}/reports/{report}")
def read_report(nomination: str, report: str, caller: Hearing, session: ReadSessionDep, now: NowDep) -> ReportOut:
    """One report, and what came of it."""
    found, by = _heard(seen(session, nomination, caller, now=now))
    return _shown(moderating.report_of(session, found.case.nomination.id, report, by=by))


def _heard(found: Seen) -> tuple[Seen, UUID | None]:
    """Whose reports somebody reads: None are everybody's, for who looks after it. Raises `Forbidden`."""
    if Relation.reporter in found.relations and Relation.steward not in found.relations:
        return found, found.member
    return _looked_after(found), None


def _looked_after(found: Seen) -> Seen:
    """Raises `Forbidden` for whoever sees the nomination but does not look after it."""
    if Relation.steward not in found.relations:
        raise Forbidden("This is for a steward who has no stake in the nomination.", fix=ASK)
    return found


def _shown(row: Report) -> ReportOut:
    return ReportOut(
        id=row.id,
        nomination=row.nomination_id,
        category=row.category,
        text=row.text,
        at=row.at,
        reporter=row.reporter_id,
        outcome=row.outcome,
    )
