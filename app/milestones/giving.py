"""The job that gives what a milestone promised: an offer, a drafted nomination, or a word to the stewards.

Each attainment is given in a transaction of its own, under the lock of its row; whatever is refused is written down as
passed over, with why. A badge is offered, never put upon anybody: consent is asked as for every other.
"""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.tables import Contribution
from app.credentials.awarding import Offer, award
from app.credentials.recipients import Named
from app.credentials.rules import Visibility
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import AppError
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community, Member
from app.members.unasked import fingerprints_of, is_listed
from app.milestones.evidence import cited
from app.milestones.facts import known
from app.milestones.service import rule_of
from app.milestones.tables import RETRACTED, Attainment, Milestone, MilestoneState, Stage
from app.nominations import writing
from app.nominations.nominees import Proposed

AT_ONCE = 50
A_DAY = timedelta(days=1)


def give(runtime: Runtime, now: datetime) -> int:
    """Gives some of what waits, no more of one milestone within a day than it says; how many."""
    on = Occasion(actor="system", now=now, ids=runtime.ids)
    with read_session(runtime.engine) as session:
        due = _due(session, now)
    for id in due:
        with runtime.writing() as session:
            _settle(session, id, at=runtime.installation, on=on)
    return len(due)


def _due(session: Session, now: datetime) -> list[UUID]:
    """The oldest of those that wait, of each milestone as many as it has left today."""
    waiting = select(Attainment.milestone_id).where(Attainment.stage == Stage.waiting).distinct()
    found: list[UUID] = []
    for milestone in session.exec(select(Milestone).where(col(Milestone.id).in_(waiting))).all():
        given = sa.select(sa.func.count()).select_from(Attainment)
        today = given.where(col(Attainment.milestone_id) == milestone.id, col(Attainment.given_at) > now - A_DAY)
        left = max(0, rule_of(milestone).a_day - session.execute(today).scalar_one())
        mine = select(Attainment.id).where(Attainment.milestone_id == milestone.id, Attainment.stage == Stage.waiting)
        found += session.exec(mine.order_by(col(Attainment.met_at), col(Attainment.row)).limit(left)).all()
    return found[:AT_ONCE]


def _settle(session: Session, id: UUID, *, at: Installation, on: Occasion) -> None:
    chosen = select(Attainment).where(Attainment.id == id, Attainment.stage == Stage.waiting)
    attainment = session.exec(chosen.with_for_update(skip_locked=True)).one_or_none()
    if attainment is None:
        return  # another worker is at it, or has been
    milestone = session.get_one(Milestone, attainment.milestone_id)
    reason = _why_not(session, milestone, attainment, at=at)
    if reason is None:
        try:
            with session.begin_nested():
                _give(session, milestone, attainment, at=at, on=on)
                session.flush()
        except AppError as refusal:
            reason = refusal.code
            session.refresh(attainment)
    attainment.stage = Stage.given if reason is None else Stage.passed_over
    attainment.given_at, attainment.reason = on.now if reason is None else None, reason
    session.add(attainment)
    session.flush()
    _tell(session, milestone, attainment, on)


def _why_not(session: Session, milestone: Milestone, attainment: Attainment, *, at: Installation) -> str | None:
    """What has come in the way since it was met: a code."""
    if milestone.state is not MilestoneState.active:
        return "milestone-retired"
    person = next(iter(known(session, milestone.community_id, [attainment.member_id])), None)
    if person is None:
        return "nobody-there"
    if any(is_listed(session, fingerprints_of(session, session.get_one(Member, one), at=at)) for one in person.members):
        return "never-add"
    ids = [UUID(each["id"]) for each in attainment.contributions]
    taken_back = select(Contribution.id).where(
        col(Contribution.id).in_(ids), col(Contribution.retracted_at).is_not(None)
    )
    return RETRACTED if session.exec(taken_back.limit(1)).first() is not None else None


def _give(session: Session, milestone: Milestone, attainment: Attainment, *, at: Installation, on: Occasion) -> None:
    rule, community = rule_of(milestone), session.get_one(Community, milestone.community_id)
    here = known(session, community.id, [attainment.member_id])[0].here
    evidence = cited(milestone, attainment, at=at)
    match rule.result.kind:
        case "offer":
            offer = Offer(
                achievement=str(rule.result.achievement),
                recipient=Named(member=str(here)),
                external_id=f"milestone:{attainment.id}",
                narrative=milestone.description,
                evidence=[dict(each) for each in evidence],
                valid_until=None,
                consented=False,
                visibility=Visibility.private,
            )
            attainment.credential_id = award(session, community, offer, at=at, on=on).credential.id
        case "draft":
            assert milestone.activated_by is not None  # noqa: S101  such a milestone begins with a steward in person
            draft = writing.Draft(
                achievement=str(rule.result.achievement),
                nominees=[Proposed(member=str(here))],
                statement={"contribution": milestone.description},
                evidence=[dict(each) for each in evidence],
            )
            by = Occasion(actor=str(milestone.activated_by), now=on.now, ids=on.ids)
            case = writing.draft(session, community, milestone.activated_by, draft, at=at, on=by)
            attainment.nomination_id = case.nomination.id
        case "suggest":
            pass  # the row itself is what stewards are told


def _tell(session: Session, milestone: Milestone, attainment: Attainment, on: Occasion) -> None:
    said = "milestone.given" if attainment.stage is Stage.given else "milestone.passed_over"
    data = {"milestone": str(milestone.id), "kind": rule_of(milestone).result.kind, "reason": attainment.reason}
    on.record(session, milestone.community_id, said, attainment.id, data)
