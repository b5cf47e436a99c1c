"""How sure a number is that no formula knows the spread of."""

import numpy as np
import pytest

from app.metrics.formulas.inequality import gini
from app.metrics.formulas.intervals import bootstrap


def test_the_mean_of_many_lies_where_the_normal_says() -> None:
    of = np.random.Generator(np.random.PCG64(5)).normal(10, 2, 400)
    found = bootstrap(of, rounds=2_000, seed=1)
    assert found is not None
    assert found == pytest.approx((of.mean() - 1.96 * 0.1, of.mean() + 1.96 * 0.1), abs=0.03)


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    of = np.arange(30.0)
    assert bootstrap(of, gini, rounds=100, seed=1) == bootstrap(of, gini, rounds=100, seed=1)
    assert bootstrap(of, gini, rounds=100, seed=1) != bootstrap(of, gini, rounds=100, seed=2)


def test_of_one_value_nothing_is_known() -> None:
    assert bootstrap(np.ones(1), rounds=10, seed=1) is None
    assert bootstrap(np.ones(5), rounds=10, seed=1) == (1, 1)
