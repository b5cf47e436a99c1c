"""The pages of a survey's wave: whoever has a slip answers there, without an account and without a script.

A member without a program draws a slip there too, by sending a token in the form. What is kept is the same as when
programs do it (decision record 28): nothing of who answered, nor when.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import ValidationError
from sqlmodel import Session

from app.kit.access import public
from app.kit.database import read_session
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Busy, Forbidden, Invalid
from app.kit.occasions import Occasion
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import AnotherCommunity, Caller, SignedIn, occasion, person_in
from app.members.rules import Role
from app.pages import outcomes, polls
from app.pages.polls import Sent
from app.pages.rendering import page, private
from app.reports.charts.chart import Chart
from app.reports.charts.keeping import keep, pictures
from app.surveys import polling
from app.surveys.service import wave_of_page
from app.surveys.slips import MOST
from app.surveys.tables import Wave
from app.surveys.views import answered

router = strict_router(tags=["pages"], include_in_schema=False)

_log = logging.getLogger(__name__)

Slip = Annotated[str, Form(min_length=1, max_length=MOST)]
Secret = Annotated[str, Form(min_length=1, max_length=500)]


async def _filled_in(request: Request, slip: Slip) -> Sent:
    form = await request.form()
    return polls.sent(slip.strip(), [(name, value) for name, value in form.multi_items() if isinstance(value, str)])


Filled = Annotated[Sent, Depends(_filled_in)]


@router.get("/waves/{wave_id}", dependencies=[public])
def wave_page(wave_id: Id, session: ReadSessionDep, now: NowDep) -> Response:
    """How to take part, and where what came of it is told. Of what is asked only those hear who have a slip."""
    wave = wave_of_page(session, wave_id)
    return private(page("wave.html", thanks=False, **polls.front(session, wave, now.date())))


@router.post("/waves/{wave_id}/slip", dependencies=[public])
def draw_on_page(wave_id: Id, token: Secret, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Draws a slip for the member whose token is sent, and shows what is asked, with the slip."""
    wave = wave_of_page(session, wave_id)
    caller = _member(session, wave, token, runtime, now)
    at, on = runtime.installation, occasion(caller, runtime, now)
    slip = polling.draw(session, wave, person_in(caller), at=at, on=on)
    instrument = polling.asked(session, wave, slip, at=at, on=on)
    return private(page("poll.html", **polls.asking(session, wave, instrument, Sent(slip), drawn=True)))


@router.post("/waves/{wave_id}/questions", dependencies=[public])
def show_questions(wave_id: Id, slip: Slip, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What the bearer of a slip is asked. Looking changes nothing."""
    wave, given = wave_of_page(session, wave_id), Sent(slip.strip())
    instrument = polling.asked(session, wave, given.slip, at=runtime.installation, on=_somebody(runtime, now))
    return private(page("poll.html", **polls.asking(session, wave, instrument, given)))


@router.post("/waves/{wave_id}/answer", dependencies=[public])
def answer_on_page(wave_id: Id, given: Filled, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """The answer that the page sends; the page again, as it was filled in, where that cannot be taken."""
    wave, at, on = wave_of_page(session, wave_id), runtime.installation, _somebody(runtime, now)
    try:
        polling.answer(session, wave, given.slip, answered(given.body()), at=at, on=on)
    except ValidationError as refused:
        wrong = polls.told_of(refused)
    except Invalid as refused:
        wrong = polls.told(refused.errors)
    else:
        return private(page("wave.html", thanks=True, **polls.front(session, wave, now.date())))
    instrument = polling.asked(session, wave, given.slip, at=at, on=on)
    return private(page("poll.html", status=422, **polls.asking(session, wave, instrument, given, wrong=wrong)))


@router.post("/waves/{wave_id}/results", dependencies=[public])
def results_on_page(wave_id: Id, token: Secret, runtime: RuntimeDep, now: NowDep) -> Response:
    """What a wave came to, for people of the community: charts, each with its words and its numbers."""
    with read_session(runtime.engine) as session:
        wave = wave_of_page(session, wave_id)
        if _member(session, wave, token, runtime, now).role is Role.platform:
            raise Forbidden("This is for members and stewards; a platform's token does not reach it.")
        shown = outcomes.results(session, wave)
    return private(page("outcome.html", drawings=_drawn(runtime, shown["charts"], now), **shown))


def _drawn(runtime: RuntimeDep, charts: Sequence[Chart], now: datetime) -> dict[str, str]:
    """The drawings as a page can hold them, made in no transaction; none where there is no time: words say the same."""
    try:
        keep(runtime, charts, now=now)
        with read_session(runtime.engine) as session:
            return {id: outcomes.held(svg) for id, svg in pictures(session, charts).items()}
    except Busy as busy:
        _log.warning("The charts of a survey are shown without their pictures: %s", busy.detail)
        return {}


def _member(session: Session, wave: Wave, token: str, runtime: RuntimeDep, now: NowDep) -> Caller:
    """Whose token this is, of the wave's community. Raises `Unauthenticated`, `AnotherCommunity`."""
    bearer = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token.strip())
    caller = SignedIn().admitted(session, runtime, now, bearer)
    if not caller.within(wave.community_id):
        raise AnotherCommunity("This token is not one of the community that asks.")
    return caller


def _somebody(runtime: RuntimeDep, now: NowDep) -> Occasion:
    return Occasion(actor="somebody", now=now, ids=runtime.ids)
