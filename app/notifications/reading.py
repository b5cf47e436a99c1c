"""The job that reads each community's journal, and writes down who hears of what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.ids import Ids, id_in
from app.kit.journal import Chain, Event
from app.kit.prepared import insert_if_absent
from app.members.addresses import reached_at
from app.members.tables import Member
from app.nominations.tables import Nominee
from app.notifications.hearing import Hearer
from app.notifications.rules import NEWS_FOR, is_mailed
from app.notifications.service import choice_of
from app.notifications.tables import Mail, Reading, Told
from app.notifications.topics import hearers

_EVENTS_AT_ONCE = 100


def read_journals(runtime: Runtime, now: datetime) -> int:
    """Reads on in every journal that has grown; how many events that was."""
    with read_session(runtime.engine) as session:
        behind = session.exec(
            select(Chain.community)
            .outerjoin(Reading, col(Reading.community) == col(Chain.community))
            .where(col(Chain.seq) > sa.func.coalesce(Reading.seq, 0))
            .order_by(col(Chain.community))
        ).all()
    read = 0
    for community in behind:
        with runtime.writing() as session:
            read += _read_on(session, community, runtime, now)
    return read


def _read_on(session: Session, community: UUID, runtime: Runtime, now: datetime) -> int:
    """Some events further: what is written of them, and that they have been read, in one transaction."""
    insert_if_absent(session, Reading(community=community, seq=0))
    place = select(Reading).where(Reading.community == community).with_for_update(skip_locked=True)
    reading = session.exec(place.execution_options(populate_existing=True)).one_or_none()
    if reading is None:
        return 0  # another worker is at it
    events = _next(session, reading)
    for event in events:
        for hearer in hearers(session, event, now):
            _tell(session, event, hearer, runtime.ids, now, by_mail=runtime.send is not None)
        reading.seq = event.seq
    session.add(reading)
    return len(events)


def _next(session: Session, reading: Reading) -> Sequence[Event]:
    further = select(Event).where(Event.community == reading.community, Event.seq > reading.seq)
    return session.exec(further.order_by(col(Event.seq)).limit(_EVENTS_AT_ONCE)).all()


def _tell(session: Session, event: Event, hearer: Hearer, ids: Ids, now: datetime, *, by_mail: bool) -> None:
    told = Told(
        id=ids.row(),
        member_id=hearer.member_id,
        community_id=event.community,
        seq=event.seq,
        type=hearer.type,
        part=hearer.part,
        at=event.occurred_at,
    )
    if by_mail and event.occurred_at > now - NEWS_FOR and _wants_mail(session, event, hearer):
        mail = Mail(id=ids.row(), community_id=event.community, member_id=hearer.member_id, due_at=now)
        session.add(mail)
        told.mail_id = mail.id
    session.add(told)


def _wants_mail(session: Session, event: Event, hearer: Hearer) -> bool:
    if event.type == "nomination.offered" and _has_letter(session, event, hearer):
        return False
    chosen = choice_of(session, hearer.member_id)
    has_address = reached_at(session, session.get_one(Member, hearer.member_id)) is not None
    return has_address and is_mailed(chosen.mails, hearer.type, hearer.part, chosen.muted, by=event.actor)


def _has_letter(session: Session, event: Event, hearer: Hearer) -> bool:
    """Whether somebody is asked by a letter to the address by which they were named: nobody is asked twice."""
    named = select(Nominee.claim_digest).where(
        Nominee.nomination_id == id_in(event.subject), Nominee.member_id == hearer.member_id
    )
    return session.exec(named).first() is not None
