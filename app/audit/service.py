"""Use-cases: reading a community's journal, and looking whether its chain holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.errors import NotFound
from app.kit.journal import Event
from app.kit.paging import Slice, Window, page


class NoSuchEvent(NotFound):
    """The journal has no such event."""

    code = "no-such-event"
    fix = "GET …/audit lists the events; each has its place in the journal as `seq`."


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for; what is None does not matter."""

    type: str | None = None
    """How their type begins."""
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


def events(
    session: Session, community: UUID, wanted: Wanted, window: Window, *, newest_first: bool = False
) -> Slice[Event]:
    """The events of a community that are wanted, in their order. Raises `BadCursor`."""
    rows = select(Event).where(Event.community == community)
    if wanted.type is not None:
        rows = rows.where(col(Event.type).startswith(wanted.type, autoescape=True))
    if wanted.subject is not None:
        rows = rows.where(Event.subject == wanted.subject)
    if wanted.actor is not None:
        rows = rows.where(Event.actor == wanted.actor)
    if wanted.since is not None:
        rows = rows.where(Event.occurred_at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(Event.occurred_at < wanted.until)
    return page(session, rows, window, by=[col(Event.community), col(Event.seq)], newest_first=newest_first)


def event(session: Session, community: UUID, seq: int) -> Event:
    """One event. Raises `NoSuchEvent`."""
    found = session.get(Event, (community, seq))
    if found is None:
        raise NoSuchEvent(f"The journal has no event {seq}.")
    return found
