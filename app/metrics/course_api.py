"""Door: the course of a community: its size, trust beside it, and when something changed for good."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from app.kit.deps import ReadSessionDep, RuntimeDep
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf
from app.members.service import community_by_slug
from app.metrics.methods import COURSE
from app.metrics.tracing import course_of

router = strict_router(tags=["metrics"])

Fellow = Annotated[Caller, Depends(FellowOf())]


class SizeOut(Out):
    """A quarter."""

    period: str
    members: int | None
    """At its end, at least; null where that is not told."""
    rate: float | None
    """By how much the community grew."""
    acceleration: float | None
    """That rate less the one of the quarter before; 0 where growth is constant."""
    turns: bool
    """Whether growth began to quicken, or to slow down."""
    sure: bool
    """False of fewer than fifty members: each who comes or goes turns the trend."""


class TrustOut(Out):
    """What was answered about trust, and how large the community was then."""

    wave: str
    closed_on: date
    n: int
    mean: float
    top_two: float | None
    members: int | None
    """At the end of the last quarter that had ended, at least; null where that is not told."""


class DivergenceOut(Out):
    """That the community grew while trust in it fell."""

    since: str
    until: str
    """Waves that asked the same."""
    growth: float
    """By which part of itself, at least: sizes are told in steps."""
    change: float
    """Of the mean."""
    note: str


class ChangeOut(Out):
    """A month from which on more people were active, or fewer, for good. Neither is better."""

    period: str
    before: float
    after: float
    """At least so many active people in a month, on average over those months of which it is told."""
    p: float
    """How likely so much would be if nothing had changed."""


class CourseOut(Out):
    """The course of a community, from what was told of it."""

    size: list[SizeOut] = Field(description="By quarters, oldest first.")
    trust: list[TrustOut] = Field(description="By waves, oldest first.")
    divergence: DivergenceOut | None = Field(
        description="Between the newest wave and the last before it that asked about trust in the same words; null "
        "where there are no two such, a size is not told, or the community did not grow while trust fell."
    )
    changes: list[ChangeOut]
    method_url: str


@router.get("/v1/communities/{c}/course")
def read_course(c: str, caller: Fellow, session: ReadSessionDep, runtime: RuntimeDep) -> CourseOut:
    """Size by quarters, trust by waves beside it, whether they part, and when something changed for good."""
    found = course_of(session, community_by_slug(session, c))
    apart = found.divergence
    return CourseOut(
        size=[SizeOut.model_validate(each) for each in found.size],
        trust=[TrustOut.model_validate(each) for each in found.trust],
        divergence=None
        if apart is None
        else DivergenceOut(
            since=apart.since,
            until=apart.until,
            growth=apart.growth,
            change=apart.change,
            note="The community grew while trust in it fell. Trust is a form of growth, too: ask why.",
        ),
        changes=[
            ChangeOut(period=period, before=each.before, after=each.after, p=each.p) for period, each in found.changes
        ],
        method_url=f"{runtime.settings.public_url}/methods/{COURSE.id}",
    )
