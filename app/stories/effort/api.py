"""Doors: members state the hours that they spend, for nobody else to see; everybody of the community sees the sums."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import AfterValidator, Field, StringConstraints
from sqlmodel import col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowInPerson, FellowOf, occasion, person_in
from app.members.service import community_by_slug
from app.stories.effort import service
from app.stories.effort.tables import Effort, EffortSum

router = strict_router(tags=["stories"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Myself = Annotated[Caller, Depends(FellowInPerson())]


def _in_quarters(hours: float) -> float:
    if hours * 4 != int(hours * 4):
        raise ValueError("hours are stated in quarters of an hour")
    return hours


Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Hours = Annotated[float, Field(ge=0.25, le=744), AfterValidator(_in_quarters)]


class EffortIn(In):
    """How long you worked for the community in a month, as far as you want to say it."""

    month: Month = Field(examples=["2026-11"])
    hours: Hours = Field(examples=[3.5])
    sponsored_by: Name | None = Field(
        None, description="Who paid you for it; leave it out for what you did as a volunteer."
    )


class EffortOut(Out):
    """What you stated. Nobody else sees it."""

    id: UUID
    month: str
    hours: float
    sponsored_by: str | None


class SponsoredOut(Out):
    """Hours that one organisation paid for."""

    name: str
    hours: float


class HeldBackOut(Out):
    """What is not told, and why."""

    what: str
    reason: str


class EffortSumOut(Out):
    """What a quarter took, summed once; null where too few people would be behind it."""

    quarter: str
    k: int
    people: int | None = Field(description="Who stated hours, each person once: at least so many, in steps of `k`.")
    hours: float | None
    volunteer_hours: float | None
    sponsored: list[SponsoredOut] = Field(description="By who paid; only those with enough people behind them.")
    other_hours: float | None = Field(description="Hours that are in none of the others.")
    withheld: list[HeldBackOut]
    not_counted: int | None = Field(
        default=None, description="Who stated hours and does not want to be counted; null where they are too few."
    )
    made_at: datetime


@router.post("/v1/communities/{c}/effort", status_code=201)
@once
def state_effort(
    c: str, body: EffortIn, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EffortOut:
    """State how long you worked for the community in a month: until two days after the end of its quarter."""
    community, on, member = community_by_slug(session, c), occasion(caller, runtime, now), person_in(caller)
    first = date.fromisoformat(f"{body.month}-01")
    worked = service.Worked(first, round(body.hours * 60), body.sponsored_by)
    return _shown(service.state(session, community, member, worked, on=on))


@router.get("/v1/communities/{c}/effort")
def list_effort(c: str, caller: Myself, session: ReadSessionDep, pages: PageDep) -> Listing[EffortOut]:
    """List the hours that you stated, newest first."""
    rows = service.stated_by(community_by_slug(session, c), person_in(caller))
    return pages.show(page(session, rows, pages.window, by=[col(Effort.id)], newest_first=True), _shown)


@router.get("/v1/communities/{c}/effort/{effort_id}")
def read_effort(c: str, effort_id: Id, caller: Myself, session: ReadSessionDep) -> EffortOut:
    """One entry of your hours."""
    return _shown(service.effort_by_id(session, community_by_slug(session, c), person_in(caller), effort_id))


@router.delete("/v1/communities/{c}/effort/{effort_id}", status_code=204)
def take_effort_back(
    c: str, effort_id: Id, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> None:
    """Take an entry away. A quarter that was summed with it stays as it was told."""
    row = service.effort_by_id(session, community_by_slug(session, c), person_in(caller), effort_id)
    service.take_back(session, row, on=occasion(caller, runtime, now))


@router.get("/v1/communities/{c}/effort-sums")
def list_effort_sums(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[EffortSumOut]:
    """List what the quarters took, newest first."""
    rows = service.sums(community_by_slug(session, c))
    by = [col(EffortSum.community_id), col(EffortSum.quarter)]
    return pages.show(page(session, rows, pages.window, by=by, newest_first=True), _summed)


@router.get("/v1/communities/{c}/effort-sums/{effort_quarter}")
def read_effort_sum(c: str, effort_quarter: str, caller: Fellow, session: ReadSessionDep) -> EffortSumOut:
    """What one quarter took."""
    return _summed(service.sum_of(session, community_by_slug(session, c), service.quarter_named(effort_quarter)))


def _shown(row: Effort) -> EffortOut:
    return EffortOut(id=row.id, month=f"{row.month:%Y-%m}", hours=row.minutes / 60, sponsored_by=row.sponsor)


def _summed(row: EffortSum) -> EffortSumOut:
    return EffortSumOut(quarter=service.name_of(row.quarter), made_at=row.made_at, **row.body)
