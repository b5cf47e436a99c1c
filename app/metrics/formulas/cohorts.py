"""What becomes of those who came together: cohorts by the period of somebody's first act."""

import numpy as np

from app.metrics.arrays import Flags, Ints


def sizes(first: Ints, cohorts: int) -> Ints:
    """How many people belong to each cohort; `first` is the period of each one's first act, negative if before all."""
    return np.bincount(first[(first >= 0) & (first < cohorts)], minlength=cohorts)


def classic(first: Ints, person: Ints, period: Ints, cohorts: int) -> Ints:
    """How many of each cohort (rows) were active in each period (columns), from acts by person and period."""
    inside = (period >= 0) & (period < cohorts)
    both = np.unique(person[inside] * cohorts + period[inside])
    who, when = both // cohorts, both % cohorts
    since = first[who]
    known = since >= 0
    return np.bincount(since[known] * cohorts + when[known], minlength=cohorts * cohorts).reshape(cohorts, cohorts)


def rolling(first: Ints, last: Ints, cohorts: int) -> Ints:
    """How many of each cohort (rows) were seen in each period (columns) or later; `last` is each one's last period."""
    found = np.zeros((cohorts, cohorts), dtype=np.int64)
    for period in range(cohorts):
        seen = (first >= 0) & (first <= period) & (last >= period)
        found[:, period] = np.bincount(first[seen], minlength=cohorts)[:cohorts]
    return found


def observable(joined: Ints, until: int, within: int) -> Flags:
    """Of whom it is known whether something happened `within` so long after they joined, all being known `until`."""
    return joined <= until - within


def converted(joined: Ints, first: Ints, within: int) -> Flags:
    """Who did something within so long after they joined, or had before."""
    return first <= joined + within
