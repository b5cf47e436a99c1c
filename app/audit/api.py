"""Doors: the journal of a community, and whether it holds."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query

from app.audit import service
from app.audit.service import Wanted, Withheld
from app.kit.deps import NowDep, ReadSessionDep
from app.kit.errors import Forbidden
from app.kit.journal import Event, examine
from app.kit.paging import Listing, PageDep
from app.kit.schemas import Instant, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Holding, HoldingIn
from app.members.rules import Scope
from app.members.service import id_of_community
from app.nominations.doors import seen
from app.nominations.sight import Relation

router = strict_router(tags=["audit"])

Auditor = Annotated[Caller, Depends(HoldingIn(Scope.audit_read))]
OfNomination = Annotated[Caller, Depends(Holding(Scope.audit_read))]
Named = Annotated[str | None, Query(max_length=500)]


class Order(StrEnum):
    """Which events come first."""

    oldest = "oldest"
    newest = "newest"


class EntryOut(Out):
    """One event of the journal.

    `hash` is the SHA-256 of the canonical JSON (RFC 8785) of `community`, `seq`, `id`, `type` (here `action`),
    `occurred_at` (here `at`, with six digits of the second and `+00:00`), `actor`, `subject` (here `object`), `data`
    and `prev_hash`; so that everybody can work it out, unless something is withheld.
    """

    community: UUID
    seq: int
    id: UUID | None
    at: datetime
    actor: str | None
    action: str | None
    object: str | None
    from_state: str | None
    to_state: str | None
    policy_version: int | None
    reason_digest: str | None
    data: dict[str, Any] | None
    prev_hash: str
    hash: str
    withheld: bool
    """Whether something is null since the caller has a stake in it, or it is somebody's own."""


class VerificationOut(Out):
    """Whether the chain of hashes holds. Who keeps `seq` and `head` elsewhere will notice a journal rewritten whole."""

    holds: bool
    first_broken: int | None
    """The first event that was changed, is missing or was put in."""
    events: int
    """How many hold, from the first on."""
    seq: int
    head: str
    """The hash of the last event."""
    checked_at: datetime


@router.get("/v1/communities/{c}/audit")
def read_journal(
    c: str,
    caller: Auditor,
    session: ReadSessionDep,
    now: NowDep,
    pages: PageDep,
    order: Order = Order.oldest,
    type: Annotated[str | None, Query(max_length=64, description="How the action begins: `credential.`")] = None,
    subject: Named = None,
    actor: Named = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query(description="Exclusive.")] = None,
) -> Listing[EntryOut]:
    """The journal of a community: what happened, when, to what and by whom."""
    wanted = Wanted(type=type, subject=subject, actor=actor, since=since, until=until)
    community = id_of_community(session, c)
    reader = service.reader(session, community, caller.member, now=now)
    found = service.events(session, community, wanted, pages.window, reader=reader, newest_first=order is Order.newest)
    withheld = service.withheld(session, reader, found.items)
    return pages.show(found, lambda event: _entry(event, withheld.get(event.seq)))


@router.get("/v1/communities/{c}/audit/verify")
def verify_journal(c: str, caller: Auditor, session: ReadSessionDep, now: NowDep) -> VerificationOut:
    """Look at every event of the journal: whether any was changed, taken out, put in or moved."""
    found = examine(session, id_of_community(session, c))
    return VerificationOut(
        holds=found.first_broken is None,
        first_broken=found.first_broken,
        events=found.events,
        seq=found.seq,
        head=found.head,
        checked_at=now,
    )


@router.get("/v1/communities/{c}/audit/{seq}")
def read_event(
    c: str, seq: Annotated[int, Path(ge=1, lt=2**63)], caller: Auditor, session: ReadSessionDep, now: NowDep
) -> EntryOut:
    """One event of the journal."""
    community = id_of_community(session, c)
    event = service.event(session, community, seq)
    withheld = service.withheld(session, service.reader(session, community, caller.member, now=now), [event])
    return _entry(event, withheld.get(seq))


@router.get("/v1/nominations/{nomination}/audit")
def read_journal_of_nomination(
    nomination: str, caller: OfNomination, session: ReadSessionDep, now: NowDep, pages: PageDep
) -> Listing[EntryOut]:
    """What happened to a nomination, in order, for stewards who have no stake in it."""
    found = seen(session, nomination, caller, now=now)
    if Relation.steward not in found.relations:
        raise Forbidden("The journal of a nomination is for stewards who have no stake in it.")
    wanted = Wanted(subject=str(found.case.nomination.id))
    return pages.show(service.events(session, found.case.community.id, wanted, pages.window), lambda e: _entry(e, None))


def _entry(event: Event, withheld: Withheld | None) -> EntryOut:
    said = {} if withheld else event.data
    return EntryOut(
        community=event.community,
        seq=event.seq,
        id=None if withheld else event.id,
        at=event.occurred_at,
        actor=None if withheld is Withheld.all else event.actor,
        action=None if withheld is Withheld.all else event.type,
        object=None if withheld is Withheld.all else event.subject,
        from_state=said.get("from"),
        to_state=said.get("to"),
        policy_version=said.get("policy_version"),
        reason_digest=said.get("reason_digest"),
        data=None if withheld else said,
        prev_hash=event.prev_hash,
        hash=event.hash,
        withheld=withheld is not None,
    )
