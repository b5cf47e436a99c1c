"""What people were recognised for, by whom, and what was decided: as columns, in the order in which it happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import numpy as np

from app.metrics.arrays import Ints, distinct_pairs
from app.metrics.facts import NEVER, NONE, Cites, Decisions, Gives, Path, Recognitions, Table
from app.metrics.ordering import A_SECOND, Move, Order, address, halves, ids_of, whole


@dataclass(frozen=True)
class Honour:
    """One recognition of somebody."""

    id: UUID
    receiver: int
    type: str | None
    path: Path
    offered: int
    accepted: int = NEVER
    refused: int = NEVER
    issued: int = NEVER
    revoked: int = NEVER
    givers: tuple[int, ...] = ()
    urls: tuple[str, ...] = ()
    """What is shown for it."""
    contributions: tuple[UUID, ...] = ()

    @property
    def times(self) -> tuple[int, ...]:
        """When each step was, in the order of the columns."""
        return self.offered, self.accepted, self.refused, self.issued, self.revoked


@dataclass(frozen=True, eq=False)
class Named(Table):
    """The ids of contributions that a recognition names."""

    recognition: Ints
    high: Ints
    low: Ints


@dataclass(frozen=True, eq=False)
class Shown(Table):
    """The addresses that are shown for a recognition, as `ordering.address` has them."""

    recognition: Ints
    address: Ints


@dataclass(frozen=True, eq=False)
class Honours:
    """Recognitions in the order in which they were offered, and decisions in theirs."""

    order: Order
    table: Recognitions
    gives: Gives
    named: Named
    shown: Shown
    decided: Order
    """By nominee."""
    decisions: Decisions

    @classmethod
    def of(cls, found: Iterable[Honour], kinds: Mapping[str, int], decided: Order, decisions: Decisions) -> Self:
        """As columns. Nobody gives to themself."""
        all = sorted(found, key=lambda one: (one.offered, one.id))
        named = [(row, id) for row, one in enumerate(all) for id in one.contributions]
        return cls(
            Order.of((one.offered, one.id) for one in all),
            Recognitions.of((one.receiver, kinds.get(one.type or "", NONE), one.path, *one.times) for one in all),
            Gives.of((row, giver) for row, one in enumerate(all) for giver in one.givers if giver != one.receiver),
            Named(np.array([row for row, _ in named], dtype=np.int64), *halves(ids_of(id for _, id in named))),
            Shown.of((row, address(url)) for row, one in enumerate(all) for url in one.urls),
            decided,
            decisions,
        )

    def changed(self, some: "Some", fresh: "Honours") -> "tuple[Honours, Move]":
        """With those of `some` in the stead of what was known of them, and how their order has changed."""
        ids = ids_of(some.ids)
        gone, undone = (found[found != NONE] for found in (self.order.find(ids), self.decided.find(ids)))
        move, decided = self.order.changed(gone, fresh.order), self.decided.changed(undone, fresh.decided)
        of = "recognition"
        now = Honours(
            move.order,
            move.rows(self.table, fresh.table),
            move.hung(self.gives, fresh.gives, of),
            move.hung(self.named, fresh.named, of),
            move.hung(self.shown, fresh.shown, of),
            decided.order,
            decided.rows(self.decisions, fresh.decisions),
        )
        return now, move

    def may_rest_on(self, order: Order, urls: Ints) -> bool:
        """Whether some of these contributions are named or shown."""
        shown = np.isin(self.shown.address, urls[urls != 0]).any()
        return bool(shown or np.isin(whole(self.named.high, self.named.low), order.ids).any())

    def cites(self, order: Order, urls: Ints) -> Cites:
        """Which contributions each rests on: those named, and of those that stand at an address shown the last that was
        done by when it was offered, so that nothing done later takes its place."""
        at = np.flatnonzero(np.isin(urls, self.shown.address))
        at = at[np.argsort(urls[at], kind="stable")]
        names, name = np.unique(urls[at], return_inverse=True)
        # Each contribution by its address and place; each address shown by how many were done by then.
        by_then = np.searchsorted(order.at, (self.table.offered[self.shown.recognition] + 1) * A_SECOND)
        wanted = np.searchsorted(names, self.shown.address)
        many = len(order) + 1
        place = np.searchsorted(name * many + at, wanted * many + by_then) - 1
        known = np.flatnonzero(place >= 0)
        known = known[urls[at[place[known]]] == self.shown.address[known]]
        by_id = order.find(whole(self.named.high, self.named.low))
        there = by_id != NONE
        recognition = np.concatenate((self.named.recognition[there], self.shown.recognition[known]))
        contribution = np.concatenate((by_id[there], at[place[known]]))
        return Cites(*distinct_pairs(recognition, contribution, len(order)))


@dataclass(frozen=True)
class Some:
    """Of which cases something has happened."""

    badges: frozenset[UUID]
    nominations: frozenset[UUID]
    nominees: frozenset[UUID]
    thanks: frozenset[UUID]

    @property
    def ids(self) -> frozenset[UUID]:
        """What recognitions of them may be called."""
        return self.badges | self.nominees | self.thanks
