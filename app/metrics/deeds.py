"""What people did and for whom: read from the credits of a community's contributions, of all or of some."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from app.contributions.naming import claims_on, in_batches
from app.contributions.rules import Account, Side
from app.contributions.tables import Contribution, Credit
from app.metrics.arrays import Flags, Ints
from app.metrics.facts import NEVER, NONE, Acts, Helps
from app.metrics.ordering import A_SECOND, Ids, Move, Order, address, ids_of

AT_ONCE: Final = 20_000
"""Rows that are fetched at a time: a history may have more than memory should hold as objects."""
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class Deeds:
    """What was done, in the order of time. `acts.channel` counts into `channels`."""

    order: Order
    """Of the contributions, by microsecond."""
    urls: Ints
    """Of each, what stands for its address (`ordering.address`); 0 where it has none."""
    acts: Acts
    helps: Helps
    channels: tuple[str, ...]
    """Those in which something was done, by name."""

    @classmethod
    def of(cls, order: Order, urls: Ints, acts: Acts, helps: Helps, channels: Sequence[str]) -> Self:
        """With the channels brought into their order."""
        used = np.bincount(acts.channel + 1, minlength=len(channels) + 1)[1:]
        names = tuple(sorted(name for name, many in zip(channels, used, strict=True) if many))
        if names != tuple(channels):
            place = [names.index(name) if name in names else NONE for name in channels]
            acts = replace(acts, channel=np.array([*place, NONE])[acts.channel])
        return cls(order, urls, acts, helps, names)

    def changed(self, move: Move, fresh: "Deeds") -> "Deeds":
        """With others in their places."""
        names = tuple(dict.fromkeys((*self.channels, *fresh.channels)))
        place = np.array([*map(names.index, fresh.channels), NONE])
        acts = replace(fresh.acts, channel=place[fresh.acts.channel])
        return Deeds.of(
            move.order,
            np.insert(self.urls if move.all_kept else self.urls[move.kept], move.before, fresh.urls),
            move.hung(self.acts, acts, "contribution"),
            move.hung(self.helps, fresh.helps, "contribution"),
            names,
        )


def deeds(
    session: Session,
    community: UUID,
    rows: Mapping[UUID, int],
    kinds: Mapping[str, int],
    some: Collection[UUID] | None = None,
) -> Deeds:
    """All contributions in force, or `some`, by people who are in `rows`, as they are known now; what somebody did for
    themself is an act and no help.

    Rows come in whatever order, and are put into that of time here: a database takes longer to sort a million.
    """
    read = _Read.of(session, community, rows, kinds, some)
    # 1. The contributions, in their order, and which of them each credit belongs to.
    ids, first, contribution = np.unique(read.ids, return_index=True, return_inverse=True)
    by_time = np.argsort(read.at[first], kind="stable")
    first = first[by_time]
    order, number = Order(read.at[first], ids[by_time]), np.argsort(by_time)[contribution]
    seconds, kind = order.at // A_SECOND, read.kind[first]
    # 2. Who did each, and whom it was for.
    credit, person = _people(session, community, read, rows)
    doing = read.doing[credit]
    giver, done = _pairs(person[doing], number[credit[doing]], len(rows))
    receiver, helped = _pairs(person[~doing], number[credit[~doing]], len(rows))
    # 3. What else is said of it.
    channel, urls, channels = _said(session, community, order, some)
    acts = Acts(giver, seconds[done], kind[done], done, channel[done])
    return Deeds.of(order, urls, acts, _helps(acts, receiver, helped), channels)


@dataclass(frozen=True, eq=False)
class _Read:
    """Credits as columns."""

    ids: Ids
    """Of the contribution."""
    at: Ints
    kind: Ints
    doing: Flags
    """Whether they did it, rather than that it was for them."""
    person: Ints
    """The row of the member; `NONE` if it is an account, or nobody who counts."""
    account: Ints
    """Which account, if it is one, counting into `accounts`."""
    accounts: tuple[Account, ...]

    @classmethod
    def of(
        cls,
        session: Session,
        community: UUID,
        rows: Mapping[UUID, int],
        kinds: Mapping[str, int],
        some: Collection[UUID] | None,
    ) -> "_Read":
        """Those in force of all contributions, or of `some`."""
        columns = (Credit.contribution_id, Credit.occurred_at, Credit.side, Credit.member_id)
        chosen = sa.select(
            *map(_as_it_comes, columns), col(Credit.type), col(Credit.platform), col(Credit.account)
        ).where(col(Credit.community_id) == community, col(Credit.in_force).is_(True))
        row_of = (
            _one_by_one(rows)
            if some is not None
            else {raw: row for id, row in rows.items() for raw in (id, id.hex)}.get
        )
        accounts = dict[tuple[str, str], int]()
        found: list[tuple[Any, ...]] = [(np.zeros(0, dtype="S16"), *np.zeros((5, 0), dtype=np.int64))]
        for some_rows in _streamed(session, chosen, Credit.contribution_id, some):
            ids, at, side, member, type, platform, account = zip(*some_rows, strict=True)
            named = zip(platform, account, strict=True)
            found.append(
                (
                    _bytes(ids),
                    _microseconds(at),
                    [kinds[one] for one in type],
                    [one == Side.by for one in side],
                    [row_of(one, NONE) for one in member],
                    [NONE if one[1] is None else accounts.setdefault(one, len(accounts)) for one in named],
                )
            )
        all, when, what, did, who, which = _joined(found)
        return cls(all, when, what, did == 1, who, which, tuple(Account(*one) for one in accounts))


def _people(session: Session, community: UUID, read: _Read, rows: Mapping[UUID, int]) -> tuple[Ints, Ints]:
    """Each credit with each person whom it names: an account may be several members', who are one person."""
    credits = [np.flatnonzero(read.person != NONE)]
    people = [read.person[credits[0]]]
    by_account = np.argsort(read.account, kind="stable")
    begins = np.searchsorted(read.account[by_account], np.arange(len(read.accounts) + 1))
    claims = claims_on(session, community, read.accounts)
    for number, account in enumerate(read.accounts):
        theirs = by_account[begins[number] : begins[number + 1]]
        for claim in claims.get(account, ()):
            if claim.member in rows:
                since = -NEVER if claim.since is None else _microsecond(claim.since)
                until = NEVER if claim.until is None else _microsecond(claim.until)
                covered = theirs[(read.at[theirs] >= since) & (read.at[theirs] < until)]
                credits.append(covered)
                people.append(np.full(len(covered), rows[claim.member]))
    return np.concatenate(credits), np.concatenate(people)


