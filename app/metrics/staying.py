"""Who stays, who starts, who waits and who comes back: P7 to P10, P12, P13."""

import numpy as np

from app.metrics import periods
from app.metrics.arrays import DAY, Flags, Ints, chosen, firsts, lasts
from app.metrics.facts import NEVER, Facts
from app.metrics.formulas import activity, cohorts, responses
from app.metrics.formulas.survival import Curve, kaplan_meier
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import done_by, ever, here, median_wait, paused, within
from app.metrics.telling import Given, Heads, Share, Sides, Tree, Wait

CURVE = (7, 30, 90, 180, 365)
"""Days at which a curve is told: its own steps would tell of persons."""


def _periods(facts: Facts, windows: tuple[Window, ...]) -> tuple[Ints, Ints]:
    """In which of these windows, that follow each other, each act was, and each person's first; before all, -1."""
    starts = np.array([window.seconds[0] for window in windows])
    first = firsts(facts.acts.person, facts.acts.at, facts.people, NEVER)
    of_first = np.where(ever(first), np.searchsorted(starts, first, side="right") - 1, -1)
    return np.searchsorted(starts, facts.acts.at, side="right") - 1, of_first


def _table(facts: Facts, windows: tuple[Window, ...], sizes: Ints, counts: Ints) -> Found:
    """Who was active in the last of these is who it rests on: all sizes together would give away a withheld one."""
    rows: list[Tree] = [
        {
            "cohort": periods.label(window),
            "size_at_least": Heads(int(sizes[row])),
            "kept": [Share(int(count), int(sizes[row])) for count in counts[row, row:]],
        }
        for row, window in enumerate(windows)
    ]
    return Found(len(np.unique(within(facts.acts, windows[-1]).person)), {"cohorts": rows})


def retention(facts: Facts, window: Window, policy: Policy) -> Found:
    """P7."""
    windows = periods.back(window, policy.cohorts)
    period, first = _periods(facts, windows)
    counts = cohorts.classic(first, facts.acts.person, period, len(windows))
    return _table(facts, windows, cohorts.sizes(first, len(windows)), counts)


def rolling_retention(facts: Facts, window: Window, policy: Policy) -> Found:
    """P8."""
    windows = periods.back(window, policy.cohorts)
    period, first = _periods(facts, windows)
    last = lasts(facts.acts.person, period, facts.people, -1)
    counts = cohorts.rolling(first, last, len(windows))
    return _table(facts, windows, cohorts.sizes(first, len(windows)), counts)


def conversion(facts: Facts, window: Window, policy: Policy) -> Found:
    """P9."""
    start, end = window.seconds
    within = policy.conversion_days * DAY
    joined = facts.members.joined
    first = firsts(facts.output.person, facts.output.at, facts.people, NEVER)

    def newcomers(since: int, until: int) -> Flags:
        """The days in which they could start end in that span, so that each newcomer is told of once."""
        return cohorts.observable(joined, until - 1, within) & ~cohorts.observable(joined, since - 1, within)

    watched = newcomers(start, end)
    done = watched & cohorts.converted(joined, first, within)
    count = int(watched.sum())
    value: Tree = {"converted": Share(int(done.sum()), count), "within_days": Given(policy.conversion_days)}
    return Found(count, value)


def time_to_first(facts: Facts, window: Window, policy: Policy) -> Found:
    """P10."""
    lately, waiting = _newcomers_of_a_year(facts, window, policy)
    joined, contributed = facts.members.joined[lately], ~waiting[lately]
    first = firsts(facts.output.person, facts.output.at, facts.people, NEVER)[lately]
    watched = np.minimum(facts.members.left[lately], window.seconds[1])
    waits = np.maximum(0, np.where(contributed, first, watched) - joined) // DAY
    curve = kaplan_meier(waits, contributed)
    value: Tree = {
        "median_days": median_wait(curve, waits),
        "contributed_within_days": {str(days): _done(curve, waits, contributed, days) for days in CURVE},
        "still_waiting": Share(int(waiting.sum()), len(joined)),
    }
    return Found(len(joined), value)


def _newcomers_of_a_year(facts: Facts, window: Window, policy: Policy) -> tuple[Flags, Flags]:
    """Who joined within a year before the end of a window, and who of them has not contributed."""
    end = window.seconds[1]
    lately = (facts.members.joined >= end - policy.newcomers_since_days * DAY) & (facts.members.joined < end)
    return lately, lately & ~chosen(facts.output.person, facts.people)


def _done(curve: Curve, waits: Ints, contributed: Flags, days: int) -> Tree:
    """The share that contributed within so many days: it says how many did, and how many were watched and had not."""
    waiting = curve.at(days)
    done = contributed & (waits <= days)
    left = int((~done & (waits >= days)).sum())
    return None if waiting is None else Sides(1 - waiting, (int(done.sum()), left))


def response_time(facts: Facts, window: Window, policy: Policy) -> Found:
    """P12."""
    start, end = window.seconds
    asked = facts.questions.where((facts.questions.asked >= start) & (facts.questions.asked < end))
    waits = responses.waits(asked.asked, asked.answered, end)
    people = len(np.unique(asked.asker))
    times, answered = responses.times(waits), float(waits.answered.mean()) if len(asked) else None
    # Of how many people something was answered, and of how many something was not: a share of questions says both.
    sides = tuple(len(np.unique(asked.asker[which])) for which in (waits.answered, ~waits.answered))
    value: Tree = {
        "median_seconds": Wait(times.median, people),
        "p90_seconds": Wait(times.p90, people),
        "questions": done_by(asked.asker),
        "answered": Sides(answered, sides),
    }
    return Found(people, value)


def return_rate(facts: Facts, window: Window, policy: Policy) -> Found:
    """P13."""
    start = window.seconds[0]
    before = facts.acts.at < start
    last = lasts(facts.acts.person[before], facts.acts.at[before], facts.people, -1)
    pausing = facts.breaks.where((facts.breaks.since <= start) & (facts.breaks.until > start))
    counted = here(facts, start) & (last >= 0) & ~chosen(pausing.person, facts.people)
    rested = paused(facts.breaks, last, start)
    gone = counted & activity.absent(last, start, policy.gap_days * DAY, rested)
    back = gone & chosen(within(facts.acts, window).person, facts.people)
    count = int(gone.sum())
    return Found(count, {"returned": Share(int(back.sum()), count), "gap_days": Given(policy.gap_days)})


COMPUTED = (
    ("P7", "cohort_retention", retention),
    ("P8", "rolling_retention", rolling_retention),
    ("P9", "newcomer_conversion", conversion),
    ("P10", "time_to_first_contribution", by_quarter(time_to_first)),
    ("P12", "response_time", response_time),
    ("P13", "re_engagement", return_rate),
)
