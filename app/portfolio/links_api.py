"""Doors: links by which a member shows badges, and what is behind them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlmodel import col, select

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.publishing import UNSHARED
from app.kit.schemas import Id, In, Instant, Name, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, InPerson, SignedIn, occasion
from app.portfolio import choosing, sharing
from app.portfolio.formats import FORMATS, answer
from app.portfolio.rules import MOST_ITEMS
from app.portfolio.tables import PortfolioLink

router = strict_router(tags=["portfolio"])

Somebody = Annotated[Caller, Depends(SignedIn())]
Myself = Annotated[Caller, Depends(InPerson())]
"""To whom somebody shows what, they alone see."""

_CONTENT: Mapping[str, dict[int | str, Any]] = {
    name: {200: {"content": {FORMATS[name].media_type: {}}}} for name in ("html", "json")
}


class LinkState(StrEnum):
    """Whether a link leads anywhere."""

    open = "open"
    ended = "ended"
    revoked = "revoked"


class PortfolioLinkIn(In):
    """A link that you may send to whom you like."""

    ends_at: Instant = Field(description=f"In at most {sharing.LONGEST.days} days.")
    title: Name | None = Field(default=None, description="Left out, that of your portfolio.")
    items: list[Id] | None = Field(
        default=None,
        max_length=MOST_ITEMS,
        description="The ids of the badges to show, in this order: whoever has the link sees them, private ones too. "
        "Left out, it shows what everybody sees of your portfolio.",
    )


class PortfolioLinkOut(Out):
    """A link of yours, without its secret."""

    id: UUID
    title: str | None
    items: list[UUID] | None
    state: LinkState
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


class PortfolioLinkMade(PortfolioLinkOut):
    """A new link; its secret is shown this once."""

    secret: str
    url: str
    """A page for people; `.json` after it is the same for programs."""


@router.post("/v1/members/{member_id}/portfolio/links", status_code=201)
@once
def share_portfolio(
    member_id: str, body: PortfolioLinkIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> PortfolioLinkMade:
    """Make a link that shows badges of yours to whoever has it, until it ends or you take it back."""
    made = sharing.share(
        session,
        choosing.own(session, member_id, caller),
        title=body.title,
        items=None if body.items is None else tuple(body.items),
        ends_at=body.ends_at,
        on=occasion(caller, runtime, now),
    )
    url = f"{runtime.installation.public_url}/portfolios/{made.secret}"
    return PortfolioLinkMade(**_shown(made.link, now).model_dump(), secret=made.secret, url=url)


@router.get("/v1/members/{member_id}/portfolio/links")
def list_portfolio_links(
    member_id: str, caller: Myself, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[PortfolioLinkOut]:
    """List the links to your portfolio, newest first."""
    member = choosing.own(session, member_id, caller)
    rows = select(PortfolioLink).where(PortfolioLink.member_id == member.id)
    found = page(session, rows, pages.window, by=[col(PortfolioLink.id)], newest_first=True)
    return pages.show(found, lambda row: _shown(row, now))


@router.get("/v1/members/{member_id}/portfolio/links/{link_id}")
def read_portfolio_link(
    member_id: str, link_id: str, caller: Myself, session: ReadSessionDep, now: NowDep
) -> PortfolioLinkOut:
    """One link to your portfolio."""
    return _shown(sharing.link_of(session, choosing.own(session, member_id, caller), link_id), now)


@router.delete("/v1/members/{member_id}/portfolio/links/{link_id}")
def revoke_portfolio_link(
    member_id: str, link_id: str, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> PortfolioLinkOut:
    """End a link at once."""
    member = choosing.own(session, member_id, caller)
    return _shown(sharing.take_back(session, member, link_id, on=occasion(caller, runtime, now)), now)


@router.get("/portfolios/{secret}.json", dependencies=[public], response_class=Response, responses=_CONTENT["json"])
def shared_portfolio_data(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> StreamingResponse:
    """What is behind a link to a portfolio, for programs."""
    return _behind(session, secret, "json", runtime, now)


@router.get("/portfolios/{secret}", dependencies=[public], response_class=Response, responses=_CONTENT["html"])
def shared_portfolio(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> StreamingResponse:
    """What is behind a link to a portfolio, for people."""
    return _behind(session, secret, "html", runtime, now)


def _behind(session: ReadSessionDep, secret: str, format: str, runtime: Runtime, now: datetime) -> StreamingResponse:
    found = answer(sharing.shelf_behind(session, secret, runtime=runtime, now=now), FORMATS[format])
    found.headers["Cache-Control"] = UNSHARED
    return found


def _shown(link: PortfolioLink, now: datetime) -> PortfolioLinkOut:
    ended = LinkState.ended if link.ends_at <= now else LinkState.open
    return PortfolioLinkOut(
        id=link.id,
        title=link.title,
        items=None if link.items is None else [UUID(each) for each in link.items],
        state=ended if link.revoked_at is None else LinkState.revoked,
        made_at=link.made_at,
        ends_at=link.ends_at,
        revoked_at=link.revoked_at,
    )