def _pairs(person: Ints, number: Ints, people: int) -> tuple[Ints, Ints]:
    """Each person of each contribution once, in the order of contributions."""
    both = np.unique(number * max(people, 1) + person)
    return both % max(people, 1), both // max(people, 1)


def _helps(acts: Acts, receiver: Ints, helped: Ints) -> Helps:
    """Everybody who did it helped everybody else whom it was for."""
    first = np.searchsorted(acts.contribution, helped, side="left")
    last = np.searchsorted(acts.contribution, helped, side="right")
    many = last - first
    each = np.repeat(np.arange(len(helped)), many)
    giving = first[each] + np.arange(len(each)) - np.repeat(np.cumsum(many) - many, many)
    others = acts.person[giving] != receiver[each]
    giving, receiver = giving[others], receiver[each][others]
    in_order = np.lexsort((receiver, giving))
    giving, receiver = giving[in_order], receiver[in_order]
    return Helps(acts.person[giving], receiver, acts.at[giving], acts.kind[giving], acts.contribution[giving])


def _said(
    session: Session, community: UUID, order: Order, some: Collection[UUID] | None
) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Of each contribution its channel and what stands for its address; and the names of the channels."""
    chosen = sa.select(_as_it_comes(Contribution.id), col(Contribution.channel), col(Contribution.url)).where(
        col(Contribution.community_id) == community,
        sa.or_(col(Contribution.channel).is_not(None), col(Contribution.url).is_not(None)),
    )
    names = dict[str, int]()
    found: list[tuple[Any, ...]] = [(np.zeros(0, dtype="S16"), *np.zeros((2, 0), dtype=np.int64))]
    for rows in _streamed(session, chosen, Contribution.id, some):
        ids, channels, urls = zip(*rows, strict=True)
        channel = [NONE if name is None else names.setdefault(name, len(names)) for name in channels]
        found.append((_bytes(ids), channel, [0 if url is None else address(url) for url in urls]))
    of, in_channel, at_url = _joined(found)
    place = order.find(of)
    here = place != NONE  # what was taken back is not
    its_channel, its_url = np.full(len(order), NONE, dtype=np.int64), np.zeros(len(order), dtype=np.int64)
    its_channel[place[here]], its_url[place[here]] = in_channel[here], at_url[here]
    return its_channel, its_url, tuple(names)


def _streamed(
    session: Session, chosen: sa.Select[Any], by: Any, some: Collection[UUID] | None
) -> Iterator[Sequence[Any]]:
    """Rows by the thousand, never none."""
    if some is None:
        # By the connection: what a session does besides takes longer than all the rest.
        yield from session.connection().execute(chosen, execution_options={"yield_per": AT_ONCE}).partitions()
        return
    for few in in_batches(some):
        if rows := session.connection().execute(chosen.where(col(by).in_(few))).all():
            yield rows


def _joined(parts: list[tuple[Any, ...]]) -> list[Any]:
    """Columns of the rows of all parts."""
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


class _AsItComes(sa.types.UserDefinedType[Any]):
    """A column of which the values are left as they are: to make objects of a million takes longer than all the rest.

    Ids are UUIDs on PostgreSQL and their digits on SQLite, instants are aware and text.
    """

    cache_ok = True


def _as_it_comes(column: Any) -> Any:
    return sa.type_coerce(col(column), _AsItComes())


def _one_by_one(rows: Mapping[UUID, int]) -> Callable[[Any, int], int]:
    """The row of a member whose id comes as the driver has it."""

    def row_of(raw: Any, nobody: int) -> int:
        return nobody if raw is None else rows.get(raw if isinstance(raw, UUID) else UUID(raw), nobody)

    return row_of


def _bytes(ids: Sequence[Any]) -> Ids:
    if isinstance(ids[0], UUID):
        return ids_of(ids)
    return np.frombuffer(bytes.fromhex("".join(ids)), dtype="S16")


def _microseconds(instants: Sequence[Any]) -> Ints:
    if isinstance(instants[0], datetime):
        return np.array([_microsecond(one) for one in instants], dtype=np.int64)
    return np.array(instants, dtype="datetime64[us]").astype(np.int64)


def _microsecond(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
