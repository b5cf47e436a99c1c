"""A mail from its rows. What it says is looked up when it is sent: nothing is sent that was erased meanwhile."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.installation import Installation
from app.kit.mail import Message
from app.members.addresses import reached_at
from app.members.tables import Community, Member
from app.nominations.rules import State
from app.nominations.tables import Nomination, Nominee
from app.notifications.hearing import Words
from app.notifications.rules import Mails
from app.notifications.service import Item, choice_of, item_of, letter_context, link_to_turn_off
from app.notifications.tables import Mail, Told


class NotNow(Exception):
    """What the mail is about is held: nothing of it leaves until somebody has looked."""


def message(session: Session, mail: Mail, *, at: Installation, now: datetime) -> Message | None:
    """The mail as it is now; None where there is nothing to send any more. Raises `NotNow`."""
    if mail.sealed is not None:
        letter = json.loads(at.vault.open(mail.sealed, bound_to=letter_context(mail.id)))
        about = letter.pop("nominee", None)
        return Message(str(mail.id), now, **letter) if about is None or _is_asked(session, UUID(about)) else None
    member = session.get(Member, mail.member_id) if mail.member_id else None
    address = reached_at(session, member) if member is not None and member.left_at is None else None
    if member is None or address is None:
        return None
    items = _items(session, mail, member, at, now)
    if not items:
        return None
    community = session.get_one(Community, member.community_id)
    leave = link_to_turn_off(member.id, at)
    return Message(
        str(mail.id),
        now,
        to=address,
        subject=_subject(mail, community, items),
        body=_body(member, community, items, leave, at.public_url),
        unsubscribe=leave,
    )


def _is_asked(session: Session, id: UUID) -> bool:
    """Whether a stranger is still waited for. Raises `NotNow`."""
    nominee = session.get(Nominee, id)
    if nominee is None or nominee.state is not State.offered:
        return False
    nomination = session.get_one(Nomination, nominee.nomination_id)
    if nomination.state is State.held:
        raise NotNow
    return nomination.state is State.offered


def _items(session: Session, mail: Mail, member: Member, at: Installation, now: datetime) -> Sequence[Item]:
    """What it tells: of a digest what has not been read meanwhile, and nothing that they do not want to hear."""
    chosen = choice_of(session, member.id)
    if chosen.mails is Mails.off:
        return []
    told = select(Told).where(Told.mail_id == mail.id, col(Told.type).not_in(chosen.muted))
    if mail.is_digest:
        told = told.where(col(Told.read_at).is_(None))
    items = (item_of(session, each, at=at, now=now) for each in session.exec(told.order_by(col(Told.id))).all())
    return [item for item in items if item is not None]


def _subject(mail: Mail, community: Community, items: Sequence[Item]) -> str:
    if not mail.is_digest:
        return items[0].words.text
    return f"{community.name}: {len(items)} {'thing' if len(items) == 1 else 'things'} you have not read"


def _told(words: Words) -> str:
    quoted = f"“{words.quoted}”\n" if words.quoted else ""
    body = f"\n{words.body}\n\n" if words.body else ""
    answered = (
        f"Read it and answer it here, with no token; this link is yours alone:\n{words.page}" if words.page else ""
    )
    return f"{words.text}\n{quoted}{body}{answered or words.next or words.link}"


def _body(member: Member, community: Community, items: Sequence[Item], leave: str, public_url: str) -> str:
    told = "\n\n".join(_told(item.words) for item in items)
    calls = any(item.words.next and not item.words.page for item in items)
    how = (
        "What begins with GET or POST is no page but a call, which a program makes for you; with it you send your own\n"
        f"token of {community.name}, which starts with lrl_. Who has none asks for one: {community.email}\n"
        f"How it is done, step by step: {public_url}/calls\n\n"
    )
    return (
        f"Hello {member.name},\n\n{told}\n\n{how if calls else ''}"
        f"You are told since you are a member of {community.name}. If you want no more mails, say so here:\n{leave}\n"
    )
