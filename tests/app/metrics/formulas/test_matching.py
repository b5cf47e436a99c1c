"""What became of people after something, against people like them to whom it did not happen."""

import numpy as np
import pytest

from app.metrics.formulas import matching
from app.metrics.formulas.matching import Trial


def trial(effect: float, *, people: int = 400, seed: int = 7) -> Trial:
    """The more somebody did, the likelier they are recognised, and the more they slow down whatever happens."""
    draw = np.random.Generator(np.random.PCG64(seed))
    before = draw.gamma(2.0, 3.0, people)
    treated = draw.random(people) < before / before.max()
    change = -0.5 * before + draw.normal(0, 0.5, people) + effect * treated
    return Trial(np.arange(people), treated, before, draw.integers(0, 1000, people), change)


def test_slowing_down_is_not_put_down_to_recognition() -> None:
    found = matching.difference([trial(0.0)], rounds=200, seed=1)
    assert found is not None
    assert found.raw < -3
    assert abs(found.difference) < 0.8
    assert found.matched + found.unmatched == trial(0.0).treated.sum()


def test_what_recognition_does_is_found_though_all_slow_down() -> None:
    with_it, without = (matching.difference([trial(effect)], rounds=200, seed=1) for effect in (2.0, 0.0))
    assert with_it is not None
    assert without is not None
    assert with_it.raw < 0 < with_it.difference
    assert with_it.difference - without.difference == pytest.approx(2.0)
    assert with_it.interval is not None
    assert with_it.interval.low <= with_it.difference <= with_it.interval.high


def test_the_same_seed_says_the_same() -> None:
    assert matching.difference([trial(1.0)], rounds=50, seed=3) == matching.difference([trial(1.0)], rounds=50, seed=3)


def test_whoever_has_nobody_like_them_is_not_compared() -> None:
    alone = Trial(np.arange(2), np.array([True, True]), np.array([1.0, 9.0]), np.array([10, 900]), np.array([1.0, 2.0]))
    assert matching.difference([alone], rounds=10, seed=1) is None
    none = np.zeros(0, dtype=np.int64)
    nobody = Trial(none, none > 0, np.zeros(0), none, np.zeros(0))
    assert matching.difference([nobody, *[alone] * 2], rounds=10, seed=1) is None


def test_the_raw_form_that_is_often_told() -> None:
    assert matching.percent_change(4, 6) == 50
    assert matching.percent_change(0, 3) == 200
