"""Use-cases: a member's feed, what they choose to be mailed, and mails into the queue."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Invalid, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.journal import Event
from app.kit.occasions import Occasion
from app.kit.paging import Slice, Window, page
from app.kit.prepared import insert_if_absent
from app.members.tables import Member
from app.notifications.hearing import Hearer, Telling, Words
from app.notifications.rules import MAY_BE_MUTED, WARNINGS, Mails, Weekday, next_digest, unknown_types
from app.notifications.tables import Choice, Mail, Told
from app.notifications.topics import words


class NoSuchItem(NotFound):
    """There is no such item in your feed."""

    code = "no-such-item"
    fix = "GET /v1/me/feed lists the items there are."


class NoSuchLink(NotFound):
    """This link turns no mails off."""

    code = "no-such-link"
    fix = "Open the link exactly as it was sent to you, or choose with PUT /v1/me/notifications."


@dataclass(frozen=True)
class Item:
    """Something that a member is told."""

    told: Told
    words: Words


def feed(
    session: Session, member: UUID | None, window: Window, *, unread: bool, at: Installation, now: datetime
) -> tuple[Slice[Told], dict[UUID, Item]]:
    """A page of what a member is told, newest first, and those items of it that may still be told, by id.

    Nobody is told nothing.
    """
    rows = _mine(session, member)
    if unread:
        rows = rows.where(col(Told.read_at).is_(None))
    found = page(session, rows, window, by=[Told.id], newest_first=True)  # type: ignore[list-item]
    items = (item_of(session, told, at=at, now=now) for told in found.items)
    return found, {item.told.id: item for item in items if item is not None}


def item_by_id(session: Session, member: UUID | None, id: str, *, at: Installation, now: datetime) -> Item:
    """One of the things that a member is told. Raises `NoSuchItem`."""
    told = session.exec(_mine(session, member).where(Told.id == id_in(id))).one_or_none()
    item = told and item_of(session, told, at=at, now=now)
    if not item:
        raise NoSuchItem(f"Your feed has no item {id}.")
    return item


def item_of(session: Session, told: Told, *, at: Installation, now: datetime) -> Item | None:
    """What is said of it at this time; None where nothing is any more."""
    event = session.get_one(Event, (told.community_id, told.seq))
    hearer = Hearer(told.member_id, told.part, told.type)
    said = words(session, event, Telling(hearer, now, at))
    return Item(told, said) if said else None


def read(session: Session, member: UUID | None, up_to: str, *, warnings: bool, now: datetime) -> int:
    """Marks an item and all before it as read, `warnings` if wanted; how many were not. Raises `NoSuchItem`.

    The journal hears nothing of it: when somebody reads is nobody else's business.
    """
    last = session.exec(select(Told.id).where(Told.member_id == member, Told.id == id_in(up_to))).one_or_none()
    if last is None:
        raise NoSuchItem(f"Your feed has no item {up_to}.")
    before = sa.and_(col(Told.member_id) == member, col(Told.id) <= last, col(Told.read_at).is_(None))
    if not warnings:
        before = sa.and_(before, col(Told.type).not_in(WARNINGS))
    return len(session.scalars(sa.update(Told).where(before).values(read_at=now).returning(col(Told.id))).all())


def choice_of(session: Session, member: UUID) -> Choice:
    """What a member has chosen, or what holds where they have not."""
    return session.get(Choice, member) or default_choice(member)


def default_choice(member: UUID) -> Choice:
    """What holds for who has chosen nothing."""
    return Choice(member_id=member, muted=[])


def choose(
    session: Session,
    member: Member,
    mails: Mails,
    *,
    day: Weekday | None,
    muted: Sequence[str],
    on: Occasion,
) -> Choice:
    """What a member wants to hear from now on. Raises `Invalid` for a type that there is not, or that is a warning."""
    if unknown := unknown_types(muted):
        message = f"{', '.join(sorted(unknown))}: there are {', '.join(MAY_BE_MUTED)}"
        raise Invalid(errors=[{"pointer": "/muted", "message": message}])
    chosen = _chosen(session, member.id)
    was = (chosen.mails, chosen.digest_day)
    chosen.mails, chosen.digest_day = mails, day or chosen.digest_day
    chosen.muted = sorted(set(muted))
    if mails is not Mails.digest:
        chosen.digest_at = None
    elif was != (mails, chosen.digest_day) or chosen.digest_at is None:
        chosen.digest_at = next_digest(on.now, chosen.digest_day)
    session.add(chosen)
    on.record(session, member.community_id, "notifications.chosen", member.id, {"mails": mails.value})
    return chosen


def turn_off(session: Session, secret: str, *, at: Installation, on: Occasion) -> Member:
    """Turns off the mails of whoever's link this is. Raises `NoSuchLink`."""
    member = member_of_link(session, secret, at=at)
    chosen = choice_of(session, member.id)
    choose(session, member, Mails.off, day=None, muted=chosen.muted, on=on)
    return member


def member_of_link(session: Session, secret: str, *, at: Installation) -> Member:
    """Whose link this is to turn mails off. Raises `NoSuchLink`."""
    id = id_in(secret[:36])
    member = session.get(Member, id) if id else None
    if member is None or not hmac.compare_digest(secret.encode(), _secret_of(member.id, at).encode()):
        raise NoSuchLink("Nobody has this link.")
    return member


def link_to_turn_off(member: UUID, at: Installation) -> str:
    """Where a member turns off their mails without signing in; good for nothing else."""
    return f"{at.public_url}/unsubscribe/{_secret_of(member, at)}"


def enqueue(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    community_id: UUID,
    nominee: UUID | None = None,
    on: Occasion,
    at: Installation,
) -> UUID:
    """Has a letter sent once this transaction is committed; its id. For somebody who is no member, say a claim link.

    `to` is a canonical address, `subject` one line, `body` plain text. All of it is sealed while it waits, and wiped
    when it has been sent or given up. It leaves only while `nominee`, if one is named, is waited for.
    """
    id = on.ids.row()
    letter = {"to": to, "subject": subject, "body": body} | ({"nominee": str(nominee)} if nominee else {})
    sealed = at.vault.seal(json.dumps(letter).encode(), bound_to=letter_context(id))
    session.add(Mail(id=id, community_id=community_id, sealed=sealed, due_at=on.now))
    session.flush()
    return id


def letter_context(mail: UUID) -> str:
    """What a letter is sealed for."""
    return f"mail/{mail}"


def _mine(session: Session, member: UUID | None) -> SelectOfScalar[Told]:
    muted = choice_of(session, member).muted if member else []
    return select(Told).where(Told.member_id == member, col(Told.type).not_in(muted))


def _chosen(session: Session, member: UUID) -> Choice:
    """The row to change, made if there is none; nobody else changes it meanwhile."""
    insert_if_absent(session, default_choice(member))
    chosen = select(Choice).where(Choice.member_id == member).with_for_update()
    return session.exec(chosen.execution_options(populate_existing=True)).one()


def _secret_of(member: UUID, at: Installation) -> str:
    return f"{member}-{at.vault.fingerprint(str(member), bound_to='unsubscribe')[:32]}"
