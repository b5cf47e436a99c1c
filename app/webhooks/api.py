"""Doors: webhooks, by which other systems are told what happens in a community."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, StringConstraints
from sqlmodel import col

from app.kit.addresses import WebUrl
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.ids import id_in
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Name, Out, Stays
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.webhooks import debugging, service
from app.webhooks.debugging import Known
from app.webhooks.deliveries import sent_body
from app.webhooks.keys import Ring
from app.webhooks.recording import last_attempts
from app.webhooks.rules import Reason, State
from app.webhooks.tables import Subscription

router = strict_router(tags=["webhooks"])

Manager = Annotated[Caller, Depends(HoldingIn(Scope.webhooks_manage))]
Pattern = Annotated[str, StringConstraints(pattern=r"^[a-z_.*]{1,64}$")]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=50)]


class WebhookIn(In):
    """Where to tell what."""

    url: WebUrl = Field(examples=["https://hooks.reading-circle.example/laurels"])
    events: Patterns = Field(
        description="Types, or patterns of them; the `webhooks` of /openapi.json are all there are. "
        "`webhook.test`, which comes when it is asked for, is not asked for here.",
        examples=[["credential.*", "nomination.submitted"]],
    )
    name: Name | None = None
    asymmetric: bool = False
    """Whether it is signed with an Ed25519 key besides (`v1a`), for receivers that are to know no secret."""


class WebhookChange(In):
    """What is to be otherwise; what is left out stays."""

    url: Annotated[WebUrl | None, Stays] = None
    events: Annotated[Patterns | None, Stays] = None
    name: Name | None = None
    state: Annotated[Literal["active", "paused"] | None, Stays] = None
    """`active` also brings one back that was disabled; it goes on where it stopped."""


class RotationIn(In):
    """How to change the keys."""

    overlap_hours: int = Field(24, ge=0, le=168)
    """For how long the keys before sign as well."""
    asymmetric: bool | None = None
    """Whether there is to be an Ed25519 key; left out, it stays as it is."""


class ReceivedIn(In):
    """What a receiver got and does not believe."""

    headers: Annotated[
        dict[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=4000)]], Field(max_length=60)
    ]
    body: str = Field(max_length=40_000)
    """The body as text, before anything parsed it."""


class WebhookOut(Out):
    """A subscription."""

    id: UUID
    url: str
    name: str | None
    events: list[str]
    state: State
    reason: Reason | None
    """Why it was disabled."""
    owner: UUID | None
    """Whose eyes it has; null where a platform or the admin made it."""
    public_key: str | None
    """`whpk_…`, with which `v1a` signatures are verified."""
    previous_keys_until: datetime | None
    """Until then the keys before the last rotation sign as well."""
    failures: int
    """In a row."""
    failing_since: datetime | None
    resting_until: datetime | None
    """Until then nothing is sent."""
    version: int
    created_at: datetime


class WebhookMade(WebhookOut):
    """A subscription with its secret, which is shown this once."""

    secret: str


class FindingOut(Out):
    """One part of what was received."""

    part: str
    right: bool | None
    said: str


class FindingsOut(Out):
    """What is wrong with what was received."""

    verified: bool
    """Whether the signature is the webhook's own, over just this."""
    findings: list[FindingOut]


