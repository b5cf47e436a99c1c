"""Doors: choosing what a portfolio shows, and fetching it in a format."""

from dataclasses import replace
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, Strict

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.schemas import Id, In, Name, Out, Prose
from app.kit.strict import router as strict_router
from app.members.auth import Caller, SignedIn, Visitor, occasion
from app.portfolio import choosing, presentations, presenting
from app.portfolio.formats import FORMATS, answer, format_named
from app.portfolio.rules import MOST_ITEMS, Reveal, Wanted
from app.portfolio.shelf import shelf_of
from app.portfolio.showing import ForSomebody

router = strict_router(tags=["portfolio"])

Somebody = Annotated[Caller, Depends(SignedIn())]
Viewer = Annotated[Caller | None, Depends(Visitor())]


class PortfolioChoiceIn(In):
    """What your portfolio shows."""

    title: Name | None = Field(default=None, description="Left out, it is made of your name.")
    summary: Annotated[Prose, Field(max_length=2000)] | None = None
    reveal: list[Annotated[Reveal, Strict(False)]] = Field(
        default=[Reveal.name], max_length=len(Reveal), description="What it says of you besides your badges."
    )
    items: list[Id] | None = Field(
        default=None,
        max_length=MOST_ITEMS,
        description="The ids of the badges to show, in this order, also of imported ones, which come after the others; "
        "null for all that are not revoked, newest first. Whoever looks sees those that they may see one by one.",
    )
    indexed: bool = Field(default=False, description="Search engines may list its page.")


class PortfolioChoiceOut(Out):
    """What a portfolio shows."""

    title: str | None
    summary: str | None
    reveal: list[Reveal]
    items: list[UUID] | None
    indexed: bool


@router.get("/v1/members/{member_id}/portfolio/choice")
def read_portfolio_choice(member_id: str, caller: Somebody, session: ReadSessionDep) -> PortfolioChoiceOut:
    """What you chose to show in your portfolio."""
    return _shown(choosing.chosen(session, choosing.own(session, member_id, caller)))


@router.put("/v1/members/{member_id}/portfolio/choice")
def choose_portfolio(
    member_id: str, body: PortfolioChoiceIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> PortfolioChoiceOut:
    """Choose what your portfolio shows, and in which order."""
    member = choosing.own(session, member_id, caller)
    wanted = Wanted(
        title=body.title,
        summary=body.summary,
        reveal=tuple(dict.fromkeys(body.reveal)),
        items=None if body.items is None else tuple(body.items),
        indexed=body.indexed,
    )
    return _shown(choosing.choose(session, member, wanted, on=occasion(caller, runtime, now)))


@router.get(
    "/v1/members/{member_id}/portfolio",
    response_class=Response,
    responses={200: {"content": {each.media_type: {} for each in FORMATS.values()}}},
)
def read_portfolio(
    member_id: str,
    viewer: Viewer,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    format: Annotated[str, Query(description=f"One of {', '.join(FORMATS)}.", max_length=40)] = "json",
    everything: Annotated[
        bool, Query(description="For its owner and stewards: all badges, also revoked ones, whatever was chosen.")
    ] = False,
    challenge: Annotated[ForSomebody | None, Query(description="With `format=vp`: as who asked gave it.")] = None,
    domain: Annotated[ForSomebody | None, Query(description="With `format=vp`: who asked; never this service.")] = None,
) -> StreamingResponse:
    """A member's badges, as far as you may see them. `me` stands for the id of the member who calls, here as below.

    `vp` is a VerifiablePresentation that nobody has signed. With `challenge` and `domain` its owner has it as it is to
    be signed by the DID that they have proven, for both; signed, it is taken by `POST …/portfolio/presentations`. `clr`
    is a learner record, signed by the community. Both hold what is in force. Badges from elsewhere that are proven and
    the member's are in every format: byte for byte as they came in `zip` and `pdf`, and by what their issuer signed in
    `vp` (Open Badges 3.0) and `clr` (of these, what has its proof inside and is of data model 2.0).
    """
    member = choosing.owner_named(session, member_id, viewer)
    chosen = format_named(format)
    shelf = shelf_of(session, member, viewer, everything=everything, runtime=runtime, now=now)
    if (challenge is None) != (domain is None) or (challenge is not None and format != "vp"):
        told = "challenge and domain go together, and with format=vp alone"
        raise Invalid(errors=[{"parameter": "domain" if challenge else "challenge", "message": told}])
    if challenge is not None and domain is not None:
        presentations.refuse_own(
            domain, {"parameter": "domain", "message": presentations.OURS}, at=runtime.installation
        )
        holder = presentations.holder_of(session, member, viewer)
        chosen = replace(chosen, write=partial(presenting.of_holder, holder=holder))
    return answer(shelf, chosen)


def _shown(wanted: Wanted) -> PortfolioChoiceOut:
    return PortfolioChoiceOut(
        title=wanted.title,
        summary=wanted.summary,
        reveal=list(wanted.reveal),
        items=None if wanted.items is None else list(wanted.items),
        indexed=wanted.indexed,
    )
