"""Use-cases: stewards draw milestones up, another looks at them, and they begin and end."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.achievements import service as achievements
from app.achievements.tables import Achievement
from app.contributions import kinds as types
from app.contributions.rules import CareArea
from app.kit.errors import Conflict, FieldError, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.occasions import Occasion
from app.kit.prepared import Prepared
from app.members.links import accounts_of
from app.members.rules import Role
from app.members.tables import Community, Member
from app.milestones.rules import Holds, Rule, There, flaws, loop
from app.milestones.tables import HELD_ALREADY, RETIRED, TRIES, Attainment, Milestone, MilestoneState, Stage

MOST = 200
"""Milestones that a community may have at work."""


class NoSuchMilestone(NotFound):
    """There is no such milestone in this community."""

    code = "no-such-milestone"
    fix = "GET …/milestones lists them."


class MilestoneSettled(Conflict):
    """What this milestone says does not change any more: people have been told that they met it."""

    code = "milestone-settled"
    fix = "Draw up another that names it in `replaces`; who met this one has met that one."


class NotLookedAt(Conflict):
    """Another steward has to look at a milestone before it begins."""

    code = "milestone-not-looked-at"
    fix = "Let another steward POST …/reviews with a verdict of `approve`, on the draft as it stands."


class OwnMilestone(Conflict):
    """Nobody approves of a milestone that they drew up themself."""

    code = "own-milestone"
    fix = "Let another steward look at it."


class TooManyMilestones(Conflict):
    """This community has as many milestones at work as it may."""

    code = "too-many-milestones"
    fix = "Retire one that nobody needs."


@dataclass(frozen=True)
class Drawn:
    """What a draft says."""

    name: str
    description: str
    discussion: str
    rule: Rule
    replaces: UUID | None


def milestones(community: Community) -> SelectOfScalar[Milestone]:
    """Those of a community, of every state."""
    return select(Milestone).where(Milestone.community_id == community.id)


def milestone_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Milestone:
    """One; with `lock` held, and with it those that replace it or that it replaces, in one order: before the journal.

    Raises `NoSuchMilestone`.
    """
    chosen = milestones(community).where(Milestone.id == id)
    if lock:
        same = sa.select(col(Milestone.series)).where(col(Milestone.id) == id).scalar_subquery()
        series = milestones(community).where(Milestone.series == same).order_by(col(Milestone.id))
        session.exec(series.with_for_update(key_share=True)).all()
        chosen = chosen.execution_options(populate_existing=True)
    found = session.exec(chosen).one_or_none()
    if found is None:
        raise NoSuchMilestone(f"{community.slug} has no milestone {id}.")
    return found


@dataclass(frozen=True)
class AtWork:
    """A milestone at work, as it is asked for with everything that anybody does."""

    id: UUID
    series: UUID
    rule: Rule


def rule_of(milestone: Milestone) -> Rule:
    """What it says, read."""
    return _read(orjson.dumps(milestone.rule))


def at_work_of(milestone: Milestone) -> AtWork:
    """It, and what it says."""
    return AtWork(milestone.id, milestone.series, rule_of(milestone))


def at_work(session: Session, community: UUID) -> list[AtWork]:
    """Those at work, oldest first. What one says is read again where it has another version."""
    known = _KNOWN.setdefault(session.get_bind().engine, {})
    versions = _VERSIONS.rows(session, {"of": community})
    if any(known.get(id, (0,))[0] != version for id, version in versions):
        known |= {row.id: (row.version, at_work_of(row)) for row in active(session, community)}
    return [known[id][1] for id, _ in versions if id in known]  # not what was retired just now


_KNOWN: WeakKeyDictionary[sa.Engine, dict[UUID, tuple[int, AtWork]]] = WeakKeyDictionary()
_VERSIONS = Prepared(
    sa.select(col(Milestone.id), col(Milestone.version))
    .where(
        col(Milestone.community_id) == sa.bindparam("of", type_=sa.Uuid()),
        col(Milestone.state) == sa.literal_column(f"'{MilestoneState.active.value}'"),
    )
    .order_by(col(Milestone.id))
)


@lru_cache(maxsize=4096)
def _read(said: bytes) -> Rule:
    """Read once: a rule is asked for with everything that anybody does."""
    return Rule.model_validate_json(said)


def active(session: Session, community: UUID) -> list[Milestone]:
    """Those at work, oldest first."""
    chosen = select(Milestone).where(Milestone.community_id == community, Milestone.state == MilestoneState.active)
    return list(session.exec(chosen.order_by(col(Milestone.id))).all())


def draw_up(session: Session, community: Community, drawn: Drawn, *, on: Occasion) -> Milestone:
    """A new draft. Raises `Invalid` for what can never be met, `NoSuchAchievement`, `NoSuchMilestone`."""
    _check(session, community, drawn)
    id = on.ids.row()
    replaced = milestone_by_id(session, community, drawn.replaces) if drawn.replaces is not None else None
    milestone = Milestone(
        id=id,
        community_id=community.id,
        series=replaced.series if replaced else id,
        drawn_up_by=on.actor,
        created_at=on.now,
        **_said(drawn),
    )
    session.add(milestone)
    session.flush()
    on.record(session, community.id, "milestone.drawn_up", id, {"achievement": str(drawn.rule.result.achievement)})
    return milestone


def redraw(session: Session, community: Community, milestone: Milestone, drawn: Drawn, *, on: Occasion) -> None:
    """Says a draft otherwise; who looked at it looked at the one before. The row is locked.

    Raises `MilestoneSettled`, and what `draw_up` raises.
    """
    _require_draft(milestone)
    _check(session, community, drawn)
    replaced = milestone_by_id(session, community, drawn.replaces) if drawn.replaces is not None else None
    milestone.series = replaced.series if replaced else milestone.id
    for name, value in _said(drawn).items():
        setattr(milestone, name, value)
    milestone.drawn_up_by, milestone.approved_by, milestone.objection = on.actor, None, None
    _changed(session, milestone, "milestone.redrawn", on=on)


def look_at(session: Session, milestone: Milestone, objection: str | None, *, on: Occasion) -> None:
    """Another steward approves of a draft, or objects. The row is locked. Raises `MilestoneSettled`, `OwnMilestone`."""
    _require_draft(milestone)
    if on.actor in _drawn_up_by(session, milestone):
        raise OwnMilestone("You drew it up.")
    milestone.objection, milestone.approved_by = objection, on.actor if objection is None else None
    _changed(session, milestone, "milestone.approved" if objection is None else "milestone.objected", on=on)


def activate(
    session: Session, community: Community, milestone: Milestone, *, steward: UUID | None, backfill: bool, on: Occasion
) -> None:
    """Has a milestone begin; with `backfill` everybody is looked at, else whoever does something from now on.

    What people did before counts either way. The row is locked. Raises `MilestoneSettled`, `NotLookedAt` where there is
    another steward to look at it, `TooManyMilestones`, `Invalid` where achievements would give each other in a circle.
    """
    _require_draft(milestone)
    rule = rule_of(milestone)
    if milestone.approved_by is None and _has_another_steward(session, community, milestone):
        raise NotLookedAt("Nobody but who drew it up has looked at it.")
    if rule.result.kind == "draft" and steward is None:
        raise Invalid(
            errors=[FieldError(pointer="/rule/result/kind", message="a draft is a steward's: begin it in person")]
        )
    # 1. The journal is what a community's changes line up for: nobody activates another meanwhile.
    milestone.state, milestone.activated_at, milestone.activated_by = MilestoneState.active, on.now, steward
    milestone.sweeping = backfill
    _changed(session, milestone, "milestone.activated", on=on)
    # 2. What this one replaces ends.
    others = [other for other in active(session, community.id) if other.id != milestone.id]
    for other in others:
        if other.series == milestone.series:
            retire(session, other, on=on)
    others = [other for other in others if other.state is MilestoneState.active]
    if len(others) >= MOST:
        raise TooManyMilestones(f"There are {MOST} at work.")
    # 3. Who met that one, and waited when it ended, or could not be given it, waits for this one.
    given_up = sa.and_(col(Attainment.tries) >= TRIES, col(Attainment.reason) != HELD_ALREADY)
    waited = sa.update(Attainment).where(
        col(Attainment.series) == milestone.series, sa.or_(col(Attainment.reason) == RETIRED, given_up)
    )
    taken_up = waited.values(stage=Stage.waiting, reason=None, tries=0, due_at=None, milestone_id=milestone.id)
    session.execute(taken_up)
    # 4. None waits for itself.
    rules = {each.id: rule_of(each) for each in (*others, milestone)}
    circle = loop(rules, {id: each.result.achievement for id, each in rules.items()})
    if circle is not None:
        raise Invalid(errors=[FieldError(pointer="/rule/all_of", message=_said_of(session, circle))])


def retire(session: Session, milestone: Milestone, *, on: Occasion) -> None:
    """Ends a milestone, or gives a draft up; what it gave stays. The row is locked. Raises `MilestoneSettled`."""
    if milestone.state is MilestoneState.retired:
        raise MilestoneSettled("It has ended.")
    milestone.state, milestone.retired_at = MilestoneState.retired, on.now
    milestone.sweeping, milestone.sweep_after = False, None
    _changed(session, milestone, "milestone.retired", on=on)


def _check(session: Session, community: Community, drawn: Drawn) -> None:
    version = achievements.newest(session, community, str(drawn.rule.result.achievement))
    named = {id for one in drawn.rule.all_of if isinstance(one, Holds) for id in one.achievements}
    own = select(Achievement.id).where(Achievement.community_id == community.id, col(Achievement.id).in_(named))
    there = There(
        types=frozenset(types.known(session, community)),
        care_areas=frozenset(CareArea),
        achievements=frozenset(session.exec(own).all()) if named else frozenset(),
        stackable=achievements.policy_of(version).stackable,
    )
    found = flaws(drawn.rule, there)
    if found:
        raise Invalid(errors=[FieldError(pointer=f"/rule{pointer}", message=reason) for pointer, reason in found])


def _said(drawn: Drawn) -> dict[str, Any]:
    return {
        "name": drawn.name,
        "description": drawn.description,
        "discussion": drawn.discussion,
        "rule": drawn.rule.model_dump(mode="json"),
        "replaces": drawn.replaces,
    }


def _require_draft(milestone: Milestone) -> None:
    if milestone.state is not MilestoneState.draft:
        raise MilestoneSettled(f"It is {milestone.state}.")


def _has_another_steward(session: Session, community: Community, milestone: Milestone) -> bool:
    stewards = select(Member.id).where(
        Member.community_id == community.id, Member.role == Role.steward, col(Member.left_at).is_(None)
    )
    own = _drawn_up_by(session, milestone)
    return any(str(id) not in own for id in session.exec(stewards).all())


def _drawn_up_by(session: Session, milestone: Milestone) -> set[str]:
    """Who drew it up, by each of their memberships: nobody approves of what is their own under another name."""
    member = id_in(milestone.drawn_up_by)
    own = accounts_of(session, milestone.community_id, [member]) if member is not None else {}
    return {milestone.drawn_up_by, *map(str, own)}


def _said_of(session: Session, circle: list[UUID]) -> str:
    names = [achievements.version_of(session, id).name for id in circle]
    return "these would give each other without end: " + " → ".join(names)


def _changed(session: Session, milestone: Milestone, type: str, *, on: Occasion) -> None:
    milestone.version += 1
    session.add(milestone)
    session.flush()
    on.record(session, milestone.community_id, type, milestone.id, {"version": milestone.version})
