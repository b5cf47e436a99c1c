"""What looks like a ring or like too much at once: held until somebody without a stake has looked.

Nobody is accused, and none of those concerned is told: people who work together recognise each other, and most of what
is held goes on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from app.kit.occasions import Occasion
from app.members.links import accounts_of
from app.members.people import active_people
from app.nominations.alarms import has_recognised, recognitions
from app.nominations.casefile import Case
from app.nominations.rings import BURST_WITHIN, is_burst, rings, stands_out, surroundings
from app.nominations.rules import Act
from app.nominations.stepping import note, step
from app.nominations.tables import Nomination, Nominee, Report, Second


class Alarm(StrEnum):
    """What the service itself reports of a nomination, as `category` of the report."""

    ring = "ring"
    """The nominee and who stands behind them are of a small group that recognises itself and few others."""
    ring_unknown = "ring_unknown"
    """There are too many groups around the nominee to say."""
    burst = "burst"
    """Somebody nominates or seconds the same person more than five times in a day."""


@dataclass(frozen=True)
class Suspicion:
    """Something to look at, and whom it concerns."""

    alarm: Alarm
    persons: frozenset[UUID]

    @property
    def text(self) -> str:
        """What the report says: ids, always the same for the same."""
        return " ".join(sorted(str(person) for person in self.persons))


def held_as_suspect(case: Case, *, on: Occasion) -> bool:
    """Reports what has not been reported of a locked nomination before, and holds it, if there is reason to.

    What was reported, looked at and let go on does not hold it again; a ring that has grown does.
    """
    session, nomination = case.session, case.nomination
    found = suspicions(case, now=on.now)
    if not found:
        return False
    ours = select(Report.category, Report.text).where(
        Report.nomination_id == nomination.id, col(Report.reporter_id).is_(None)
    )
    known = set(session.exec(ours).all())
    unnamed, held = replace(on, actor="system"), False
    for each in found:
        if (each.alarm.value, each.text) in known:
            continue
        row = Report(id=on.ids.row(), nomination_id=nomination.id, category=each.alarm, text=each.text, at=on.now)
        session.add(row)
        if held or each.alarm is Alarm.ring_unknown:
            note(case, "reported", on=unnamed, report=str(row.id))
        else:
            step(case, Act.hold, on=unnamed, report=str(row.id))
            held = True
    return held


def suspicions(case: Case, *, now: datetime) -> list[Suspicion]:
    """What there is to look at; for most nominations three small queries say that there is nothing."""
    persons = accounts_of(case.session, case.community.id, case.party_ids())
    nominees = frozenset(persons[n.member_id] for n in case.nominees if n.member_id is not None)
    behind = frozenset(persons[id] for id in case.party_ids()) - nominees
    theirs = [account for account, person in persons.items() if person in nominees]
    others = [account for account, person in persons.items() if person in behind]
    found = _bursts(case, persons, theirs)
    if has_recognised(case.session, case.community.id, theirs, others, now=now):
        found += _rings(case, nominees, behind, now=now)
    return found


def _rings(case: Case, nominees: frozenset[UUID], behind: frozenset[UUID], *, now: datetime) -> list[Suspicion]:
    """Rings of a nominee and of somebody who stands behind them."""
    given = recognitions(case.session, case.community.id, now=now)
    found, unknown = set[frozenset[UUID]](), set[UUID]()
    for nominee in nominees:
        known = rings(surroundings(given, nominee))
        found |= {ring.members for ring in known.rings if nominee in ring.members and behind & ring.members}
        unknown |= {nominee} & known.unknown
    if found:
        people = active_people(case.session, case.community.id, now=now)
        size = len({person.identity for person in people if not person.is_bot})
        found = {members for members in found if stands_out(members, people=size)}
    return [
        *(Suspicion(Alarm.ring, members) for members in sorted(found, key=sorted)),
        *(Suspicion(Alarm.ring_unknown, frozenset({nominee})) for nominee in sorted(unknown)),
    ]


def _bursts(case: Case, persons: dict[UUID, UUID], nominees: list[UUID]) -> list[Suspicion]:
    """Those who stand behind a nominee here as one time too many in a day."""
    nomination = case.nomination
    here = {(nomination.nominator_id, nomination.submitted_at)} | {(s.member_id, s.at) for s in case.seconds}
    acts = {(persons[member], at) for member, at in here if at is not None}
    since = min((at for _, at in acts), default=nomination.created_at) - BURST_WITHIN
    elsewhere = _acts_elsewhere(case, list(persons), nominees, since)
    found = set()
    for giver, at in acts:
        for receiver in {persons[nominee] for nominee in nominees} - {giver}:
            earlier = [when for by, of, when in elsewhere if (persons[by], persons[of]) == (giver, receiver)]
            if is_burst(earlier, at):
                found.add(frozenset({giver, receiver}))
    return [Suspicion(Alarm.burst, pair) for pair in sorted(found, key=sorted)]


def _acts_elsewhere(
    case: Case, givers: list[UUID], receivers: list[UUID], since: datetime
) -> list[tuple[UUID, UUID, datetime]]:
    """When these stood behind those in other nominations."""
    of_it = col(Nominee.nomination_id) == Nomination.id
    other = (col(Nominee.member_id).in_(receivers), col(Nomination.id) != case.nomination.id)
    nominated = (
        sa.select(col(Nomination.nominator_id), col(Nominee.member_id), col(Nomination.submitted_at))
        .join(Nominee, of_it)
        .where(*other, col(Nomination.nominator_id).in_(givers), col(Nomination.submitted_at) > since)
    )
    seconded = (
        sa.select(col(Second.member_id), col(Nominee.member_id), col(Second.at))
        .join(Nomination, col(Second.nomination_id) == Nomination.id)
        .join(Nominee, of_it)
        .where(*other, col(Second.member_id).in_(givers), col(Second.at) > since, col(Second.withdrawn_at).is_(None))
    )
    both: sa.CompoundSelect[Any] = sa.union_all(nominated, seconded)
    return [(giver, receiver, at) for giver, receiver, at in case.session.connection().execute(both)]
