"""Doors: members propose achievements, support them, and stewards decide."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import Session

from app.achievements import proposals
from app.achievements.proposal_rules import ProposalState
from app.achievements.proposals import Viewer
from app.achievements.rules import Policy
from app.achievements.tables import Proposal, ProposalSupport
from app.achievements.views import (
    AchievementChange,
    AchievementIn,
    CriteriaOut,
    WarningOut,
    policy_said,
    reworded,
    warnings,
    worded,
)
from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Out, Prose, Stays
from app.kit.strict import MIB
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.members.tables import Community

router = strict_router(tags=["proposals"])

Fellow = Annotated[Caller, Depends(FellowOf())]
Voice = Annotated[Caller, Depends(FellowOf(Scope.nominations_write))]
Curator = Annotated[Caller, Depends(FellowOf(Scope.achievements_write))]

Reason = Annotated[Prose, Field(min_length=1, max_length=2000)]


class ProposalIn(AchievementIn):
    """An achievement that a member would have the community recognise."""

    discussion: WebUrl = Field(
        description="Where it is debated.", examples=["https://talk.reading-circle.example/t/session-host"]
    )


class ProposalChange(AchievementChange):
    """What it says otherwise; what is left out stays, and null takes away what there need not be."""

    discussion: Annotated[WebUrl | None, Stays] = None


class SupportIn(In):
    """A member's word for a proposal."""

    comment: Reason | None = None


class FeedbackIn(In):
    """Why not; the proposer and the community read it."""

    feedback: Reason


class ProposalOut(Out):
    """A proposal, with what an achievement of it would say."""

    id: UUID
    state: ProposalState
    version: int
    proposer: UUID
    discussion: str
    name: str
    description: str
    criteria: CriteriaOut
    achievement_type: str
    contribution_type: str | None
    alignments: list[dict[str, Any]]
    results: list[dict[str, Any]]
    tags: list[str]
    policy: Policy
    value_to_member: str | None
    value_to_community: str | None
    image_source: Literal["drawn", "uploaded"]
    supports: int
    feedback: str | None
    achievement: UUID | None
    created_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    lint: list[WarningOut]


class SupportOut(Out):
    """Who supports a proposal, since when, in which version of it, and why."""

    id: UUID
    member: UUID
    proposal_version: int
    comment: str | None
    created_at: datetime


