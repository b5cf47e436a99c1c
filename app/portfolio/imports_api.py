"""Doors: badges from elsewhere, brought into a portfolio, shown there, and handed back as they came."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import Strict

import badges
from app.credentials.rules import Visibility
from app.kit.database import read_session
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, SignedIn, Visitor, is_recipient, occasion
from app.portfolio import choosing, forms, imports
from app.portfolio.import_rules import ENDINGS, Fate, Match
from app.portfolio.imports import Taken
from app.portfolio.inspecting import Inspected, inspected
from app.portfolio.tables import ImportedBadge
from app.verifier.descriptions import ONE

router = strict_router(tags=["portfolio"])

Somebody = Annotated[Caller, Depends(SignedIn())]
Viewer = Annotated[Caller | None, Depends(Visitor())]

_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_ZIP = {"schema": {"type": "string", "format": "binary", "description": "At most 1,000 files, 64 MiB unpacked."}}
_BODY: dict[str, Any] = {
    "requestBody": ONE["requestBody"]
    | {
        "description": "Read by what it is, whatever its Content-Type says: a badge as `POST /v1/verify` takes it, an "
        "array of badges, or a zip with such files in it. Of a form, every file and every `text`.",
        "content": {
            name: said for name, said in ONE["requestBody"]["content"].items() if not name.endswith("urlencoded")
        }
        | {
            "application/zip": _ZIP,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": _FILES, "text": _TEXTS},
                }
            },
        },
    }
}


class IssuerNamed(Out):
    """Who issued a badge, as it says."""

    id: str | None
    name: str | None


class ImportOut(Out):
    """A badge from elsewhere."""

    id: UUID
    name: str | None
    """Of the achievement. What a badge says is to be believed as far as its verdict goes."""
    issuer: IssuerNamed
    awarded_at: datetime | None
    valid_until: datetime | None
    recipient: Match
    """Whether it was awarded to this member, by what is known of them."""
    verdict: badges.Verdict
    """The newest that says anything: where an issuer does not answer, what was known before stands."""
    checked_at: datetime
    """When that was found."""
    asked_at: datetime
    """When it was last looked at; where that is later, nobody answered then."""
    standard: str | None
    format: str | None
    container: str | None
    media_type: str
    size: int
    sha256: str
    original: str
    """Where its bytes are, as they came."""
    visibility: Visibility
    imported_at: datetime
    source_url: str | None
    """From where it was had, if by address; for the member and stewards."""
    report: dict[str, Any] | None
    """The whole report of the verdict; for the member and stewards, since it may name an address."""


class HandedInOut(Out):
    """What became of one thing that was handed in."""

    file: str | None
    """The name of its file."""
    url: str | None
    outcome: Fate
    code: str
    """Why; of what was taken, the verdict."""
    detail: str
    import_id: UUID | None
    """Of the badge that was taken, or that was there already."""
    recipient: Match | None
    verdict: badges.Verdict | None
    report: dict[str, Any] | None
    """As of POST /v1/verify; null where nothing was looked at."""


class ImportsOut(Out):
    """What became of everything that was handed in, in its order."""

    taken: int
    already: int
    refused: int
    items: list[HandedInOut]


class ImportVisibilityIn(In):
    """Who sees a badge from elsewhere besides its owner and the stewards."""

    visibility: Annotated[Visibility, Strict(False)]


async def _looked_at(
    member_id: str, request: Request, caller: Somebody, runtime: RuntimeDep, now: NowDep
) -> list[Inspected]:
    """What was handed in, verified while nothing is locked; nobody is asked for whom may not import."""
    with read_session(runtime.engine) as session:
        choosing.own(session, member_id, caller)
    return await inspected(await forms.handed_in(request), runtime, now)


@router.post("/v1/members/{member_id}/portfolio/imports", max_body_size=forms.LARGEST, openapi_extra=_BODY)
@once
def import_badges(
    member_id: str,
    handed_in: Annotated[list[Inspected], Depends(_looked_at)],
    caller: Somebody,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    visibility: Annotated[Visibility, Query(description="Of all that is taken.")] = Visibility.private,
) -> ImportsOut:
    """Bring badges from elsewhere: files, pictures, tokens, addresses, or a zip of them.

    Each is verified, and kept byte for byte with its report, also when it has expired, was revoked, or cannot be
    checked now. Refused, with the report, is what is forged, no badge, hosted at an address that answers that it is not
    there, or awarded to somebody else than you are known as here (a DID is yours once you have proven it). What nobody
    vouches for yet, and what does not say that it is yours, is shown to nobody else, whatever its visibility. A badge
    that is there already is told, and not kept twice. The body may have 32 MiB, a zip 1,000 files; after 60 seconds
    nobody is asked any more, and what was not looked at by then says so.
    """
    member = choosing.own(session, member_id, caller)
    came = imports.take(
        session, member, handed_in, visibility, at=runtime.installation, on=occasion(caller, runtime, now)
    )
    counted = Counter(one.fate for one in came)
    return ImportsOut(
        taken=counted[Fate.taken],
        already=counted[Fate.already],
        refused=counted[Fate.refused],
        items=[_became(one) for one in came],
    )


@router.get("/v1/members/{member_id}/portfolio/imports")
def list_imports(member_id: str, viewer: Viewer, session: ReadSessionDep, pages: PageDep) -> Listing[ImportOut]:
    """List the badges from elsewhere that you may see, newest first."""
    member = choosing.owner_named(session, member_id, viewer)
    rows = imports.all_seen(session, member, viewer)
    found = page(session, rows, pages.window, by=[ImportedBadge.row], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: _shown(row, viewer))


@router.get("/v1/members/{member_id}/portfolio/imports/{import_id}")
def read_import(member_id: str, import_id: str, viewer: Viewer, session: ReadSessionDep) -> ImportOut:
    """One badge from elsewhere."""
    return _shown(imports.import_seen(session, member_id, import_id, viewer), viewer)


@router.get(
    "/v1/members/{member_id}/portfolio/imports/{import_id}/original",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in ENDINGS}}},
)
def read_original(member_id: str, import_id: str, viewer: Viewer, session: ReadSessionDep) -> Response:
    """Its bytes, as they were handed in."""
    badge = imports.import_seen(session, member_id, import_id, viewer)
    headers = {
        "Content-Disposition": f'attachment; filename="badge-{badge.id}.{ENDINGS[badge.media_type]}"',
        # A stranger's picture is a stranger's program: nobody is to run it here.
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Authorization",
    }
    return Response(imports.original(session, badge.id), headers=headers, media_type=badge.media_type)


@router.post("/v1/members/{member_id}/portfolio/imports/{import_id}/visibility")
@once
def show_import(
    member_id: str,
    import_id: str,
    body: ImportVisibilityIn,
    caller: Somebody,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> ImportOut:
    """Choose who sees a badge from elsewhere."""
    member = choosing.own(session, member_id, caller)
    on = occasion(caller, runtime, now)
    return _shown(imports.show_to(session, member, import_id, body.visibility, on=on), caller)


@router.delete("/v1/members/{member_id}/portfolio/imports/{import_id}", status_code=204)
def remove_import(
    member_id: str, import_id: str, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> None:
    """Remove a badge from elsewhere, its bytes too."""
    member = choosing.own(session, member_id, caller)
    imports.remove(session, member, import_id, on=occasion(caller, runtime, now))


def _shown(badge: ImportedBadge, viewer: Caller | None) -> ImportOut:
    steward = viewer is not None and viewer.stewards(badge.community_id)
    whole = steward or is_recipient(viewer, badge.member_id)
    return ImportOut(
        **badge.model_dump(exclude={"report", "source_url"}),
        issuer=IssuerNamed(id=badge.issuer_id, name=badge.issuer_name),
        original=imports.original_path(badge),
        source_url=badge.source_url if whole else None,
        report=badge.report if whole else None,
    )


def _became(one: Taken) -> HandedInOut:
    report = dict(one.inspected.report) or None
    return HandedInOut(
        file=one.inspected.parcel.name,
        url=one.inspected.parcel.url,
        outcome=one.fate,
        code=one.why.code,
        detail=one.why.detail,
        import_id=one.import_id,
        recipient=one.recipient,
        verdict=badges.Verdict(report["verdict"]) if report else None,
        report=report,
    )
