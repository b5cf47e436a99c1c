"""Use-cases: reading a community's journal, and looking whether its chain holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.kit.journal import Event
from app.kit.paging import Slice, Window, page
from app.members.people import people
from app.members.tables import Member
from app.nominations.casefile import is_about
from app.nominations.rules import BEFORE_OFFER, OPEN, State
from app.nominations.tables import Nomination, Nominee, Reviewer, Seat, Second


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


@dataclass(frozen=True)
class Reader:
    """A steward who reads the journal and may have a stake in some of what it tells."""

    member: UUID
    person: frozenset[UUID]
    """All members who are this person."""


class Withheld(StrEnum):
    """What is not shown of an event. Its id never is, being what nobody can guess of all that its hash is made of."""

    who = "who"
    """Who did it, and what it says."""
    all = "all"
    """Even what happened, and to what: that there is such a nomination is not for this reader."""


def reader(session: Session, community: UUID, member: UUID | None, *, now: datetime) -> Reader | None:
    """Who reads, as a person. None for who has no stake in anything: the admin, and tokens that nobody owns."""
    if member is None:
        return None
    members = session.exec(select(Member.id).where(Member.community_id == community)).all()
    known = people(session, community, members, now=now)
    mine = {id for id, person in known.items() if person.identity == known[member].identity}
    return Reader(member, frozenset(mine))


def withheld(session: Session, reader: Reader | None, events: Sequence[Event]) -> Mapping[int, Withheld]:
    """Which of these events the reader may not see as they are, by `seq`, and what is kept from them.

    Whoever has a stake in a nomination, or weighs it at the moment, does not look after it, steward or not: of it
    they see what they did themself. Not by the type of event: who gave the last vote is the actor of the decision.
    """
    if reader is None:
        return {}
    others = {event.seq: id_in(event.subject) for event in events if event.actor != str(reader.member)}
    ids = {id for id in others.values() if id is not None}
    among = select(Nomination.id).where(col(Nomination.id).in_(ids))
    concerned = set(session.exec(among.where(_concerns(reader))).all())
    unknown = set(session.exec(among.where(_is_unknown_to(reader))).all())
    return {
        seq: Withheld.all if id in unknown else Withheld.who
        for seq, id in others.items()
        if id is not None and id in concerned
    }


def events(
    session: Session,
    community: UUID,
    wanted: Wanted,
    window: Window,
    *,
    reader: Reader | None = None,
    newest_first: bool = False,
) -> Slice[Event]:
    """The events of a community that are wanted, in their order. Raises `BadCursor`.

    By what is withheld from the reader nothing can be searched: to be found would tell it.
    """
    rows = select(Event).where(Event.community == community)
    if reader is not None and (wanted.type or wanted.subject or wanted.actor) is not None:
        its = select(_hex(Nomination.id)).where(_concerns(reader))
        rows = rows.where(sa.or_(col(Event.actor) == str(reader.member), _hex(Event.subject).not_in(its)))
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


def _concerns(reader: Reader) -> sa.ColumnElement[bool]:
    """Nominations in which the reader is a party, that they weigh, or of which they may not know."""
    its = col(Nomination.id)
    seconds = sa.exists().where(
        col(Second.nomination_id) == its, col(Second.member_id).in_(reader.person), col(Second.withdrawn_at).is_(None)
    )
    weighs = sa.exists().where(
        col(Reviewer.nomination_id) == its,
        col(Reviewer.member_id).in_(reader.person),
        col(Reviewer.panel) == col(Nomination.panel),
        col(Reviewer.seat).in_([Seat.assigned, Seat.voted]),
    )
    return sa.or_(
        col(Nomination.nominator_id).in_(reader.person),
        seconds,
        _is_about(reader),
        sa.and_(col(Nomination.state).in_(OPEN), weighs),
        _is_unknown_to(reader),
    )


def _is_unknown_to(reader: Reader) -> sa.ColumnElement[bool]:
    """Drafts of others, and what the reader is not yet to hear of, being its nominee."""
    draft = sa.and_(col(Nomination.state) == State.draft, col(Nomination.nominator_id) != reader.member)
    not_yet = sa.and_(_is_about(reader), col(Nomination.state).in_(BEFORE_OFFER))
    return sa.or_(draft, not_yet, sa.and_(_is_about(reader), ~_is_about(reader, asked=True)))


def _is_about(reader: Reader, *, asked: bool = False) -> sa.ColumnElement[bool]:
    """Nominations of the reader; of those only the ones that may ask them, if that is wanted."""
    its = sa.exists().where(col(Nominee.nomination_id) == col(Nomination.id), is_about(reader.person))
    return its.where(~col(Nominee.barred)) if asked else its


def _hex(column: object) -> sa.ColumnElement[str]:
    """An id as both databases can compare it with text: SQLite keeps ids without hyphens."""
    return sa.func.replace(sa.cast(col(column), sa.String), "-", "")
