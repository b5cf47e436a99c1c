"""What people want left alone: nominators whom they block, and never to be recognised here at all."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.errors import Invalid, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.paging import Slice, Window, page
from app.kit.prepared import insert_if_absent
from app.members import unasked
from app.members.service import member_named
from app.members.tables import Community, Member, NeverAdd
from app.members.unasked import fingerprints, fingerprints_of
from app.nominations.nominees import contact_of
from app.nominations.tables import Block, Nominee


class NoSuchBlock(NotFound):
    """You have not blocked this member."""

    code = "no-such-block"
    fix = "GET /v1/me/blocks lists whom you have blocked."


def block(session: Session, member: UUID, whom: str, *, on: Occasion) -> Block:
    """From now on `whom` cannot nominate the member, and hears of a cool-down. Raises `NoSuchMember`, `Invalid`."""
    me = session.get_one(Member, member)
    other = _fellow(session, me, whom)
    if other.id == me.id:
        raise Invalid(errors=[{"parameter": "member", "message": "is yourself"}])
    row = Block(member_id=me.id, blocked_id=other.id, at=on.now)
    if not insert_if_absent(session, row):
        return session.get_one(Block, (me.id, other.id))
    _record(session, me, on)
    return row


def unblock(session: Session, member: UUID, whom: str, *, on: Occasion) -> Block:
    """Takes a block back; the one that was there. Raises `NoSuchMember`, `NoSuchBlock`."""
    row = block_of(session, member, whom)
    session.delete(row)
    _record(session, session.get_one(Member, member), on)
    return row


def blocks(session: Session, member: UUID | None, window: Window) -> Slice[Block]:
    """Whom a member has blocked; whoever is no member has blocked nobody."""
    rows = select(Block).where(Block.member_id == member)
    return page(session, rows, window, by=[col(Block.member_id), col(Block.blocked_id)])


def block_of(session: Session, member: UUID | None, whom: str) -> Block:
    """One block. Raises `NoSuchMember`, `NoSuchBlock`."""
    me = session.get_one(Member, member) if member is not None else None
    row = session.get(Block, (me.id, _fellow(session, me, whom).id)) if me is not None else None
    if row is None:
        raise NoSuchBlock(f"You have not blocked {whom}.")
    return row


def never_add(session: Session, member: UUID, *, at: Installation, on: Occasion) -> None:
    """Nothing is offered to this person any more, in any community here and by whatever address they are known now.

    Kept are keyed hashes alone, which tell nobody who they are.
    """
    if enlist(session, member, at=at, on=on):
        _record(session, session.get_one(Member, member), on)


def enlist(session: Session, member: UUID, *, at: Installation, on: Occasion) -> bool:
    """The same without a word in the journal, for who says it with a refusal; whether they were not on the list yet.

    Beside the refusal, at the same instant, even an event that names nobody would say of whom it is.
    """
    prints = fingerprints_of(session, session.get_one(Member, member), at=at)
    return sum(insert_if_absent(session, NeverAdd(fingerprint=print, at=on.now)) for print in prints) > 0


def may_add(session: Session, member: UUID, *, at: Installation, on: Occasion) -> None:
    """Takes that back, for what the person is known by now."""
    me = session.get_one(Member, member)
    theirs = col(NeverAdd.fingerprint).in_(fingerprints_of(session, me, at=at))
    if session.exec(delete(NeverAdd).where(theirs)).rowcount:
        _record(session, me, on)


def accounts(session: Session, nominee: Nominee) -> list[Member]:
    """The members of the community who are the person nominated; none for a stranger."""
    member = session.get(Member, nominee.member_id) if nominee.member_id is not None else None
    return unasked.accounts(session, member) if member is not None else []


def is_never_added(session: Session, nominee: Nominee, members: Iterable[Member], *, at: Installation) -> bool:
    """Whether a nominee, who is these `accounts`, has asked never to be recognised here."""
    contact = contact_of(nominee, at=at)
    prints = fingerprints(at, email=contact.email if contact is not None else None)
    for member in members:
        prints += fingerprints_of(session, member, at=at)
    return unasked.is_listed(session, prints)


def _fellow(session: Session, member: Member, whom: str) -> Member:
    return member_named(session, session.get_one(Community, member.community_id), whom)


def _record(session: Session, member: Member, on: Occasion) -> None:
    """Says that wishes changed, neither whose nor which: stewards read the journal, and would know of whom to guess."""
    on = replace(on, actor="somebody")
    on.record(session, member.community_id, "wishes.changed", member.community_id)
