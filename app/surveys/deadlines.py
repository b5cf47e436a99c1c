"""The jobs that open waves on their day, remind of them half way, and close and count them on theirs."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import rfc8785
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.installation import Installation
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.kit.suppression import enough
from app.surveys import slips
from app.surveys.counting import results
from app.surveys.electorate import affiliations, electorate
from app.surveys.polling import Contents, bound_key, empty, opened
from app.surveys.rules import Days, reminding_day
from app.surveys.service import asked_in, cancel, results_of, throw_away
from app.surveys.tables import Invited, Remark, Roll, Urn, Wave, WaveState


def open_waves(runtime: Runtime, now: datetime) -> int:
    """Opens those whose day has come; how many."""
    return _due(runtime, now, WaveState.planned, open_wave)


def close_waves(runtime: Runtime, now: datetime) -> int:
    """Closes and counts those whose day has come; how many."""
    return _due(runtime, now, WaveState.open, close_wave)


def remind(runtime: Runtime, now: datetime) -> int:
    """Has those who may answer told once more of the waves that are half over; how many waves.

    Everybody alike, since nobody is to know who has answered.
    """
    waits = select(Wave).where(Wave.state == WaveState.open, col(Wave.reminded).is_(False))
    with read_session(runtime.engine) as session:
        due = [wave.id for wave in session.exec(waits.order_by(col(Wave.id))).all() if _is_half_over(wave, now)]
    return _each(runtime, now, due, waits, _have_reminded)


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
    instrument = asked_in(session, wave)
    asked, grouped = wave.invited or 0, bool(wave.affiliations)
    told = results(instrument, found.ballots, invited=asked, k=wave.k, by_affiliation=grouped)
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


def _have_reminded(session: Session, wave: Wave, *, at: Installation, on: Occasion) -> None:
    wave.reminded = True
    session.add(wave)
    session.flush()
    on.record(session, wave.community_id, "wave.reminded", wave.id)


def _due(runtime: Runtime, now: datetime, state: WaveState, do: Callable[..., None]) -> int:
    """Does it to each wave in a state whose day has come; to how many."""
    day = Wave.opens_on if state is WaveState.planned else Wave.closes_on
    waits = select(Wave).where(Wave.state == state)
    with read_session(runtime.engine) as session:
        due = [wave.id for wave in session.exec(waits.where(col(day) <= now.date()).order_by(col(Wave.id))).all()]
    return _each(runtime, now, due, waits, do)


def _each(
    runtime: Runtime, now: datetime, due: Iterable[UUID], waits: SelectOfScalar[Wave], do: Callable[..., None]
) -> int:
    """Does it to each of these that still waits; to how many. One that fails holds up no other community's."""

    def done(id: UUID) -> int:
        with runtime.writing() as session:
            wave = session.exec(waits.where(Wave.id == id).with_for_update(skip_locked=True)).one_or_none()
            if wave is None:
                return 0
            do(session, wave, at=runtime.installation, on=Occasion("system", now, runtime.ids))
            return 1

    return one_by_one(due, done)


def _all(session: Session, wave: Wave, at: Installation) -> Contents:
    """Everything that was answered, in an order that tells nothing."""
    parts = [opened(part, at) for part in session.exec(select(Urn).where(Urn.wave_id == wave.id)).all()]
    ballots = sorted(ballot for part in parts for ballot in part.ballots)
    return Contents(ballots, sorted(remark for part in parts for remark in part.remarks))


def _digest(wave: Wave) -> str:
    """Of what everybody in the community is told: a digest of anything else could be guessed."""
    return hashlib.sha256(rfc8785.dumps(results_of(wave))).hexdigest()
