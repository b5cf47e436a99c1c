"""Doors for people who have left: what is kept of them, to be read and to be erased, behind the link of a letter."""

from typing import Annotated

from fastapi import Form, Response

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.occasions import Occasion
from app.kit.strict import router as strict_router
from app.members.tables import Community
from app.pages.rendering import page, private
from app.privacy import asking, erasing
from app.privacy.erasing import Badges

router = strict_router(tags=["pages"], include_in_schema=False)


@router.get("/data/{letter}", dependencies=[public])
def data_page(letter: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Asks what is wanted. Looking changes nothing, and shows nothing yet: programs look at every link in a mail."""
    member = asking.member_behind(session, letter, on=Occasion(actor="recipient", now=now, ids=runtime.ids))
    community = session.get_one(Community, member.community_id)
    return private(page("data.html", community=community, member=member, letter=letter, done=False))


@router.post("/data/{letter}", dependencies=[public])
def erase_data(
    letter: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    confirm: Annotated[str, Form(max_length=64)],
    credentials: Annotated[Badges, Form()],
) -> Response:
    """What the page sends."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    member = erasing.erase_by_letter(session, letter, credentials, confirmed=confirm, runtime=runtime, on=on)
    community = session.get_one(Community, member.community_id)
    return private(page("data.html", community=community, revoked=credentials is Badges.revoke, done=True))
