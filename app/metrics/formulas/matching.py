"""What became of people after something, against people like them to whom it did not happen.

Who is recognised has mostly just done much, and whoever has done much does less afterwards, recognised or not: the raw
change alone says more about that than about recognition (regression to the mean, Galton 1886).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.kit.statistics import Interval
from app.metrics.arrays import Flags, Floats, Ints, quantiles, summed
from app.metrics.formulas.intervals import bootstrap


@dataclass(frozen=True, eq=False)
class Trial:
    """People at one time: to whom it happened, what each had before, and by how much that changed afterwards."""

    person: Ints
    """Each once."""
    treated: Flags
    before: Floats
    tenure: Ints
    change: Floats


@dataclass(frozen=True)
class Effect:
    """The mean change of those `matched`, less that of people like them; `unmatched` never had anybody like them."""

    matched: int
    unmatched: int
    compared: int
    """How many people like them there were in the trial that had most."""
    raw: float
    difference: float
    interval: Interval | None
    """Between which 95 % of the differences lie that samples from these people have, all of one person together."""


@dataclass(frozen=True, eq=False)
class _Compared:
    """One trial: those to whom it happened and who had people like them, and these."""

    matched: Ints
    alone: Ints
    change: Floats
    """Of those matched, by how much more it was than of those like them."""
    raw: Floats
    control: Ints
    off: Floats
    """Of those like them, by how much what each adds to the means is off from them."""


def difference(trials: Sequence[Trial], *, parts: int = 4, rounds: int, seed: int) -> Effect | None:
    """Difference in differences within quantiles of activity before and of tenure; None where nobody was matched.

    Somebody may be in many trials, on either side: so the interval draws people, each with all that they add to the
    difference (bootstrap of scores clustered by person: Kline and Santos 2012).
    """
    found = [_compared(trial, parts) for trial in trials]
    changes = np.concatenate([np.zeros(0), *(one.change for one in found)])
    if not len(changes):
        return None
    mean = float(changes.mean())
    matched = np.concatenate([one.matched for one in found])
    who = np.concatenate([matched, *(one.control for one in found)])
    scores = np.concatenate([changes - mean, *(-one.off for one in found)])
    people, place = np.unique(who, return_inverse=True)
    adds = summed(place, scores, len(people)) * (len(people) / len(changes))
    alone = np.setdiff1d(np.concatenate([one.alone for one in found]), matched)
    return Effect(
        len(np.unique(matched)),
        len(alone),
        max(len(one.control) for one in found),
        float(np.concatenate([one.raw for one in found]).mean()),
        mean,
        bootstrap(adds + mean, rounds=rounds, seed=seed),
    )


def _compared(trial: Trial, parts: int) -> _Compared:
    stratum = quantiles(trial.before, parts) * parts + quantiles(trial.tenure, parts)
    control, strata = ~trial.treated, parts * parts
    sizes = np.bincount(stratum[control], minlength=strata)
    means = np.bincount(stratum[control], weights=trial.change[control], minlength=strata) / np.maximum(1, sizes)
    there = trial.treated & (sizes[stratum] > 0)
    served = np.bincount(stratum[there], minlength=strata)
    like = control & (served[stratum] > 0)
    off = (trial.change - means[stratum])[like] * (served / np.maximum(1, sizes))[stratum[like]]
    return _Compared(
        trial.person[there],
        trial.person[trial.treated & ~there],
        (trial.change - means[stratum])[there],
        trial.change[there],
        trial.person[like],
        off,
    )


def percent_change(before: float, after: float) -> float:
    """By how many percent it changed, as it is often told raw: less than one before counts as one (Savannah)."""
    least = max(before, 1)
    return (after - least) / least * 100
