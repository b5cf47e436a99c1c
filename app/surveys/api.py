"""Doors: stewards draw surveys up and plan their waves; all of the community see what is asked, and what came of it."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.kit.suppression import USUAL_K, at_least
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.surveys import service
from app.surveys.electorate import expected
from app.surveys.figures import ChangeOut, ComparisonOut, ResultsOut, shown_results
from app.surveys.frames import shipped
from app.surveys.rules import advice
from app.surveys.tables import Survey, Wave, WaveState
from app.surveys.views import (
    AdviceOut,
    OfferedOut,
    SurveyIn,
    SurveyOut,
    WaveIn,
    WaveOut,
    plan_of,
    shown,
    shown_wave,
)

router = strict_router(tags=["surveys"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]


@router.post("/v1/communities/{c}/surveys", status_code=201)
@once
def draw_up(
    c: str, body: SurveyIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> SurveyOut:
    """Draw a survey up: one that comes along, or one of your own. Where a choice is to be forced, options are even."""
    instrument = body.instrument if body.frame is None else shipped()[body.frame]
    if instrument is None or (body.frame is not None and body.instrument is not None):
        raise Invalid(errors=[{"pointer": "/instrument", "message": "this or a `frame` is needed, and not both"}])
    community = community_by_slug(session, c)
    return shown(service.draw_up(session, community, instrument, on=occasion(caller, runtime, now)))


@router.get("/v1/communities/{c}/surveys")
def list_surveys(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[SurveyOut]:
    """List a community's surveys, newest first."""
    rows = service.surveys(community_by_slug(session, c))
    return pages.show(page(session, rows, pages.window, by=[col(Survey.id)], newest_first=True), shown)


@router.get("/v1/communities/{c}/surveys/{survey_id}")
def read_survey(c: str, survey_id: Id, caller: Fellow, session: ReadSessionDep) -> SurveyOut:
    """One survey: what it asks, and what can be answered."""
    return shown(service.survey_by_id(session, community_by_slug(session, c), survey_id))


@router.get("/v1/communities/{c}/survey-advice")
def advise(c: str, caller: Steward, session: ReadSessionDep, now: NowDep) -> AdviceOut:
    """Before a wave is planned: whether enough answers are to be expected, and when the next anniversary is."""
    community = community_by_slug(session, c)
    founded, opens = service.next_anniversary(session, community, today=now.date())
    found = expected(session, community)
    return AdviceOut(
        people=found.people,
        expected=at_least(found.answers, k=USUAL_K),
        k=USUAL_K,
        advice=advice(found.answers, k=USUAL_K),
        next_wave=OfferedOut(anniversary_of=founded, opens_on=opens),
    )


@router.post("/v1/communities/{c}/waves", status_code=201)
@once
def plan(c: str, body: WaveIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> WaveOut:
    """Plan when a survey is asked: it opens on its day, and is counted and told on the day on which it closes."""
    community = community_by_slug(session, c)
    wave = service.plan(session, community, plan_of(body), on=occasion(caller, runtime, now))
    return shown_wave(wave, advice(expected(session, community).answers, k=wave.k))


@router.get("/v1/communities/{c}/waves")
def list_waves(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    survey: Annotated[Id | None, Query()] = None,
) -> Listing[WaveOut]:
    """List a community's waves, in the order in which they were planned: of one survey, if you name it."""
    rows = service.waves(community_by_slug(session, c), survey=survey)
    return pages.show(page(session, rows, pages.window, by=[col(Wave.id)]), shown_wave)


@router.get("/v1/communities/{c}/waves/{wave_id}")
def read_wave(c: str, wave_id: Id, caller: Fellow, session: ReadSessionDep) -> WaveOut:
    """One wave."""
    community = community_by_slug(session, c)
    wave = service.wave_by_id(session, community, wave_id)
    planned = wave.state is WaveState.planned
    return shown_wave(wave, advice(expected(session, community).answers, k=wave.k) if planned else [])


@router.post("/v1/communities/{c}/waves/{wave_id}/cancel")
@once
def cancel(c: str, wave_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> WaveOut:
    """Call a wave off: whatever was answered is thrown away, uncounted."""
    wave = service.wave_by_id(session, community_by_slug(session, c), wave_id, lock=True)
    service.cancel(session, wave, on=occasion(caller, runtime, now))
    return shown_wave(wave)


@router.get("/v1/communities/{c}/waves/{wave_id}/results")
def read_results(c: str, wave_id: Id, caller: Fellow, session: ReadSessionDep) -> ResultsOut:
    """What a wave came to, from the day on which it closed: every question, or that it is withheld and why."""
    wave = service.wave_by_id(session, community_by_slug(session, c), wave_id)
    return shown_results(wave, service.results_of(wave))


@router.get("/v1/communities/{c}/waves/{wave_id}/comparison")
def compare(
    c: str,
    wave_id: Id,
    caller: Fellow,
    session: ReadSessionDep,
    earlier: Annotated[Id | None, Query(description="By default the wave of the same survey before it.")] = None,
) -> ComparisonOut:
    """Two waves beside each other: of what was asked in the same words, how it changed; of the rest, why not."""
    community = community_by_slug(session, c)
    wave = service.wave_by_id(session, community, wave_id)
    found = service.comparison(session, community, wave, earlier)
    if found is None:
        return ComparisonOut(earlier=None, later=wave.id, items=[])
    return ComparisonOut(earlier=found[0].id, later=wave.id, items=[ChangeOut(**item) for item in found[1]])
