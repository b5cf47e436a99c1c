"""Who hears of a week: everybody in the community, unless it was quiet.

What stewards alone are told is never mailed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.auth import Caller
from app.members.rules import Role
from app.members.tables import Member
from app.notifications.hearing import Telling, Topic, Words, looking
from app.reports.digest import service, wording
from app.reports.digest.rules import NEWS_FOR, Contents
from app.reports.digest.tables import Digest


def _everybody(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    """While the week is news: of those that were put together later than others, nobody is told."""
    digest = _digest(session, event)
    if digest is None or digest.ends_at + NEWS_FOR < now or Contents.from_json(digest.contents).is_empty:
        return []
    here = select(Member.id).where(Member.community_id == event.community, col(Member.left_at).is_(None))
    return session.exec(here.order_by(col(Member.id))).all()


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    digest = _digest(session, event)
    if digest is None:
        return None
    member = telling.hearer.member_id
    reader = Caller(str(member), Role.member, event.community, member, frozenset())
    told = service.told(session, digest, reader, public_url=telling.public_url, now=telling.now)
    if wording.is_quiet(told):
        return None
    link = f"{telling.public_url}/v1/communities/{told.community.slug}/digest?week={digest.week}"
    text = f"{wording.title(told)}. {wording.in_short(told)}"
    return Words(text, link, body=wording.plain(told), next=looking(link))


def _digest(session: Session, event: Event) -> Digest | None:
    id = id_in(event.subject)
    return session.get(Digest, id) if id else None


TOPICS: Mapping[str, Topic] = {"digest.made": Topic(_everybody, _said)}
