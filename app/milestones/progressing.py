"""What is asked of milestones: how far somebody is and why, who met one, and whom one would be given to."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Conflict, NotFound
from app.kit.occasions import Occasion
from app.members.links import accounts_of
from app.members.service import member_named
from app.members.tables import Community, Member
from app.milestones.facts import Known, Reader, known
from app.milestones.service import active, rule_of
from app.milestones.tables import Attainment, Milestone, Stage
from app.milestones.weighing import Progress, weigh
from app.nominations.tables import Nominee

LOOKED_AT = 500
"""Members that one dry run looks at; the next begins where it ended."""


class NoSuchAttainment(NotFound):
    """Nobody met a milestone under this id, or it is not yours to see."""

    code = "no-such-attainment"
    fix = "GET …/attainments lists them."


class NoSuggestion(Conflict):
    """This is no suggestion that waits for the stewards."""

    code = "no-suggestion"
    fix = "Only what a milestone with the result `suggest` has given can be put away."


@dataclass(frozen=True)
class Dry:
    """Who meets a milestone, whether they want to be counted or not: who does not is given none."""

    looked_at: int
    would: list[tuple[Known, Progress]]
    next: UUID | None


def person_named(session: Session, community: Community, member: str) -> Known | None:
    """The person whom a handle or id names; None for bots and who has left. Raises `NoSuchMember`."""
    id = member_named(session, community, member).id
    return next(iter(known(session, community.id, [id])), None)


def progress_of(
    session: Session, community: Community, person: Known, *, now: datetime
) -> list[tuple[Milestone, Progress, list[UUID]]]:
    """How far a person is with every milestone at work, and the attainments of each series."""
    at_work, found = active(session, community.id), []
    reader = Reader(session, community.id, person, now, [rule_of(milestone) for milestone in at_work])
    theirs = select(Attainment).where(col(Attainment.member_id).in_(person.members)).order_by(col(Attainment.row))
    attainments = session.exec(theirs).all()
    for milestone in at_work:
        rule = rule_of(milestone)
        own = [attainment.id for attainment in attainments if attainment.series == milestone.series]
        found.append((milestone, weigh(rule, reader.facts(rule, milestone.series)), own))
    return found


def attainments(
    community: Community, *, of: Known | None = None, milestone: UUID | None = None
) -> SelectOfScalar[Attainment]:
    """Those of a community; of one person, or of one milestone."""
    chosen = select(Attainment).where(Attainment.community_id == community.id)
    if of is not None:
        chosen = chosen.where(col(Attainment.member_id).in_(of.members))
    return chosen if milestone is None else chosen.where(Attainment.milestone_id == milestone)


def attainment_by_id(
    session: Session, community: Community, id: UUID, *, seen_by: Known | None, lock: bool = False
) -> Attainment:
    """One; `seen_by` is who asks for their own, None a steward. Raises `NoSuchAttainment`."""
    chosen = attainments(community, of=seen_by).where(Attainment.id == id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchAttainment(f"Nobody met a milestone under {id}.")
    return found


def is_drafted(session: Session, attainment: Attainment) -> bool:
    """Whether all that it gave is a nomination of which its nominee has not been told: they hear of it when asked."""
    if attainment.nomination_id is None:
        return False
    theirs = accounts_of(session, attainment.community_id, [attainment.member_id])
    asked = select(Nominee.id).where(
        Nominee.nomination_id == attainment.nomination_id,
        col(Nominee.member_id).in_(theirs),
        col(Nominee.offered_digest).is_not(None),
    )
    return session.exec(asked.limit(1)).first() is None


def dismiss(session: Session, attainment: Attainment, *, on: Occasion) -> None:
    """Puts a suggestion away. The row is locked. Raises `NoSuggestion`."""
    suggested = attainment.stage is Stage.given and attainment.credential_id is attainment.nomination_id is None
    if not suggested or attainment.dismissed_at is not None:
        raise NoSuggestion("It is no suggestion that waits for an answer.")
    attainment.dismissed_at = on.now
    session.add(attainment)
    session.flush()
    on.record(session, attainment.community_id, "milestone.dismissed", attainment.id)


def dry_run(session: Session, community: Community, milestone: Milestone, *, after: UUID | None, now: datetime) -> Dry:
    """Who of some members, by id from `after` on, meets it now: whether or not they have met it before, and whether or
    not they want to be counted.

    Who does not is given none; were they left out here, whoever asks would know of whom that is so.
    """
    rows = select(Member.id).where(Member.community_id == community.id, col(Member.left_at).is_(None))
    if after is not None:
        rows = rows.where(col(Member.id) > after)
    some = session.exec(rows.order_by(col(Member.id)).limit(LOOKED_AT)).all()
    rule, would = rule_of(milestone), []
    persons = [person for person in known(session, community.id, some) if person.id in set(some)]
    for person in persons:
        reader = Reader(session, community.id, replace(person, counts=True), now, [rule])
        # As if nobody had met it: who has would not be named, and whoever was named could not be counted.
        progress = weigh(rule, replace(reader.facts(rule, milestone.series), met_at=None), whole=False)
        if progress.met:
            would.append((person, progress))
    return Dry(len(persons), would, some[-1] if len(some) == LOOKED_AT else None)
