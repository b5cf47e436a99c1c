"""What people did, read: lists for those who may see it, and what counts for somebody."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions import naming
from app.contributions.rules import Account, Loop, Side
from app.contributions.tables import Contribution, Credit, Uncounted


@dataclass(frozen=True)
class Deed:
    """Something that counts for somebody."""

    contribution: UUID
    type: str
    occurred_at: datetime
    ends_at: datetime | None
    role: str | None
    """What they were in it; the first, where they were several things."""
    source: str
    recorded_by: str
    url: str | None
    evidence_digest: str | None
    channel: str | None
    loop: Loop | None
    """None for that of its type."""


@dataclass(frozen=True)
class Party:
    """Somebody who is credited with a contribution, as they are known when it is read."""

    side: Side
    role: str | None
    members: tuple[UUID, ...]
    """Whose it is: several where one person has several memberships here; empty while the account is nobody's."""
    account: Account | None
    """The account that is credited, if it is one."""


def of_persons(session: Session, community: UUID, persons: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Of a credit: that it is these members', by their ids or by accounts that are theirs."""
    theirs: list[sa.ColumnElement[bool]] = [col(Credit.member_id).in_(persons)]
    for claim in naming.claims_of(session, community, persons):
        named = [col(Credit.platform) == claim.account.platform, col(Credit.account) == claim.account.account]
        named += [col(Credit.occurred_at) >= claim.since] if claim.since is not None else []
        named += [col(Credit.occurred_at) < claim.until] if claim.until is not None else []
        theirs.append(sa.and_(col(Credit.community_id) == community, *named))
    return sa.or_(*theirs)


def credited(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    *,
    types: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    side: Side = Side.by,
) -> list[Deed]:
    """What counts for the members `persons`, who are one person, newest first: nothing, if they do not want it counted.

    From `since` on and before `until`, by when it began; of `types`, or of all. Who is one person with whom says
    `members.links.accounts_of`; whose accounts are theirs is asked here.
    """
    if any_uncounted(session, persons):
        return []
    chosen = (
        sa.select(
            col(Credit.contribution_id),
            col(Credit.type),
            col(Credit.occurred_at),
            col(Contribution.ends_at),
            col(Credit.role),
            col(Contribution.source),
            col(Contribution.recorded_by),
            col(Contribution.url),
            col(Contribution.evidence_digest),
            col(Contribution.channel),
            col(Contribution.loop),
        )
        .join(Contribution, col(Contribution.id) == col(Credit.contribution_id))
        .where(*_counting(session, community, persons, types, since, until, side))
        .order_by(col(Credit.occurred_at).desc(), col(Credit.contribution_id).desc(), col(Credit.position))
    )
    found = dict[UUID, Deed]()
    for row in session.execute(chosen).all():
        found.setdefault(row[0], Deed(*row))
    return list(found.values())


def counted(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    *,
    types: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    side: Side = Side.by,
) -> int:
    """How many `credited` would give."""
    if any_uncounted(session, persons):
        return 0
    distinct = sa.func.count(sa.distinct(col(Credit.contribution_id)))
    counts = sa.select(distinct).where(*_counting(session, community, persons, types, since, until, side))
    return int(session.execute(counts).scalar_one())


def _counting(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    types: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
    side: Side,
) -> list[sa.ColumnElement[bool]]:
    those = [of_persons(session, community, persons), col(Credit.in_force).is_(True), col(Credit.side) == side]
    those += [col(Credit.type).in_(types)] if types is not None else []
    those += [col(Credit.occurred_at) >= since] if since is not None else []
    those += [col(Credit.occurred_at) < until] if until is not None else []
    return those


def any_uncounted(session: Session, members: Collection[UUID]) -> bool:
    """Whether one of these, who are one person, does not want to be counted."""
    return bool(uncounted(session, members))


def uncounted(session: Session, members: Collection[UUID]) -> frozenset[UUID]:
    """Those of these members who do not want to be counted."""
    return frozenset(session.exec(select(Uncounted.member_id).where(col(Uncounted.member_id).in_(members))).all())


def parties(session: Session, community: UUID, contributions: Iterable[UUID]) -> dict[UUID, list[Party]]:
    """Who is credited with each of these, in the order of its report, as they are known now."""
    ids, found = list(contributions), defaultdict[UUID, list[Party]](list)
    credits = list[Credit]()
    for some in naming.in_batches(ids):
        chosen = select(Credit).where(col(Credit.contribution_id).in_(some))
        credits += session.exec(chosen.order_by(col(Credit.contribution_id), col(Credit.position))).all()
    holders = naming.claims_on(session, community, {account for credit in credits if (account := account_of(credit))})
    for credit in credits:
        account = account_of(credit)
        members = _members_of(credit, holders.get(account, ()) if account else ())
        found[credit.contribution_id].append(Party(credit.side, credit.role, members, account))
    return found


def corrected_by(session: Session, contributions: Collection[UUID]) -> dict[UUID, UUID]:
    """What took the place of each of these, if anything did."""
    chosen = select(Contribution.corrects, Contribution.id).where(col(Contribution.corrects).in_(contributions))
    return {before: after for before, after in session.exec(chosen).all() if before is not None}


def members_of(session: Session, community: UUID, contributions: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The members whom each of these credits, on whichever side, as far as they are known: what `parties` says in full.

    Rows of plain columns, since it is asked about a whole history at a time.
    """
    columns = (Credit.contribution_id, Credit.member_id, Credit.platform, Credit.account, Credit.occurred_at)
    found, rows = defaultdict[UUID, set[UUID]](set), list[Any]()
    for some in naming.in_batches(contributions):
        rows += session.execute(sa.select(*map(col, columns)).where(col(Credit.contribution_id).in_(some))).all()
    accounts = {Account(platform, account) for _, member, platform, account, _ in rows if member is None}
    holders = naming.claims_on(session, community, accounts) if accounts else {}
    for contribution, member, platform, account, when in rows:
        if member is not None:
            found[contribution].add(member)
        else:
            claims = holders.get(Account(platform, account), [])
            found[contribution] |= {claim.member for claim in claims if claim.covers(when)}
    return found


def account_of(credit: Credit) -> Account | None:
    """The account that is credited, if it is one."""
    if credit.platform is None or credit.account is None:
        return None
    return Account(credit.platform, credit.account)


def _members_of(credit: Credit, claims: Sequence[naming.Claim]) -> tuple[UUID, ...]:
    if credit.member_id is not None:
        return (credit.member_id,)
    return tuple(sorted({claim.member for claim in claims if claim.covers(credit.occurred_at)}))
