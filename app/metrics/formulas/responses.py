"""How long people wait for one another."""

from typing import NamedTuple

import numpy as np

from app.metrics.arrays import Flags, Ints
from app.metrics.formulas.survival import kaplan_meier


class Waits(NamedTuple):
    """How long somebody waited for an answer, or has waited so far."""

    seconds: Ints
    answered: Flags


class Times(NamedTuple):
    """Half had an answer after `median` seconds, nine of ten after `p90`; None where so many had none yet."""

    median: int | None
    p90: int | None


def waits(asked: Ints, answered: Ints, until: int) -> Waits:
    """From when it was asked to the first answer before `until`; an answer from before counts as at once."""
    done = answered < until
    return Waits(np.maximum(0, np.where(done, answered, until) - asked), done)


def times(of: Waits) -> Times:
    """With those who are still waiting counted as such: leaving them out would flatter the figure."""
    curve = kaplan_meier(of.seconds, of.answered)
    return Times(curve.reached(0.5), curve.reached(0.9))


def median_of_answered(of: Waits) -> float | None:
    """The median of those only who had an answer, as it is often told: too good wherever some have none."""
    return float(np.median(of.seconds[of.answered])) if of.answered.any() else None


def first_replies(giver: Ints, receiver: Ints, at: Ints, people: int, until: int) -> Waits:
    """For each two of whom one wrote to the other first: how long until the other wrote back.

    The one who wrote first at one instant is the one with the lower number; who writes to themself is passed over.
    """
    others = giver != receiver
    low, high = np.minimum(giver, receiver)[others], np.maximum(giver, receiver)[others]
    from_low, when = (giver < receiver)[others], at[others]
    order = np.lexsort((~from_low, when, high, low))
    pair, from_low, when = (low * people + high)[order], from_low[order], when[order]
    starts = np.flatnonzero(np.diff(pair, prepend=-1) != 0)
    opener = np.repeat(from_low[starts], np.diff(starts, append=len(pair)))
    back = np.flatnonzero(from_low != opener)
    answered = np.full(len(starts), until, dtype=np.int64)
    np.minimum.at(answered, np.searchsorted(starts, back, side="right") - 1, when[back])
    return waits(when[starts], answered, until)
