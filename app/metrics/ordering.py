"""Things in the order of time, and of their ids where the time is the same; and how others are put among them.

Columns refer to things by their place in the order, so where some go and others come, what refers to them is moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from typing import Final, TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt

from app.metrics.arrays import Flags, Ints
from app.metrics.facts import NONE, Table

Ids = npt.NDArray[np.bytes_]
"""Ids as their sixteen bytes, which sort as ids do."""
A_SECOND: Final = 1_000_000
"""In microseconds, by which contributions are in their order."""
_BYTES: Final = "S16"
_FEW: Final = 64
"""So many are looked for one by one; of more, all are sorted first."""

T = TypeVar("T", bound=Table)


def ids_of(ids: Iterable[UUID]) -> Ids:
    """As a column."""
    return np.frombuffer(b"".join(id.bytes for id in ids), dtype=_BYTES)


def halves(ids: Ids) -> tuple[Ints, Ints]:
    """As two columns of numbers."""
    both = np.frombuffer(ids.tobytes(), dtype=">i8").reshape(-1, 2).astype(np.int64)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def whole(high: Ints, low: Ints) -> Ids:
    """What `halves` were of."""
    return np.frombuffer(np.stack((high, low), axis=1).astype(">i8").tobytes(), dtype=_BYTES)


def address(url: str) -> int:
    """What stands for an address in a column: most of its digest, and never 0."""
    return int.from_bytes(blake2b(url.encode(errors="surrogatepass"), digest_size=8).digest(), "big") >> 1 or 1


@dataclass(frozen=True, eq=False)
class Order:
    """When each was, in whatever unit, and its id."""

    at: Ints
    ids: Ids

    @classmethod
    def of(cls, things: Iterable[tuple[int, UUID]]) -> "Order":
        """Of things that are in their order."""
        given = list(things)
        return cls(np.array([at for at, _ in given], dtype=np.int64), ids_of(id for _, id in given))

    def __len__(self) -> int:
        return len(self.at)

    def find(self, ids: Ids) -> Ints:
        """Their places; `NONE` of those that are not here."""
        if len(self) == 0 or len(ids) == 0:
            return np.full(len(ids), NONE, dtype=np.int64)
        if len(ids) <= _FEW:
            # By the second half, which is random: numbers are compared in a tenth of the time.
            lower, wanted = (each.view("<u8")[1::2] for each in (self.ids, ids))
            alike = [np.flatnonzero(lower == one) for one in wanted]
            found = [those[self.ids[those] == id] for those, id in zip(alike, ids, strict=True)]
            return np.array([those[0] if len(those) else NONE for those in found], dtype=np.int64)
        sorter = np.argsort(self.ids)
        place = sorter[np.minimum(np.searchsorted(self.ids, ids, sorter=sorter), len(self) - 1)]
        return np.where(self.ids[place] == ids, place, NONE)

    def changed(self, gone: Ints, fresh: "Order") -> "Move":
        """Without those at the places `gone`, and with those that are `fresh`."""
        kept: Flags = np.ones(len(self), dtype=np.bool_)
        kept[gone] = False
        rest = self if len(gone) == 0 else Order(self.at[kept], self.ids[kept])
        before = _before(rest, fresh)
        order = Order(np.insert(rest.at, before, fresh.at), np.insert(rest.ids, before, fresh.ids))
        return Move(order, kept, before, before + np.arange(len(fresh)))


@dataclass(frozen=True, eq=False)
class Move:
    """What came of changing an order."""

    order: Order
    kept: Flags
    before: Ints
    """Before which of those that are kept each of the new ones is."""
    fresh: Ints
    """Where those are that are new."""

    @cached_property
    def all_kept(self) -> bool:
        """Whether none is gone."""
        return bool(self.kept.all())

    @cached_property
    def in_place(self) -> bool:
        """Whether all that were there are where they were."""
        return self.all_kept and (len(self.before) == 0 or int(self.before.min()) == len(self.kept))

    @cached_property
    def moved(self) -> Ints:
        """Where each is now; `NONE` of those that are gone."""
        left = int(self.kept.sum())
        place = np.arange(left) + np.cumsum(np.bincount(self.before, minlength=left + 1))[:left]
        if self.all_kept:
            return place
        moved = np.full(len(self.kept), NONE, dtype=np.int64)
        moved[self.kept] = place
        return moved

    def rows(self, old: T, new: T) -> T:
        """A table with one row each."""
        return _merged(old if self.all_kept else old.where(self.kept), self.before, new)

    def hung(self, old: T, new: T, to: str) -> T:
        """A table of which the column `to` says to which each row belongs, in the order of those."""
        left = self.referring(old, to)
        parents = self.fresh[getattr(new, to)]
        return _merged(left, np.searchsorted(getattr(left, to), parents), replace(new, **{to: parents}))

    def referring(self, table: T, to: str) -> T:
        """A table of which a column refers to these: what refers to one that is gone goes, too."""
        if self.in_place:
            return table
        refers = self.moved[getattr(table, to)]
        table = replace(table, **{to: refers})
        return table if self.all_kept else table.where(refers != NONE)


def _merged(old: T, before: Ints, new: T) -> T:
    """Each new row before an old one."""
    if len(before) == 0:
        return old
    columns = (np.insert(*each) for each in zip(old.columns, [before] * len(fields(old)), new.columns, strict=True))
    return type(old)(*columns)


def _before(these: Order, fresh: Order) -> Ints:
    """Before which of these each of the others belongs."""
    place = np.searchsorted(these.at, fresh.at, side="left")
    until = np.searchsorted(these.at, fresh.at, side="right")
    for row in np.flatnonzero(place < until):
        place[row] += np.searchsorted(these.ids[place[row] : until[row]], fresh.ids[row])
    return place
