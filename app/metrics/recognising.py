"""What is recognised, whose work it is, and how long it takes: R0 to R5, R7, R12."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.metrics.arrays import DAY, Flags, Ints, chosen, distinct_pairs, firsts
from app.metrics.facts import NEVER, NONE, Depth, Facts, Path
from app.metrics.formulas import equity, inequality
from app.metrics.formulas.survival import kaplan_meier
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import acts_in, done_by, ever, median_wait, within
from app.metrics.standing import accepted, accepted_in, is_new, points
from app.metrics.telling import Given, Heads, Part, Rests, Share, Sides, Split, Tree, Wait

UNTYPED = ""
"""What recognises no certain type of contribution."""
UNSUNG = -1.0
"""Standardised difference from what one would expect, from which on somebody's work goes unsung."""


def recognitions(facts: Facts, window: Window, policy: Policy) -> Found:
    """R0."""
    given, done = facts.recognitions, accepted_in(facts, window)
    value: Tree = {
        "accepted": done_by(done.receiver),
        "refused": acts_in(window, given.refused, given.receiver),
        "issued": acts_in(window, given.issued, given.receiver),
        "kinds": replace(_kinds(facts, window), follows=lambda _: _coarser(facts, window)),
        "paths": _paths(facts, window),
    }
    return Found(len(np.unique(done.receiver)), value)


def _kinds(facts: Facts, window: Window) -> Split:
    """By the type of contribution that is recognised: how many, and of how many people."""
    done = accepted_in(facts, window)
    number = {each.key: place for place, each in enumerate(facts.kinds)} | {UNTYPED: NONE}
    return _split(done.receiver, facts.recognitions.kind[done.row], number)


def _paths(facts: Facts, window: Window) -> Split:
    done = accepted_in(facts, window)
    return _split(done.receiver, facts.recognitions.path[done.row], {each.name: each for each in Path})


def _split(receiver: Ints, group: Ints, number: Mapping[str, int]) -> Split:
    """Recognitions by a group that each is in."""

    def theirs(names: Collection[str]) -> Ints:
        return receiver[np.isin(group, [number[name] for name in names])]

    def together(names: Collection[str]) -> int:
        return len(np.unique(theirs(names)))

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        return {"recognitions": done_by(theirs(names)), "people": Heads(together(names))}

    return Split({name: together((name,)) for name in number}, told, together)


def _coarser(facts: Facts, window: Window) -> dict[str, Tree]:
    """How many by depth, cycle and area of care of the type that is recognised."""
    done = accepted_in(facts, window)
    kind = facts.recognitions.kind[done.row]

    def by(labels: Callable[[int], Sequence[str]]) -> Mapping[str, Tree]:
        kinds = defaultdict[str, list[int]](list)
        for place in range(len(facts.kinds)):
            for label in labels(place):
                kinds[label].append(place)
        # All of them, always: one that is missing would be known to have nobody.
        return {label: done_by(done.receiver[np.isin(kind, some)]) for label, some in kinds.items()}

    return {
        "by_depth": by(lambda place: (Depth(facts.kinds[place].depth).name,)),
        "by_cycle": by(lambda place: [str(cycle) for cycle in facts.kinds[place].cycles]),
        "by_care_area": by(lambda place: facts.kinds[place].care_areas),
    }


def concentration(facts: Facts, window: Window, policy: Policy) -> Found:
    """R1."""
    did = points(facts, *window.seconds) > 0
    got = accepted_in(facts, window).per_person(facts.people)[did]
    coefficient = inequality.gini(got)
    recognised = int((got > 0).sum())
    value: Tree = {
        "gini": Rests(coefficient, recognised),
        "corrected": Rests(inequality.corrected(coefficient, len(got)), recognised),
    }
    return Found(len(got), value)


def coverage(facts: Facts, window: Window, policy: Policy) -> Found:
    """R2."""
    expected, covered = (int(each.sum()) for each in expected_and_covered(facts, window, policy))
    return Found(expected, {"covered": Share(covered, expected), "least_contributions": Given(policy.covered_points)})


def expected_and_covered(facts: Facts, window: Window, policy: Policy) -> tuple[Flags, Flags]:
    """Who contributed much in the year before the end of a window, and who of them was recognised in it."""
    end = window.seconds[1]
    since = end - policy.covered_days * DAY
    got = accepted(facts, since, end).per_person(facts.people) > 0
    return equity.coverage(points(facts, since, end), got, policy.covered_points)


def unsung(facts: Facts, window: Window, policy: Policy) -> Found:
    """R3."""
    done, found = unsung_by_person(facts, window)
    people = int((done > 0).sum())
    count = int(((done > 0) & (found.residual <= UNSUNG)).sum())
    value: Tree = {"unsung": Heads(count), "share": Part(count, people)}
    return Found(people, value)


def unsung_by_person(facts: Facts, window: Window) -> tuple[Ints, equity.Unsung]:
    """What each person did, and how their recognitions differ from their part of the work."""
    done = points(facts, *window.seconds)
    got = accepted_in(facts, window).per_person(facts.people)
    return done, equity.unsung(done, np.where(done > 0, got, 0))


