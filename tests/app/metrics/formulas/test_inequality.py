"""How evenly something is spread among people."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import Ints, ints
from app.metrics.formulas import inequality

NIELSEN = np.array([50] + [5] * 9 + [0] * 90)
"""One creates, nine respond, ninety do neither."""
SOME = some.lists(some.integers(0, 1000), min_size=1, max_size=60).map(lambda each: np.array(each, dtype=np.int64))


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ([1, 1, 1, 1], 0),
        ([0, 0, 0, 4], 0.75),
        ([1, 2, 3, 4], 0.25),
        ([5, *[0] * 9], 0.9),
        ([0, 0, 0], 0),
        ([7], 0),
        ([4] * 3 + [0] * 9, 0.75),
        ([3, 1, 1, 1, 0, 0, 0, 0], 0.625),
    ],
)
def test_gini_is_that_of_the_worked_examples(of: list[int], expected: float) -> None:
    assert inequality.gini(ints(*of)) == pytest.approx(expected)


def test_of_nobody_there_is_no_inequality() -> None:
    assert inequality.gini(ints()) == 0
    assert inequality.lorenz(ints(), 0) is None
    assert inequality.top_share(ints(0, 0), 0.5) is None
    assert inequality.corrected(0.0, 1) is None
    assert inequality.corrected(0.0, 0) is None


def test_corrected_it_reaches_one_where_one_has_all() -> None:
    assert inequality.corrected(inequality.gini(ints(0, 0, 0, 4)), 4) == pytest.approx(1)
    assert inequality.corrected(0.75, 12) == pytest.approx(0.818182, abs=5e-7)


def test_the_ninety_nine_one_population() -> None:
    assert inequality.gini(NIELSEN) == pytest.approx(0.942632, abs=5e-7)
    assert inequality.top_share(NIELSEN, 0.01) == pytest.approx(0.526316, abs=5e-7)
    assert inequality.top_share(NIELSEN, 0.10) == pytest.approx(1)
    assert inequality.share_of_largest(NIELSEN[1:], 9) == pytest.approx(1)
    assert inequality.lorenz(NIELSEN, 90) == 0


@given(SOME)
def test_gini_is_below_one_whatever_the_unit_and_the_order(of: Ints) -> None:
    found = inequality.gini(of)
    assert 0 <= found < 1
    assert inequality.gini(of[::-1] * 7) == pytest.approx(found, abs=1e-9)
    differences = np.abs(of[:, None] - of[None, :]).sum()
    assert found == pytest.approx(differences / (2 * len(of) * of.sum()) if of.sum() else 0, abs=1e-9)


@given(SOME, some.floats(0.01, 1))
def test_the_largest_have_their_part_at_least(of: Ints, part: float) -> None:
    share = inequality.top_share(of, part)
    assert share is None or share >= inequality.head_count(part, len(of)) / len(of) - 1e-9


@pytest.mark.parametrize(("part", "people", "expected"), [(0.1, 430, 43), (0.01, 1899, 19), (0.01, 5, 1), (1, 7, 7)])
def test_the_top_is_rounded_up_to_whole_people(part: float, people: int, expected: int) -> None:
    assert inequality.head_count(part, people) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [([1000, 202, 90, 33, 332, 343, 42, 433], 2), ([1, 1, 1, 1], 2), ([9], 1), ([], 0), ([0, 0], 0), ([3, 3, 3], 2)],
)
def test_so_few_could_leave_and_take_half_with_them(of: list[int], expected: int) -> None:
    """The first is the example of CHAOSS, contributor absence factor."""
    assert inequality.absence_factor(ints(*of)) == expected


def test_evenness_of_types() -> None:
    assert inequality.entropy_bits(ints(8, 4, 2, 2)) == pytest.approx(1.75)
    assert inequality.evenness(ints(8, 4, 2, 2)) == pytest.approx(0.875)
    assert inequality.evenness(ints(3, 3, 3)) == pytest.approx(1)
    assert inequality.evenness(ints(9, 0)) == 0
    assert inequality.evenness(ints(9)) is None
    assert inequality.evenness(ints(0, 0)) is None


@pytest.mark.parametrize(
    ("of", "expected"), [([5, 4, 4, 2, 1], 3), ([10, 8, 5, 4, 3], 4), ([0, 0], 0), ([1], 1), ([], 0), ([3, 3, 3], 3)]
)
def test_h_is_the_most_that_as_many_have(of: list[int], expected: int) -> None:
    assert inequality.h_index(ints(*of)) == expected


def test_the_graphs_that_everybody_knows() -> None:
    karate = np.array([degree for _, degree in nx.karate_club_graph().degree()])
    assert inequality.gini(karate) == pytest.approx(0.38537, abs=5e-6)
    women = nx.davis_southern_women_graph()
    attended = np.array([women.degree(each) for each in women.graph["top"]])
    assert attended.sum() == 89
    assert inequality.gini(attended) == pytest.approx(0.234082, abs=5e-7)
