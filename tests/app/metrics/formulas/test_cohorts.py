"""What becomes of those who came together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas import cohorts

FIRST = ints(0, 0, 0, 0)
PERSON, PERIOD = ints(0, 1, 2, 3, 0, 1, 1, 2, 1), ints(0, 0, 0, 0, 1, 1, 2, 2, 2)
"""a, b, c and d came in January; a and b were there in February, b and c in March."""


def test_half_of_four_were_there_in_february_and_half_in_march() -> None:
    assert cohorts.sizes(FIRST, 3).tolist() == [4, 0, 0]
    assert cohorts.classic(FIRST, PERSON, PERIOD, 3)[0].tolist() == [4, 2, 2]


def test_three_of_four_were_seen_in_february_or_later() -> None:
    last = ints(1, 2, 2, 0)
    assert cohorts.rolling(FIRST, last, 3)[0].tolist() == [4, 3, 2]


def test_who_came_before_all_cohorts_is_in_none() -> None:
    found = cohorts.classic(ints(-1, 0), ints(0, 1, 0), ints(0, 0, 1), 2)
    assert found.tolist() == [[1, 0], [0, 0]]
    assert cohorts.sizes(ints(-1, 0), 2).tolist() == [1, 0]


def test_of_eight_who_were_watched_long_enough_three_contributed() -> None:
    joined = ints(*range(8), 80, 90)
    first = ints(0, 31, 32, *[10**9] * 5, 81, 90)
    watched = cohorts.observable(joined, 100, 30)
    done = cohorts.converted(joined, first, 30) & watched
    assert (done.sum(), watched.sum()) == (3, 8)


ACTS = some.lists(some.tuples(some.integers(0, 8), some.integers(0, 4)), max_size=60)


@given(ACTS)
def test_whoever_is_active_was_seen_then_or_later(acts: list[tuple[int, int]]) -> None:
    person, period = ints(*(who for who, _ in acts)), ints(*(when for _, when in acts))
    first, last = np.full(9, 99), np.full(9, -1)
    np.minimum.at(first, person, period)
    np.maximum.at(last, person, period)
    classic, rolling = cohorts.classic(first, person, period, 5), cohorts.rolling(first, last, 5)
    assert (classic <= rolling).all()
    assert (np.diag(classic) == cohorts.sizes(first, 5)).all()
    assert (np.tril(classic, -1) == 0).all()
