"""The job that puts a week together once its figures are out, and keeps what it tells of."""

from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.database import read_session, still_session
from app.kit.deps import Runtime
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.phases import Phase
from app.members.tables import Community
from app.metrics import periods
from app.metrics.families import Family
from app.metrics.loading import known_of
from app.metrics.periods import Window
from app.metrics.tables import Published
from app.reports.digest.gathering import contents_of, prompts_of
from app.reports.digest.rules import LOOKS_BACK
from app.reports.digest.tables import Digest

AT_ONCE: Final = 8
"""Weeks that are put together before other jobs have their turn."""


def make(runtime: Runtime, now: datetime) -> int:
    """Puts together the weeks whose figures are out; how many."""
    with read_session(runtime.engine) as session:
        waiting = session.exec(_due(now).limit(AT_ONCE)).all()
        by_community = [
            (community, [Window(row.starts_at, row.ends_at) for row in weeks])
            for community, weeks in groupby(waiting, key=lambda row: row.community_id)
        ]
    return one_by_one(by_community, lambda due: _make(runtime, *due, now))


JOBS = (Job("put weeks together", make),)


def _due(now: datetime) -> SelectOfScalar[Published]:
    """The figures of weeks of which there is no round-up yet, each community's in order."""
    there = sa.exists().where(
        col(Digest.community_id) == col(Published.community_id), col(Digest.week) == col(Published.period)
    )
    theirs = sa.exists().where(
        col(Community.id) == col(Published.community_id),
        col(Community.phase) == Phase.active,
        col(Community.archived_at).is_(None),
        sa.or_(col(Community.ends_at).is_(None), col(Community.ends_at) > now),
    )
    rows = select(Published).where(
        Published.family == Family.participation,
        col(Published.ends_at) > now - LOOKS_BACK,
        col(Published.period).contains("W"),
        theirs,
        ~there,
    )
    return rows.order_by(col(Published.community_id), col(Published.ends_at))


def _make(runtime: Runtime, id: UUID, weeks: list[Window], now: datetime) -> int:
    """Those of one community: read with no transaction open that writes, then written, each by itself."""
    done = 0
    with still_session(runtime.engine) as session:
        facts = known_of(runtime.memory, session, session.get_one(Community, id)).facts
    for week in weeks:
        with read_session(runtime.engine) as session:
            community = session.get_one(Community, id)
            contents = contents_of(session, community, week, facts)
            prompts = prompts_of(session, id, week, facts)
        digest = Digest(
            id=runtime.ids.row(),
            community_id=id,
            week=periods.name_of(week),
            starts_at=week.start,
            ends_at=week.end,
            contents=contents.to_json(),
            prompts=prompts.to_json(),
            made_at=now,
        )
        with runtime.writing() as session:
            if insert_if_absent(session, digest):
                Occasion("system", now, runtime.ids).record(
                    session, id, "digest.made", digest.id, {"week": digest.week}
                )
                done += 1
    return done
