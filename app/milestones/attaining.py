"""Use-case: saying who met a milestone. Each time counts once, by a constraint."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.citing import citing
from app.contributions.tables import Contribution
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.milestones.facts import Known, Reader, is_never_added
from app.milestones.service import AtWork, at_work_of
from app.milestones.tables import Attainment, Milestone
from app.milestones.weighing import Progress, weigh

Met = tuple[str, UUID, dict[str, Datum]]
"""That somebody met a milestone, as the journal is told."""
CITED = 200
"""Contributions that an attainment names; of more, the newest."""


def attain(
    session: Session,
    community: UUID,
    person: Known,
    milestones: Collection[AtWork],
    *,
    at: Installation,
    on: Occasion,
) -> list[Met]:
    """Those of these milestones that the person meets now, and had not met before, for the journal.

    Of who never wants to be recognised here nothing is written down. Whoever asks for several persons takes them in the
    order of their ids, and records (`tell`) once all is written down: so of two that write down the same, one waits for
    the other, and never each for both.
    """
    now_met = [milestone for milestone, _ in met(session, community, person, milestones, now=on.now)]
    if not now_met or is_never_added(session, person, at=at):
        return []
    # 1. How often they had met each, and only then, anew, whether they do: what another worker writes down between the
    #    two is seen by the second, and what it writes down after both has the number that is taken here.
    times = {milestone.id: _times(session, person, milestone) for milestone in now_met}
    again = met(session, community, person, now_met, now=on.now)
    # 2. The key of series, person and number decides who writes it down.
    found: list[Met] = []
    for milestone, progress in sorted(again, key=lambda each: each[0].series):
        nth = times[milestone.id] + 1
        attainment = _attained(session, community, person, milestone, progress, nth, on)
        if insert_if_absent(session, attainment):
            told: dict[str, Datum] = {"milestone": str(milestone.id), "contributions": len(progress.deeds)}
            found.append(("milestone.met", attainment.id, told))
    return found


def tell(session: Session, community: UUID, found: Sequence[Met], *, on: Occasion) -> None:
    """Records who met what."""
    if found:
        on.record_all(session, community, found)


def met(
    session: Session,
    community: UUID,
    person: Known,
    milestones: Collection[AtWork],
    *,
    now: datetime,
    before: UUID | None = None,
) -> Iterator[tuple[AtWork, Progress]]:
    """Those that are met, with what they rest on; as of an attainment's row, if `before` is one."""
    reader = Reader(session, community, person, now, [milestone.rule for milestone in milestones], before=before)
    for milestone in milestones:
        progress = weigh(milestone.rule, reader.facts(milestone.rule, milestone.series), whole=False)
        if progress.met:
            yield milestone, progress


def stands(session: Session, milestone: Milestone, attainment: Attainment, person: Known) -> Progress | None:
    """What an attainment rests on by what is known now; None where it would not have been met by that.

    Weighed as of the day on which it was met: that its turn to be given comes late takes nothing from anybody.
    """
    then, asked = attainment.met_at, [at_work_of(milestone)]
    now_met = met(session, attainment.community_id, person, asked, now=then, before=attainment.row)
    return next((progress for _, progress in now_met), None)


def cite(session: Session, progress: Progress) -> list[dict[str, Any]]:
    """What somebody's progress rests on, oldest first: contributions by id, type and digest, of many the newest."""
    some = progress.deeds[-CITED:]
    rows = session.exec(select(Contribution).where(col(Contribution.id).in_(some))).all()
    found = {row.id: citing(row) for row in rows}
    return [found[id] for id in some]


def _times(session: Session, person: Known, milestone: AtWork) -> int:
    """How often somebody has met it, in whatever words it was said."""
    before = (
        sa.select(sa.func.count())
        .select_from(Attainment)
        .where(col(Attainment.series) == milestone.series, col(Attainment.member_id).in_(person.members))
    )
    count: int = session.execute(before).scalar_one()
    return count


def _attained(
    session: Session, community: UUID, person: Known, milestone: AtWork, progress: Progress, nth: int, on: Occasion
) -> Attainment:
    return Attainment(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community,
        milestone_id=milestone.id,
        series=milestone.series,
        member_id=person.id,
        nth=nth,
        met_at=on.now,
        contributions=cite(session, progress),
    )
