"""How sure a number is that no formula knows the spread of."""

from collections.abc import Callable

import numpy as np

from app.kit.statistics import Interval
from app.metrics.arrays import Floats


def bootstrap(
    of: Floats, statistic: Callable[[Floats], float] = lambda one: float(one.mean()), *, rounds: int, seed: int
) -> Interval | None:
    """Between which values 95 % of the statistics of samples drawn from the sample lie (Efron 1979, percentiles).

    The same seed draws the same. None of fewer than two values.
    """
    if len(of) < 2:
        return None
    draw = np.random.Generator(np.random.PCG64(seed))
    found = [statistic(of[draw.integers(0, len(of), len(of))]) for _ in range(rounds)]
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(float(low), float(high))
