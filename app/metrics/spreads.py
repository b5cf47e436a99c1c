"""How what is done is spread among people and over time: P3, P4, P11, P17, P18."""

import numpy as np

from app.metrics.arrays import DAY, Flags, Ints, chosen
from app.metrics.facts import Facts
from app.metrics.formulas import activity, inequality
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import acts_in, here, present, within
from app.metrics.telling import Given, Heads, Rests, Tree

LORENZ = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
TOP = (0.01, 0.1)
LEAST_GAPS = 3


def _output(facts: Facts, window: Window) -> tuple[Flags, Ints]:
    """Who was there, and how much each of them made or gave."""
    who = present(facts, window)
    return who, np.bincount(within(facts.output, window).person, minlength=facts.people)[who]


def inequality_of_output(facts: Facts, window: Window, policy: Policy) -> Found:
    """P3."""
    who, made = _output(facts, window)
    people, makers = int(who.sum()), made[made > 0]
    coefficient, among = inequality.gini(made), inequality.gini(makers)
    value: Tree = {
        "gini": Rests(coefficient, len(makers)),
        "corrected": Rests(inequality.corrected(coefficient, people), len(makers)),
        "among_contributors": {
            "gini": Rests(among, len(makers)),
            "corrected": Rests(inequality.corrected(among, len(makers)), len(makers)),
        },
        "contributions": acts_in(window, facts.output.at, facts.output.person),
    }
    return Found(people, value)


def concentration(facts: Facts, window: Window, policy: Policy) -> Found:
    """P4."""
    who, made = _output(facts, window)
    people, makers = int(who.sum()), int((made > 0).sum())
    points: list[Tree] = []
    for part in LORENZ:
        least = people - inequality.head_count(1 - part, people)
        share = inequality.lorenz(made, least)
        points.append({"people": Given(part), "share": Rests(share, min(least, people - least, makers))})
    top = {}
    for part in TOP:
        most = inequality.head_count(part, people)
        top[f"{part:g}"] = Rests(inequality.top_share(made, part), min(most, people - most, makers))
    return Found(people, {"lorenz": points, "top_share": top})


def absence_factor(facts: Facts, window: Window, policy: Policy) -> Found:
    """P11."""
    acts = within(facts.output, window)
    kinds = {}
    # Types that nobody did anything of are among them: to be missing would tell who is withheld for being few.
    for number, kind in enumerate(facts.kinds):
        if kind.output:
            counts = np.bincount(acts.person[acts.kind == number])
            kinds[kind.key] = Heads(inequality.absence_factor(counts))
    of_all = np.bincount(acts.person)
    value: Tree = {"all": Heads(inequality.absence_factor(of_all)), "kinds": kinds}
    return Found(int((of_all > 0).sum()), value)


def burstiness(facts: Facts, window: Window, policy: Policy) -> Found:
    """P17."""
    acts = within(facts.acts, window)
    each = activity.burstiness_by_person(acts.person, acts.at, facts.people, least_gaps=LEAST_GAPS)
    known = each[~np.isnan(each)]
    value = {"median": float(np.median(known)) if len(known) else None}
    return Found(len(known), value)


def decayed(facts: Facts, window: Window, policy: Policy) -> Found:
    """P18."""
    end = window.seconds[1]
    makers = _makers_of_a_year(facts, window, policy)
    made = facts.output.where(facts.output.at >= end - policy.covered_days * DAY)
    theirs = activity.decayed(made.person, made.at, end, policy.half_life_days, facts.people)[makers]
    value = {
        "median": float(np.median(theirs)) if len(theirs) else None,
        "half_life_days": Given(policy.half_life_days),
    }
    return Found(len(theirs), value)


def _makers_of_a_year(facts: Facts, window: Window, policy: Policy) -> Flags:
    """Members at the end of a window who made or gave something in the year before it."""
    end = window.seconds[1]
    made = facts.output.where(facts.output.at >= end - policy.covered_days * DAY)
    return here(facts, end - 1) & chosen(made.person, facts.people)


COMPUTED = (
    ("P3", "output_inequality", inequality_of_output),
    ("P4", "concentration", concentration),
    ("P11", "contributor_absence_factor", absence_factor),
    ("P17", "burstiness", burstiness),
    ("P18", "decayed_activity", by_quarter(decayed)),
)
