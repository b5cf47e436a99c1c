"""Doors: presentations that a member signed, handed in, listed, shown, deleted."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, Field
from sqlmodel import col, select

import badges
from app.kit.access import public
from app.kit.database import read_session
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.errors import AppError, FieldError
from app.kit.idempotency import once
from app.kit.pacing import Deadline, until
from app.kit.paging import Listing, PageDep, page
from app.kit.pieces import members
from app.kit.pools import Turn
from app.kit.schemas import In, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, InPerson, SignedIn, occasion
from app.members.dids import proven
from app.portfolio import choosing, presentations
from app.portfolio.presentations import Asked, Judged, NoHolderDid
from app.portfolio.tables import Presentation
from app.verifier.service import documents

router = strict_router(tags=["portfolio"])

ForSomebody = Annotated[str, Field(pattern=r"^[ -~]{1,500}$")]
Owner = Annotated[Caller, Depends(SignedIn("the member whose portfolio it is"))]
Myself = Annotated[Caller, Depends(InPerson())]
"""To whom somebody showed what, they alone see."""

SECONDS = 20.0
"""After so long nobody is asked any more about what somebody signed."""


def _with_proof(value: str | dict[str, object]) -> str | dict[str, object]:
    if isinstance(value, dict) and not {"@context", "type", "proof"} <= value.keys():
        raise ValueError("a presentation that is signed has an @context, a type and a proof")
    return value


class PresentationIn(In):
    """A VerifiablePresentation that you signed for somebody."""

    signed: Annotated[str | dict[str, object], AfterValidator(_with_proof)] = Field(
        description="JSON with a Data Integrity proof, or a token (`vp+jwt`). It is kept byte for byte."
    )
    challenge: ForSomebody = Field(description="That whoever asked gave you.")
    domain: ForSomebody = Field(description="Who asked; never this service.")


class PresentationOut(Out):
    """A presentation that was verified when it was taken."""

    id: UUID
    url: str
    """Where whoever knows it finds the presentation."""
    holder: str
    challenge: str
    domain: str
    credentials: int
    """How many are in it."""
    taken_at: datetime


async def _looked_at(
    member_id: str, body: PresentationIn, request: Request, caller: Owner, runtime: RuntimeDep, now: NowDep
) -> Judged | AppError:
    """What somebody signed, verified while nothing is locked: it may take asking strangers."""
    text = body.signed
    if not isinstance(text, str):  # the very bytes, and not what they mean: those alone were signed
        parts = members(await request.body()) or {}
        text = parts["signed"].decode() if "signed" in parts else badges.serialize(text)
    asked = Asked(body.challenge, body.domain)
    judging = partial(_judged, member_id, text.strip(), asked, caller, runtime, now)
    found: Judged | AppError = await runtime.verifiers.run(judging)
    return found


def _judged(
    member_id: str, text: str, asked: Asked, caller: Caller, runtime: Runtime, now: datetime, turn: Turn
) -> Judged | AppError:
    strangers = until(Deadline(SECONDS), turn.aside(runtime.fetch))
    try:
        with read_session(runtime.engine) as session:
            dids = proven(session, choosing.own(session, member_id, caller).id)
        if not dids:
            raise NoHolderDid("A presentation is signed with a key of a DID that you have proven.")
        told: FieldError = {"pointer": "/domain", "message": presentations.OURS}
        presentations.refuse_own(asked.domain, told, at=runtime.installation)
        fetch = documents(runtime, now, strangers=strangers)
        return presentations.judge(text, asked, dids, fetch=fetch, now=now)
    except AppError as refusal:
        return refusal  # unless the call is repeated under its key, for which it was answered


@router.post("/v1/members/{member_id}/portfolio/presentations", status_code=201)
@once
def present(
    member_id: str,
    judged: Annotated[Judged | AppError, Depends(_looked_at)],
    caller: Owner,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> PresentationOut:
    """Hand in a presentation that you signed with a DID that you have proven: verified, and kept for whom it is for.

    Every badge in it has to be yours: issued to you here, imported as yours, or naming an address or a DID of yours.
    """
    if not isinstance(judged, Judged):
        raise judged
    member = choosing.own(session, member_id, caller)
    return _out(
        presentations.keep(session, member, judged, at=runtime.installation, on=occasion(caller, runtime, now)), runtime
    )


@router.get("/v1/members/{member_id}/portfolio/presentations")
def list_presentations(
    member_id: str, caller: Myself, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep
) -> Listing[PresentationOut]:
    """List the presentations that you signed, newest first."""
    member = choosing.own(session, member_id, caller)
    rows = select(Presentation).where(Presentation.member_id == member.id)
    found = page(session, rows, pages.window, by=[col(Presentation.row)], newest_first=True)
    return pages.show(found, lambda row: _out(row, runtime))


@router.get(
    "/v1/members/{member_id}/portfolio/presentations/{presentation}",
    dependencies=[public],
    response_class=Response,
    responses={200: {"content": {"application/vp": {}, "application/vp+jwt": {}}}},
)
def read_presentation(member_id: str, presentation: str, session: ReadSessionDep) -> Response:
    """A presentation as its holder signed it, for whoever was given its address."""
    row = presentations.presentation_by_id(session, member_id, presentation)
    is_json = row.signed.startswith("{")
    headers = {"X-Robots-Tag": "noindex"}
    media_type = "application/vp" if is_json else "application/vp+jwt"
    return Response(row.signed, media_type=media_type, headers=headers)


@router.delete("/v1/members/{member_id}/portfolio/presentations/{presentation}")
def remove_presentation(
    member_id: str, presentation: str, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> PresentationOut:
    """Delete a presentation: its address answers no more. Whoever has a copy keeps it."""
    member = choosing.own(session, member_id, caller)
    return _out(presentations.remove(session, member, presentation, on=occasion(caller, runtime, now)), runtime)


def _out(row: Presentation, runtime: Runtime) -> PresentationOut:
    home = f"{runtime.installation.public_url}/v1/members/{row.member_id}/portfolio/presentations"
    return PresentationOut(
        id=row.id,
        url=f"{home}/{row.id}",
        holder=row.holder,
        challenge=row.challenge,
        domain=row.domain,
        credentials=row.credentials,
        taken_at=row.taken_at,
    )
