"""Doors: the case for support of a period."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session, col

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.negotiation import preferred
from app.kit.paging import Listing, PageDep, page
from app.kit.publishing import UNSHARED, Published
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Role, Scope
from app.members.service import community_by_slug
from app.metrics.api import Reader
from app.reports.support import page as pages_of
from app.reports.support import service, showing, views
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.views import PublicationIn, ReportInFullOut, ReportOut

router = strict_router(tags=["reports"])


class Form(StrEnum):
    """How a report is told."""

    json = "json"
    html = "html"
    pdf = "pdf"


MEDIA_TYPES: Final = {"application/json": Form.json, "text/html": Form.html, "application/pdf": Form.pdf}
ASKED_AGAIN: Final = "public, no-cache"
"""Of what is published: whatever was taken back a moment ago is shown by no cache."""
FORMS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}}

Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]
For = Annotated[
    Readers,
    Query(
        alias="for",
        description="`everyone`: it can be passed on. `community`: also with what people gave for the community alone.",
    ),
]
Wanted = Annotated[Form | None, Query(alias="format", description="By default as `Accept` prefers, else JSON.")]


@router.get("/v1/communities/{c}/reports")
def list_reports(
    c: str, caller: Reader, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep
) -> Listing[ReportOut]:
    """List a community's reports, those made last first."""
    rows = service.reports(community_by_slug(session, c))
    found = page(session, rows, pages.window, by=[col(Report.row)], newest_first=True)
    return pages.show(found, lambda row: views.shown(row, runtime.settings.public_url))


@router.get("/v1/communities/{c}/reports/case-for-support", response_model=ReportInFullOut, responses=FORMS)
async def read_case_for_support(
    c: str,
    request: Request,
    caller: Reader,
    runtime: RuntimeDep,
    now: NowDep,
    period: Annotated[str | None, Query(max_length=20, description="`2026-10`, `2026-Q4`, `2026`.")] = None,
    readers: For = Readers.everyone,
    form: Wanted = None,
) -> Response:
    """The case for support of a whole month, quarter or year; by default of the last quarter that is out.

    What it says was made once, when the period's figures were out, and never changes; each number names the figure that
    it is from, and what is withheld is named with the reason. What people said in words is read when it is shown.
    """

    def find(session: Session) -> Report:
        return service.report_of(session, community_by_slug(session, c), service.period_of(period, now=now))

    return await _shown(runtime, find, _readers(caller, readers), _form(form, request), request, now)


@router.get("/v1/communities/{c}/reports/{report_id}", response_model=ReportInFullOut, responses=FORMS)
async def read_report(
    c: str,
    report_id: Id,
    request: Request,
    caller: Reader,
    runtime: RuntimeDep,
    now: NowDep,
    readers: For = Readers.everyone,
    form: Wanted = None,
) -> Response:
    """One report: the same for ever, but for words that were taken back."""

    def find(session: Session) -> Report:
        return service.report_by_id(session, community_by_slug(session, c), report_id)

    return await _shown(runtime, find, _readers(caller, readers), _form(form, request), request, now)


@router.get("/reports/{report_id}", dependencies=[public], response_model=ReportInFullOut, responses=FORMS)
async def read_published_report(
    report_id: Id, request: Request, runtime: RuntimeDep, now: NowDep, form: Wanted = None
) -> Response:
    """A report that is published, for everyone, with the words that people gave for everyone."""

    def find(session: Session) -> Report:
        return service.published_by_id(session, report_id)

    return await _shown(runtime, find, Readers.everyone, _form(form, request), request, now, public=True)


@router.put("/v1/communities/{c}/reports/{report_id}/publication")
def publish_report(
    c: str,
    report_id: Id,
    body: PublicationIn,
    caller: Steward,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> ReportOut:
    """Let everyone read a report, at its `public_url`."""
    row = service.report_by_id(session, community_by_slug(session, c), report_id, lock=True)
    service.publish(session, row, indexed=body.indexed, on=occasion(caller, runtime, now))
    return views.shown(row, runtime.settings.public_url)


@router.delete("/v1/communities/{c}/reports/{report_id}/publication")
def take_report_back(
    c: str, report_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ReportOut:
    """Let only those read a report who may read the community's figures."""
    row = service.report_by_id(session, community_by_slug(session, c), report_id, lock=True)
    service.take_back(session, row, on=occasion(caller, runtime, now))
    return views.shown(row, runtime.settings.public_url)


def _readers(caller: Caller, wanted: Readers) -> Readers:
    """For whom it is shown. Raises `Forbidden` where a platform asks for what is the community's alone."""
    if wanted is Readers.community and caller.role is Role.platform:
        raise Forbidden("What people gave for the community alone is for its members and stewards.")
    return wanted


def _form(named: Form | None, request: Request) -> Form:
    """How the caller wants it."""
    accept = ",".join(request.headers.getlist("accept"))
    return named or MEDIA_TYPES[preferred(accept, tuple(MEDIA_TYPES)) or "application/json"]


async def _shown(
    runtime: Runtime,
    find: Callable[[Session], Report],
    readers: Readers,
    form: Form,
    request: Request,
    now: datetime,
    *,
    public: bool = False,
) -> Response:
    """A report for its readers, `public` for strangers: for them nothing is drawn."""
    shown = await showing.seen(runtime, find, readers)
    row, public_url = shown.row, runtime.settings.public_url
    if form is not Form.json and not public:
        shown = await showing.drawn(runtime, shown, now=now)
    more = {} if public and row.indexed else {"X-Robots-Tag": "noindex"}
    match form:
        case Form.html:
            page = partial(pages_of.page, row, shown.report, shown.words, readers, shown.pictures)
            body = (await run_in_threadpool(page, public_url=public_url, public=public)).encode()
            media_type, more = "text/html", more | pages_of.headers()
        case Form.pdf:
            body, media_type = await showing.file(runtime, shown, public=public), "application/pdf"
            more["Content-Disposition"] = f'attachment; filename="case-for-support-{row.period}.pdf"'
        case _:
            body = views.in_full(row, shown.report, shown.words, readers, public_url).model_dump_json().encode()
            media_type = "application/json"
    answer = Published(body, media_type, cache=ASKED_AGAIN if public else UNSHARED).response(request)
    answer.headers.update(more)
    return answer
