"""How much people take part, how often and how deep: over columns of who and when."""

from typing import NamedTuple

import numpy as np

from app.metrics.arrays import DAY, Flags, Floats, Ints, distinct_pairs, summed


class Growth(NamedTuple):
    """Members just before a window and just before its end, and who came and went within."""

    start: int
    end: int
    joined: int
    left: int

    @property
    def rate(self) -> float | None:
        """(end - start) / start; None where nobody was there before."""
        return (self.end - self.start) / self.start if self.start else None


def growth(joined: Ints, left: Ints, start: int, end: int) -> Growth:
    """Whoever joins or leaves at the very start does so within. Nobody leaves before they joined."""
    left = np.maximum(joined, left)
    came = int(((joined >= start) & (joined < end)).sum())
    went = int(((left >= start) & (left < end)).sum())
    before = int((joined < start).sum()) - int((left < start).sum())
    return Growth(before, before + came - went, came, went)


def acceleration(now: float | None, before: float | None) -> float | None:
    """By how much growth changed from one period to the next; 0 where it is constant."""
    return None if now is None or before is None else now - before


def people_needed(active: int, share: float) -> int | None:
    """How many people have to be there for so many active ones, if the share of those stays as it is."""
    return None if share <= 0 else -int(-round(active / share, 6) // 1)


def deepest(person: Ints, depth: Ints, people: int) -> Ints:
    """For each person the deepest they went; 0 of those who did nothing."""
    found = np.zeros(people, dtype=np.int64)
    np.maximum.at(found, person, depth)
    return found


def mode_mix(depth: Ints, depths: int) -> Floats:
    """Which share of somebody's acts each depth has; all 0 where there is none."""
    counted = np.bincount(depth, minlength=depths).astype(np.float64)
    return counted / max(1.0, float(counted.sum()))


def transitions(before: Ints, after: Ints, states: int) -> Ints:
    """How many people went from each state (rows) to each (columns)."""
    return np.bincount(before * states + after, minlength=states * states).reshape(states, states)


def active(person: Ints, at: Ints, start: int, end: int) -> Ints:
    """Who did something in a window, each once."""
    return np.unique(person[(at >= start) & (at < end)])


def daily(person: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Who did something on which days, each day once for each of them: the people, and when the day began."""
    who, day = distinct_pairs(person, at // DAY, int(at.max(initial=0)) // DAY + 1)
    return who, day * DAY


def stickiness(person_days: int, days: int, in_all: int) -> float | None:
    """On which share of the days somebody who was active at all was so, on average; None where nobody was."""
    return person_days / days / in_all if in_all else None


def active_days(person: Ints, at: Ints, start: int, days: int, people: int) -> Ints:
    """On how many days each person did something (Orbit's presence, frequency)."""
    day = (at - start) // DAY
    inside = (day >= 0) & (day < days)
    who, _ = distinct_pairs(person[inside], day[inside], days)
    return np.bincount(who, minlength=people)


def kept(before: Ints, after: Ints) -> float | None:
    """Which share of those active before still are: |after and before| / |before|; None where nobody was."""
    return len(np.intersect1d(before, after)) / len(before) if len(before) else None


def decayed(
    person: Ints, at: Ints, now: int, half_life_days: float, people: int, weight: Floats | None = None
) -> Floats:
    """What each person's acts weigh today, each halving every `half_life_days`. Nothing is later than `now`."""
    left = np.exp2(-(now - at) / (half_life_days * DAY))
    return summed(person, left if weight is None else left * weight, people)


def burstiness(gaps: Floats | Ints) -> float | None:
    """(sd - mean)/(sd + mean) of the times between acts: -1 as a clock, 0 at random, towards 1 in bursts.

    Goh and Barabasi 2008. None of fewer than two gaps, or where all acts are at one instant.
    """
    if len(gaps) < 2:
        return None
    mean, deviation = float(np.mean(gaps)), float(np.std(gaps))
    return (deviation - mean) / (deviation + mean) if mean > 0 else None


def burstiness_by_person(person: Ints, at: Ints, people: int, *, least_gaps: int) -> Floats:
    """The burstiness of each person's acts; not a number of those with fewer gaps, or all acts at one instant."""
    order = np.lexsort((at, person))
    who, when = person[order], at[order]
    same = who[1:] == who[:-1]
    gaps, owner = np.diff(when)[same].astype(np.float64), who[1:][same]
    count = np.bincount(owner, minlength=people)
    mean = summed(owner, gaps, people) / np.maximum(count, 1)
    deviation = np.sqrt(summed(owner, (gaps - mean[owner]) ** 2, people) / np.maximum(count, 1))
    known = (count >= least_gaps) & (mean > 0)
    return np.where(known, (deviation - mean) / np.where(known, deviation + mean, 1.0), np.nan)


def gravity(now: Ints, before: Ints, weights: Ints) -> float | None:
    """By how much the squared weights of people's levels grew, per person (Orbit model).

    `now` and `before` have the level of each, counting into `weights`; of those who were there both times, so that
    newcomers do not raise it. None of nobody.
    """
    return float((weights[now] ** 2 - weights[before] ** 2).sum()) / len(now) if len(now) else None


def gravity_of_counts(now: Ints, before: Ints, weights: Ints, members: int) -> float:
    """The same where only it is known how many are on each level."""
    return float(((now - before) * weights**2).sum()) / members


def absent(last: Ints, at: int, gap: int, paused: Ints) -> Flags:
    """Whose last act is `gap` seconds back or more at an instant, announced breaks (`paused` seconds of each) aside."""
    return at - last - paused >= gap


def ends_gap(at: Ints, gap: int) -> Flags:
    """Which of one person's acts, in order of time, are the first after an absence: once for each absence."""
    return np.diff(at, prepend=at[:1]) >= gap
