"""Who hears that their community has ended: everybody for whom a steward prepared a farewell, and each their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.communities.tables import Farewell
from app.members.tables import Community
from app.notifications.hearing import Telling, Topic, Words, looking


def _thanked(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    row = _farewell(session, event)
    return [row.member_id] if row is not None else []


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    row = _farewell(session, event)
    if row is None:
        return None
    community = session.get_one(Community, event.community)
    link = f"{telling.public_url}/v1/communities/{community.slug}/farewells/{row.id}"
    text = f"{community.name} has come to its end, and thanks you. What you earned there stays yours, and verifies."
    return Words(text, link, quoted=row.text, next=looking(link))


def _farewell(session: Session, event: Event) -> Farewell | None:
    id = id_in(event.subject)
    return session.get(Farewell, id) if id else None


TOPICS: Mapping[str, Topic] = {"farewell.said": Topic(_thanked, _said)}
