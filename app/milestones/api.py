"""Doors: stewards draw milestones up, look at them and begin them; members see how far they are, and why."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import col

from app.contributions.citing import standing
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, OneselfOr, occasion
from app.members.links import accounts_of
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community
from app.milestones import progressing, service
from app.milestones.facts import Known
from app.milestones.progressing import NoSuchAttainment, person_named
from app.milestones.service import rule_of
from app.milestones.tables import Attainment, Milestone
from app.milestones.views import (
    ActivateIn,
    AttainmentOut,
    DryRunOut,
    LookIn,
    MilestoneChange,
    MilestoneIn,
    MilestoneOut,
    ProgressOut,
    WouldOut,
    attained,
    drawn,
    progressed,
    redrawn,
    shown,
)

router = strict_router(tags=["milestones"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Curator = Annotated[Caller, Depends(FellowOf(Scope.achievements_write))]
OneselfOrCurator = Annotated[Caller, Depends(OneselfOr(Scope.achievements_write))]


@router.post("/v1/communities/{c}/milestones", status_code=201)
@once
def draw_up(
    c: str, body: MilestoneIn, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> MilestoneOut:
    """Draw a milestone up: a draft, until another steward has looked at it and it begins."""
    community = community_by_slug(session, c)
    return shown(service.draw_up(session, community, drawn(body), on=occasion(caller, runtime, now)))


@router.get("/v1/communities/{c}/milestones")
def list_milestones(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[MilestoneOut]:
    """List a community's milestones, newest first: what can be reached, and by which rule, is no secret."""
    rows = service.milestones(community_by_slug(session, c))
    return pages.show(page(session, rows, pages.window, by=[col(Milestone.id)], newest_first=True), shown)


@router.get("/v1/communities/{c}/milestones/{milestone_id}")
def read_milestone(
    c: str, milestone_id: Id, caller: Fellow, session: ReadSessionDep, if_match: IfMatch
) -> MilestoneOut:
    """One milestone."""
    milestone = service.milestone_by_id(session, community_by_slug(session, c), milestone_id)
    if_match.changed_to(milestone.version)
    return shown(milestone)


