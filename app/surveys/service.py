"""Use-cases: what is asked is drawn up, waves of it are planned and called off; both are looked at and compared."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Conflict, FieldError, Invalid, NotFound
from app.kit.journal import hold
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.surveys.comparing import compared
from app.surveys.rules import Days, Instrument, anniversary, flaws, flaws_of_days, planned_days
from app.surveys.tables import Invited, Roll, Spent, Survey, Urn, Wave, WaveState


class NoSuchSurvey(NotFound):
    """There is no such survey in this community."""

    code = "no-such-survey"
    fix = "GET …/surveys lists them."


class NoSuchWave(NotFound):
    """There is no such wave in this community."""

    code = "no-such-wave"
    fix = "GET …/waves lists them."


class WavesOverlap(Conflict):
    """Another wave is open at that time: of two that overlap, one could be subtracted from the other."""

    code = "waves-overlap"
    fix = "Plan it for after the other wave has closed, or cancel that one."


class WaveOver(Conflict):
    """The wave is over."""

    code = "wave-over"
    fix = "Plan another."


class NotCounted(Conflict):
    """What was answered in this wave has not been counted."""

    code = "wave-not-counted"
    fix = "Wait for the day on which it closes: results are told once, and of a cancelled wave never."


@dataclass(frozen=True)
class Plan:
    """What a wave is to be."""

    survey: UUID
    name: str
    opens_on: date | None
    closes_on: date | None
    anniversary_of: date | None
    k: int
    by_affiliation: bool


def draw_up(session: Session, community: Community, instrument: Instrument, *, on: Occasion) -> Survey:
    """A new survey. Raises `Invalid`, of an odd number of options too where a choice is to be forced."""
    found = flaws(instrument)
    if found:
        raise Invalid(errors=[FieldError(pointer=f"/instrument{pointer}", message=why) for pointer, why in found])
    survey = Survey(id=on.ids.row(), community_id=community.id, instrument=instrument.model_dump(mode="json"))
    session.add(survey)
    session.flush()
    on.record(session, community.id, "survey.drawn_up", survey.id, {"questions": len(instrument.questions)})
    return survey


def surveys(community: Community) -> SelectOfScalar[Survey]:
    """Those of a community."""
    return select(Survey).where(Survey.community_id == community.id)


def survey_by_id(session: Session, community: Community, id: UUID) -> Survey:
    """Raises `NoSuchSurvey`."""
    found = session.exec(surveys(community).where(Survey.id == id)).one_or_none()
    if found is None:
        raise NoSuchSurvey(f"{community.slug} has no survey {id}.")
    return found


def instrument_of(survey: Survey) -> Instrument:
    """What it asks."""
    return Instrument.model_validate(survey.instrument)


def asked_in(session: Session, wave: Wave) -> Instrument:
    """What a wave asks."""
    return instrument_of(session.get_one(Survey, wave.survey_id))


def plan(session: Session, community: Community, wanted: Plan, *, on: Occasion) -> Wave:
    """A wave of a survey, which opens and closes by itself. Raises `NoSuchSurvey`, `Invalid`, `WavesOverlap`."""
    survey = survey_by_id(session, community, wanted.survey)
    days = _days(wanted, today=on.now.date())
    hold(session, community.id)  # nobody plans another meanwhile
    other = _overlapping(session, community, days)
    if other is not None:
        raise WavesOverlap(f"“{other.name}” is open from {other.opens_on} to {other.closes_on}.")
    wave = Wave(
        id=on.ids.row(),
        community_id=community.id,
        survey_id=survey.id,
        name=wanted.name,
        opens_on=days.opens,
        closes_on=days.closes,
        anniversary_of=wanted.anniversary_of,
        k=wanted.k,
        by_affiliation=wanted.by_affiliation,
        affiliations=[],
    )
    session.add(wave)
    session.flush()
    said = {"survey": str(survey.id), "opens_on": days.opens.isoformat(), "closes_on": days.closes.isoformat()}
    on.record(session, community.id, "wave.planned", wave.id, said)
    return wave


def waves(community: Community, *, survey: UUID | None = None) -> SelectOfScalar[Wave]:
    """Those of a community, or of one of its surveys."""
    chosen = select(Wave).where(Wave.community_id == community.id)
    return chosen if survey is None else chosen.where(Wave.survey_id == survey)


def wave_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Wave:
    """Raises `NoSuchWave`."""
    chosen = waves(community).where(Wave.id == id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchWave(f"{community.slug} has no wave {id}.")
    return found


def wave_of_page(session: Session, id: UUID) -> Wave:
    """A wave of any community: whoever opens its page names no other thing. Raises `NoSuchWave`."""
    found = session.get(Wave, id)
    if found is None:
        raise NoSuchWave(f"There is no wave {id}.")
    return found


def cancel(session: Session, wave: Wave, *, on: Occasion) -> None:
    """Calls a wave off; whatever was answered is thrown away, uncounted. The row is locked. Raises `WaveOver`."""
    if wave.state in {WaveState.closed, WaveState.cancelled}:
        raise WaveOver(f"It is {wave.state}.")
    wave.state = WaveState.cancelled
    throw_away(session, wave)
    session.add(wave)
    session.flush()
    on.record(session, wave.community_id, "wave.cancelled", wave.id)


def throw_away(session: Session, wave: Wave) -> None:
    """Everything that was kept while the wave was open: of who could answer, and of what was answered."""
    for table in (Urn, Spent, Roll, Invited):
        session.exec(delete(table).where(col(table.wave_id) == wave.id))


def results_of(wave: Wave) -> dict[str, Any]:
    """What is told of it; of few who answered not how many they are. Raises `NotCounted`."""
    if wave.results is None:
        raise NotCounted(f"It is {wave.state}, and closes on {wave.closes_on}.")
    return wave.results


def comparison(
    session: Session, community: Community, later: Wave, other: UUID | None
) -> tuple[Wave, list[dict[str, Any]]] | None:
    """A wave beside another, by default the one of this survey before it; None where there is none.

    Raises `NotCounted`, `NoSuchWave`.
    """
    results = results_of(later)
    if other is None:
        before = waves(community, survey=later.survey_id).where(
            Wave.state == WaveState.closed, Wave.closes_on <= later.opens_on
        )
        earlier = session.exec(before.order_by(col(Wave.opens_on).desc()).limit(1)).first()
    else:
        earlier = wave_by_id(session, community, other)
    return (earlier, compared(results_of(earlier), results)) if earlier is not None else None


def next_anniversary(session: Session, community: Community, *, today: date) -> tuple[date, date]:
    """The day that waves mark, by default the one on which the community came here; and its next return for which none
    is planned."""
    marked = waves(community).where(col(Wave.anniversary_of).is_not(None), Wave.state != WaveState.cancelled)
    last = session.exec(marked.order_by(col(Wave.opens_on).desc()).limit(1)).first()
    founded = community.created_at.date() if last is None or last.anniversary_of is None else last.anniversary_of
    taken = founded if last is None else last.opens_on
    return founded, anniversary(founded, after=max(today, taken + timedelta(days=1)))


def _days(wanted: Plan, *, today: date) -> Days:
    days = planned_days(wanted.opens_on, wanted.closes_on, wanted.anniversary_of, today=today)
    if days is None:
        found = [("/opens_on", "is needed, or `anniversary_of`")]
    elif wanted.anniversary_of is not None and wanted.anniversary_of > today:
        found = [("/anniversary_of", "is still to come")]
    else:
        found = flaws_of_days(days, today=today)
    if days is None or found:
        raise Invalid(errors=[FieldError(pointer=pointer, message=why) for pointer, why in found])
    return days


def _overlapping(session: Session, community: Community, days: Days) -> Wave | None:
    """A wave that is open, or will be, on one of these days."""
    chosen = waves(community).where(
        col(Wave.state).in_((WaveState.planned, WaveState.open)),
        col(Wave.opens_on) < days.closes,
        col(Wave.closes_on) > days.opens,
    )
    return session.exec(chosen.limit(1)).first()
