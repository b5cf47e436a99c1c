"""Doors: at which stage of its life a community seems to be, why, and what its stewards say."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from pydantic import Field, Strict, StringConstraints
from sqlmodel import col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Out, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.metrics import maturing
from app.metrics.api import Reader
from app.metrics.formulas.maturity import Rule, Stage
from app.metrics.methods import MATURITY
from app.metrics.tables import MaturityQuarter

router = strict_router(tags=["metrics"])

Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]


class OverrideIn(In):
    """What the stage is, as stewards see it: another than the estimate, or the same, if they stand by it."""

    stage: Annotated[Stage, Strict(False)]
    reason: Annotated[Text, StringConstraints(min_length=1)] = Field(
        description="Why; everybody who reads the stage reads it, and members with the report. No stranger does.",
        examples=["We moved all gatherings to spring."],
    )


class OverrideOut(Out):
    """What stewards say, beside the estimate."""

    stage: Stage
    reason: str
    said_at: datetime


class CheckOut(Out):
    """A rule, and what was seen."""

    rule: Rule
    wanted: float | None
    """How much it asks for; null where it asks for no number."""
    seen: float | None
    """Null where it would tell of few people, is a share of a small community, or nothing was to be seen."""
    met: bool
    """By what would be told of it: not where that is nothing."""


class StepOut(Out):
    """A quarter of the history."""

    period: str
    stage: Stage
    looks_like: Stage
    """What it looks like by itself: the stage changes once that is the same for two quarters."""


class StageOut(StepOut):
    """The stage of a quarter, and why."""

    id: UUID
    checks: list[CheckOut]
    policy: str
    """SHA-256 of all numbers that people chose."""
    sha256: str
    """Of the checks, as canonical JSON (RFC 8785)."""
    computed_at: datetime


class MaturityOut(Out):
    """At which stage a community seems to be. No stage is better than another."""

    estimate: StageOut | None
    """That of the last quarter that is out; null before there is one."""
    override: OverrideOut | None
    """What its stewards say, be it the same; null where they say nothing."""
    history: list[StepOut]
    """Newest first."""
    method_url: str


@router.get("/v1/communities/{c}/maturity")
def read_maturity(c: str, caller: Reader, session: ReadSessionDep, runtime: RuntimeDep) -> MaturityOut:
    """At which stage of its life the community seems to be, each rule with what was seen, and what stewards say."""
    community = community_by_slug(session, c)
    kept, said = maturing.history(session, community), maturing.override_of(session, community)
    return MaturityOut(
        estimate=_stage(kept[0]) if kept else None,
        override=OverrideOut.model_validate(said) if said is not None else None,
        history=[StepOut.model_validate(row) for row in kept],
        method_url=f"{runtime.settings.public_url}/methods/{MATURITY.id}",
    )


@router.get("/v1/communities/{c}/maturity/quarters")
def list_stages(c: str, caller: Reader, session: ReadSessionDep, pages: PageDep) -> Listing[StageOut]:
    """List the quarters of which a stage was estimated, newest first."""
    rows = maturing.quarters(community_by_slug(session, c))
    by = [col(MaturityQuarter.ends_at), col(MaturityQuarter.id)]
    return pages.show(page(session, rows, pages.window, by=by, newest_first=True), _stage)


@router.get("/v1/communities/{c}/maturity/quarters/{quarter}")
def read_stage(
    c: str, quarter: Annotated[str, Path(max_length=20)], caller: Reader, session: ReadSessionDep
) -> StageOut:
    """The stage of one quarter, by its name; it never changes."""
    return _stage(maturing.quarter_of(session, community_by_slug(session, c), quarter))


@router.put("/v1/communities/{c}/maturity/override")
def override_stage(
    c: str, body: OverrideIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> OverrideOut:
    """Say what the stage is, and why. It is shown beside the estimate, never instead of it."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return OverrideOut.model_validate(maturing.override(session, community, body.stage, body.reason, on=on))


@router.delete("/v1/communities/{c}/maturity/override", status_code=204)
def withdraw_override(c: str, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> None:
    """Have the estimate stand alone again."""
    maturing.withdraw_override(session, community_by_slug(session, c), on=occasion(caller, runtime, now))


def _stage(row: MaturityQuarter) -> StageOut:
    return StageOut(
        id=row.id,
        period=row.period,
        stage=row.stage,
        looks_like=row.looks_like,
        checks=[CheckOut(**check) for check in maturing.checks_of(row)],
        policy=row.policy,
        sha256=row.sha256,
        computed_at=row.made_at,
    )
