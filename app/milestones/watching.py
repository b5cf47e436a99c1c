"""The jobs that notice who has met a milestone: they read the journal, and once a day the calendar.

A place in the journal moves in the transaction that writes down who met what, so that nothing is passed by and nothing
is counted twice, whichever process dies when.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.opting import take_counted_again
from app.contributions.reading import doers
from app.contributions.rules import Loop
from app.credentials.tables import Credential, Recipient
from app.kit import readings
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.jobs import Job, one_by_one
from app.kit.journal import Event
from app.kit.occasions import Occasion
from app.members.tables import Member
from app.milestones.attaining import Met, attain, tell
from app.milestones.facts import kinds, known
from app.milestones.giving import give
from app.milestones.rules import Anniversary, Holds
from app.milestones.service import AtWork, at_work, at_work_of, rule_of
from app.milestones.tables import Milestone, MilestoneState, Weighed
from app.milestones.weighing import concerns

_EVENTS_AT_ONCE = 100
_MEMBERS_AT_ONCE = 100

_ABOUT = {"identity.linked", "address.proven"}
"""What a person has done may be more from then on: `member` names them."""
_DONE = frozenset({"contribution.recorded", "contribution.corrected", "contribution.extended"})
_ISSUED = frozenset({"credential.issued", "credential.reinstated"})


def read_journals(runtime: Runtime, now: datetime) -> int:
    """Reads on in every journal that has grown since; how many events that was."""
    behind = readings.behind(runtime, Weighed)
    return one_by_one(behind, partial(_read_on, runtime, on=_occasion(runtime, now)))


def sweep(runtime: Runtime, now: datetime) -> int:
    """Looks at some more members for milestones that everybody is looked at for; at how many."""
    with read_session(runtime.engine) as session:
        due = session.exec(select(Milestone.id).where(col(Milestone.sweeping)).order_by(col(Milestone.id))).all()
    return one_by_one(due, partial(_sweep_on, runtime, on=_occasion(runtime, now)))


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


def _read_on(runtime: Runtime, community_id: UUID, *, on: Occasion) -> int:
    """Some events further."""
    at = runtime.installation
    with runtime.writing() as session:
        place = readings.held(session, Weighed, community_id)
        if place is None:
            return 0  # another worker is at it
        events = readings.read_on(session, place, limit=_EVENTS_AT_ONCE)
        back = any(event.type == "counting.changed" for event in events)
        counted_again = take_counted_again(session, community_id) if back else []
        if milestones := at_work(session, community_id):
            asked, found = _asked(session, community_id, milestones, events, counted_again), list[Met]()
            for person in known(session, community_id, list(asked)):
                theirs = {id: one for member in person.members for id, one in asked.get(member, {}).items()}
                found += attain(session, community_id, person, list(theirs.values()), at=at, on=on)
            tell(session, community_id, found, on=on)
        return len(events)


def _asked(
    session: Session,
    community: UUID,
    milestones: Sequence[AtWork],
    events: Iterable[Event],
    counted_again: Collection[UUID],
) -> dict[UUID, dict[UUID, AtWork]]:
    """The members whom some of these events may have brought further, and with which milestones, by id."""
    asked: defaultdict[UUID, dict[UUID, AtWork]] = defaultdict(dict)
    for members, concerned in [*_brought_further(session, community, milestones, events), (counted_again, milestones)]:
        for member in members:
            asked[member] |= {milestone.id: milestone for milestone in concerned}
    return asked


def _brought_further(
    session: Session, community: UUID, milestones: Sequence[AtWork], events: Iterable[Event]
) -> Iterable[tuple[Collection[UUID], Sequence[AtWork]]]:
    """By event, the members that it may have brought further, and with which milestones."""
    done: list[UUID] = []
    for event in events:
        subject = id_in(event.subject)
        if subject is not None and event.type in _DONE:
            done.append(subject)
        elif subject is not None and event.type in _ISSUED:
            series = [one for one in milestones if any(isinstance(each, Holds) for each in one.rule.all_of)]
            if series:
                yield _recipient(session, subject), series
        elif event.type in _ABOUT:
            yield [id for id in [id_in(str(event.data.get("member")))] if id is not None], milestones
        elif event.type == "identity.unlinked":
            yield [id for id in map(id_in, event.data.get("still", [])) if id is not None], milestones
        elif subject is not None and event.type == "member.readmitted":
            yield [subject], milestones
    meanings = kinds(session, community)
    for one, members in doers(session, community, done):
        kind = meanings.get(one.type)
        loop = one.loop or (Loop.inner if kind is None else kind.loop)
        concerned = [each for each in milestones if concerns(each.rule, one.type, loop, meanings)]
        if concerned:
            yield members, concerned


def _recipient(session: Session, credential: UUID) -> list[UUID]:
    chosen = select(Recipient.member_id).join(Credential, col(Credential.recipient_id) == Recipient.id)
    return [id for id in session.exec(chosen.where(Credential.id == credential)).all() if id is not None]


def _sweep_on(runtime: Runtime, id: UUID, *, on: Occasion) -> int:
    """Some members further, by id."""
    at = runtime.installation
    with runtime.writing() as session:
        return _looked_at(session, id, at=at, on=on)


def _looked_at(session: Session, id: UUID, *, at: Installation, on: Occasion) -> int:
    chosen = (
        select(Milestone)
        .where(Milestone.id == id, col(Milestone.sweeping))
        .with_for_update(
            skip_locked=True,
            key_share=True,  # else whoever writes down that somebody met it waits for this
        )
    )
    milestone = session.exec(chosen).one_or_none()
    if milestone is None:
        return 0
    members = select(Member.id).where(Member.community_id == milestone.community_id, col(Member.left_at).is_(None))
    if milestone.sweep_after is not None:
        members = members.where(col(Member.id) > milestone.sweep_after)
    some = session.exec(members.order_by(col(Member.id)).limit(_MEMBERS_AT_ONCE)).all()
    community, found = milestone.community_id, list[Met]()
    for person in known(session, community, some):
        found += attain(session, community, person, [at_work_of(milestone)], at=at, on=on)
    tell(session, community, found, on=on)
    milestone.sweep_after = some[-1] if some else None
    milestone.sweeping = bool(some)
    session.add(milestone)
    return len(some)


def _occasion(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="system", now=now, ids=runtime.ids)
