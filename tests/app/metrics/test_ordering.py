"""An order that is changed is the one that would have been made, and what refers to it refers to the same."""

from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.metrics.arrays import ints
from app.metrics.facts import NONE, Gives
from app.metrics.ordering import Order, halves, ids_of, whole

Things = list[tuple[int, UUID]]
THINGS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n))), unique=True)


@given(THINGS, THINGS, st.data())
def test_putting_some_among_others_is_sorting_them_together(these: Things, others: Things, data: st.DataObject) -> None:
    old, new = Order.of(sorted(these)), Order.of(sorted(others))
    gone = sorted(data.draw(st.sets(st.integers(0, max(0, len(old) - 1))) if these else st.just(set())))
    move = old.changed(np.array(gone, dtype=np.int64), new)
    left = [one for row, one in enumerate(sorted(these)) if row not in gone]
    expected = sorted([*left, *others])
    assert move.order.at.tolist() == [at for at, _ in expected]
    assert move.order.ids.tobytes() == ids_of(id for _, id in expected).tobytes()

    # Of each thing two others say that they belong to it; they still do, in its order.
    def hung(order: Order) -> Gives:
        rows = np.repeat(np.arange(len(order)), 2)
        return Gives(rows, np.array([hash(order.ids[row : row + 1].tobytes()) for row in rows], dtype=np.int64))

    found = move.hung(hung(old), hung(new), "recognition")
    both = np.repeat(np.arange(len(expected)), 2)
    assert found.recognition.tolist() == both.tolist()
    assert found.giver.tolist() == [hash(move.order.ids[row : row + 1].tobytes()) for row in both]


@given(THINGS, THINGS)
def test_what_is_there_is_found_however_many_are_looked_for(these: Things, others: Things) -> None:
    order = Order.of(sorted(these))
    ids = [id for _, id in [*these, *others]]
    for some in (ids, ids * 70):
        found = order.find(ids_of(some))
        assert [order.ids[row : row + 1].tobytes() if row != NONE else None for row in found.tolist()] == [
            ids_of([id]).tobytes() if id in {one for _, one in these} else None for id in some
        ]


@given(st.lists(st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n))))
def test_an_id_comes_back_from_its_halves(ids: list[UUID]) -> None:
    assert whole(*halves(ids_of(ids))).tobytes() == b"".join(id.bytes for id in ids)


def test_nothing_changes_where_nothing_goes_or_comes() -> None:
    order = Order.of([(1, UUID(int=1))])
    assert order.changed(ints(), Order.of([])).in_place
