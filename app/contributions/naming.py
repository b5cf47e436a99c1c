"""Who is meant: members by handle or id, and whose an account is, now and for what was done at some time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from app.contributions.rules import Account
from app.kit.addresses import canonical_email
from app.kit.installation import Installation
from app.kit.prepared import Prepared, by_places, places
from app.members.addresses import address_key
from app.members.person import canonical_account
from app.members.rules import id_like
from app.members.tables import Address, Identity, Member

EMAIL = "email"
"""The platform on which accounts are addresses; of those only keyed hashes are kept."""
_AT_ONCE = 500
"""Databases bound the parameters of a statement."""

T = TypeVar("T")


@dataclass(frozen=True)
class Claim:
    """That an account is a member's, for what was done from `since` and before `until`."""

    member: UUID
    account: Account
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        return (self.since is None or self.since <= instant) and (self.until is None or instant < self.until)


def known_as(account: Account, community: UUID, *, at: Installation) -> Account:
    """An account in the form in which it is kept and compared; one of nothing has an empty name."""
    if account.platform == EMAIL:
        email = canonical_email(account.account)
        return Account(EMAIL, address_key(community, email, at=at) if email else "")
    return Account(account.platform, canonical_account(account.account))


def members_named(session: Session, community: UUID, names: Collection[str]) -> dict[str, UUID]:
    """The ids of those of `names`, handles or ids, who are members, or were and have not been erased."""
    found: dict[str, UUID] = {}
    chosen = select(Member.id, Member.handle).where(Member.community_id == community, col(Member.erased_at).is_(None))
    for some in in_batches(names):
        ids = {UUID(name) for name in some if id_like(name)}
        for id, handle in session.exec(chosen.where(or_(col(Member.handle).in_(some), col(Member.id).in_(ids)))).all():
            found[handle] = found[str(id)] = id
    return {name: found[_written(name)] for name in names if _written(name) in found}


def claims_of(session: Session, community: UUID, members: Collection[UUID]) -> list[Claim]:
    """Every account that is, or was, one of these members'."""
    claims, keys = list[Claim](), set[str]()
    for some in by_places("of", members):
        values = {"community": community} | some
        claims += [Claim(member, Account(platform, name)) for member, platform, name in _OWN.rows(session, values)]
        keys |= {key for (key,) in _KEYS.rows(session, values) if key}
    if not keys:
        return claims
    return claims + [claim for claim in _of_addresses(session, community, keys) if claim.member in set(members)]


_COMMUNITY = sa.bindparam("community", type_=sa.Uuid())
_OWN = Prepared(
    sa.select(col(Identity.member_id), col(Identity.platform), col(Identity.canonical)).where(
        col(Identity.community_id) == _COMMUNITY, col(Identity.member_id).in_(places("of", sa.Uuid()))
    )
)
_KEYS = Prepared(
    sa.select(col(Address.key)).where(
        col(Address.community_id) == _COMMUNITY,
        col(Address.member_id).in_(places("of", sa.Uuid())),
        col(Address.valid_since).is_not(None),
    )
)


def claims_on(session: Session, community: UUID, accounts: Collection[Account]) -> dict[Account, list[Claim]]:
    """Whose these accounts are, or were; those that are nobody's are missing. They are in the form of `known_as`."""
    found: defaultdict[Account, list[Claim]] = defaultdict(list)
    linked = [account for account in accounts if account.platform != EMAIL]
    chosen = select(Identity).where(Identity.community_id == community)
    for some in in_batches(linked):
        platforms, names = {account.platform for account in some}, {account.account for account in some}
        both = chosen.where(col(Identity.platform).in_(platforms), col(Identity.canonical).in_(names))
        for identity in session.exec(both.order_by(col(Identity.member_id))).all():
            claim = _of_identity(identity)
            found[claim.account].append(claim)
    keys = {account.account for account in accounts if account.platform == EMAIL}
    for claim in _of_addresses(session, community, keys):
        found[claim.account].append(claim)
    return found


def _of_identity(identity: Identity) -> Claim:
    return Claim(identity.member_id, Account(identity.platform, identity.canonical))


def _of_addresses(session: Session, community: UUID, keys: Collection[str]) -> Iterator[Claim]:
    """Addresses are handed on: what was done before somebody gave one up stays theirs, the rest is the next one's."""
    by_key: defaultdict[str, list[Address]] = defaultdict(list)
    held = select(Address).where(Address.community_id == community, col(Address.valid_since).is_not(None))
    for some in in_batches(keys):
        for address in session.exec(held.where(col(Address.key).in_(some)).order_by(col(Address.valid_since))).all():
            by_key[str(address.key)].append(address)
    for key, addresses in by_key.items():
        since: datetime | None = None
        for address in addresses:
            yield Claim(address.member_id, Account(EMAIL, key), since, address.ended_at)
            since = address.ended_at


def _written(name: str) -> str:
    return name.lower() if id_like(name) else name


def in_batches(all: Iterable[T]) -> Iterator[list[T]]:
    """So many of them at a time as a statement takes parameters."""
    rest = iter(all)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
