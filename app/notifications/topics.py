"""What can be told of: by the first word of an event's type, who hears of it and in which words.

Whoever may not see something must not hear of it either, neither today nor when the words are read: so both are asked
for anew each time, of the rows as they are then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.achievements.service import version_of
from app.credentials.rules import State, Visibility
from app.credentials.service import state_of
from app.credentials.signing import credential_url
from app.credentials.tables import Credential, Recipient
from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.tables import Community, Member
from app.notifications.rules import HEARS


@dataclass(frozen=True)
class Hearer:
    """Somebody who hears of an event, in one part."""

    member_id: UUID
    part: str


@dataclass(frozen=True)
class Words:
    """What somebody is told."""

    text: str
    """One sentence or two, also the subject of a mail."""
    link: str
    """Where more of it is."""


@dataclass(frozen=True)
class Topic:
    """A kind of events."""

    audience: Callable[[Session, Event, datetime], Iterable[Hearer]]
    """Who has to do with this event, in which part; `HEARS` says which of them hear of it."""
    words: Callable[[Session, Event, str, str, datetime], Words | None]
    """What is said of it to who hears of it in this part, with the service's address and the instant of saying.

    None where it is not to be told any more."""


def hearers(session: Session, event: Event, now: datetime) -> list[Hearer]:
    """Who hears of an event, each once. Nobody hears of what they did themselves."""
    topic = _topic(event)
    if topic is None:
        return []
    parts = HEARS[event.type]
    found: dict[UUID, Hearer] = {}
    for hearer in topic.audience(session, event, now):
        if hearer.part in parts and str(hearer.member_id) != event.actor:
            found.setdefault(hearer.member_id, hearer)
    return list(found.values())


def words(session: Session, event: Event, part: str, public_url: str, now: datetime) -> Words | None:
    """What is said of an event, if it is still to be told."""
    topic = _topic(event)
    return topic.words(session, event, part, public_url, now) if topic else None


def _topic(event: Event) -> Topic | None:
    return TOPICS.get(event.type.partition(".")[0]) if event.type in HEARS else None


def _of_credential(session: Session, event: Event, now: datetime) -> Iterable[Hearer]:
    credential = _credential(session, event)
    if credential is None or (event.type == "credential.offered" and state_of(credential, now) is not State.offered):
        return  # an offer that was made with the recipient's consent, or has been answered
    recipient = session.get_one(Recipient, credential.recipient_id)
    if recipient.member_id is not None:
        yield Hearer(recipient.member_id, "recipient")


def _said_of_credential(session: Session, event: Event, part: str, public_url: str, now: datetime) -> Words | None:
    credential = _credential(session, event)
    if credential is None:
        return None
    name = version_of(session, credential.achievement_id, credential.achievement_version).name
    community = session.get_one(Community, credential.community_id).name
    managed = f"{public_url}/v1/credentials/{credential.id}"
    page = f"{credential_url(public_url, credential)}.html"
    link = page if credential.visibility is Visibility.public else managed
    match event.type:
        case "credential.offered" if state_of(credential, now) is State.offered:
            until = f" until {credential.offer_ends:%d %B %Y}" if credential.offer_ends else ""
            return Words(
                f"{community} would like to recognise you: “{name}”. You may accept or refuse{until}.", managed
            )
        case "credential.offered":
            return Words(f"{community} offered you “{name}”.", managed)
        case "credential.issued":
            return Words(f"“{name}” of {community} is yours.", link)
        case "credential.revoked":
            return Words(f"{community} has revoked your badge “{name}”{_reason(credential)}", managed)
        case "credential.suspended":
            return Words(f"{community} has suspended your badge “{name}”{_reason(credential)}", managed)
    return Words(f"{community} has put your badge “{name}” back into force.", link)


def _reason(credential: Credential) -> str:
    return f": {credential.reason}" if credential.reason else "."


def _credential(session: Session, event: Event) -> Credential | None:
    id = id_in(event.subject)
    return session.get(Credential, id) if id else None


def _of_member(session: Session, event: Event, now: datetime) -> Iterable[Hearer]:
    member = _member(session, event)
    if member is not None:
        yield Hearer(member.id, "member")


def _said_of_member(session: Session, event: Event, part: str, public_url: str, now: datetime) -> Words | None:
    member = _member(session, event)
    if member is None:
        return None
    community = session.get_one(Community, member.community_id)
    text = f"You are now a member of {community.name}, as {member.handle}."
    return Words(text, f"{public_url}/issuers/{community.slug}")


def _member(session: Session, event: Event) -> Member | None:
    id = id_in(event.subject)
    return session.get(Member, id) if id else None


TOPICS: Mapping[str, Topic] = {
    "credential": Topic(_of_credential, _said_of_credential),
    "member": Topic(_of_member, _said_of_member),
}
