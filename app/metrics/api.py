"""Doors: the figures of a community as they were published, and what each of them means."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import Field
from sqlmodel import col

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Day, Id, In, Instant, Out
from app.kit.strict import router as strict_router
from app.members.auth import Authorization, Caller, FellowOf, HoldingIn, occasion
from app.members.rules import Role, Scope
from app.members.service import community_by_slug
from app.metrics import service, views
from app.metrics.beginning import begin, begins_at, has_begun
from app.metrics.families import METHODS, Family
from app.metrics.tables import Published
from app.metrics.views import FiguresOut, MethodOut, SnapshotInFullOut, SnapshotOut

router = strict_router(tags=["metrics"])


class ReaderOf(HoldingIn):
    """A person of the community in the path, or a platform that has the scope metrics:read."""

    def __init__(self) -> None:
        super().__init__(None, f"a member or steward of the community, or a token with the scope {Scope.metrics_read}")

    def __call__(self, c: str, request: Request, authorization: Authorization) -> Caller:
        """Raises `Unauthenticated`, `Forbidden`, `NoSuchCommunity`, `AnotherCommunity`."""
        caller = super().__call__(c, request, authorization)
        if caller.role is Role.platform and Scope.metrics_read not in caller.scopes:
            raise Forbidden(f"A platform's token needs the scope {Scope.metrics_read} for this.")
        return caller


Reader = Annotated[Caller, Depends(ReaderOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]


class BeginningIn(In):
    """From when on figures are published."""

    on: Day = Field(description="The day on which it begins, in UTC; today, once all that there is was brought along.")


class BeginningOut(Out):
    """From when on figures are published."""

    begins_at: datetime
    """Before this nothing is; what is over by then, or two days before, comes out first."""
    has_begun: bool
    """Whether anything was published: then it does not change any more."""


class MethodsOut(Out):
    """Every figure, and how it comes about."""

    items: list[MethodOut]


@router.get("/v1/communities/{c}/metrics/snapshots")
def list_snapshots(c: str, caller: Reader, session: ReadSessionDep, pages: PageDep) -> Listing[SnapshotOut]:
    """List what was published of a community, newest first."""
    rows = service.snapshots(community_by_slug(session, c))
    found = page(session, rows, pages.window, by=[col(Published.id)], newest_first=True)
    return pages.show(found, views.snapshot)


@router.get("/v1/communities/{c}/metrics/snapshots/{snapshot_id}")
def read_snapshot(c: str, snapshot_id: Id, caller: Reader, session: ReadSessionDep) -> SnapshotInFullOut:
    """What was published of a period, byte for byte: it never changes."""
    return views.snapshot_in_full(service.snapshot_by_id(session, community_by_slug(session, c), snapshot_id))


@router.get("/v1/communities/{c}/metrics/beginning")
def read_beginning(c: str, caller: Reader, session: ReadSessionDep) -> BeginningOut:
    """From when on the community's figures are published: a week after it was founded here, or as stewards said."""
    community = community_by_slug(session, c)
    return BeginningOut(begins_at=begins_at(session, community), has_begun=has_begun(session, community))


@router.put("/v1/communities/{c}/metrics/beginning")
def begin_figures(
    c: str, body: BeginningIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> BeginningOut:
    """Say from which day on figures are published, as long as none are: what is out never changes, so bring along first
    who was there and what was done before. Of what is over the last 400 days are told."""
    community = community_by_slug(session, c)
    at = begin(session, community, body.on, on=occasion(caller, runtime, now))
    return BeginningOut(begins_at=at, has_begun=False)


@router.get("/v1/communities/{c}/metrics/{family}")
def read_figures(
    c: str,
    family: Family,
    caller: Reader,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    period: Annotated[str | None, Query(max_length=20, description="`2026-W43`, `2026-10`, `2026-Q4`, `2026`.")] = None,
    start: Annotated[Instant | None, Query(alias="from", description="Where a whole period begins.")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="Where it ends: the first instant after.")] = None,
) -> FiguresOut:
    """Figures of a whole week, month, quarter or year in UTC; by default of the last month that is out.

    Other windows are refused, with the nearest that is out: whoever could choose the ends could subtract.
    """
    community = community_by_slug(session, c)
    window = service.period_of(session, community, period, start, end, now=now)
    row = service.figures(session, community, family, window)
    return views.figures(row, runtime.settings.public_url)


@router.get("/v1/methods", dependencies=[public])
def list_methods(runtime: RuntimeDep) -> MethodsOut:
    """Every figure: what it is, how it is computed, and how it misleads."""
    return MethodsOut(items=[views.method(metric, runtime.settings.public_url) for metric in METHODS.values()])


@router.get("/v1/methods/{id}", dependencies=[public])
def read_method(id: Annotated[str, Path(max_length=20)], runtime: RuntimeDep) -> MethodOut:
    """What a figure is, how it is computed, and how it misleads."""
    return views.method(service.method_of(id), runtime.settings.public_url)
