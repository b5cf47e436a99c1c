"""The jobs that notice who has met a milestone: they read the journal, and once a day the calendar.

A place in the journal moves in the transaction that writes down who met what, so that nothing is passed by and nothing
is counted twice, whichever process dies when.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.reading import parties
from app.contributions.rules import Loop, Side
from app.contributions.tables import Contribution
from app.credentials.tables import Credential, Recipient
from app.kit import readings
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.ids import id_in
from app.kit.jobs import Job
from app.kit.journal import Event
from app.kit.occasions import Occasion
from app.members.tables import Community, Member
from app.milestones.attaining import attain
from app.milestones.facts import kinds, known
from app.milestones.giving import give
from app.milestones.rules import Anniversary, Holds, Rule
from app.milestones.service import active, rule_of
from app.milestones.tables import Milestone, MilestoneState, Weighed
from app.milestones.weighing import concerns

_EVENTS_AT_ONCE = 100
_MEMBERS_AT_ONCE = 100

_DONE = frozenset({"contribution.recorded", "contribution.corrected", "contribution.extended"})
_ISSUED = frozenset({"credential.issued", "credential.reinstated"})


def read_journals(runtime: Runtime, now: datetime) -> int:
    """Reads on in every journal that has grown since; how many events that was."""
    with read_session(runtime.engine) as session:
        behind = readings.behind(session, Weighed)
    read = 0
    for community in behind:
        with runtime.writing() as session:
            read += _read_on(session, community, on=_occasion(runtime, now))
    return read


def sweep(runtime: Runtime, now: datetime) -> int:
    """Looks at some more members for milestones that everybody is looked at for; at how many."""
    with read_session(runtime.engine) as session:
        due = session.exec(select(Milestone.id).where(col(Milestone.sweeping)).order_by(col(Milestone.id))).all()
    looked_at = 0
    for id in due:
        with runtime.writing() as session:
            looked_at += _sweep_on(session, id, on=_occasion(runtime, now))
    return looked_at


def remember_anniversaries(runtime: Runtime, now: datetime) -> int:
    """Once a day (UTC) has everybody looked at for milestones of years; for how many milestones."""
    with runtime.writing() as session:
        not_today = sa.or_(col(Milestone.swept_on).is_(None), col(Milestone.swept_on) < now.date())
        at_work = select(Milestone).where(Milestone.state == MilestoneState.active, not_today, ~col(Milestone.sweeping))
        begun = 0
        for milestone in session.exec(at_work.with_for_update(skip_locked=True)).all():
            milestone.swept_on = now.date()
            if any(isinstance(one, Anniversary) for one in rule_of(milestone).all_of):
                milestone.sweeping, begun = True, begun + 1
            session.add(milestone)
    return begun


JOBS = (
    Job("look at everybody for milestones", sweep),
    Job("remember anniversaries", remember_anniversaries),
    Job("read journals for milestones", read_journals),
    Job("give what milestones promise", give),
)


def _read_on(session: Session, community_id: UUID, *, on: Occasion) -> int:
    """Some events further."""
    place = readings.held(session, Weighed, community_id)
    if place is None:
        return 0  # another worker is at it
    events = readings.read_on(session, place, limit=_EVENTS_AT_ONCE)
    at_work = active(session, community_id)
    if at_work:
        _weigh(session, session.get_one(Community, community_id), at_work, events, on=on)
    return len(events)


def _weigh(
    session: Session, community: Community, at_work: Sequence[Milestone], events: Iterable[Event], *, on: Occasion
) -> None:
    """Everybody whom some of these events may have brought further, once each."""
    asked: defaultdict[UUID, dict[UUID, Milestone]] = defaultdict(dict)
    for members, concerned in _brought_further(session, community, at_work, events):
        for member in members:
            asked[member] |= {milestone.id: milestone for milestone in concerned}
    for person in known(session, community.id, list(asked)):
        milestones = {id: one for member in person.members for id, one in asked.get(member, {}).items()}
        attain(session, community, person, list(milestones.values()), on=on)


def _brought_further(
    session: Session, community: Community, at_work: Sequence[Milestone], events: Iterable[Event]
) -> Iterable[tuple[Collection[UUID], list[Milestone]]]:
    """By event, the members that it may have brought further, and with which milestones."""
    rules = {milestone.id: rule_of(milestone) for milestone in at_work}
    done: list[UUID] = []
    for event in events:
        subject = id_in(event.subject)
        if subject is not None and event.type in _DONE:
            done.append(subject)
        elif subject is not None and event.type in _ISSUED:
            series = [one for one in at_work if any(isinstance(each, Holds) for each in rules[one.id].all_of)]
            if series:
                yield _recipient(session, subject), series
        elif event.type == "identity.linked":
            yield [id for id in [id_in(str(event.data.get("member")))] if id is not None], list(at_work)
    yield from _doers(session, community, at_work, rules, done)


def _doers(
    session: Session,
    community: Community,
    at_work: Sequence[Milestone],
    rules: Mapping[UUID, Rule],
    contributions: Sequence[UUID],
) -> Iterable[tuple[Collection[UUID], list[Milestone]]]:
    """Who did these, and the milestones that count such."""
    meanings = kinds(session, community)
    named = parties(session, community.id, contributions)
    for row in session.exec(select(Contribution).where(col(Contribution.id).in_(contributions))).all():
        kind = meanings.get(row.type)
        loop = row.loop or (Loop.inner if kind is None else Loop(kind.loop))
        concerned = [one for one in at_work if concerns(rules[one.id], row.type, loop, meanings)]
        if concerned:
            yield {m for party in named.get(row.id, ()) if party.side is Side.by for m in party.members}, concerned


def _recipient(session: Session, credential: UUID) -> list[UUID]:
    chosen = select(Recipient.member_id).join(Credential, col(Credential.recipient_id) == Recipient.id)
    return [id for id in session.exec(chosen.where(Credential.id == credential)).all() if id is not None]


def _sweep_on(session: Session, id: UUID, *, on: Occasion) -> int:
    """Some members further, by id."""
    chosen = select(Milestone).where(Milestone.id == id, col(Milestone.sweeping)).with_for_update(skip_locked=True)
    milestone = session.exec(chosen).one_or_none()
    if milestone is None:
        return 0
    members = select(Member.id).where(Member.community_id == milestone.community_id, col(Member.left_at).is_(None))
    if milestone.sweep_after is not None:
        members = members.where(col(Member.id) > milestone.sweep_after)
    some = session.exec(members.order_by(col(Member.id)).limit(_MEMBERS_AT_ONCE)).all()
    community = session.get_one(Community, milestone.community_id)
    for person in known(session, community.id, some):
        attain(session, community, person, [milestone], on=on)
    milestone.sweep_after = some[-1] if some else None
    milestone.sweeping = bool(some)
    session.add(milestone)
    return len(some)


def _occasion(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="system", now=now, ids=runtime.ids)
