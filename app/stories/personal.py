"""What this capability keeps of a member: stories, what they need, what they made, their hours, and what they recorded
of others."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.personal import Kept, Leaving, Part
from app.stories import service
from app.stories.artefacts import service as artefacts
from app.stories.artefacts.service import By
from app.stories.artefacts.tables import Artefact, ArtefactBase, ArtefactContributor
from app.stories.effort.tables import Effort
from app.stories.needs.rules import NeedState
from app.stories.needs.service import forget
from app.stories.needs.tables import Need, NeedVote
from app.stories.tables import Story, StoryLink
from app.stories.uptake import service as uptake
from app.stories.uptake.tables import Uptake


def _hold(session: Session, leaving: Leaving) -> None:
    member = leaving.member
    wanted = select(NeedVote.need_id).where(NeedVote.member_id == member)
    for theirs in (
        select(Story.id).where(Story.author_id == member).order_by(col(Story.id)),
        _unverified(member).order_by(col(Uptake.id)),
        select(Need.id).where(or_(col(Need.asker_id) == member, col(Need.id).in_(wanted))).order_by(col(Need.id)),
        _alone(member).order_by(col(Artefact.id)),
    ):
        session.exec(theirs.with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    """Their stories are taken back, with all their words, and so is what they asked, what they recorded that nobody has
    looked at, and what they made alone; what they wanted, and their hours, are not known any more. That they had a part
    in something stays, as an id's that says nothing."""
    member, on = leaving.member, leaving.on
    told = select(Story).where(Story.author_id == member, col(Story.withdrawn_at).is_(None))
    for story in session.exec(told.order_by(col(Story.id))).all():
        service.withdraw(session, story, on=on)
    for record in session.exec(_unverified(member).order_by(col(Uptake.id))).all():
        uptake.withdraw(session, record, steward=True, on=on)
    for made in session.exec(_alone(member).order_by(col(Artefact.id))).all():
        artefacts.remove(session, made, By(on.actor, member, steward=True), on=on)
    for need in session.exec(select(Need).where(Need.asker_id == member).order_by(col(Need.id))).all():
        need.state = NeedState.withdrawn if need.state is NeedState.open else need.state
        forget(session, need)
        session.add(need)
    session.flush()
    gone = sa.delete(NeedVote).where(col(NeedVote.member_id) == member).returning(col(NeedVote.need_id))
    wanted = list(session.execute(gone).scalars().all())
    session.execute(sa.delete(Effort).where(col(Effort.member_id) == member))
    session.execute(sa.update(Need).where(col(Need.id).in_(wanted)).values(votes=col(Need.votes) - 1))


def _unverified(member: UUID) -> SelectOfScalar[Uptake]:
    """What they recorded that nobody has looked at."""
    return select(Uptake).where(
        Uptake.recorded_by == str(member), col(Uptake.verified_at).is_(None), col(Uptake.withdrawn_at).is_(None)
    )


def _alone(member: UUID) -> SelectOfScalar[Artefact]:
    """What they made without anybody else."""
    part = ArtefactContributor
    mine = select(part.artefact_id).where(part.member_id == member)
    with_others = select(part.artefact_id).where(part.member_id != member)
    return select(Artefact).where(
        col(Artefact.id).in_(mine), col(Artefact.id).not_in(with_others), col(Artefact.removed_at).is_(None)
    )


PART = Part(
    kept=(
        Kept(Story, ("author_id",)),
        Kept(
            StoryLink,
            which=lambda member: col(StoryLink.story_id).in_(select(Story.id).where(Story.author_id == member)),
        ),
        Kept(Need, ("asker_id", "answered_by", "captured_by")),
        Kept(NeedVote, ("member_id",)),
        Kept(ArtefactContributor, ("member_id",)),
        Kept(Artefact, which=lambda member: col(Artefact.added_by) == str(member)),
        Kept(
            ArtefactBase,
            which=lambda member: col(ArtefactBase.artefact_id).in_(
                select(Artefact.id).where(Artefact.added_by == str(member))
            ),
        ),
        Kept(Effort, ("member_id",)),
        Kept(Uptake, which=lambda member: col(Uptake.recorded_by) == str(member)),
    ),
    hold=_hold,
    erase=_erase,
)
