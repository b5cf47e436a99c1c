"""Doors: members draw a slip each; whoever has a slip answers, and says no more of themself."""

from typing import Annotated

from fastapi import Depends

from app.kit.access import public
from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowInPerson, occasion
from app.members.service import community_by_slug
from app.surveys import polling, service
from app.surveys.views import AnsweredOut, AnswerIn, SlipOut, answered, page_of

router = strict_router(tags=["surveys"])

Myself = Annotated[Caller, Depends(FellowInPerson())]


@router.post("/v1/communities/{c}/waves/{wave_id}/slip", status_code=201)
@once
def draw(c: str, wave_id: Id, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> SlipOut:
    """Draw your slip, once. That you have drawn one is kept while the wave is open, and of the slip itself nothing."""
    if caller.member is None:
        raise Forbidden("A slip is drawn by a member in person.", fix="Use the token of a member.")
    wave = service.wave_by_id(session, community_by_slug(session, c), wave_id)
    at = runtime.installation
    slip = polling.draw(session, wave, caller.member, at=at, on=occasion(caller, runtime, now))
    return SlipOut(
        slip=slip,
        wave=wave.id,
        answer_at=f"{at.public_url}/v1/communities/{c}/waves/{wave.id}/answer",
        page=page_of(wave.id, at.public_url),
    )


@router.post("/v1/communities/{c}/waves/{wave_id}/answer", status_code=201, dependencies=[public])
def answer(c: str, wave_id: Id, body: AnswerIn, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> AnsweredOut:
    """Answer with a slip. Send no token: nobody wants to know who you are. A slip is good for one answer.

    There is no Idempotency-Key here, since what is kept under one has a time; a slip sent twice is refused.
    """
    wave = service.wave_by_id(session, community_by_slug(session, c), wave_id)
    on = Occasion("somebody", now, runtime.ids)
    count = polling.answer(session, wave, body.slip, answered(body), at=runtime.installation, on=on)
    return AnsweredOut(wave=wave.id, answered=count)
