"""The job that gives awards which waited for an account, once that is somebody's: linked, or proven."""

import logging
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.installation import Installation
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.sources.applying import Place, source_and_community
from app.sources.awardees import awardee
from app.sources.awards import give
from app.sources.parking import asked, waits_for
from app.sources.tables import AwardState, PlatformAward

_AT_ONCE = 100

_log = logging.getLogger(__name__)


def take_up_awards(runtime: Runtime, now: datetime) -> int:
    """Gives some of those whose account is somebody's by now; how many waits that ended."""
    with read_session(runtime.engine) as session:
        waiting = select(PlatformAward.source_id, PlatformAward.id).where(waits_for())
        found = session.exec(waiting.order_by(col(PlatformAward.id)).limit(_AT_ONCE)).all()
    ended = 0
    for source, id in found:
        on = Occasion(str(source), now, runtime.ids)
        try:
            with runtime.writing() as session:
                ended += _taken_up(session, source, id, runtime.installation, on)
        except Exception:  # noqa: BLE001  one that cannot be given holds up no other
            _log.exception("Award %s could not be taken up.", id)
    return ended


def _taken_up(session: Session, source_id: UUID, id: UUID, at: Installation, on: Occasion) -> bool:
    source, community = source_and_community(session, source_id)
    row = session.exec(select(PlatformAward).where(PlatformAward.id == id).with_for_update()).one_or_none()
    if row is None or row.state is not AwardState.parked:
        return False  # another worker was quicker, or it was taken back
    place = Place(session, community, source, at, on)
    one = asked(place, row)
    whom = awardee(place, one.to)
    if whom.waits_for:
        return False
    give(place, row, one, whom)
    return True


JOBS = (Job("take up awards that waited", take_up_awards),)
