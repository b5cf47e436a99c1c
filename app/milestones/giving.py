"""The job that gives what a milestone promised: an offer, a drafted nomination, or a word to the stewards.

Each attainment is weighed again and given in a transaction of its own, under the lock of its row. What is not so any
more is passed over, and can be met again; what is refused for now is tried again later. A badge is offered, never put
upon anybody: consent is asked as for every other.
"""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.credentials.awarding import Offer, award
from app.credentials.recipients import Named
from app.credentials.rules import Visibility
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import AppError
from app.kit.installation import Installation
from app.kit.jobs import one_by_one
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.milestones.attaining import cite, stands
from app.milestones.evidence import cited, text_of
from app.milestones.facts import Known, is_never_added, known
from app.milestones.service import rule_of
from app.milestones.tables import (
    HELD_ALREADY,
    RETIRED,
    TRIES,
    Attainment,
    EvidenceText,
    Milestone,
    MilestoneState,
    Stage,
)
from app.nominations import writing
from app.nominations.nominees import Proposed

AT_ONCE = 50
A_DAY = timedelta(days=1)
AGAIN = timedelta(minutes=15)
"""After the first try of what is refused for now; four times as long after each further: for three and a half days."""


def give(runtime: Runtime, now: datetime) -> int:
    """Gives some of what waits, no more of one milestone within a day than it says; how many were settled."""
    on = Occasion(actor="system", now=now, ids=runtime.ids)
    with read_session(runtime.engine) as session:
        due = _due(session, now)
    return one_by_one(due, partial(_settled, runtime, on=on), failed=partial(_refused, runtime, on=on))


def _due(session: Session, now: datetime) -> list[UUID]:
    """The oldest of those that wait, of each milestone as many as it has left today."""
    waits = sa.and_(
        col(Attainment.stage) == Stage.waiting, sa.or_(col(Attainment.due_at).is_(None), col(Attainment.due_at) <= now)
    )
    found: list[UUID] = []
    for series in session.exec(select(Attainment.series).where(waits).distinct()).all():
        milestone, left = _at_work(session, series), AT_ONCE
        if milestone is not None:
            given = sa.select(sa.func.count()).select_from(Attainment)
            today = given.where(col(Attainment.series) == series, col(Attainment.given_at) > now - A_DAY)
            left = max(0, rule_of(milestone).a_day - session.execute(today).scalar_one())
        mine = select(Attainment.id).where(Attainment.series == series, waits)
        found += session.exec(mine.order_by(col(Attainment.met_at), col(Attainment.row)).limit(left)).all()
    return found[:AT_ONCE]


def _at_work(session: Session, series: UUID) -> Milestone | None:
    """Of those that replace each other, the one that counts now."""
    chosen = select(Milestone).where(Milestone.series == series, Milestone.state == MilestoneState.active)
    return session.exec(chosen).one_or_none()


def _settled(runtime: Runtime, id: UUID, *, on: Occasion) -> int:
    """Gives one, or passes it over; how many that was. Raises what `award` and a nomination's `draft` raise."""
    at = runtime.installation
    with runtime.writing() as session:
        attainment = _held(session, id)
        if attainment is None:
            return 0  # another worker is at it, or has been
        milestone = _at_work(session, attainment.series)
        if milestone is None:
            _end(session, attainment, RETIRED, on=on)
            return 1
        attainment.milestone_id = milestone.id
        person = next(iter(known(session, attainment.community_id, [attainment.member_id])), None)
        if person is None or is_never_added(session, person, at=at):
            _end(session, attainment, "nobody-there", on=on)
        elif (progress := stands(session, milestone, attainment, person)) is None:
            _end(session, attainment, "no-longer-met", on=on)
        else:
            attainment.contributions = cite(session, progress)
            _give(session, milestone, attainment, person, counted=len(progress.deeds), at=at, on=on)
            _end(session, attainment, None, on=on)
        return 1


def _refused(runtime: Runtime, id: UUID, error: Exception, *, on: Occasion) -> None:
    """Tries one again later, unless what stands in its way stays there, or was tried often."""
    code = error.code if isinstance(error, AppError) else "error"
    with runtime.writing() as session:
        attainment = _held(session, id)
        if attainment is None:
            return
        milestone = _at_work(session, attainment.series)
        attainment.milestone_id = milestone.id if milestone is not None else attainment.milestone_id
        attainment.tries += 1
        if code == HELD_ALREADY or attainment.tries >= TRIES:
            _end(session, attainment, code, on=on)
            return
        attainment.due_at = on.now + AGAIN * 4 ** (attainment.tries - 1)
        session.add(attainment)


def _held(session: Session, id: UUID) -> Attainment | None:
    chosen = select(Attainment).where(Attainment.id == id, Attainment.stage == Stage.waiting)
    return session.exec(chosen.with_for_update(skip_locked=True)).one_or_none()


def _end(session: Session, attainment: Attainment, reason: str | None, *, on: Occasion) -> None:
    """Given, or for a reason passed over; and told."""
    attainment.stage = Stage.given if reason is None else Stage.passed_over
    attainment.given_at, attainment.reason = on.now if reason is None else None, reason
    session.add(attainment)
    session.flush()
    said = "milestone.given" if reason is None else "milestone.passed_over"
    milestone = session.get_one(Milestone, attainment.milestone_id)
    data = {"milestone": str(milestone.id), "kind": rule_of(milestone).result.kind, "reason": reason}
    # Of a draft it is the nomination's event: withheld, as all of that is, from whoever has a stake in it.
    on.record(session, attainment.community_id, said, attainment.nomination_id or attainment.id, data)


def _give(
    session: Session,
    milestone: Milestone,
    attainment: Attainment,
    person: Known,
    *,
    counted: int,
    at: Installation,
    on: Occasion,
) -> None:
    """`counted` is how many contributions brought them there, of which no more than `CITED` are named."""
    rule, community = rule_of(milestone), session.get_one(Community, milestone.community_id)
    text = text_of(milestone, attainment, counted=counted, at=at)
    if rule.result.kind != "suggest" and attainment.contributions:
        session.add(EvidenceText(attainment_id=attainment.id, body=text))
    match rule.result.kind:
        case "offer":
            offer = Offer(
                achievement=str(rule.result.achievement),
                recipient=Named(member=str(person.here)),
                external_id=f"milestone:{attainment.id}",
                narrative=milestone.description,
                evidence=[*cited(milestone, attainment, pinned=text, at=at)],
                valid_until=None,
                consented=False,
                visibility=Visibility.private,
            )
            attainment.credential_id = award(session, community, offer, at=at, on=on).credential.id
        case "draft":
            assert milestone.activated_by is not None  # noqa: S101  such a milestone begins with a steward in person
            draft = writing.Draft(
                achievement=str(rule.result.achievement),
                nominees=[Proposed(member=str(person.here))],
                statement={"contribution": milestone.description},
                evidence=cited(milestone, attainment, pinned=None, at=at),  # the steward may say it otherwise
            )
            by = Occasion(actor=str(milestone.activated_by), now=on.now, ids=on.ids)
            case = writing.draft(session, community, milestone.activated_by, draft, at=at, on=by)
            attainment.nomination_id = case.nomination.id
        case "suggest":
            pass  # the row itself is what stewards are told
