"""Doors: what counts of a source, and what an event would come to."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.idempotency import once
from app.kit.journal import Datum
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Instant, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.sources import replaying, rulebook, service
from app.sources.applying import Place
from app.sources.paths import TooMuchInIt
from app.sources.previewing import PreviewOut, preview
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call
from app.sources.rights import check_keeper
from app.sources.shipped import shipped
from app.sources.tables import RuleSet

router = strict_router(tags=["sources"])

Listener = Annotated[Caller, Depends(HoldingIn(Scope.webhooks_manage))]
_MOST_SHOWN = 5_000
_RULES = (
    "`rule`, `memory`, `gathering` and `award`: lists of rules, each in place of the shipped one with its `id`, or "
    "beside them; `without`: ids of shipped ones that do not apply. Version 0 shows what is shipped, to begin from."
)


class RulesIn(In):
    """What counts of a source here."""

    rules: dict[str, Any] = Field(description=_RULES, examples=[{"without": ["github-issue-opened"]}])


class RulesOut(Out):
    """A version of what counts of a source."""

    version: int
    rules: dict[str, Any]
    set_at: datetime


class PreviewIn(In):
    """What a platform might send."""

    body: str = Field(max_length=500_000, description="As the platform sends it.")
    headers: dict[str, str] = Field(default_factory=dict, max_length=50, examples=[{"X-GitHub-Event": "discussion"}])
    rules: dict[str, Any] | None = Field(default=None, description="Rules to try that are not in force.")


class ReplayIn(In):
    """What is to be looked at again."""

    deliveries: list[Id] = Field(default_factory=list, max_length=200, description="Left out, all that are kept.")
    since: Instant | None = Field(default=None, description="Those that came then or later.")
    until: Instant | None = Field(default=None, description="Those that came then or before.")
    apply: bool = Field(default=False, description="Whether it is to be so; else it is only said what would be.")
    diff: str | None = Field(default=None, max_length=64, description="With `apply`: that of what was shown before.")
    take_back: bool = Field(default=False, description="With `apply`: what is recorded and would not be any more.")


class DifferenceOut(Out):
    """What would be otherwise."""

    delivery: UUID
    rule: str | None
    change: str
    """`new`: a contribution would be recorded and is not; `gone`: it is, and would not be. `extended` or `undone`: one
    that there is would be. `offered`, `issued`, `parked` or `revoked`: a badge would be."""
    type: str | None
    contribution: UUID | None
    """Null for what there is not yet."""
    achievement: UUID | None
    credential: UUID | None


class ReplayOut(Out):
    """What would be otherwise, or is from now on."""

    deliveries: int
    oldest: datetime | None
    """Where there are older ones than these: when the oldest of these came, which is `until` for them."""
    unchanged: int
    unreadable: int
    """Deliveries that cannot be looked at under these rules, or ask for too many awards: they stay as they are."""
    differences: list[DifferenceOut]
    """The first 5,000 of them."""
    changes: int
    """How many there are."""
    diff: str
    """Digest of all of them, for `apply`."""
    applied: bool


@router.post("/v1/communities/{c}/sources/{source}/replay")
@once
def replay_deliveries(
    c: str, source: str, body: ReplayIn, caller: Listener, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ReplayOut:
    """Look again at what it sent, under the rules in force: say what would be otherwise, and with `apply` have it so.

    The newest 200 deliveries at once, of those whose bodies are still kept; `until` leads to older ones. Contributions,
    badges and gatherings are all in it, and `apply` is refused where that is not what was shown before. Told again,
    nothing has its effect twice. Of a gathering of which other deliveries tell as well, nothing is `gone`.
    """
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    found = service.source_of(session, community, source, lock=True)
    if body.apply:
        check_keeper(caller, found)
    place = Place(session, community, found, runtime.installation, on)
    inbounds, oldest = replaying.chosen(place, body.deliveries, body.since, body.until)
    read, cut = replaying.read(place, inbounds)
    replay = replaying.compared(place, read)
    if body.apply:
        replaying.replay(place, read, replay, seen=body.diff, take_back=body.take_back)
    counted: dict[str, Datum] = {"deliveries": len(read), "applied": body.apply, "take_back": body.take_back}
    on.record(session, community.id, "source.replayed", found.id, counted)
    return ReplayOut(
        deliveries=len(read),
        oldest=cut or oldest,
        unchanged=replay.unchanged,
        unreadable=replay.unreadable,
        differences=[DifferenceOut(**asdict(one)) for one in replay.differences[:_MOST_SHOWN]],
        changes=len(replay.differences),
        diff=replay.digest,
        applied=body.apply,
    )


@router.post("/v1/communities/{c}/sources/{source}/preview")
def preview_event(
    c: str, source: str, body: PreviewIn, caller: Listener, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> PreviewOut:
    """Say what an event would come to, and have nothing happen: who would be credited with what, or why nobody."""
    community = community_by_slug(session, c)
    found = service.source_of(session, community, source)
    rules = rulebook.rules_of(session, found)
    if body.rules is not None:
        rules = rulebook.read(body.rules, found).over(shipped(PLATFORMS[found.platform].shipped))
    call = Call(body.body.encode(), {name.lower(): text for name, text in body.headers.items()})
    try:
        told = caller.stewards(community.id)
        return preview(session, community, found, rules, call, members=told, at=runtime.installation, now=now)
    except TooMuchInIt as error:
        raise Invalid(errors=[{"pointer": "/body", "message": str(error)}]) from None


@router.get("/v1/communities/{c}/sources/{source}/rules")
def list_rules(c: str, source: str, caller: Listener, session: ReadSessionDep, pages: PageDep) -> Listing[RulesOut]:
    """List what the community said for itself about what counts, the version in force first."""
    found = service.source_of(session, community_by_slug(session, c), source)
    rows = select(RuleSet).where(RuleSet.source_id == found.id)
    return pages.show(
        page(session, rows, pages.window, by=[col(RuleSet.set_at), col(RuleSet.version)], newest_first=True), _shown
    )


@router.get("/v1/communities/{c}/sources/{source}/rules/{version}")
def read_rules(c: str, source: str, version: str, caller: Listener, session: ReadSessionDep) -> RulesOut:
    """One version of the rules; 0 is what is shipped for the platform."""
    found = service.source_of(session, community_by_slug(session, c), source)
    return _shown(rulebook.version_of(session, found, version))


@router.post("/v1/communities/{c}/sources/{source}/rules", status_code=201)
@once
def set_rules(
    c: str, source: str, body: RulesIn, caller: Listener, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> RulesOut:
    """Say what counts of it from now on: a new version, in force at once for what is looked into after it.

    For stewards and who added it, with the scopes that adding it takes.
    """
    found = service.source_of(session, community_by_slug(session, c), source, lock=True)
    check_keeper(caller, found)
    return _shown(rulebook.put(session, found, body.rules, on=occasion(caller, runtime, now)))


def _shown(row: RuleSet) -> RulesOut:
    return RulesOut(version=row.version, rules=row.rules, set_at=row.set_at)