@router.patch("/v1/communities/{c}/milestones/{milestone_id}")
def redraw(
    c: str,
    milestone_id: Id,
    body: MilestoneChange,
    caller: Curator,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> MilestoneOut:
    """Say a draft otherwise; another steward has to look at it again."""
    community = community_by_slug(session, c)
    milestone = service.milestone_by_id(session, community, milestone_id, lock=True)
    before = milestone.version
    service.redraw(session, community, milestone, redrawn(milestone, body), on=occasion(caller, runtime, now))
    if_match.require(before)
    if_match.changed_to(milestone.version)
    return shown(milestone)


@router.post("/v1/communities/{c}/milestones/{milestone_id}/reviews")
@once
def look_at(
    c: str, milestone_id: Id, body: LookIn, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> MilestoneOut:
    """Approve of another steward's draft, or object to it with a reason."""
    if body.verdict == "object" and body.comment is None:
        raise Invalid(errors=[{"pointer": "/comment", "message": "is needed to object"}])
    milestone = service.milestone_by_id(session, community_by_slug(session, c), milestone_id, lock=True)
    objection = body.comment if body.verdict == "object" else None
    service.look_at(session, milestone, objection, on=occasion(caller, runtime, now))
    return shown(milestone)


@router.get("/v1/communities/{c}/milestones/{milestone_id}/dry-run")
def dry_run(
    c: str,
    milestone_id: Id,
    caller: Curator,
    session: ReadSessionDep,
    now: NowDep,
    after: Annotated[Id | None, Query()] = None,
) -> DryRunOut:
    """Whom a milestone would be given to, had it begun now, and whether or not they were given it before: 500 members
    are looked at at a time. Those who do not want to be counted are among them, and will not be given it."""
    community = community_by_slug(session, c)
    milestone = service.milestone_by_id(session, community, milestone_id)
    dry = progressing.dry_run(session, community, milestone, after=after, now=now)
    return DryRunOut(
        looked_at=dry.looked_at,
        people=len(dry.would),
        days=-(-len(dry.would) // rule_of(milestone).a_day),
        would=[WouldOut(member=person.here, contributions=list(found.deeds)) for person, found in dry.would[:100]],
        next=dry.next,
    )


@router.post("/v1/communities/{c}/milestones/{milestone_id}/activate")
@once
def activate(
    c: str,
    milestone_id: Id,
    caller: Curator,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: ActivateIn | None = None,
) -> MilestoneOut:
    """Have a milestone begin. What people did before counts; with `backfill`, everybody is looked at now."""
    community = community_by_slug(session, c)
    milestone = service.milestone_by_id(session, community, milestone_id, lock=True)
    backfill, on = body.backfill if body else False, occasion(caller, runtime, now)
    service.activate(session, community, milestone, steward=caller.member, backfill=backfill, on=on)
    return shown(milestone)


@router.post("/v1/communities/{c}/milestones/{milestone_id}/retire")
@once
def retire(
    c: str, milestone_id: Id, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> MilestoneOut:
    """End a milestone, or give a draft up; what it gave stays."""
    milestone = service.milestone_by_id(session, community_by_slug(session, c), milestone_id, lock=True)
    service.retire(session, milestone, on=occasion(caller, runtime, now))
    return shown(milestone)


@router.get("/v1/communities/{c}/members/{m}/milestones")
def list_progress(
    c: str, m: str, caller: OneselfOrCurator, session: ReadSessionDep, now: NowDep
) -> Listing[ProgressOut]:
    """Why did I get it, why not yet: how far a member is with every milestone, and what counts.

    Stewards are told what has been met, and so is a token that another made: how far somebody is, is theirs to see."""
    community = community_by_slug(session, c)
    person = person_named(session, community, m)
    found = [] if person is None else progressing.progress_of(session, community, person, now=now)
    own = person is not None and caller.member in person.members and not caller.borrowed
    return Listing(items=[progressed(*each, own=own) for each in found], next=None)


@router.get("/v1/communities/{c}/attainments")
def list_attainments(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    milestone: Annotated[Id | None, Query()] = None,
) -> Listing[AttainmentOut]:
    """List who met a milestone, newest first: your own; to stewards all."""
    community = community_by_slug(session, c)
    rows = progressing.attainments(community, of=_seen_by(session, community, caller), milestone=milestone)
    found = page(session, rows, pages.window, by=[col(Attainment.row)], newest_first=True)
    mine = _own(session, community, caller)
    return pages.show(found, lambda one: _shown(session, one, mine))


@router.get("/v1/communities/{c}/attainments/{attainment_id}")
def read_attainment(c: str, attainment_id: Id, caller: Fellow, session: ReadSessionDep) -> AttainmentOut:
    """That somebody met a milestone, and what it rests on: whether each contribution is still as it was."""
    community = community_by_slug(session, c)
    one = progressing.attainment_by_id(session, community, attainment_id, seen_by=_seen_by(session, community, caller))
    return _shown(session, one, _own(session, community, caller))


@router.post("/v1/communities/{c}/attainments/{attainment_id}/dismiss")
@once
def dismiss(
    c: str, attainment_id: Id, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> AttainmentOut:
    """Put a suggestion away."""
    community = community_by_slug(session, c)
    one = progressing.attainment_by_id(session, community, attainment_id, seen_by=None, lock=True)
    progressing.dismiss(session, one, on=occasion(caller, runtime, now))
    return _shown(session, one, _own(session, community, caller))


def _seen_by(session: ReadSessionDep, community: Community, caller: Caller) -> Known | None:
    """Whose attainments the caller sees: None for everybody's. Raises `NoSuchAttainment`, `Forbidden`."""
    if caller.stewards(community.id):
        return None
    if caller.member is None:
        raise Forbidden("This is for members and stewards.", fix="Use the token of a member.")
    person = person_named(session, community, str(caller.member))
    if person is None:
        raise NoSuchAttainment("You are nobody who could meet a milestone here.")
    return person


def _own(session: ReadSessionDep, community: Community, caller: Caller) -> Collection[UUID]:
    """All memberships of whoever calls."""
    return accounts_of(session, community.id, [caller.member]) if caller.member is not None else ()


def _shown(session: ReadSessionDep, one: Attainment, mine: Collection[UUID]) -> AttainmentOut:
    untold = one.member_id in mine and progressing.is_drafted(session, one)
    return attained(one, standing(session, one.contributions, of=one.member_id), untold=untold)