@router.post("/v1/communities/{c}/proposals", status_code=201, max_body_size=4 * MIB)
@once
def propose(
    c: str, body: ProposalIn, caller: Voice, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ProposalOut:
    """Propose an achievement: a draft, until you open it for discussion."""
    proposer, community = _in_person(caller), community_by_slug(session, c)
    proposal = proposals.propose(session, community, proposer, worded(body), on=occasion(caller, runtime, now))
    return _shown(session, proposal)


@router.get("/v1/communities/{c}/proposals")
def list_proposals(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[ProposalOut]:
    """List what is proposed, newest first: what is or was discussed, and your own drafts; to stewards all."""
    community = community_by_slug(session, c)
    rows = proposals.seen_by(community, _viewer(caller, community))
    found = page(session, rows, pages.window, by=[Proposal.id], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda proposal: _shown(session, proposal))


@router.get("/v1/communities/{c}/proposals/{p}")
def read_proposal(c: str, p: str, caller: Fellow, session: ReadSessionDep, if_match: IfMatch) -> ProposalOut:
    """One proposal."""
    community = community_by_slug(session, c)
    proposal = proposals.named(session, community, p, _viewer(caller, community))
    if_match.changed_to(proposal.version)
    return _shown(session, proposal)


@router.patch("/v1/communities/{c}/proposals/{p}", max_body_size=4 * MIB)
def change_proposal(
    c: str,
    p: str,
    body: ProposalChange,
    caller: Voice,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> ProposalOut:
    """Say your proposal otherwise, before it is decided; who supported it supported the version before."""
    community = community_by_slug(session, c)
    proposal = _own(session, community, p, caller)
    before, keep_image = proposal.version, "image" not in body.model_fields_set
    wording = reworded(proposals.wording_of(proposal), body)
    on = occasion(caller, runtime, now)
    proposals.change(session, community, proposal, wording, keep_image=keep_image, on=on)
    if_match.require(before)
    if_match.changed_to(proposal.version)
    return _shown(session, proposal)


@router.post("/v1/communities/{c}/proposals/{p}/open")
@once
def discuss(c: str, p: str, caller: Voice, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> ProposalOut:
    """Show your draft to the community, for discussion."""
    proposal = _own(session, community_by_slug(session, c), p, caller)
    proposals.discuss(session, proposal, on=occasion(caller, runtime, now))
    return _shown(session, proposal)


@router.post("/v1/communities/{c}/proposals/{p}/withdraw")
@once
def withdraw(c: str, p: str, caller: Voice, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> ProposalOut:
    """Give your proposal up."""
    proposal = _own(session, community_by_slug(session, c), p, caller)
    proposals.withdraw(session, proposal, on=occasion(caller, runtime, now))
    return _shown(session, proposal)


@router.post("/v1/communities/{c}/proposals/{p}/support")
@once
def support(
    c: str,
    p: str,
    caller: Voice,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: SupportIn | None = None,
) -> ProposalOut:
    """Support somebody's proposal, once."""
    proposal = _locked(session, community_by_slug(session, c), p, caller)
    comment, on = body.comment if body else None, occasion(caller, runtime, now)
    proposals.support(session, proposal, _in_person(caller), comment, on=on)
    return _shown(session, proposal)


@router.get("/v1/communities/{c}/proposals/{p}/support")
def list_support(c: str, p: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[SupportOut]:
    """List who supports a proposal, and why."""
    community = community_by_slug(session, c)
    rows = proposals.supporters(proposals.named(session, community, p, _viewer(caller, community)))
    return pages.show(page(session, rows, pages.window, by=[ProposalSupport.id]), _support)  # type: ignore[list-item]


@router.delete("/v1/communities/{c}/proposals/{p}/support")
def no_longer_support(
    c: str, p: str, caller: Voice, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ProposalOut:
    """Take your support back, while the proposal is discussed."""
    proposal = _locked(session, community_by_slug(session, c), p, caller)
    proposals.no_longer_support(session, proposal, _in_person(caller), on=occasion(caller, runtime, now))
    return _shown(session, proposal)


@router.post("/v1/communities/{c}/proposals/{p}/adopt")
@once
def adopt(
    c: str, p: str, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep, if_match: IfMatch
) -> ProposalOut:
    """Make an achievement of a proposal, as it stands; with If-Match, only as you read it."""
    community = community_by_slug(session, c)
    proposal = _locked(session, community, p, caller)
    before = proposal.version
    proposals.adopt(session, community, proposal, caller.member, on=occasion(caller, runtime, now))
    if_match.honour(before)
    return _shown(session, proposal)


@router.post("/v1/communities/{c}/proposals/{p}/decline")
@once
def decline(
    c: str, p: str, body: FeedbackIn, caller: Curator, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ProposalOut:
    """Decline a proposal, and say why."""
    proposal = _locked(session, community_by_slug(session, c), p, caller)
    proposals.decline(session, proposal, caller.member, body.feedback, on=occasion(caller, runtime, now))
    return _shown(session, proposal)


def _viewer(caller: Caller, community: Community) -> Viewer:
    return Viewer(caller.member, caller.stewards(community.id))


def _in_person(caller: Caller) -> UUID:
    if caller.member is None:
        raise Forbidden("This is done in person.", fix="Use the token of a member.")
    return caller.member


def _locked(session: Session, community: Community, id: str, caller: Caller) -> Proposal:
    return proposals.named(session, community, id, _viewer(caller, community), lock=True)


def _own(session: Session, community: Community, id: str, caller: Caller) -> Proposal:
    proposal = _locked(session, community, id, caller)
    proposals.own(proposal, _viewer(caller, community))
    return proposal


def _support(given: ProposalSupport) -> SupportOut:
    return SupportOut(
        id=given.id,
        member=given.member_id,
        proposal_version=given.proposal_version,
        comment=given.comment,
        created_at=given.created_at,
    )


def _shown(session: Session, proposal: Proposal) -> ProposalOut:
    said = proposals.wording_of(proposal)
    policy = policy_said(said)
    return ProposalOut(
        id=proposal.id,
        state=proposal.state,
        version=proposal.version,
        proposer=proposal.proposer_id,
        discussion=str(said.discussion),
        name=said.name,
        description=said.description,
        criteria=CriteriaOut(narrative=said.criteria_narrative, id=said.criteria_url),
        achievement_type=said.achievement_type,
        contribution_type=said.contribution_type,
        alignments=said.alignments,
        results=said.results,
        tags=said.tags,
        policy=policy,
        value_to_member=said.value_to_member,
        value_to_community=said.value_to_community,
        image_source="uploaded" if proposal.image_given else "drawn",
        supports=proposals.support_count(session, proposal),
        feedback=proposal.feedback,
        achievement=proposal.achievement_id,
        created_at=proposal.created_at,
        opened_at=proposal.opened_at,
        ended_at=proposal.ended_at,
        lint=warnings(policy, said),
    )
