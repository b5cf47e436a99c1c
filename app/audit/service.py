"""Use-cases: reading a community's journal, and looking whether its chain holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.credentials.tables import Credential, Recipient
from app.endorsements.rules import SIGNED, Endorser, Subject
from app.endorsements.rules import EndorsementState as Endorsed
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.kit.journal import Event
from app.kit.paging import Slice, Window, page
from app.members.people import people
from app.members.tables import Address, Member
from app.nominations.casefile import is_about
from app.nominations.rules import OPEN, State
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
    community: UUID
    person: frozenset[UUID]
    """All members who are this person."""


class Withheld(StrEnum):
    """What is not shown of an event. Its id never is, being what nobody can guess of all that its hash is made of."""

    said = "said"
    """What it says besides who did what to what: from where to where, and which of how many changes it was."""
    all = "all"
    """All of it: that something was refused, held or voted on is told by its type alone, and to whom by its object."""


def reader(session: Session, community: UUID, member: UUID | None, *, now: datetime) -> Reader | None:
    """Who reads, as a person. None for who has no stake in anything: the admin, and tokens that nobody owns."""
    if member is None:
        return None
    members = session.exec(select(Member.id).where(Member.community_id == community)).all()
    known = people(session, community, members, now=now)
    mine = {id for id, person in known.items() if person.identity == known[member].identity}
    return Reader(member, community, frozenset(mine))


def withheld(session: Session, reader: Reader | None, events: Sequence[Event]) -> Mapping[int, Withheld]:
    """Which of these events the reader may not see as they are, by `seq`, and what is kept from them.

    Whoever has a stake in a nomination, or weighs it at the moment, does not look after it, steward or not: of it
    they see that they did what they did themself. Of endorsements, and of requests for them, stewards see what the
    endorsements are shown to them for.
    """
    if reader is None:
        return {}
    about = {event.seq: id for event in events if (id := id_in(event.subject)) is not None}
    own = {event.seq for event in events if event.actor == str(reader.member)}
    ids = set(about.values())
    concerned = set(session.exec(_concerned(reader).where(col(Nomination.id).in_(ids))).all())
    private = set(session.exec(_untold_endorsements(reader).where(col(Endorsement.id).in_(ids))).all())
    private |= set(session.exec(_untold_requests(reader).where(col(EndorsementRequest.id).in_(ids))).all())
    kept = {seq: Withheld.all for seq, id in about.items() if id in concerned | private and seq not in own}
    return kept | {seq: Withheld.said for seq in own if about.get(seq) in concerned}


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
        untold = (
            _concerned(reader).with_only_columns(_hex(Nomination.id)),
            _untold_endorsements(reader).with_only_columns(_hex(Endorsement.id)),
            _untold_requests(reader).with_only_columns(_hex(EndorsementRequest.id)),
        )
        told = sa.and_(*(_hex(Event.subject).not_in(its) for its in untold))
        rows = rows.where(sa.or_(col(Event.actor) == str(reader.member), told))
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


def _concerned(reader: Reader) -> SelectOfScalar[UUID]:
    """Nominations in which the reader is a party, or may be, or that they weigh; and the drafts of others."""
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
    claims = sa.exists().where(  # the address of a nominee is theirs, they say, and have yet to prove it
        col(Nominee.nomination_id) == its,
        col(Nominee.fingerprint) == col(Address.key),
        col(Address.member_id).in_(reader.person),
        col(Address.valid_since).is_(None),
        col(Address.ended_at).is_(None),
    )
    return select(Nomination.id).where(
        sa.or_(
            col(Nomination.nominator_id).in_(reader.person),
            seconds,
            sa.exists().where(col(Nominee.nomination_id) == its, is_about(reader.person)),
            claims,
            sa.and_(col(Nomination.state).in_(OPEN), weighs),
            col(Nomination.state) == State.draft,
        )
    )


def _untold_endorsements(reader: Reader) -> SelectOfScalar[UUID]:
    """Endorsements of somebody's badge that were never shown, and neither given nor received by the reader."""
    given = sa.or_(
        sa.and_(
            col(Endorsement.endorser) == Endorser.member,
            col(Endorsement.member_id).is_not(None),
            col(Endorsement.member_id) == reader.member,
        ),
        sa.and_(col(Endorsement.endorser) != Endorser.member, col(Endorsement.signing_id) == reader.community),
    )
    return select(Endorsement.id).where(
        Endorsement.subject == Subject.credential,
        col(Endorsement.state).not_in(SIGNED | {Endorsed.withdrawn}),
        sa.not_(given),
        sa.not_(_is_theirs(reader, Endorsement.subject_id)),
    )


def _untold_requests(reader: Reader) -> SelectOfScalar[UUID]:
    """Requests to endorse somebody's badge, made by and to others."""
    asked = sa.and_(
        col(EndorsementRequest.member_id).is_not(None),
        col(EndorsementRequest.member_id) == reader.member,
        ~col(EndorsementRequest.barred),
    )
    return select(EndorsementRequest.id).where(
        EndorsementRequest.subject == Subject.credential,
        EndorsementRequest.asker_id != reader.member,
        sa.not_(asked),
        sa.not_(_is_theirs(reader, EndorsementRequest.subject_id)),
    )


def _is_theirs(reader: Reader, credential: object) -> sa.ColumnElement[bool]:
    """Whether a badge is the reader's."""
    theirs = select(Credential.id).join(Recipient).where(Recipient.member_id == reader.member)
    return col(credential).in_(theirs)


def _hex(column: object) -> sa.ColumnElement[str]:
    """An id as both databases can compare it with text: SQLite keeps ids without hyphens."""
    return sa.func.replace(sa.cast(col(column), sa.String), "-", "")
