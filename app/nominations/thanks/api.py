"""Doors: thanks, and the nominations that they suggest."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from sqlmodel import Session, col, select

from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Out, Prose
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, HoldingIn, SignedIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.nominations.thanks import service, suggestions
from app.nominations.thanks.service import Side
from app.nominations.thanks.tables import Suggestion, Thanks

router = strict_router(tags=["thanks"])

Giver = Annotated[Caller, Depends(HoldingIn(Scope.nominations_write))]
Fellow = Annotated[Caller, Depends(FellowOf())]
Somebody = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]

ContributionType = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class ThanksIn(In):
    """A thanks: private between the two of you, but for the stewards."""

    to: str = Field(min_length=1, max_length=100, description="Handle or id of a member.", examples=["bo"])
    contribution_type: ContributionType | None = Field(default=None, examples=["hosting"])
    text: Annotated[Prose, Field(min_length=1, max_length=1000)] = Field(examples=["Thank you for running the call!"])
    url: WebUrl | None = Field(default=None, description="What it is for, if it has an address.")


class ThanksOut(Out):
    """A thanks."""

    id: UUID
    giver: UUID
    receiver: UUID
    contribution_type: str | None
    text: str | None
    """Null once taken back."""
    url: str | None
    given_at: datetime
    held: bool | None
    """Whether it was one too many at once and waits for a steward; only stewards are told."""


class SuggestionOut(Out):
    """Thanks that might become a nomination."""

    id: UUID
    nominee: UUID
    contribution_type: str
    thanks: list[UUID]
    """Yours among those that led to it."""
    nominate_at: str
    nomination: dict[str, Any]
    """What to send there: complete it, or leave the achievement out of it until you know which."""
    made_at: datetime


@router.post("/v1/communities/{c}/thanks", status_code=201)
@once
def give_thanks(
    c: str, body: ThanksIn, caller: Giver, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ThanksOut:
    """Thank a member: no review, no badge, seen by the two of you and the stewards."""
    words = service.Words(to=body.to, text=body.text, contribution_type=body.contribution_type, url=body.url)
    on = occasion(caller, runtime, now)
    return _shown(service.give(session, community_by_slug(session, c), caller.member, words, on=on), caller)


@router.get("/v1/communities/{c}/thanks")
def list_thanks(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    role: Annotated[Side | None, Query(description="Left out, both; stewards are given everybody's.")] = None,
) -> Listing[ThanksOut]:
    """List the thanks you gave and received, newest first."""
    community = community_by_slug(session, c)
    rows = service.visible(community.id, caller.member, steward=caller.stewards(community.id), side=role)
    found = page(session, rows, pages.window, by=[Thanks.id], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: _shown(row, caller))


@router.get("/v1/communities/{c}/thanks/{thanks_id}")
def read_thanks(c: str, thanks_id: Id, caller: Fellow, session: ReadSessionDep) -> ThanksOut:
    """One thanks, for who gave it, who received it, and stewards."""
    community = community_by_slug(session, c)
    steward = caller.stewards(community.id)
    return _shown(service.thanks_by_id(session, community.id, thanks_id, caller.member, steward=steward), caller)


@router.delete("/v1/communities/{c}/thanks/{thanks_id}")
def withdraw_thanks(
    c: str, thanks_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ThanksOut:
    """Take back a thanks you gave, or put away one that you received; nobody is told."""
    community = community_by_slug(session, c)
    steward, on = caller.stewards(community.id), occasion(caller, runtime, now)
    return _shown(service.withdraw(session, community.id, thanks_id, caller.member, steward=steward, on=on), caller)


@router.get("/v1/me/suggestions")
def list_suggestions(caller: Somebody, session: ReadSessionDep, pages: PageDep) -> Listing[SuggestionOut]:
    """List the nominations that your thanks suggest, newest first."""
    mine = select(Suggestion).where(
        col(Suggestion.member_id).is_not(None),
        Suggestion.member_id == caller.member,
        col(Suggestion.dismissed_at).is_(None),
    )
    found = page(session, mine, pages.window, by=[Suggestion.id], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: _suggested(session, row))


@router.get("/v1/me/suggestions/{suggestion_id}")
def read_suggestion(suggestion_id: Id, caller: Somebody, session: ReadSessionDep) -> SuggestionOut:
    """One nomination that your thanks suggest."""
    return _suggested(session, suggestions.suggestion_for(session, caller.member, suggestion_id))


@router.delete("/v1/me/suggestions/{suggestion_id}")
def dismiss_suggestion(
    suggestion_id: Id, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> SuggestionOut:
    """Dismiss a suggestion; it does not come back."""
    on = occasion(caller, runtime, now)
    return _suggested(session, suggestions.dismiss(session, caller.member, suggestion_id, on=on))


def _shown(thanks: Thanks, caller: Caller) -> ThanksOut:
    """As somebody may see it: that it is held, neither of the two is told, steward or not."""
    told = caller.stewards(thanks.community_id) and caller.member not in {thanks.giver_id, thanks.receiver_id}
    return ThanksOut(
        id=thanks.id,
        giver=thanks.giver_id,
        receiver=thanks.receiver_id,
        contribution_type=thanks.contribution_type,
        text=thanks.text,
        url=thanks.url,
        given_at=thanks.given_at,
        held=thanks.held if told else None,
    )


def _suggested(session: Session, suggestion: Suggestion) -> SuggestionOut:
    draft = suggestions.draft(session, suggestion)
    said = "\n\n".join(thanks.text for thanks in draft.thanks if thanks.text)
    nomination: dict[str, Any] = {
        "nominee": draft.nominee.handle,
        "statement": {"person": draft.nominee.name, "contribution": said},
        "evidence": [{"url": thanks.url} for thanks in draft.thanks if thanks.url],
        "submit": False,
    }
    if draft.achievement is not None:
        nomination["achievement"] = str(draft.achievement)
    return SuggestionOut(
        id=suggestion.id,
        nominee=suggestion.nominee_id,
        contribution_type=suggestion.contribution_type,
        thanks=[thanks.id for thanks in draft.thanks],
        nominate_at=f"/v1/communities/{draft.community.slug}/nominations",
        nomination=nomination,
        made_at=suggestion.made_at,
    )
