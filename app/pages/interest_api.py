"""Doors for people who said that they would come to a community: the page behind the link of their letter."""

from typing import Annotated, Literal

from fastapi import Form, Response

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.occasions import Occasion
from app.kit.strict import router as strict_router
from app.members.communities import interest
from app.members.tables import Community
from app.pages.rendering import page, private

router = strict_router(tags=["pages"], include_in_schema=False)


@router.get("/interest/{secret}", dependencies=[public])
def interest_page(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Asks whether it was them. Looking confirms nothing: programs look at every link in a mail."""
    found = interest.behind(session, secret, on=_somebody(runtime, now))
    community = session.get_one(Community, found.community_id)
    said = "yes" if found.confirmed_at is not None else None
    return private(page("interest.html", community=community, action=f"/interest/{secret}", said=said))


@router.post("/interest/{secret}", dependencies=[public])
def answer_interest(
    secret: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    """What the page sends."""
    found = (interest.confirm if response == "yes" else interest.take_back)(session, secret, on=_somebody(runtime, now))
    community = session.get_one(Community, found.community_id)
    action = f"/interest/{secret}" if response == "yes" else None
    return private(page("interest.html", community=community, action=action, said=response))


def _somebody(runtime: RuntimeDep, now: NowDep) -> Occasion:
    return Occasion(actor="somebody", now=now, ids=runtime.ids)
