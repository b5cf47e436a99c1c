"""The job that publishes the figures of each period, once, when it is over and what is told late has come in.

What is published stays as it is, whatever is known of its time later. All of it is coarse (`telling`), so that a later
change of the past (a late report, a correction, somebody who does not want to be counted) is no difference of a month
and its quarter that would tell of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import compress
from typing import Final
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.tables import Contribution
from app.kit.database import read_session, still_session
from app.kit.deps import Runtime
from app.kit.ids import Ids
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.phases import Phase
from app.members.tables import Community, Member
from app.metrics import keeping, lifecycle, maturing, notes, periods, results
from app.metrics.arrays import Flags
from app.metrics.beginning import begins_at
from app.metrics.facts import Facts
from app.metrics.families import FAMILIES, Family
from app.metrics.formulas.maturity import Quarter
from app.metrics.loading import known_of
from app.metrics.metric import measure
from app.metrics.periods import Kind, Window, instant
from app.metrics.policy import Policy
from app.metrics.population import here
from app.metrics.tables import Published

SETTLING: Final = timedelta(days=2)
"""How long after its end a period is published: platforms and people report late."""
LOOKS_BACK: Final = timedelta(days=400)
"""How far back figures go of a community that has none yet: a year and what is begun of a month."""
RETURNS_WITHIN: Final = timedelta(days=31)
"""Who came back longer ago than this is not told of any more."""
AT_ONCE: Final = 12
"""Periods of one community that are published before other jobs have their turn."""
POLICY: Final = Policy()


def publish(runtime: Runtime, now: datetime) -> int:
    """Publishes what is due in every community; how many periods."""
    with read_session(runtime.engine) as session:
        begun = select(Community.id).where(Community.phase != Phase.potential)
        lasting = sa.or_(col(Community.ends_at).is_(None), col(Community.ends_at) > now - LOOKS_BACK)
        communities = session.exec(begun.where(lasting).order_by(col(Community.id))).all()
        waiting = [id for id in communities if due(session, id, now)]
    return one_by_one(waiting, lambda community: _publish(runtime, community, now))


JOBS = (Job("publish figures", publish), *keeping.JOBS)


def due(session: Session, community: UUID, now: datetime) -> tuple[Window, ...]:
    """The periods that are to be published by now, in their order: those after the last that was.

    Of a community that has ended those that began before: what happened in its last days counts.
    """
    theirs = session.get_one(Community, community)
    if now < begins_at(session, theirs):
        return ()
    return tuple(
        each for each in _over(session, community, now) if theirs.ends_at is None or each.start < theirs.ends_at
    )


def _over(session: Session, community: UUID, now: datetime) -> tuple[Window, ...]:
    settled = now - SETTLING
    order = (col(Published.ends_at).desc(), col(Published.starts_at))
    newest = select(Published.starts_at, Published.ends_at).where(Published.community_id == community)
    last = session.exec(newest.order_by(*order).limit(1)).first()
    if last is not None:
        start, end = last
        found = periods.ended(end - timedelta(seconds=1), now=settled)
        return tuple(each for each in found if (each.end, each.end - each.start) > (end, end - start))
    begun = _begun(session, community)
    if begun is None or begun >= settled:
        return ()
    return periods.ended(max(begun, settled - LOOKS_BACK), now=settled)


def _begun(session: Session, community: UUID) -> datetime | None:
    """When the first joined, or did something."""
    joined: datetime | None = session.exec(
        select(sa.func.min(col(Member.joined_at))).where(Member.community_id == community)
    ).one()
    did: datetime | None = session.exec(
        select(sa.func.min(col(Contribution.occurred_at))).where(Contribution.community_id == community)
    ).one()
    return min((each for each in (joined, did) if each is not None), default=None)


@dataclass(frozen=True)
class Issue:
    """The figures of one period that are to be published."""

    window: Window
    known: Facts
    """What was known at its end."""
    facts: str
    bodies: dict[Family, bytes]
    returned: tuple[UUID, ...]
    """Who came back after an absence, each once for each absence."""
    quarter: Quarter | None = None
    """Of a quarter, what the rules of maturity look at."""


def _publish(runtime: Runtime, community: UUID, now: datetime) -> int:
    """What is due in one community: read, then computed with no transaction open, then written period by period."""
    with still_session(runtime.engine) as session:
        windows = due(session, community, now)
        whole = known_of(runtime.memory, session, session.get_one(Community, community)).whole
    facts, done = whole.of_counted(), 0
    for window in windows[:AT_ONCE]:
        issue = issued(facts, window, now=now)
        still = _still(facts, issue.known, now)
        everybody = issue.known if facts is whole else whole  # all of it once, where everybody wants to be counted
        keeping.keep(runtime, community, issue.known, everybody, window, POLICY, still=still, now=now)
        with runtime.writing() as session:
            if not _keep(session, community, issue, ids=runtime.ids, now=now):
                break  # another worker is at it
        done += 1
    return done


def _still(facts: Facts, known: Facts, now: datetime) -> Flags:
    """Which of those who were known then are members now."""
    now_here = set(compress(facts.ids, here(facts, instant(now))))
    return np.array([id in now_here for id in known.ids], dtype=np.bool_)


def issued(facts: Facts, window: Window, *, now: datetime) -> Issue:
    """The figures of a period."""
    known = facts.until(window.seconds[1])
    tells_returns = periods.kind_of(window) is Kind.week and window.end > now - SETTLING - RETURNS_WITHIN
    back: Sequence[tuple[int, int]] = notes.returned(known, window, POLICY) if tells_returns else ()
    return Issue(
        window,
        known,
        known.digest,
        {family: results.canonical(measure(metrics, known, window, POLICY)) for family, metrics in FAMILIES.items()},
        tuple(known.ids[person] for person, _ in back),
        lifecycle.quarter(known, window, POLICY) if periods.kind_of(window) is Kind.quarter else None,
    )


def _keep(session: Session, community: UUID, issue: Issue, *, ids: Ids, now: datetime) -> bool:
    """Writes it; whether nobody else had. Unique keys decide."""
    on, period = Occasion("system", now, ids), periods.name_of(issue.window)
    happened = []
    for family, body in issue.bodies.items():
        row = Published(
            id=ids.row(),
            community_id=community,
            family=family,
            period=period,
            starts_at=issue.window.start,
            ends_at=issue.window.end,
            policy=POLICY.digest,
            facts=issue.facts,
            body=body,
            sha256=sha256(body).hexdigest(),
            made_at=now,
        )
        if not insert_if_absent(session, row):
            return False
        said = {"family": family.value, "period": period, "sha256": row.sha256}
        happened.append(("figures.published", row.id, said))
    back = [("member.returned", member, {"period": period}) for member in issue.returned]
    if issue.quarter is not None:
        theirs = session.get_one(Community, community)
        maturing.keep(session, theirs, issue.window, issue.quarter, issue.facts, POLICY, on=on)
    on.record_all(session, community, [*happened, *back])
    return True
