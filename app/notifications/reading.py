"""The job that reads each community's journal, and writes down who hears of what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit import readings
from app.kit.deps import Runtime
from app.kit.ids import Ids, id_in
from app.kit.journal import Event
from app.members.addresses import reached_among
from app.nominations.tables import Nominee
from app.notifications.hearing import AT_ONCE, Hearer
from app.notifications.rules import NEWS_FOR, is_mailed
from app.notifications.service import default_choice
from app.notifications.tables import Choice, Mail, Reading, Told
from app.notifications.topics import hearers

_EVENTS_AT_ONCE = 100


def read_journals(runtime: Runtime, now: datetime) -> int:
    """Reads on in every journal that has grown; how many events that was."""
    behind = readings.behind(runtime, Reading)
    read = 0
    for community in behind:
        with runtime.writing() as session:
            read += _read_on(session, community, runtime, now)
    return read


def _read_on(session: Session, community: UUID, runtime: Runtime, now: datetime) -> int:
    """Some events further: what is written of them, and that they have been read, in one transaction."""
    place = readings.held(session, Reading, community)
    if place is None:
        return 0  # another worker is at it
    events = readings.read_on(session, place, limit=_EVENTS_AT_ONCE)
    for event in events:
        found = hearers(session, event, now)
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            _tell(session, event, some, runtime.ids, now, by_mail=runtime.send is not None)
    return len(events)


def _tell(session: Session, event: Event, found: Sequence[Hearer], ids: Ids, now: datetime, *, by_mail: bool) -> None:
    """Writes down that they hear of it, with a few statements for all of them."""
    mailed = _mailed(session, event, found) if by_mail and event.occurred_at > now - NEWS_FOR else frozenset()
    for hearer in found:
        told = Told(
            id=ids.row(),
            member_id=hearer.member_id,
            community_id=event.community,
            seq=event.seq,
            type=hearer.type,
            part=hearer.part,
            at=event.occurred_at,
        )
        if hearer.member_id in mailed:
            mail = Mail(id=ids.row(), community_id=event.community, member_id=hearer.member_id, due_at=now)
            session.add(mail)
            told.mail_id = mail.id
        session.add(told)


def _mailed(session: Session, event: Event, found: Sequence[Hearer]) -> frozenset[UUID]:
    """Those of them who are mailed at once."""
    ids = [hearer.member_id for hearer in found]
    chose = {choice.member_id: choice for choice in session.exec(select(Choice).where(col(Choice.member_id).in_(ids)))}
    reached = reached_among(session, ids)
    wanting = []
    for hearer in found:
        chosen = chose.get(hearer.member_id) or default_choice(hearer.member_id)
        if is_mailed(chosen.mails, hearer.type, hearer.part, chosen.muted, by=event.actor):
            wanting.append(hearer)
    return frozenset(
        hearer.member_id
        for hearer in wanting
        if hearer.member_id in reached
        and not (event.type == "nomination.offered" and _has_letter(session, event, hearer))
    )


def _has_letter(session: Session, event: Event, hearer: Hearer) -> bool:
    """Whether somebody is asked by a letter to the address by which they were named: nobody is asked twice."""
    named = select(Nominee.claim_digest).where(
        Nominee.nomination_id == id_in(event.subject), Nominee.member_id == hearer.member_id
    )
    return session.exec(named).first() is not None
