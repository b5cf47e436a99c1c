"""Doors: a week in a community, as data, Markdown, a page or a feed."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlmodel import col

from app.credentials.rules import Visibility
from app.credentials.tables import Credential
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.negotiation import preferred
from app.kit.paging import Listing, PageDep, Slice, page
from app.kit.publishing import UNSHARED
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Visitor, onlooker
from app.members.service import community_by_slug
from app.members.tables import Community
from app.metrics.api import Reader
from app.reports.digest import feed, service, views, wording
from app.reports.digest import page as pages_of
from app.reports.digest.recognised import INSIDE, OUTSIDE, accepted, celebrated, celebration
from app.reports.digest.tables import Digest
from app.reports.digest.views import DigestOut, DigestRowOut, RecognisedOut

router = strict_router(tags=["reports"])

Viewer = Annotated[Caller | None, Depends(Visitor())]

IN_A_FEED = 8
"""Weeks."""


class Form(StrEnum):
    """How a week is told."""

    json = "json"
    markdown = "markdown"
    html = "html"
    atom = "atom"


MEDIA_TYPES = {
    "application/json": Form.json,
    "text/markdown": Form.markdown,
    "text/html": Form.html,
    feed.MEDIA_TYPE: Form.atom,
}

Week = Annotated[
    str | None, Query(max_length=20, description="`2026-W43`; by default the newest that was put together.")
]
Wanted = Annotated[Form | None, Query(alias="format", description="By default as `Accept` prefers, else JSON.")]


@router.get("/v1/communities/{c}/digests")
def list_digests(c: str, caller: Reader, session: ReadSessionDep, pages: PageDep) -> Listing[DigestRowOut]:
    """List the weeks that were put together, newest first."""
    rows = service.digests(community_by_slug(session, c))
    found = page(session, rows, pages.window, by=[col(Digest.ends_at), col(Digest.id)], newest_first=True)
    return pages.show(found, views.row)


@router.get("/v1/communities/{c}/digests/{digest_id}")
def read_digest_by_id(
    c: str, digest_id: Id, caller: Reader, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> DigestOut:
    """One of them, in full."""
    digest = service.digest_by_id(session, community_by_slug(session, c), digest_id)
    return views.digest(service.told(session, digest, caller, public_url=runtime.installation.public_url, now=now))


@router.get(
    "/v1/communities/{c}/reports/digest",
    response_model=DigestOut,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}},
    summary="The same, among the reports.",
    name="read_digest_report",
)
@router.get(
    "/v1/communities/{c}/digest",
    response_model=DigestOut,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}},
)
def read_digest(
    c: str,
    request: Request,
    caller: Reader,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    week: Week = None,
    form: Wanted = None,
) -> Response:
    """A week: who accepted what, stories, gatherings, questions and their answers, as far as you may know of each.

    It is put together once, two days after the week's end, and does not change any more but that what is taken back is
    gone from it. Stewards are told besides what to look at, by counts. Without a week, Atom has the newest ones.
    """
    community, public_url = community_by_slug(session, c), runtime.installation.public_url
    wanted = form or MEDIA_TYPES[preferred(request.headers.get("accept", ""), tuple(MEDIA_TYPES)) or "application/json"]
    chosen = [service.digest_of(session, community, week, now=now)] if week or wanted is not Form.atom else []
    chosen = chosen or list(
        session.exec(service.digests(community).order_by(col(Digest.ends_at).desc()).limit(IN_A_FEED)).all()
    )
    weeks = [service.told(session, each, caller, public_url=public_url, now=now) for each in chosen]
    headers = {"Vary": "Accept, Authorization", "Cache-Control": UNSHARED}
    match wanted:
        case Form.markdown:
            return Response(wording.markdown(weeks[0]), headers=headers, media_type="text/markdown; charset=utf-8")
        case Form.html:
            return Response(pages_of.page(weeks[0]), headers=headers | pages_of.HEADERS, media_type="text/html")
        case Form.atom:
            return Response(feed.feed(community, weeks, public_url), headers=headers, media_type=feed.MEDIA_TYPE)
    return Response(views.digest(weeks[0]).model_dump_json(), headers=headers, media_type="application/json")


@router.get("/v1/communities/{c}/celebrations")
def list_celebrations(
    c: str, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, pages: PageDep
) -> Listing[RecognisedOut]:
    """List what there is to celebrate, newest first: what people were recognised for, have accepted and show to you.

    Pages may be shorter than asked for. The webhook `credential.issued` tells of each, and `/feeds/{c}.atom` of those
    that everybody may see.
    """
    community = community_by_slug(session, c)
    seen, public_url = _seen(viewer, community), runtime.installation.public_url
    by = [col(Credential.awarded_at), col(Credential.row)]
    found = page(session, accepted(community.id, seen), pages.window, by=by, newest_first=True)
    shown = celebrated(session, found.items, seen, public_url, now=now)
    kept = Slice([row for row in found.items if row.id in shown], found.next)
    return pages.show(kept, lambda row: views.recognised(shown[row.id]))


@router.get("/v1/communities/{c}/celebrations/{celebration_id}")
def read_celebration(
    c: str, celebration_id: Id, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> RecognisedOut:
    """One of them; its id is that of the badge."""
    community = community_by_slug(session, c)
    seen, public_url = _seen(viewer, community), runtime.installation.public_url
    return views.recognised(celebration(session, community, celebration_id, seen, public_url, now=now))


def _seen(viewer: Caller | None, community: Community) -> frozenset[Visibility]:
    found = onlooker(viewer, None, community.id)
    return INSIDE if found.fellow or found.steward else OUTSIDE