@router.post("/v1/communities/{c}/webhooks", status_code=201)
@once
def subscribe(
    c: str, body: WebhookIn, caller: Manager, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> WebhookMade:
    """Have an address told what happens from now on, signed as Standard Webhooks says."""
    community = community_by_slug(session, c)
    wanted = service.Wanted(body.url, body.events, body.name, body.asymmetric)
    made, secret = service.subscribe(
        session,
        community,
        wanted,
        caller,
        post=runtime.post,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return WebhookMade(**_said(made, now), secret=secret)


@router.get("/v1/communities/{c}/webhooks")
def list_webhooks(c: str, caller: Manager, session: ReadSessionDep, now: NowDep, pages: PageDep) -> Listing[WebhookOut]:
    """List webhooks: to stewards all, to a platform its own."""
    rows = service.seen_by(community_by_slug(session, c), caller)
    return pages.show(page(session, rows, pages.window, by=[col(Subscription.id)]), lambda each: _shown(each, now))


@router.get("/v1/communities/{c}/webhooks/{webhook_id}")
def read_webhook(
    c: str, webhook_id: str, caller: Manager, session: ReadSessionDep, now: NowDep, if_match: IfMatch
) -> WebhookOut:
    """One webhook, and how its receiver is."""
    found = service.known(session, community_by_slug(session, c), webhook_id, caller)
    if_match.changed_to(found.version)
    return _shown(found, now)


@router.patch("/v1/communities/{c}/webhooks/{webhook_id}")
def change_webhook(
    c: str,
    webhook_id: str,
    body: WebhookChange,
    caller: Manager,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> WebhookOut:
    """Change a webhook of yours; those of others may be paused."""
    found = service.known(session, community_by_slug(session, c), webhook_id, caller, lock=True)
    changes = body.model_dump(include=body.model_fields_set)
    if body.state is not None:
        changes["state"] = State(body.state)
    if changes != {"state": State.paused}:
        service.require_own(found, caller)
    before = found.version
    service.change(session, found, changes, post=runtime.post, on=occasion(caller, runtime, now))
    if_match.require(before)
    if_match.changed_to(found.version)
    return _shown(found, now)


@router.delete("/v1/communities/{c}/webhooks/{webhook_id}", status_code=204)
def remove_webhook(
    c: str, webhook_id: str, caller: Manager, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> None:
    """Remove a webhook, with its deliveries; nothing is sent any more."""
    found = service.known(session, community_by_slug(session, c), webhook_id, caller, lock=True)
    service.remove(session, found, on=occasion(caller, runtime, now))


@router.post("/v1/communities/{c}/webhooks/{webhook_id}/rotate")
@once
def rotate_keys(
    c: str,
    webhook_id: str,
    body: RotationIn,
    caller: Manager,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> WebhookMade:
    """Give a webhook new keys; those before sign as well for a while, so that no delivery is lost."""
    found = service.own(session, community_by_slug(session, c), webhook_id, caller, lock=True)
    secret = service.rotate(
        session,
        found,
        asymmetric=found.public_key is not None if body.asymmetric is None else body.asymmetric,
        overlap=timedelta(hours=body.overlap_hours),
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return WebhookMade(**_said(found, now), secret=secret)


@router.post("/v1/communities/{c}/webhooks/{webhook_id}/debug")
@once
def debug_signature(
    c: str,
    webhook_id: str,
    body: ReceivedIn,
    caller: Manager,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> FindingsOut:
    """Find out why a receiver does not believe a signature: which part differs from what was sent."""
    found = service.own(session, community_by_slug(session, c), webhook_id, caller)
    given = next((value for name, value in body.headers.items() if name.lower() == "webhook-id"), "")
    delivery = sent_body(session, found, id_in(given.strip()))
    known = Known(str(delivery.id), delivery.body, last_attempts(session, delivery.id)) if delivery else None
    keys = _ring(runtime, found, now)
    findings = debugging.findings(body.headers, body.body, keys, known, now)
    return FindingsOut(
        verified=bool(findings[-1].right), findings=[FindingOut.model_validate(each) for each in findings]
    )


def _ring(runtime: Runtime, subscription: Subscription, now: datetime) -> list[tuple[str, Any]]:
    ring = Ring.opened(subscription.sealed, runtime.installation.vault, subscription.id)
    return list(zip(("present", "former"), ring.signing(subscription.overlap_ends, now), strict=False))


def _shown(subscription: Subscription, now: datetime) -> WebhookOut:
    return WebhookOut(**_said(subscription, now))


def _said(subscription: Subscription, now: datetime) -> dict[str, Any]:
    overlapping = service.is_overlapping(subscription, now)
    return {
        "id": subscription.id,
        "url": subscription.url,
        "name": subscription.name,
        "events": subscription.events,
        "state": subscription.state,
        "reason": subscription.reason,
        "owner": subscription.owner_id,
        "public_key": subscription.public_key,
        "previous_keys_until": subscription.overlap_ends if overlapping else None,
        "failures": subscription.failures,
        "failing_since": subscription.failing_since,
        "resting_until": subscription.resting_until,
        "version": subscription.version,
        "created_at": subscription.created_at,
    }
