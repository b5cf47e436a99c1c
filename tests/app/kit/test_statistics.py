"""What few answers allow to say."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit.statistics import Z95, Interval, cronbach_alpha, wilson

ROWS = [[3, 3, 2], [2, 2, 2], [1, 2, 1], [3, 2, 3], [0, 1, 0]]


def covariance(one: Sequence[int], other: Sequence[int]) -> float:
    return sum((x - fmean(one)) * (y - fmean(other)) for x, y in zip(one, other, strict=True)) / (len(one) - 1)


@pytest.mark.parametrize(
    ("part", "low", "high"), [(19, 0.7639, 0.9911), (17, 0.6396, 0.9476), (20, 0.8389, 1.0), (0, 0.0, 0.1611)]
)
def test_of_twenty_who_answered_the_share_is_only_roughly_known(part: int, low: float, high: float) -> None:
    assert wilson(part, 20) == pytest.approx((low, high), abs=5e-5)


def test_of_nobody_who_answered_nothing_is_known() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


@pytest.mark.parametrize(("part", "whole"), [(-1, 5), (6, 5), (1, 0)])
def test_what_is_no_part_of_the_whole_has_no_share(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="not a part"):
        wilson(part, whole)


@given(some.integers(1, 10**7).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_the_share_is_just_as_far_from_either_end_as_chance_takes_it(seen: tuple[int, int]) -> None:
    """The ends are those true shares from which what was seen is `Z95` standard deviations away."""
    part, whole = seen
    found = wilson(part, whole)
    assert 0 <= found.low <= part / whole <= found.high <= 1
    for end in found:
        reach = Z95 * sqrt(end * (1 - end) / whole)
        assert abs(part / whole - end) == pytest.approx(reach, rel=1e-6, abs=1e-12)


def test_alpha_is_that_of_the_worked_example() -> None:
    assert cronbach_alpha(ROWS) == pytest.approx(0.903409, abs=5e-7)


@pytest.mark.parametrize("answers", [[], [[1, 2, 3]], [[1], [2]], [[1, 2], [1, 2]], [[0, 3], [3, 0]], [[], []]])
def test_where_nothing_varies_or_hardly_anybody_answered_there_is_no_alpha(answers: list[list[int]]) -> None:
    assert cronbach_alpha(answers) is None


def test_items_that_contradict_each_other_have_a_negative_alpha() -> None:
    alpha = cronbach_alpha([[0, 3], [3, 1], [1, 3], [3, 0]])
    assert alpha is not None
    assert alpha < 0


def test_an_answer_that_is_missing_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="shorter"):
        cronbach_alpha([[1, 2], [1]])


@given(some.lists(some.lists(some.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=30))
def test_alpha_is_the_part_of_the_covariance_that_is_between_items_and_never_above_one(
    answers: list[list[int]],
) -> None:
    items = list(zip(*answers, strict=True))
    within = sum(covariance(item, item) for item in items)
    in_all = sum(covariance(one, other) for one in items for other in items)
    alpha = cronbach_alpha(answers)
    if alpha is None:
        assert in_all == pytest.approx(0, abs=1e-9)
    else:
        assert alpha <= 1 + 1e-12
        assert alpha == pytest.approx(4 / 3 * (1 - within / in_all), abs=1e-9)