def newcomer_parity(facts: Facts, window: Window, policy: Policy) -> Found:
    """R4."""
    made, got = within(facts.output, window), accepted_in(facts, window)
    new_at_work = is_new(facts, made.at, made.person, policy.newcomer_days)
    new_at_award = is_new(facts, facts.recognitions.accepted[got.row], got.receiver, policy.newcomer_days)
    found = equity.parity(int(new_at_award.sum()), len(got.row), int(new_at_work.sum()), len(made))
    # Who did something as a newcomer and who not, and who was recognised as one and who not: the parity rests on each.
    people = [
        len(np.unique(person[which]))
        for person, new in ((made.person, new_at_work), (got.receiver, new_at_award))
        for which in (new, ~new)
    ]
    value: Tree = {"parity": Sides(found, tuple(people)), "newcomer_days": Given(policy.newcomer_days)}
    return Found(len(np.unique(made.person)), value)


def first_recognition(facts: Facts, window: Window, policy: Policy) -> Found:
    """R5."""
    end = window.seconds[1]
    began, got = _began_and_got(facts, end)
    lately, waiting = beginners_of_a_year(facts, window, policy)
    began, got, watched = began[lately], got[lately], np.minimum(facts.members.left[lately], end)
    waits = np.maximum(0, np.where(ever(got), got, watched) - began) // DAY
    value: Tree = {
        "median_days": median_wait(kaplan_meier(waits, ever(got)), waits),
        "still_waiting": Share(int(waiting.sum()), len(began)),
    }
    return Found(len(began), value)


def beginners_of_a_year(facts: Facts, window: Window, policy: Policy) -> tuple[Flags, Flags]:
    """Who first contributed within a year before the end of a window, and who of them has never been recognised."""
    end = window.seconds[1]
    began, got = _began_and_got(facts, end)
    lately = (began >= end - policy.newcomers_since_days * DAY) & ever(began)
    return lately, lately & ~ever(got)


def _began_and_got(facts: Facts, end: int) -> tuple[Ints, Ints]:
    """When each person first contributed, and when they were first recognised."""
    all = accepted(facts, 0, end)
    began = firsts(facts.output.person, facts.output.at, facts.people, NEVER)
    return began, firsts(all.receiver, facts.recognitions.accepted[all.row], facts.people, NEVER)


def type_evenness(facts: Facts, window: Window, policy: Policy) -> Found:
    """R7."""
    got = accepted_in(facts, window)
    kind = facts.recognitions.kind[got.row]
    counts = np.bincount(kind[kind != NONE], minlength=len(facts.kinds))
    of_care = np.isin(kind, [place for place, each in enumerate(facts.kinds) if each.care_areas])
    care = len(np.unique(got.receiver[of_care])), len(np.unique(got.receiver[~of_care]))
    even: Mapping[str, Tree] = {
        "evenness": Sides(inequality.evenness(counts[counts > 0]), _of_the_two_largest(got.receiver, kind)),
        "care_share": Sides(float(of_care[kind != NONE].mean()) if counts.any() else None, care),
    }
    kinds = replace(_kinds(facts, window), follows=lambda _: even)
    return Found(len(np.unique(got.receiver)), {"accepted": done_by(got.receiver), "kinds": kinds})


def _of_the_two_largest(receiver: Ints, kind: Ints) -> tuple[int, int]:
    """How many people were recognised for each of the two types for which most were."""
    pairs, _ = distinct_pairs(kind[kind != NONE], receiver[kind != NONE], int(receiver.max(initial=0)) + 1)
    found = sorted((0, 0, *np.bincount(pairs).tolist()))
    return found[-1], found[-2]


def recognition_lag(facts: Facts, window: Window, policy: Policy) -> Found:
    """R12."""
    got = accepted_in(facts, window)
    wanted = chosen(got.row, len(facts.recognitions))
    cited = facts.cites.where(wanted[facts.cites.recognition])
    done = facts.done_at[cited.contribution]
    cited, done = cited.where(ever(done)), done[ever(done)]
    newest = np.full(len(facts.recognitions), -1, dtype=np.int64)
    np.maximum.at(newest, cited.recognition, done)
    rows = got.row[newest[got.row] >= 0]
    days = np.maximum(0, facts.recognitions.accepted[rows] - newest[rows]) / DAY
    whose, _ = distinct_pairs(facts.recognitions.receiver[rows], np.zeros(len(rows), dtype=np.int64), 1)
    return Found(len(whose), {"median_days": Wait(float(np.median(days)) if len(days) else None, len(whose))})


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("R0", "recognitions", recognitions),
    ("R1", "recognition_concentration", concentration),
    ("R2", "coverage", by_quarter(coverage)),
    ("R3", "unsung_gap", unsung),
    ("R4", "newcomer_parity", newcomer_parity),
    ("R5", "time_to_first_recognition", by_quarter(first_recognition)),
    ("R7", "type_evenness", type_evenness),
    ("R12", "time_from_contribution_to_recognition", recognition_lag),
)
