"""Who hears that a webhook is not reached: its owner, and where nobody in person owns it, the stewards."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.rules import Role
from app.members.tables import Community, Member
from app.notifications.hearing import Telling, Topic, Words, call, looking

_ENDED = {
    "gone": "its receiver answered that it wants no more (410)",
    "unreachable": "nothing has arrived for days",
    "owner_left": "who made it looks after the community no more",
    "right_ended": "the token of the platform that made it has ended",
}


def _keepers(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    owner = id_in(str(event.data.get("owner")))
    if owner is not None and event.data.get("reason") != "owner_left":
        return [owner]
    stewards = select(Member.id).where(Member.community_id == event.community, Member.role == Role.steward)
    return session.exec(stewards.order_by(col(Member.id))).all()


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    community = session.get_one(Community, event.community)
    link = f"{telling.public_url}/v1/communities/{community.slug}/webhooks/{event.subject}"
    if event.type == "webhook.failing":
        text = f"For days nothing has arrived at a webhook of {community.name}. Tomorrow it is disabled."
        return Words(text, link, next=looking(link))
    reason = _ENDED.get(str(event.data.get("reason")), "it could not go on")
    text = f"A webhook of {community.name} was disabled: {reason}. What it was not told is kept for it."
    return Words(
        text, link, next=f'{looking(link)}\nHave it sent to again: {call("PATCH", link)} {{"state": "active"}}'
    )


TOPICS: Mapping[str, Topic] = {"webhook": Topic(_keepers, _said)}
