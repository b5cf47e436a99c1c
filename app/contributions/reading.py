"""What people did, read: lists for those who may see it, and what counts for somebody."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions import naming
from app.contributions.rules import Account, Loop, Side
from app.contributions.tables import Contribution, Credit, Uncounted
from app.kit.prepared import AT_ONCE, Prepared, by_places, places


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


class Done(NamedTuple):
    """Something that somebody did, as far as it is needed to count it."""

    contribution: UUID
    type: str
    occurred_at: datetime
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
        .where(*counting(session, community, persons, types, since, until, side))
        .order_by(col(Credit.occurred_at).desc(), col(Credit.contribution_id).desc(), col(Credit.position))
    )
    found = dict[UUID, Deed]()
    for row in session.execute(chosen).all():
        found.setdefault(row[0], Deed(*row))
    return list(found.values())


def newest_done(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    *,
    types: Collection[str],
    since: datetime | None,
    most: int,
) -> list[Done]:
    """What the members `persons`, who are one person, did of these types, oldest first: of each type the newest `most`.

    Nothing is asked of whether they want it counted. For what is asked with every contribution: each type is one look
    into an index, which ends after `most` rows.
    """
    values = {"of": community, "since": since or _EVER, "most": most}
    found = dict[UUID, Done]()
    for type in types:
        for member in persons:
            rows = _BY_MEMBER.rows(session, values | {"type": type, "member": member})
            found |= {row[0]: Done(*row) for row in rows}
    for claim in naming.claims_of(session, community, persons):
        account = {"platform": claim.account.platform, "account": claim.account.account}
        for type in types:
            rows = _BY_ACCOUNT.rows(session, values | account | {"type": type})
            found |= {row[0]: Done(*row) for row in rows if claim.covers(row[2])}
    by_type, oldest_first = (
        Counter[str](),
        sorted(found.values(), key=lambda done: (done.occurred_at, done.contribution)),
    )
    for done in reversed(oldest_first):
        by_type[done.type] += 1
        if by_type[done.type] > most:
            del found[done.contribution]
    return [done for done in oldest_first if done.contribution in found]


def _newest(*whose: sa.ColumnElement[bool]) -> Prepared:
    columns = (Credit.contribution_id, Credit.type, Credit.occurred_at, Contribution.loop)
    return Prepared(
        sa.select(*map(col, columns))
        .join(Contribution, col(Contribution.id) == col(Credit.contribution_id))
        .where(
            *whose,
            col(Credit.community_id) == sa.bindparam("of", type_=sa.Uuid()),
            col(Credit.type) == sa.bindparam("type"),
            col(Credit.occurred_at) > sa.bindparam("since"),
            col(Credit.in_force).is_(True),
            col(Credit.side) == sa.literal_column(f"'{Side.by.value}'"),
        )
        .order_by(col(Credit.occurred_at).desc())
        .limit(sa.bindparam("most", type_=sa.Integer()))
    )


_EVER = datetime(1, 1, 2, tzinfo=UTC)
_BY_MEMBER = _newest(col(Credit.member_id) == sa.bindparam("member", type_=sa.Uuid()))
_BY_ACCOUNT = _newest(col(Credit.platform) == sa.bindparam("platform"), col(Credit.account) == sa.bindparam("account"))


def doers(session: Session, community: UUID, contributions: Collection[UUID]) -> list[tuple[Done, set[UUID]]]:
    """Each of these, with the members who did it, as far as they are known."""
    done, who, accounts = dict[UUID, Done](), defaultdict[UUID, set[UUID]](set), list[tuple[UUID, Account, datetime]]()
    for some in by_places("id", contributions):
        for id, type, when, loop, member, platform, account in _DOERS.rows(session, some):
            done[id] = Done(id, type, when, loop)
            if member is not None:
                who[id].add(member)
            else:
                accounts.append((id, Account(platform, account), when))
    holders = naming.claims_on(session, community, {account for _, account, _ in accounts}) if accounts else {}
    for id, account, when in accounts:
        who[id] |= {claim.member for claim in holders.get(account, []) if claim.covers(when)}
    return [(one, who[id]) for id, one in done.items()]


_DOERS = Prepared(
    sa.select(
        *map(col, (Contribution.id, Contribution.type, Contribution.occurred_at, Contribution.loop)),
        *map(col, (Credit.member_id, Credit.platform, Credit.account)),
    )
    .join(Credit, col(Credit.contribution_id) == col(Contribution.id))
    .where(
        col(Contribution.id).in_(places("id", sa.Uuid())),
        col(Credit.side) == sa.literal_column(f"'{Side.by.value}'"),
    )
)


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
    counts = sa.select(distinct).where(*counting(session, community, persons, types, since, until, side))
    return int(session.execute(counts).scalar_one())


def contributors(session: Session, community: UUID, members: Collection[UUID], *, until: datetime) -> frozenset[UUID]:
    """Those of these members who did something before `until`, by their ids or by accounts that are theirs.

    Nothing is asked of whether they want it counted.
    """
    done = sa.select(col(Credit.member_id)).where(
        col(Credit.in_force).is_(True), col(Credit.side) == Side.by, col(Credit.occurred_at) < until
    )
    found = set[UUID]()
    for some in naming.in_batches(list(members)):
        found.update(session.execute(done.where(col(Credit.member_id).in_(some)).distinct()).scalars())
    for claim in naming.claims_of(session, community, [member for member in members if member not in found]):
        theirs = [col(Credit.platform) == claim.account.platform, col(Credit.account) == claim.account.account]
        theirs += [col(Credit.occurred_at) >= claim.since] if claim.since is not None else []
        theirs += [col(Credit.occurred_at) < claim.until] if claim.until is not None else []
        told = done.where(col(Credit.community_id) == community, *theirs).limit(1)
        if session.execute(told).first() is not None:
            found.add(claim.member)
    return frozenset(found)


def counting(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    types: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
    side: Side,
) -> list[sa.ColumnElement[bool]]:
    """Of a credit: that it counts for the members `persons`, who are one person; so do those of `credited`."""
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


_PARTY = sa.select(
    *map(col, (Credit.contribution_id, Credit.member_id, Credit.platform, Credit.account, Credit.occurred_at))
)
_PARTIES = Prepared(_PARTY.where(col(Credit.contribution_id).in_(places("id", sa.Uuid()))))
_FEW = 4 * AT_ONCE
"""Contributions that are asked for by what is compiled once."""


def members_of(session: Session, community: UUID, contributions: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The members whom each of these credits, on whichever side, as far as they are known: what `parties` says in full.

    Rows of plain columns, since it is asked about a whole history at a time.
    """
    ids = list(contributions)
    found, rows = defaultdict[UUID, set[UUID]](set), list[Any]()
    if len(ids) <= _FEW:
        for few in by_places("id", ids):
            rows += _PARTIES.rows(session, few)
    else:
        for some in naming.in_batches(ids):
            rows += session.execute(_PARTY.where(col(Credit.contribution_id).in_(some))).all()
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
