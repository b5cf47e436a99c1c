"""Doors: which tokens speak for whoever calls, and how they get one that nobody else has seen."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import col, select

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, Out
from app.kit.strict import router as strict_router
from app.members.api import NewToken, TokenOut, shown_token
from app.members.auth import Caller, SignedIn, occasion
from app.members.rules import Role
from app.members.tables import Community, Member, Token
from app.members.tokens import revoke_token
from app.nominations.doors import person_of
from app.privacy import owning

router = strict_router(tags=["me"])

Oneself = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]


class TokenAskedOut(Out):
    """What happens next."""

    said: str


@router.post("/v1/me/tokens", status_code=202)
@once
def ask_for_own_token(caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> TokenAskedOut:
    """Have a link sent to the address at which you are written to, by which you get a token that nobody else has seen:
    it opens what is for you alone. Any token that speaks for you will do to ask. At most three go out in a day."""
    owning.ask(session, person_of(caller), runtime=runtime, on=occasion(caller, runtime, now))
    return TokenAskedOut(said="A letter goes to your address shortly. Its link is good for a day, once.")


@router.get("/v1/me/tokens")
def list_own_tokens(caller: Oneself, session: ReadSessionDep, pages: PageDep) -> Listing[TokenOut]:
    """List the tokens by which others are taken for you: who made each, and whether it opens what is for you alone."""
    rows = select(Token).where(Token.owner_id == person_of(caller), Token.role != Role.platform)
    return pages.show(page(session, rows, pages.window, by=[col(Token.id)]), shown_token)


@router.get("/v1/me/tokens/{own_token_id}")
def read_own_token(own_token_id: Id, caller: Oneself, session: ReadSessionDep) -> TokenOut:
    """One of them, without its secret."""
    return shown_token(owning.token_of(session, person_of(caller), own_token_id))


@router.delete("/v1/me/tokens/{own_token_id}")
def end_own_token(own_token_id: Id, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> TokenOut:
    """End one of them at once."""
    token = owning.token_of(session, person_of(caller), own_token_id)
    community = session.get_one(Community, session.get_one(Member, person_of(caller)).community_id)
    return shown_token(revoke_token(session, community, token.id, on=occasion(caller, runtime, now)))


@router.post("/v1/own-tokens/{token_link}", status_code=201, dependencies=[public])
@once
def get_own_token(token_link: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NewToken:
    """Get a token of your own, by the link of a letter: once, and its secret is shown this once."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    token, secret = owning.get(session, token_link, on=on)
    return NewToken(token=secret, **shown_token(token).model_dump())
