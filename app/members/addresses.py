"""Addresses of members: each counts as theirs once they have shown that they read it, or as their community stated it
when they joined. By a keyed hash it is found again without being read, also once it was given up.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.address_letters import ask, tell
from app.members.tables import Address, Member

COUNTS = sa.and_(col(Address.valid_since).is_not(None), col(Address.ended_at).is_(None))
"""Of an address: that it is somebody's now, as far as anybody can tell."""


def address_key(community: UUID, email: str, *, at: Installation) -> str:
    """The keyed hash of a canonical address in a community."""
    # The purpose is that of its first use, so that what was written under it goes on being found.
    return at.vault.fingerprint(email, bound_to=f"nominee/{community}")


def fill_in(session: Session, *, at: Installation) -> int:
    """Gives their keys to addresses that are from before there were any; to how many."""
    without = select(Address).where(col(Address.email).is_not(None), col(Address.key).is_(None))
    addresses = session.exec(without).all()
    for address in addresses:
        assert address.email is not None  # noqa: S101  as asked
        address.key = address_key(address.community_id, address.email, at=at)
        session.add(address)
    return len(addresses)


def address_of(member: Member, email: str, *, at: Installation, on: Occasion, written: str | None = None) -> Address:
    """A new row for a canonical address of a member, which does not count yet."""
    return Address(
        id=on.ids.row(),
        community_id=member.community_id,
        member_id=member.id,
        email=email,
        written=written or email,
        key=address_key(member.community_id, email, at=at),
        added_at=on.now,
    )


def known_address(session: Session, member: Member, email: str) -> Address | None:
    """The row of an address that a member has, whether or not it counts."""
    chosen = select(Address).where(Address.member_id == member.id, Address.email == email)
    return session.exec(chosen.with_for_update()).one_or_none()


def valid_emails(session: Session, member: UUID) -> list[str]:
    """The canonical addresses that count as a member's, those they have had longest first."""
    mine = select(Address.email).where(Address.member_id == member, COUNTS).order_by(col(Address.valid_since))
    return [email for email in session.exec(mine).all() if email is not None]


def valid_keys(session: Session, member: UUID) -> frozenset[str]:
    """The keyed hashes of the addresses that count as a member's."""
    mine = select(Address.key).where(Address.member_id == member, COUNTS)
    return frozenset(key for key in session.exec(mine).all() if key is not None)


def emails_of(session: Session, member: UUID) -> list[str]:
    """All canonical addresses of a member, also those that do not count yet."""
    mine = select(Address.email).where(Address.member_id == member).order_by(col(Address.id))
    return [email for email in session.exec(mine).all() if email is not None]


def reached_at(session: Session, member: Member) -> str | None:
    """Where a member is written to: at their first address, once it counts."""
    return member.email if member.email in valid_emails(session, member.id) else None


def reached_among(session: Session, members: Collection[UUID]) -> frozenset[UUID]:
    """Those of these who are written to at some address; of hundreds in one statement."""
    theirs = sa.and_(col(Address.member_id) == Member.id, col(Address.email) == Member.email)
    reached = select(Member.id).join(Address, theirs).where(col(Member.id).in_(members), COUNTS)
    return frozenset(session.exec(reached).all())


def end(address: Address, *, on: Occasion) -> None:
    """It is theirs no longer; kept is only by what it is known that it was."""
    address.email = address.written = None
    address.ended_at = on.now


def holder(session: Session, community: UUID, email: str) -> UUID | None:
    """The member whose a canonical address is, if it counts as anybody's."""
    return session.exec(
        select(Address.member_id).where(Address.community_id == community, Address.email == email, COUNTS)
    ).one_or_none()


def follow(session: Session, member: Member, was: str | None, *, at: Installation, on: Occasion) -> None:
    """Once others have made another address a member's first: who read the old one is told, and it is theirs no longer;
    the new one counts once its link was followed."""
    if member.email == was:
        return
    old = known_address(session, member, was) if was is not None else None
    if old is not None:
        if old.valid_since is not None:
            tell(session, old, at=at, on=on)
        end(old, on=on)
        session.add(old)
    if member.email is None:
        return
    new = known_address(session, member, member.email) or address_of(member, member.email, at=at, on=on)
    session.add(new)
    session.flush()
    if new.valid_since is None:
        ask(session, new, at=at, on=on)


def held_since(address: type[Address], instant: Any) -> sa.ColumnElement[bool]:
    """Of an address: that it counts as somebody's, or did at some time since then."""
    return sa.and_(
        col(address.valid_since).is_not(None),
        sa.or_(col(address.ended_at).is_(None), col(address.ended_at) >= instant),
    )


def claimed_by(session: Session, community: UUID, keys: Collection[str]) -> frozenset[UUID]:
    """The members who say that an address with one of these keys is theirs, and have not proven it."""
    claims = select(Address.member_id).where(
        Address.community_id == community,
        col(Address.key).in_(keys),
        col(Address.valid_since).is_(None),
        col(Address.ended_at).is_(None),
    )
    return frozenset(session.exec(claims).all())
