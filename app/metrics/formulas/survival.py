"""How long it takes until something happens, when some of it has not happened yet (Kaplan and Meier 1958)."""

from dataclasses import dataclass

import numpy as np

from app.metrics.arrays import Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Curve:
    """The share that is still waiting from each of these times on, to which none but an event leads."""

    times: Ints
    waiting: Floats
    watched: int = -1
    """The longest that anybody was watched. What comes later nobody knows, unless nobody waits any more."""

    @property
    def median(self) -> int | None:
        """The first time at which half of them or fewer are still waiting; None where more are at the end."""
        return self.reached(0.5)

    def reached(self, share: float) -> int | None:
        """The first time at which `share` of them no longer wait, half of them being the median."""
        # A product of fractions may miss 1/2 by a hair.
        hit = np.flatnonzero(self.waiting <= 1 - share + 1e-12)
        return int(self.times[hit[0]]) if len(hit) else None

    def at(self, time: int) -> float | None:
        """The share that is still waiting at a time; None of one that nobody has been watched for."""
        if time > self.watched and not (len(self.waiting) and self.waiting[-1] == 0):
            return None
        before = int(np.searchsorted(self.times, time, side="right"))
        return float(self.waiting[before - 1]) if before else 1.0


def kaplan_meier(durations: Ints, happened: Flags) -> Curve:
    """S(t) = prod (1 - d_i/n_i) over the times at which something happened.

    Of those to whom nothing happened, `durations` is how long they were watched; whoever was watched just as long as
    somebody else waited was still waiting then.
    """
    times, place = np.unique(durations, return_inverse=True)
    happenings = np.bincount(place[happened], minlength=len(times))
    ends = np.bincount(place, minlength=len(times))
    at_risk = len(durations) - np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(ends)[:-1]))[: len(times)]
    steps = happenings > 0
    waiting: Floats = np.cumprod(1.0 - happenings[steps] / at_risk[steps], dtype=np.float64)
    return Curve(times[steps], waiting, int(times[-1]) if len(times) else -1)
