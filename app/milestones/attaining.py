"""Use-case: saying who met a milestone. Each time counts once, by a constraint."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.tables import Contribution
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.tables import Community
from app.milestones.evidence import digest_of
from app.milestones.facts import Known, Reader, is_never_added
from app.milestones.service import rule_of
from app.milestones.tables import Attainment, Milestone
from app.milestones.weighing import Progress, weigh

CITED = 200
"""Contributions that an attainment names; of more, the newest."""


def attain(
    session: Session,
    community: Community,
    person: Known,
    milestones: Collection[Milestone],
    *,
    at: Installation,
    on: Occasion,
) -> list[Attainment]:
    """Those of these milestones that the person meets now, and had not met before.

    Of who never wants to be recognised here nothing is written down.
    """
    reader, found = Reader(session, community, person, on.now), []
    now_met = list(met(reader, milestones))
    if not now_met or is_never_added(session, person, at=at):
        return []
    for milestone, progress in now_met:
        attainment = _attained(session, community, person, milestone, progress, on)
        if insert_if_absent(session, attainment):
            data: dict[str, Datum] = {"milestone": str(milestone.id), "contributions": len(progress.deeds)}
            on.record(session, community.id, "milestone.met", attainment.id, data)
            found.append(attainment)
    return found


def met(reader: Reader, milestones: Collection[Milestone]) -> Iterator[tuple[Milestone, Progress]]:
    """Those that are met, with what they rest on."""
    for milestone in milestones:
        rule = rule_of(milestone)
        progress = weigh(rule, reader.facts(rule, milestone.series), whole=False)
        if progress.met:
            yield milestone, progress


def stands(session: Session, milestone: Milestone, attainment: Attainment, person: Known) -> Progress | None:
    """What an attainment rests on by what is known now; None where it would not have been met by that.

    Weighed as of the day on which it was met: that its turn to be given comes late takes nothing from anybody.
    """
    community = session.get_one(Community, attainment.community_id)
    reader = Reader(session, community, person, attainment.met_at, before=attainment.row)
    return next((progress for _, progress in met(reader, [milestone])), None)


def cite(session: Session, progress: Progress) -> list[dict[str, str]]:
    """What somebody's progress rests on, oldest first: contributions by id, type and digest, of many the newest."""
    some = progress.deeds[-CITED:]
    rows = session.exec(select(Contribution).where(col(Contribution.id).in_(some))).all()
    found = {row.id: {"id": str(row.id), "type": row.type, "digest": digest_of(row)} for row in rows}
    return [found[id] for id in some]


def _attained(
    session: Session, community: Community, person: Known, milestone: Milestone, progress: Progress, on: Occasion
) -> Attainment:
    before = (
        sa.select(sa.func.count())
        .select_from(Attainment)
        .where(col(Attainment.series) == milestone.series, col(Attainment.member_id).in_(person.members))
    )
    return Attainment(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community.id,
        milestone_id=milestone.id,
        series=milestone.series,
        member_id=person.id,
        nth=session.execute(before).scalar_one() + 1,
        met_at=on.now,
        contributions=cite(session, progress),
    )
