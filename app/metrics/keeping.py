"""What is found of single people in a period: worked out while its figures are, kept row by row, and forgotten in time.

Before the figures are published, and some people at a time, so that no writer waits for long. Whoever begins again,
because a worker ended half way, replaces what was there: it is final when the period's figures are out.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import numpy as np
import rfc8785
import sqlalchemy as sa
from sqlmodel import col, delete, select

from app.contributions.tables import Uncounted
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.prepared import insert_absent
from app.metrics import periods, portrait, results
from app.metrics.arrays import Flags
from app.metrics.facts import Facts
from app.metrics.noting import is_out, not_erased, note, take_away
from app.metrics.periods import Kind, Window
from app.metrics.policy import Policy
from app.metrics.population import present
from app.metrics.tables import Look, Named, Note, OwnFigures

KEPT_FOR: Final = timedelta(days=800)
"""After its end nothing is known of single people in a period any more: a year can be held against the one before."""
AT_ONCE: Final = 500
"""People whose rows are written in one transaction, and rows that are forgotten."""


def keep(
    runtime: Runtime,
    community: UUID,
    facts: Facts,
    whole: Facts,
    window: Window,
    policy: Policy,
    *,
    still: Flags,
    now: datetime,
) -> None:
    """What is found of everybody who was there in a period, and is `still`; in transactions of its own. None of weeks.

    `facts` are of those who want to be counted, and cut at the end of the window. What each is told of themselves is
    found from the `whole`: else whoever knows whom they helped would see who of them does not want to be counted.
    """
    if periods.kind_of(window) is Kind.week or window.end <= now - KEPT_FOR:
        return
    note(runtime, community, facts, window, policy, still=still, now=now)
    people = np.flatnonzero(present(facts, window) & still).tolist()
    everybody = whole.until(window.seconds[1])
    place, digest = {id: row for row, id in enumerate(everybody.ids)}, everybody.digest
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        ids = [facts.ids[person] for person in some]
        rows = {id: _row(community, everybody, window, policy, place[id]) for id in ids}
        with runtime.writing() as session:
            if is_out(session, community, window):
                return  # another worker was faster
            there = not_erased(session, rows)
            period = col(OwnFigures.period) == periods.name_of(window)
            session.exec(delete(OwnFigures).where(period, col(OwnFigures.member_id).in_(rows)))
            insert_absent(session, OwnFigures, *(rows[id] | {"facts": digest, "made_at": now} for id in there))


def _row(community: UUID, facts: Facts, window: Window, policy: Policy, person: int) -> dict[str, Any]:
    body = rfc8785.dumps(results.rounded(portrait.about(facts, window, policy, person)))
    return {
        "member_id": facts.ids[person],
        "period": periods.name_of(window),
        "community_id": community,
        "starts_at": window.start,
        "ends_at": window.end,
        "version": portrait.VERSION,
        "policy": policy.digest,
        "body": body,
        "sha256": sha256(body).hexdigest(),
    }


def forget(runtime: Runtime, now: datetime) -> int:
    """Takes away what is too old, and what there is of people who do not want to be counted; how much."""
    past, uncounted = now - KEPT_FOR, select(Uncounted.member_id)
    keys = (col(OwnFigures.member_id), col(OwnFigures.period))
    theirs = sa.or_(col(OwnFigures.ends_at) <= past, col(OwnFigures.member_id).in_(uncounted))
    naming = select(Named.note_id).where(col(Named.member_id).in_(uncounted))
    noted = sa.or_(col(Note.ends_at) <= past, col(Note.id).in_(naming))
    with read_session(runtime.engine) as session:
        figures = [tuple(row) for row in session.execute(sa.select(*keys).where(theirs).limit(AT_ONCE)).all()]
        notes = session.exec(select(Note.id).where(noted).limit(AT_ONCE)).all()
        looks = session.exec(select(Look.id).where(col(Look.looked_at) <= past).limit(AT_ONCE)).all()
    done = len(figures) + len(notes) + len(looks)
    if done:
        with runtime.writing() as session:
            session.exec(delete(OwnFigures).where(sa.tuple_(*keys).in_(figures)))
            take_away(session, notes)
            session.exec(delete(Look).where(col(Look.id).in_(looks)))
    return done


JOBS = (Job("forget what was found of single people", forget),)
