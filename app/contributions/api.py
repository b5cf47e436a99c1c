"""Doors: what people did."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import Session

from app.contributions import correcting, listing, service
from app.contributions.forms import CorrectionIn, OneOrMany, RetractionIn
from app.contributions.reporting import NotRecorded, only_with, require_hold, source_of
from app.contributions.rules import Outcome
from app.contributions.service import Recorded
from app.contributions.views import BatchOut, ContributionOut, batch_shown, shown
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep, take_back
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep
from app.kit.schemas import Id, Instant
from app.kit.strict import MIB
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, HoldingIn, occasion
from app.members.forms import Key, Named
from app.members.rules import Role, Scope
from app.members.service import community_by_slug

router = strict_router(tags=["contributions"])

Reporter = Annotated[Caller, Depends(HoldingIn(Scope.contributions_write))]
Fellow = Annotated[Caller, Depends(FellowOf())]
ValidateOnly = Annotated[
    bool, Query(description="A dry run: the same refusals and the same answer, and nothing is kept, its ids included.")
]


class RecordedOut(ContributionOut):
    """A contribution, and what became of the report."""

    outcome: Outcome


@router.post("/v1/communities/{c}/contributions", status_code=201, max_body_size=8 * MIB)
@once
def report_contributions(
    c: str,
    body: OneOrMany,
    caller: Reporter,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
    validate_only: ValidateOnly = False,
) -> RecordedOut | BatchOut:
    """Report something that was done, or up to 10,000 at once.

    One is answered 201 with what was recorded, and 200 where it was known. An array is answered 200 with what became of
    each (`recorded`, `duplicate`, `extended`, `refused` with its reason), in its order; what is wrong with one is no
    matter to the others, but if the form of one is wrong, none is recorded.

    What is reported again under the `dedupe_key` that its source has used is the same contribution: it may say that it
    began earlier or ended later, and changes nothing else. Members report what they did themselves, alone or with
    others. Accounts stay as they are reported: whoever they are linked to is who did it, from the day they are linked.
    """
    community = community_by_slug(session, c)
    given = body if isinstance(body, list) else [body]
    reports = [each.reported(source_of(caller, each.source)) for each in given]
    on = occasion(caller, runtime, now)
    found = service.record(session, community, reports, at=runtime.installation, on=on, only_with=only_with(caller))
    if isinstance(body, list):
        response.status_code = 200
        answer: RecordedOut | BatchOut = batch_shown(found)
    else:
        response.status_code = 201 if found[0].outcome is Outcome.recorded else 200
        answer = _one(session, community.id, found[0], caller)
    if validate_only:
        take_back(session)
    return answer


@router.get("/v1/communities/{c}/contributions")
def list_contributions(
    c: str,
    caller: Fellow,
    session: ReadSessionDep,
    pages: PageDep,
    type: Annotated[Key | None, Query(description="Of one type.")] = None,
    member: Annotated[Named | None, Query(description="What somebody did or was helped by, from all accounts.")] = None,
    since: Annotated[Instant | None, Query(description="From then on, by when it began.")] = None,
    until: Annotated[Instant | None, Query(description="Before then.")] = None,
    source: Annotated[Key | None, Query(description="From one source.")] = None,
    unclaimed: Annotated[bool, Query(description="Only those that credit an account that is nobody's here.")] = False,
    ended: Annotated[bool, Query(description="Those too that were corrected or taken back.")] = False,
) -> Listing[ContributionOut]:
    """List what was done, newest first."""
    community = community_by_slug(session, c)
    wanted = listing.Wanted(type, source, since, until, unclaimed=unclaimed, ended=ended)
    persons = listing.memberships(session, community, member) if member is not None else None
    found = listing.listed(session, community.id, wanted, persons, pages.window)
    items = shown(session, found.items, caller)
    return pages.show(found, lambda row: items[row.id])


@router.get("/v1/communities/{c}/contributions/{contribution_id}")
def read_contribution(c: str, contribution_id: Id, caller: Fellow, session: ReadSessionDep) -> ContributionOut:
    """One contribution, in force or not."""
    row = listing.contribution_by_id(session, community_by_slug(session, c).id, contribution_id)
    return shown(session, [row], caller)[row.id]


@router.post("/v1/communities/{c}/contributions/{contribution_id}/correct", status_code=201)
@once
def correct_contribution(
    c: str,
    contribution_id: Id,
    body: CorrectionIn,
    caller: Reporter,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> ContributionOut:
    """Correct a contribution: another takes its place, and its key; the one before stays, and says why.

    For stewards, and for members and platforms of what they reported themselves.
    """
    community = community_by_slug(session, c)
    require_hold(caller, listing.contribution_by_id(session, community.id, contribution_id))
    row = correcting.correct(
        session,
        community,
        contribution_id,
        body.changes,
        reason=body.reason,
        credits=None if body.credits is None else [credit.credited for credit in body.credits],
        at=runtime.installation,
        on=occasion(caller, runtime, now),
        only_with=only_with(caller),
    )
    return shown(session, [row], caller)[row.id]


@router.post("/v1/communities/{c}/contributions/{contribution_id}/retract")
@once
def retract_contribution(
    c: str,
    contribution_id: Id,
    body: RetractionIn,
    caller: Reporter,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> ContributionOut:
    """Take a contribution back; it stays, and counts no more.

    What people take back is not recorded again when it is reported under its key; what a platform takes back is, since
    there it may have been undone and done anew.
    """
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    require_hold(caller, listing.contribution_by_id(session, community.id, contribution_id))
    for_good = caller.role is not Role.platform
    row = correcting.retract(session, community, contribution_id, reason=body.reason, for_good=for_good, on=on)
    return shown(session, [row], caller)[row.id]


def _one(session: Session, community: UUID, found: Recorded, caller: Caller) -> RecordedOut:
    """The contribution that a single report is about. Raises `NotRecorded`."""
    if found.fault is not None:
        raise NotRecorded(found.fault)
    assert found.contribution is not None  # noqa: S101  as it is not refused
    row = listing.contribution_by_id(session, community, found.contribution)
    return RecordedOut(**shown(session, [row], caller)[row.id].model_dump(), outcome=found.outcome)
