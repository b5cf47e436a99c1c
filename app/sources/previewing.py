"""What an event would come to, with nothing happening: for who writes rules, or asks why somebody was not credited."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit.installation import Installation
from app.kit.schemas import Out
from app.members.tables import Community
from app.sources.asking import made_of
from app.sources.crediting import Named, whom
from app.sources.events import (
    Noted,
    Would,
    WouldAward,
    WouldNot,
    WouldRecord,
    WouldRemember,
    WouldRevoke,
    WouldUndo,
)
from app.sources.grammar import Rules
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call
from app.sources.tables import Source

_DOES: tuple[tuple[type[Would], str], ...] = (
    (WouldRecord, "record"),
    (WouldUndo, "undo"),
    (WouldRemember, "remember"),
    (Noted, "gather"),
    (WouldAward, "award"),
    (WouldRevoke, "revoke"),
    (WouldNot, "not"),
)


class SomebodyOut(Out):
    """Somebody who would be credited."""

    platform: str
    account: str
    role: str
    part: str
    members: list[UUID]
    """Whose account it is; empty while it is nobody's here, and for platforms, who are not told who is a member."""


class WouldOut(Out):
    """What a rule would make of an event."""

    rule: str
    does: str
    """`record`, `undo`, `remember` (who wrote what others may refer to), `gather` (it is told in several events),
    `award`, `revoke`, or `not`, with `why`."""
    why: str | None = None
    type: str | None = None
    people: list[SomebodyOut]
    occurred_at: datetime | None = None
    ends_at: datetime | None = None
    dedupe: str | None = None
    url: str | None = None
    title: str | None = None
    channel: str | None = None


class PreviewOut(Out):
    """What a delivery would come to."""

    events: int
    """How many events it tells; none where it is not of a kind that the platform tells."""
    would: list[WouldOut]
    """Empty where no rule is about them."""


def preview(
    session: Session,
    community: Community,
    source: Source,
    rules: Rules,
    call: Call,
    *,
    members: bool,
    at: Installation,
    now: datetime,
) -> PreviewOut:
    """What a call would come to if it came now; whose accounts are is said where `members` are told.

    Raises `MalformedJson`, `TooLarge`, `TooMuchInIt`.
    """
    platform = PLATFORMS[source.platform]
    told = platform.events(call.headers, platform.read(call), now)
    would = made_of(platform.asks, rules, told, at=now)
    recorded = [one for one in would if isinstance(one, WouldRecord)]
    named = whom(session, community, source, recorded, at=at, members=members)
    return PreviewOut(events=len(told), would=[_shown(one, named) for one in would[:500]])


def _shown(one: Would, named: dict[int, Sequence[Named] | str]) -> WouldOut:
    people = named.get(id(one), [])
    does = next(word for kind, word in _DOES if isinstance(one, kind))
    said: dict[str, Any] = {
        name: getattr(one, name, None) for name in ("why", "type", "occurred_at", "ends_at", "url", "title", "channel")
    }
    said["dedupe"] = next(
        (key for name in ("dedupe", "external_id", "key") if (key := getattr(one, name, None)) is not None), None
    )
    if isinstance(people, str):
        does, said["why"], people = "not", people, []
    shown = [
        SomebodyOut(
            platform=each.account.platform,
            account=each.account.account,
            role=each.role,
            part=each.part,
            members=sorted(each.members),
        )
        for each in people
    ]
    return WouldOut(rule=one.rule, does=does, people=shown, **said)
