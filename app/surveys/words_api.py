"""Doors: what people said in their own words, and what came of conversations in small groups."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from sqlmodel import col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Day, Id, In, Line, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.nominations.linting import lint
from app.surveys import notes, remarks
from app.surveys.notes import Heard, Method
from app.surveys.tables import Note, Remark, RemarkState
from app.surveys.views import Words

router = strict_router(tags=["surveys"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]

WHO = "survey participant"
"""Of whoever said something nothing else is known."""


class RemarkOut(Out):
    """What somebody said in their own words."""

    id: UUID
    wave: UUID
    said_by: str
    state: RemarkState
    may_quote: bool
    quote: str | None = Field(description="What everybody of the community reads.")
    text: str | None = Field(description="The whole of it, for stewards.")
    hints: list[str] = Field(description="What has to be left out before it is quoted, for stewards.")


class QuoteIn(In):
    """What of a remark is quoted."""

    text: Words | None = Field(
        None, description="Its words, with some left out; `[…]` may stand for them. By default all of it."
    )


class NoteIn(In):
    """What came of a conversation in a small group. No names."""

    method: Annotated[Method, Field(strict=False)]
    held_on: Day
    n: int = Field(ge=2, le=1000, description="How many took part.")
    themes: list[Annotated[Line, StringConstraints(max_length=200)]] = Field(min_length=1, max_length=20)
    summary: Words | None = None


class NoteOut(Out):
    """The same, as it is kept."""

    id: UUID
    method: Method
    held_on: date
    n: int
    themes: list[str]
    summary: str | None


@router.get("/v1/communities/{c}/remarks")
def list_remarks(
    c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep, wave: Annotated[Id | None, Query()] = None
) -> Listing[RemarkOut]:
    """List what people said in their own words, in no order: what is quoted; to stewards all of it."""
    community = community_by_slug(session, c)
    stewards = caller.stewards(community.id)
    rows = remarks.remarks(community, wave=wave, quoted_only=not stewards)
    found = page(session, rows, pages.window, by=[col(Remark.id)])
    return pages.show(found, lambda one: _remark(one, in_full=stewards))


@router.get("/v1/communities/{c}/remarks/{remark_id}")
def read_remark(c: str, remark_id: Id, caller: Fellow, session: ReadSessionDep) -> RemarkOut:
    """One remark."""
    community = community_by_slug(session, c)
    stewards = caller.stewards(community.id)
    found = remarks.remark_by_id(session, community, remark_id, quoted_only=not stewards)
    return _remark(found, in_full=stewards)


@router.post("/v1/communities/{c}/remarks/{remark_id}/quote")
@once
def quote(
    c: str,
    remark_id: Id,
    caller: Steward,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: QuoteIn | None = None,
) -> RemarkOut:
    """Have a remark quoted, where whoever said it agreed: whole, or with words left out."""
    community = community_by_slug(session, c)
    remark = remarks.remark_by_id(session, community, remark_id, lock=True)
    remarks.quote(session, community, remark, body.text if body else None, on=occasion(caller, runtime, now))
    return _remark(remark, in_full=True)


@router.post("/v1/communities/{c}/remarks/{remark_id}/keep")
@once
def keep(c: str, remark_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> RemarkOut:
    """Have a remark quoted no more, or never: it is for the stewards alone."""
    community = community_by_slug(session, c)
    remark = remarks.remark_by_id(session, community, remark_id, lock=True)
    remarks.keep(session, community, remark, on=occasion(caller, runtime, now))
    return _remark(remark, in_full=True)


@router.post("/v1/communities/{c}/qualitative-notes", status_code=201)
@once
def put_down(c: str, body: NoteIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NoteOut:
    """Put down what came of a conversation in a small group, without names."""
    community = community_by_slug(session, c)
    heard = Heard(body.method, body.held_on, body.n, tuple(body.themes), body.summary)
    return NoteOut.model_validate(notes.put_down(session, community, heard, on=occasion(caller, runtime, now)))


@router.get("/v1/communities/{c}/qualitative-notes")
def list_notes(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[NoteOut]:
    """List what came of conversations in small groups, newest first."""
    rows = notes.notes(community_by_slug(session, c))
    found = page(session, rows, pages.window, by=[col(Note.id)], newest_first=True)
    return pages.show(found, NoteOut.model_validate)


@router.get("/v1/communities/{c}/qualitative-notes/{note_id}")
def read_note(c: str, note_id: Id, caller: Fellow, session: ReadSessionDep) -> NoteOut:
    """What came of one."""
    return NoteOut.model_validate(notes.note_by_id(session, community_by_slug(session, c), note_id))


@router.delete("/v1/communities/{c}/qualitative-notes/{note_id}", status_code=204)
def take_back(c: str, note_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> None:
    """Take a note away."""
    community = community_by_slug(session, c)
    note = notes.note_by_id(session, community, note_id)
    notes.take_back(session, community, note, on=occasion(caller, runtime, now))


def _remark(remark: Remark, *, in_full: bool) -> RemarkOut:
    return RemarkOut(
        id=remark.id,
        wave=remark.wave_id,
        said_by=WHO,
        state=remark.state,
        may_quote=remark.may_quote,
        quote=remark.quote,
        text=remark.text if in_full else None,
        hints=[hint.message for hint in lint({"/text": remark.text})] if in_full else [],
    )
