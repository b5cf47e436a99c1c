"""What can be told of, who hears of it, and in which words.

Whoever may not see something must not hear of it either, neither today nor when the words are read: so both are asked
for anew each time, of the rows as they are then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.achievements.service import version_of
from app.credentials.claiming import mailed_to
from app.credentials.participation import kept_of
from app.credentials.recipients import visibility_of
from app.credentials.rules import State, Visibility, stated
from app.credentials.service import state_of
from app.credentials.signing import credential_url
from app.credentials.tables import Credential, Recipient
from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.tables import Community, Member
from app.notifications import (
    about_endings,
    about_endorsements,
    about_milestones,
    about_nominations,
    about_peers,
    about_surveys,
    about_webhooks,
    about_weeks,
)
from app.notifications.hearing import AT_ONCE, Hearer, Telling, Topic, Words, call, looking
from app.notifications.rules import hearing
from app.notifications.wording import PARTICIPATION


def hearers(session: Session, event: Event, now: datetime) -> list[Hearer]:
    """Who hears of an event, each once. Nobody hears of what they did themselves, nor who has left of anything."""
    topic = _topic(event)
    found: dict[UUID, Hearer] = {}
    for part, type in hearing(event.type, event.data) if topic else ():
        for member in topic.audience(session, event, part, now) if topic else ():
            if str(member) != event.actor:
                found.setdefault(member, Hearer(member, part, type))
    here = _here(session, list(found))
    return [hearer for id, hearer in found.items() if id in here]


def words(session: Session, event: Event, telling: Telling) -> Words | None:
    """What is said of an event, if it is still to be told."""
    topic = _topic(event)
    return topic.words(session, event, telling) if topic else None


def _here(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those who have not left."""
    here: set[UUID] = set()
    for start in range(0, len(ids), AT_ONCE):
        some = col(Member.id).in_(ids[start : start + AT_ONCE])
        here.update(session.exec(select(Member.id).where(some, col(Member.left_at).is_(None))).all())
    return here


def _topic(event: Event) -> Topic | None:
    return TOPICS.get(event.type) or TOPICS.get(event.type.partition(".")[0])


def _of_credential(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    credential = _credential(session, event)
    if credential is None or (event.type == "credential.offered" and state_of(credential, now) is not State.offered):
        return  # an offer that was made with the recipient's consent, or has been answered
    recipient = session.get_one(Recipient, credential.recipient_id)
    if recipient.member_id is not None:
        yield recipient.member_id


def _said_of_credential(session: Session, event: Event, telling: Telling) -> Words | None:
    credential = _credential(session, event)
    if credential is None:
        return None
    now, public_url = telling.now, telling.public_url
    name = version_of(session, credential.achievement_id, credential.achievement_version).name
    community = session.get_one(Community, credential.community_id).name
    managed = f"{public_url}/v1/credentials/{credential.id}"
    look = looking(managed)
    page = f"{credential_url(public_url, credential)}.html"
    link, shown = (page, None) if visibility_of(session, credential) is Visibility.public else (managed, look)
    match event.type:
        case "credential.offered" if state_of(credential, now) is State.offered:
            until = f" until {credential.offer_ends:%d %B %Y}" if credential.offer_ends else ""
            resting = PARTICIPATION if kept_of(session, credential) is not None else ""
            answers = '{"response": "accept"} or {"response": "refuse"}'
            return Words(
                f"{community} would like to recognise you: “{name}”. You may accept or refuse{until}.{resting}",
                managed,
                next=f"{look}\nAnswer with it: {call('POST', managed)}/response {answers}",
                page=mailed_to(session, credential, at=telling.at),
            )
        case "credential.offered":
            return Words(f"{community} offered you “{name}”.", managed, next=look)
        case "credential.issued":
            return Words(f"“{name}” of {community} is yours.", link, next=shown)
        case "credential.revoked":
            return Words(f"{community} has revoked your badge “{name}”{_reason(credential)}", managed, next=look)
        case "credential.suspended":
            return Words(f"{community} has suspended your badge “{name}”{_reason(credential)}", managed, next=look)
    return Words(f"{community} has put your badge “{name}” back into force.", link, next=shown)


def _reason(credential: Credential) -> str:
    reason = stated(credential.reason, credential.cause)
    return f": {reason}" if reason else "."


def _credential(session: Session, event: Event) -> Credential | None:
    id = id_in(event.subject)
    return session.get(Credential, id) if id else None


def _of_member(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    member = _member(session, event)
    if member is not None:
        yield member.id


def _said_of_member(session: Session, event: Event, telling: Telling) -> Words | None:
    member = _member(session, event)
    if member is None:
        return None
    community = session.get_one(Community, member.community_id)
    text = f"You are now a member of {community.name}, as {member.handle}."
    return Words(text, f"{telling.public_url}/issuers/{community.slug}")


def _member(session: Session, event: Event) -> Member | None:
    id = id_in(event.subject)
    return session.get(Member, id) if id else None


TOPICS: Mapping[str, Topic] = {
    "credential": Topic(_of_credential, _said_of_credential),
    "member": Topic(_of_member, _said_of_member),
    "nomination": about_nominations.TOPIC,
    **about_endings.TOPICS,
    **about_endorsements.TOPICS,
    **about_milestones.TOPICS,
    **about_peers.TOPICS,
    **about_surveys.TOPICS,
    **about_webhooks.TOPICS,
    **about_weeks.TOPICS,
}
"""By the type of an event, or else by its first word."""
