"""Who hears that somebody met a milestone: the stewards who were to be told, and the one for whom a nomination waits.

Whoever met it hears of the offer as of every other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.rules import Role
from app.members.tables import Community, Member
from app.milestones.tables import Attainment, Milestone
from app.notifications.hearing import Telling, Topic, Words, looking


def _stewards(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    """Those of the community for a suggestion, the one who has to finish it for a draft; nobody hears of themself."""
    met, kind = _met(session, event), event.data.get("kind")
    if met is None or event.data.get("reason") is not None:
        return []
    if kind == "draft":
        keeper = session.get_one(Milestone, met.milestone_id).activated_by
        return [keeper] if keeper is not None and keeper != met.member_id else []
    chosen = select(Member.id).where(
        Member.community_id == event.community, Member.role == Role.steward, col(Member.left_at).is_(None)
    )
    return [id for id in session.exec(chosen).all() if kind == "suggest" and id != met.member_id]


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    met = _met(session, event)
    member = session.get(Member, met.member_id) if met is not None else None
    if met is None or member is None or member.left_at is not None or met.dismissed_at is not None:
        return None
    name = session.get_one(Milestone, met.milestone_id).name
    if met.nomination_id is not None:
        link = f"{telling.public_url}/v1/nominations/{met.nomination_id}"
        return Words(f"{member.name} met “{name}”. A nomination is drafted: finish it?", link, next=looking(link))
    slug = session.get_one(Community, event.community).slug
    link = f"{telling.public_url}/v1/communities/{slug}/attainments/{met.id}"
    return Words(f"{member.name} met “{name}”. Would somebody nominate them?", link, next=looking(link))


def _met(session: Session, event: Event) -> Attainment | None:
    """Of a draft the event is the nomination's."""
    id = id_in(event.subject)
    drafted = select(Attainment).where(Attainment.nomination_id == id)
    return (session.get(Attainment, id) or session.exec(drafted).first()) if id else None


TOPICS: Mapping[str, Topic] = {"milestone.given": Topic(_stewards, _said)}
"""By the type of an event."""
