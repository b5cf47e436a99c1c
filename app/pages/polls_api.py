"""The pages of a survey's wave: whoever has a slip answers there, without an account and without a script.

A member without a program draws a slip there too, by sending a token in the form. What is kept is the same as when
programs do it (decision record 28): nothing of who answered, nor when. What cannot be taken is said in words on the
same page, whatever was asked for: no program calls these.
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
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep, take_back
from app.kit.errors import AppError, Busy, Forbidden, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.occasions import Occasion
from app.kit.problems import problem
from app.kit.strict import router as strict_router
from app.members.auth import AnotherCommunity, Caller, InPerson, SignedIn, occasion, person_in
from app.members.rules import Role
from app.pages import outcomes, polls
from app.pages.polls import Sent
from app.pages.rendering import page, private
from app.reports.charts.chart import Chart
from app.reports.charts.keeping import keep, pictures
from app.surveys import polling
from app.surveys.rules import Instrument
from app.surveys.service import NoSuchWave, wave_of_page
from app.surveys.slips import MOST
from app.surveys.tables import Wave
from app.surveys.views import answered

router = strict_router(tags=["pages"], include_in_schema=False)

_log = logging.getLogger(__name__)

Filling = Annotated[str, Form()]


class NoSuchPoll(NotFound):
    """There is no survey here."""

    code = "no-such-poll"
    fix = "Open the link exactly as it was sent to you."


async def _filled_in(request: Request, slip: Filling = "") -> Sent:
    form = await request.form()
    return polls.sent(slip.strip(), [(name, value) for name, value in form.multi_items() if isinstance(value, str)])


Filled = Annotated[Sent, Depends(_filled_in)]


@router.get("/waves/{wave_id}", dependencies=[public])
def wave_page(wave_id: str, session: ReadSessionDep, now: NowDep) -> Response:
    """How to take part, and where what came of it is told. Of what is asked only those hear who have a slip."""
    return private(page("wave.html", thanks=False, **polls.front(session, _wave(session, wave_id), now.date())))


@router.post("/waves/{wave_id}/slip", dependencies=[public])
def draw_on_page(wave_id: str, session: SessionDep, runtime: RuntimeDep, now: NowDep, token: Filling = "") -> Response:
    """Draws a slip for the member whose token is sent, and shows what is asked, with the slip."""
    wave, at = _wave(session, wave_id), runtime.installation
    try:
        caller = _member(session, wave, token, runtime, now, gate=InPerson())
        on = occasion(caller, runtime, now)
        slip = polling.draw(session, wave, person_in(caller), at=at, on=on)
        instrument = polling.asked(session, wave, slip, at=at, on=on)
    except polls.REFUSALS as refused:
        return _refused(session, wave, refused, now)
    return private(page("poll.html", **polls.asking(session, wave, instrument, Sent(slip), drawn=True)))


@router.post("/waves/{wave_id}/questions", dependencies=[public])
def show_questions(
    wave_id: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, slip: Filling = ""
) -> Response:
    """What the bearer of a slip is asked. Looking changes nothing."""
    wave, given = _wave(session, wave_id), Sent(slip.strip())
    try:
        instrument = _asked(session, wave, given, runtime, now)
    except polls.REFUSALS as refused:
        return _refused(session, wave, refused, now, slip=given.slip)
    return private(page("poll.html", **polls.asking(session, wave, instrument, given)))


@router.post("/waves/{wave_id}/answer", dependencies=[public])
def answer_on_page(wave_id: str, given: Filled, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """The answer that the page sends; the page again, as it was filled in, where that cannot be taken.

    Whose slip is not good is shown nothing of what is asked, so nothing of what they chose either.
    """
    wave = _wave(session, wave_id)
    try:
        instrument = _asked(session, wave, given, runtime, now)
        wrong = _answered(session, wave, given, runtime, now)
    except polls.REFUSALS as refused:
        return _refused(session, wave, refused, now, slip=given.slip)
    if wrong:
        shown = polls.asking(session, wave, instrument, given, wrong=wrong)
        take_back(session)
        return private(page("poll.html", status=422, **shown))
    return private(page("wave.html", thanks=True, **polls.front(session, wave, now.date())))


@router.post("/waves/{wave_id}/results", dependencies=[public])
def results_on_page(wave_id: str, runtime: RuntimeDep, now: NowDep, token: Filling = "") -> Response:
    """What a wave came to, for people of the community: charts, each with its words and its numbers."""
    with read_session(runtime.engine) as session:
        wave = _wave(session, wave_id)
        try:
            if _member(session, wave, token, runtime, now, gate=SignedIn()).role is Role.platform:
                raise Forbidden("This is for members and stewards; a platform's token does not reach it.")
            shown = outcomes.results(session, wave)
        except polls.REFUSALS as refused:
            return _refused(session, wave, refused, now)
    return private(page("outcome.html", drawings=_drawn(runtime, shown["charts"], now), **shown))


def _wave(session: Session, id: str) -> Wave:
    """Raises `NoSuchPoll`."""
    known = id_in(id)
    try:
        if known is not None:
            return wave_of_page(session, known)
    except NoSuchWave:
        pass
    raise NoSuchPoll("Nothing is asked at this address.")


def _asked(session: Session, wave: Wave, given: Sent, runtime: RuntimeDep, now: datetime) -> Instrument:
    """What the bearer of a slip is asked. Raises `Invalid` where there is none, and what `polling.asked` raises."""
    if not given.slip:
        raise Invalid("No slip was given.")
    return polling.asked(session, wave, given.slip, at=runtime.installation, on=_somebody(runtime, now))


def _answered(session: Session, wave: Wave, given: Sent, runtime: RuntimeDep, now: datetime) -> list[str]:
    """Counts an answer; what is wrong with it, where it cannot be taken. Raises as `polling.answer`, but `Invalid`."""
    try:
        body = answered(given.body())
        polling.answer(session, wave, given.slip, body, at=runtime.installation, on=_somebody(runtime, now))
    except ValidationError as refused:
        return polls.told_of(refused)
    except Invalid as refused:
        return polls.told(refused.errors)
    return []


def _refused(session: Session, wave: Wave, refused: AppError, now: datetime, *, slip: str = "") -> Response:
    """The wave's page, with why somebody could not take part; nothing of what was begun is done. A slip is theirs to
    correct, and stands in its field again; a token does not."""
    shown = polls.front(session, wave, now.date(), wrong=polls.refusal(refused), slip=slip[:MOST])
    take_back(session)
    return private(page("wave.html", status=problem(refused).kind.status, thanks=False, **shown))


def _drawn(runtime: RuntimeDep, charts: Sequence[Chart], now: datetime) -> dict[str, str]:
    """The drawings as a page can hold them, made in no transaction; none where there is no time: words say the same."""
    try:
        keep(runtime, charts, now=now)
        with read_session(runtime.engine) as session:
            return {id: outcomes.held(svg) for id, svg in pictures(session, charts).items()}
    except Busy as busy:
        _log.warning("The charts of a survey are shown without their pictures: %s", busy.detail)
        return {}


def _member(session: Session, wave: Wave, token: str, runtime: RuntimeDep, now: NowDep, *, gate: SignedIn) -> Caller:
    """Whose token this is, of the wave's community. Raises `Invalid`, `AnotherCommunity`, and what the gate does."""
    if not token.strip():
        raise Invalid("No token was given.")
    bearer = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token.strip())
    caller = gate.admitted(session, runtime, now, bearer)
    if not caller.within(wave.community_id):
        raise AnotherCommunity("This token is not one of the community that asks.")
    return caller


def _somebody(runtime: RuntimeDep, now: NowDep) -> Occasion:
    return Occasion(actor="somebody", now=now, ids=runtime.ids)
