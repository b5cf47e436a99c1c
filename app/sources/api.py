"""Doors: looking after sources."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Name
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.sources import service
from app.sources.deliveries import award_of, claimable, delivery_of, sent_by
from app.sources.forms import (
    DeliveryOut,
    PlatformAwardOut,
    RotationIn,
    SourceChangeIn,
    SourceIn,
    SourceMadeOut,
    SourceOut,
    SourcePolicyIn,
    award_shown,
    delivery,
    shown,
    shown_with,
)
from app.sources.receiving import PLATFORMS
from app.sources.rights import check_keeper, check_policy, keeps
from app.sources.tables import AwardState, Inbound, PlatformAward, Source

router = strict_router(tags=["sources"])

Listener = Annotated[Caller, Depends(HoldingIn(Scope.webhooks_manage))]
Awarder = Annotated[Caller, Depends(HoldingIn(Scope.awards_write))]


@router.post("/v1/communities/{c}/sources", status_code=201)
@once
def add_source(
    c: str, body: SourceIn, caller: Listener, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> SourceMadeOut:
    """Add a platform that tells what people do: give it the `url` and the `secret`, which is shown this once.

    What counts of what it tells, rules say; those that are shipped for the platform apply unless there are others.
    It takes the scope contributions:write besides; awards:write where it may award, and awards:consented where it may
    vouch for consent.
    """
    _check_policy(caller, body.policy)
    source, secret = service.add(
        session,
        community_by_slug(session, c),
        PLATFORMS[body.platform],
        name=body.name or body.platform,
        accounts=body.accounts or body.platform,
        secret=body.secret,
        may_award=body.policy.achievements,
        vouches=body.policy.consent == "given",
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return shown_with(source, secret, runtime.installation.public_url)


@router.get("/v1/communities/{c}/sources")
def list_sources(
    c: str, caller: Listener, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep
) -> Listing[SourceOut]:
    """List the platforms that are listened to."""
    rows = select(Source).where(
        Source.community_id == community_by_slug(session, c).id, col(Source.removed_at).is_(None)
    )
    found = page(session, rows, pages.window, by=[col(Source.row)])
    return pages.show(found, lambda source: shown(source, runtime.installation.public_url))


@router.get("/v1/communities/{c}/sources/{source}")
def read_source(
    c: str, source: str, caller: Listener, session: ReadSessionDep, runtime: RuntimeDep, if_match: IfMatch
) -> SourceOut:
    """One platform that is listened to."""
    found = service.source_of(session, community_by_slug(session, c), source)
    if_match.changed_to(found.version)
    return shown(found, runtime.installation.public_url)


@router.patch("/v1/communities/{c}/sources/{source}")
def change_source(
    c: str,
    source: str,
    body: SourceChangeIn,
    caller: Listener,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> SourceOut:
    """Call it by another name, or let it award other achievements.

    For stewards and who added it, with the scopes that adding it takes.
    """
    _check_policy(caller, body.policy)
    may_award = body.policy.achievements if body.policy is not None else None
    vouches = body.policy.consent == "given" if body.policy is not None else None
    community = community_by_slug(session, c)
    found = service.source_of(session, community, source, lock=True)
    check_keeper(caller, found)
    before, on = found.version, occasion(caller, runtime, now)
    service.change(session, community, found, name=body.name, may_award=may_award, vouches=vouches, on=on)
    if_match.require(before)
    if_match.changed_to(found.version)
    return shown(found, runtime.installation.public_url)


@router.post("/v1/communities/{c}/sources/{source}/rotate")
@once
def rotate_secret(
    c: str, source: str, body: RotationIn, caller: Listener, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> SourceMadeOut:
    """Give it another secret; the one before is believed for a while, so that nothing is lost.

    For stewards and who added it, with the scopes that adding it takes.
    """
    found = service.source_of(session, community_by_slug(session, c), source, lock=True)
    check_keeper(caller, found)
    overlap, on = timedelta(hours=body.overlap_hours), occasion(caller, runtime, now)
    secret = service.rotate(session, found, body.secret, overlap=overlap, at=runtime.installation, on=on)
    return shown_with(found, secret, runtime.installation.public_url)


@router.delete("/v1/communities/{c}/sources/{source}")
def remove_source(
    c: str, source: str, caller: Listener, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> SourceOut:
    """Listen to it no longer; what it told stays.

    For stewards and who added it, with the scopes that adding it takes.
    """
    found = service.source_of(session, community_by_slug(session, c), source, lock=True)
    check_keeper(caller, found)
    service.remove(session, found, on=occasion(caller, runtime, now))
    return shown(found, runtime.installation.public_url)


@router.get("/v1/communities/{c}/sources/{source}/deliveries")
def list_deliveries(
    c: str, source: str, caller: Listener, session: ReadSessionDep, pages: PageDep
) -> Listing[DeliveryOut]:
    """List what it sent, newest first."""
    found = service.source_of(session, community_by_slug(session, c), source)
    rows = sent_by(found)
    return pages.show(page(session, rows, pages.window, by=[col(Inbound.id)], newest_first=True), delivery)


@router.get("/v1/communities/{c}/sources/{source}/deliveries/{inbound_id}")
def read_delivery(c: str, source: str, inbound_id: str, caller: Listener, session: ReadSessionDep) -> DeliveryOut:
    """One delivery, and what came of it."""
    found = service.source_of(session, community_by_slug(session, c), source)
    return delivery(delivery_of(session, found, inbound_id))


@router.get("/v1/communities/{c}/sources/{source}/awards")
def list_awards(
    c: str,
    source: str,
    caller: Awarder,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    pages: PageDep,
    now: NowDep,
    state: Annotated[AwardState | None, Query(description="Only those of this state.")] = None,
    external_id: Annotated[Name | None, Query(description="Only those that it calls so.")] = None,
) -> Listing[PlatformAwardOut]:
    """List what it asked to be awarded, newest first; `state=parked`: what waits for somebody."""
    found = service.source_of(session, community_by_slug(session, c), source)
    rows = select(PlatformAward).where(PlatformAward.source_id == found.id)
    rows = rows.where(PlatformAward.state == state) if state is not None else rows
    rows = rows.where(PlatformAward.external_id == external_id) if external_id is not None else rows
    shown = page(session, rows, pages.window, by=[col(PlatformAward.id)], newest_first=True)
    open_still, trusted = claimable(session, shown.items, now=now), keeps(caller, found)
    return pages.show(
        shown,
        lambda row: award_shown(row, runtime.installation, trusted=trusted, claimable=row.id in open_still),
    )


@router.get("/v1/communities/{c}/sources/{source}/awards/{award_id}")
def read_award(
    c: str, source: str, award_id: str, caller: Awarder, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> PlatformAwardOut:
    """One award that it asked for."""
    found = service.source_of(session, community_by_slug(session, c), source)
    row = award_of(session, found, award_id)
    is_open = row.id in claimable(session, [row], now=now)
    return award_shown(row, runtime.installation, trusted=keeps(caller, found), claimable=is_open)


def _check_policy(caller: Caller, policy: SourcePolicyIn | None) -> None:
    if policy is not None:
        check_policy(caller, awards=bool(policy.achievements), vouches=policy.consent == "given")
