"""Doors for members who get a token of their own: the page behind the link of their letter."""

from fastapi import Response

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.occasions import Occasion
from app.kit.strict import router as strict_router
from app.members.tables import Community
from app.pages.rendering import page, private
from app.privacy import owning

router = strict_router(tags=["pages"], include_in_schema=False)


@router.get("/own-token/{token_link}", dependencies=[public])
def own_token_page(token_link: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Asks whether it is wanted. Looking makes none: programs look at every link in a mail."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    _, member = owning.behind(session, token_link, on=on)
    community = session.get_one(Community, member.community_id)
    return private(page("own_token.html", community=community, member=member, link=token_link, secret=None))


@router.post("/own-token/{token_link}", dependencies=[public])
def make_own_token(token_link: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What the page sends: shows the token, this once."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    token, secret = owning.get(session, token_link, on=on)
    community = session.get_one(Community, token.community_id)
    return private(page("own_token.html", community=community, secret=secret))
