"""The jobs that open waves on their day, remind of them half way, and close and count them on theirs."""

import hashlib
from collections.abc import Callable
from datetime import datetime

import rfc8785
from sqlmodel import Session, col, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.installation import Installation
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.kit.suppression import enough
from app.surveys import slips
from app.surveys.counting import Electorate, results
from app.surveys.electorate import affiliations, electorate
from app.surveys.polling import Contents, bound_key, empty, opened
from app.surveys.rules import Days, reminding_day
from app.surveys.service import cancel, instrument_of, throw_away
from app.surveys.tables import Invited, Remark, Roll, Survey, Urn, Wave, WaveState


def open_waves(runtime: Runtime, now: datetime) -> int:
    """Opens those whose day has come; how many."""
    return _each(runtime, now, WaveState.planned, open_wave)


def close_waves(runtime: Runtime, now: datetime) -> int:
    """Closes and counts those whose day has come; how many."""
    return _each(runtime, now, WaveState.open, close_wave)


def remind(runtime: Runtime, now: datetime) -> int:
    """Has those who may answer told once more of the waves that are half over; how many waves.

    Everybody alike, since nobody is to know who has answered.
    """
    waits = select(Wave).where(Wave.state == WaveState.open, col(Wave.reminded).is_(False))
    with read_session(runtime.engine) as session:
        due = [wave.id for wave in session.exec(waits.order_by(col(Wave.id))).all() if _is_half_over(wave, now)]
    for id in due:
        with runtime.writing() as session:
            held = session.exec(waits.where(Wave.id == id).with_for_update(skip_locked=True)).one_or_none()
            if held is not None:
                held.reminded = True
                session.add(held)
                session.flush()
                Occasion("system", now, runtime.ids).record(session, held.community_id, "wave.reminded", held.id)
    return len(due)


JOBS = (
    Job("open waves of surveys", open_waves),
    Job("remind of waves of surveys", remind),
    Job("count waves of surveys", close_waves),
)


def open_wave(session: Session, wave: Wave, *, at: Installation, on: Occasion) -> None:
    """From now on every person of the community may draw a slip. The row is locked.

    One that could not be opened before it was to close, since nothing ran meanwhile, is cancelled.
    """
    if wave.closes_on <= on.now.date():
        cancel(session, wave, on=on)
        return
    invited = electorate(session, wave.community_id, now=on.now)
    wave.state, wave.invited = WaveState.open, len(invited)
    wave.affiliations = affiliations(invited, k=wave.k) if wave.by_affiliation else []
    key = at.vault.seal(slips.new_key(on.ids), bound_to=bound_key(wave.id))
    session.add(Roll(wave_id=wave.id, drawn=slips.unmarked(len(invited)), sealed_key=key))
    session.add_all([wave, empty(wave, 0, at)])
    session.flush()
    roll = ({"wave_id": wave.id, "place": place, "member_id": person.id} for place, person in enumerate(invited))
    insert(session, Invited, *roll)
    on.record(session, wave.community_id, "wave.opened", wave.id, {"invited": len(invited)})


def close_wave(session: Session, wave: Wave, *, at: Installation, on: Occasion) -> None:
    """Counts a wave, once and for ever, and throws away all that it was counted from. The row is locked.

    What was said in words stays for the stewards, where enough people answered; in an order that tells nothing.
    """
    found = _all(session, wave, at)
    drawn = session.get_one(Roll, wave.id).drawn
    asked = Electorate(invited=wave.invited or 0, drawn=int.from_bytes(drawn).bit_count())
    instrument = instrument_of(session.get_one(Survey, wave.survey_id))
    told = results(instrument, found.ballots, asked, k=wave.k, by_affiliation=bool(wave.affiliations))
    remarks = found.remarks if enough(len(found.ballots), k=wave.k) else []
    for text, may_quote in remarks:
        session.add(Remark(id=on.ids.public(), wave_id=wave.id, text=text, may_quote=may_quote))
    wave.state, wave.results = WaveState.closed, told | {"remarks": len(remarks)}
    throw_away(session, wave)
    session.add(wave)
    session.flush()
    on.record(session, wave.community_id, "wave.closed", wave.id, {"results": _digest(wave)})


def _is_half_over(wave: Wave, now: datetime) -> bool:
    day = reminding_day(Days(wave.opens_on, wave.closes_on))
    return day is not None and day <= now.date() < wave.closes_on


def _each(runtime: Runtime, now: datetime, state: WaveState, do: Callable[..., None]) -> int:
    """Does it to each wave in a state whose day has come, each in a transaction of its own."""
    day = Wave.opens_on if state is WaveState.planned else Wave.closes_on
    due = select(Wave.id).where(Wave.state == state, col(day) <= now.date())
    with read_session(runtime.engine) as session:
        waiting = session.exec(due.order_by(col(Wave.id))).all()
    done = 0
    for id in waiting:
        with runtime.writing() as session:
            held = select(Wave).where(Wave.id == id, Wave.state == state).with_for_update(skip_locked=True)
            wave = session.exec(held).one_or_none()
            if wave is not None:
                do(session, wave, at=runtime.installation, on=Occasion("system", now, runtime.ids))
                done += 1
    return done


def _all(session: Session, wave: Wave, at: Installation) -> Contents:
    """Everything that was answered, in an order that tells nothing."""
    parts = [opened(part, at) for part in session.exec(select(Urn).where(Urn.wave_id == wave.id)).all()]
    ballots = sorted(ballot for part in parts for ballot in part.ballots)
    return Contents(ballots, sorted(remark for part in parts for remark in part.remarks))


def _digest(wave: Wave) -> str:
    return hashlib.sha256(rfc8785.dumps(wave.results)).hexdigest()
