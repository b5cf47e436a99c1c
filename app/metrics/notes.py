"""What stewards are told in private, so that somebody looks: prompts and questions, never verdicts. People by row."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.contributions.rules import CareArea, Potential
from app.metrics.arrays import DAY, Flags, Ints, firsts
from app.metrics.facts import NEVER, Facts
from app.metrics.formulas import equity, ties
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import by_affiliation, ever, here, within
from app.metrics.recognising import UNSUNG, unsung_by_person
from app.metrics.standing import Gifts, accepted_in, gifts, points
from app.nominations import rings

STAGNATION_DAYS = 60
LEAST_EXPECTED = 3.0
"""Recognitions that somebody's work would have, from which on it says something that they have fewer."""
LEAST_HELD = 5
"""Times that people had a part in hosting, from which on it says something that most were one person's."""


@dataclass(frozen=True)
class Unsung:
    """Somebody to consider nominating."""

    person: int
    contributions: int
    recognitions: int
    expected: float
    residual: float


def unsung(facts: Facts, window: Window, *, most: int = 50) -> tuple[Unsung, ...]:
    """Who did far more than they were recognised for and is still a member, the most unusual first.

    Of those alone from whose work some recognition would be expected: of a few deeds nothing follows.
    """
    end = window.seconds[1]
    done, found = unsung_by_person(facts, window)
    got = accepted_in(facts, window).per_person(facts.people)
    missed = (found.expected >= LEAST_EXPECTED) & (found.residual <= UNSUNG)
    those = np.flatnonzero(missed & here(facts, end - 1))
    those = those[np.argsort(found.residual[those], kind="stable")][:most]
    return tuple(
        Unsung(each, int(done[each]), int(got[each]), float(found.expected[each]), float(found.residual[each]))
        for each in those.tolist()
    )


@dataclass(frozen=True)
class Circles:
    """Small groups who all recognise each other and few others; and of whom nothing is known, there being too many."""

    rings: tuple[tuple[tuple[int, ...], float], ...]
    """The members of each and its insularity, the most insular first."""
    unknown: tuple[int, ...]


def circles(facts: Facts, window: Window) -> Circles:
    """C6, among the recognitions accepted in a window; where there is hardly anybody else, everybody is in a circle."""
    given = gifts(facts, accepted_in(facts, window))
    found = rings.rings(zip(given.giver.tolist(), given.receiver.tolist(), strict=True))
    people = len(np.unique(np.concatenate((given.giver, given.receiver))))
    told = [
        (tuple(sorted(ring.members)), ring.insularity)
        for ring in found.rings
        if rings.stands_out(ring.members, people=people)
    ]
    return Circles(tuple(sorted(told, key=lambda one: (-one[1], one[0]))), tuple(sorted(found.unknown)))


def quick_pairs(facts: Facts, window: Window) -> tuple[ties.Return, ...]:
    """C3: two who recognise each other at once, and often."""
    given = gifts(facts, accepted_in(facts, window))
    found = ties.returns(given.giver, given.receiver, given.at, facts.people)
    return tuple(each for each in found if ties.is_quick(each))


def bursts(facts: Facts, window: Window) -> tuple[tuple[int, int], ...]:
    """C11: (giver, receiver) with more recognitions within a day than an honest day has."""
    given = _by_pair(gifts(facts, accepted_in(facts, window)))
    more = rings.BURST
    same = (given.giver[more:] == given.giver[:-more]) & (given.receiver[more:] == given.receiver[:-more])
    soon = given.at[more:] - given.at[:-more] < rings.BURST_WITHIN.total_seconds()
    found = zip(given.giver[more:][same & soon].tolist(), given.receiver[more:][same & soon].tolist(), strict=True)
    return tuple(sorted(set(found)))


def _by_pair(given: Gifts) -> Gifts:
    order = np.lexsort((given.at, given.receiver, given.giver))
    return Gifts(given.giver[order], given.receiver[order], given.at[order])


@dataclass(frozen=True)
class Stagnation:
    """Whether nobody new contributed for long, and who alone makes more than half of the hosting, if there is some."""

    nobody_new: bool
    leans_on: int | None


def stagnation(facts: Facts, window: Window, hosting: Iterable[str] = ("hosting",)) -> Stagnation:
    """At the end of a window; of its hosting."""
    end = window.seconds[1]
    began = firsts(facts.output.person, facts.output.at, facts.people, NEVER)
    nobody_new = bool(ever(began).any()) and not bool(((began >= end - STAGNATION_DAYS * DAY) & ever(began)).any())
    counts = by_kinds(facts, window, hosting)
    most = int(counts.argmax()) if counts.any() else None
    leans = most is not None and counts.sum() >= LEAST_HELD and counts[most] * 2 > counts.sum()
    return Stagnation(nobody_new, most if leans else None)


@dataclass(frozen=True)
class Unserved:
    """What a community can do for those in it, and has to care for, that nobody did anything for."""

    potentials: tuple[str, ...]
    care_areas: tuple[str, ...]


def unserved(facts: Facts, window: Window) -> Unserved:
    """In a window; by what the types of contributions say of themselves."""
    used = [facts.kinds[number] for number in np.unique(within(facts.acts, window).kind).tolist()]
    served = {kind.potential for kind in used}
    cared = {area for kind in used for area in kind.care_areas}
    return Unserved(
        tuple(each.value for each in Potential if each.value not in served),
        tuple(each.value for each in CareArea if each.value not in cared),
    )


def by_kinds(facts: Facts, window: Window, keys: Iterable[str]) -> Ints:
    """How much each person did of some types in a window; what several did together counts for each."""
    wanted = {*keys}
    numbers = [number for number, kind in enumerate(facts.kinds) if kind.key in wanted]
    acts = within(facts.acts, window)
    return np.bincount(acts.person[np.isin(acts.kind, numbers)], minlength=facts.people)


def dominant(facts: Facts, window: Window, policy: Policy) -> tuple[tuple[str, float, float | None], ...]:
    """Affiliations with nearly all of the recognition, or far more than their part of the work: share and parity.

    Of those only that have k people, since others are persons.
    """
    done, got = points(facts, *window.seconds), accepted_in(facts, window).per_person(facts.people)
    groups = by_affiliation(facts, window, (done > 0) | (got > 0))
    found = []
    for name, size in groups.sizes().items():
        theirs: Flags = groups.members((name,))
        share = float(got[theirs].sum()) / float(got.sum()) if got.any() else 0.0
        parity = equity.parity(float(got[theirs].sum()), float(got.sum()), float(done[theirs].sum()), float(done.sum()))
        much = parity is not None and parity >= 1 / policy.fairness_ratio and share > 0.5
        if name and size >= policy.k and (share >= policy.dominant_share or much):
            found.append((name, share, parity))
    return tuple(found)


def returned(facts: Facts, window: Window, policy: Policy) -> tuple[tuple[int, int], ...]:
    """Who came back after an absence in a window, and when: once for each absence. Announced breaks are none."""
    order = np.lexsort((facts.acts.at, facts.acts.person))
    person, at = facts.acts.person[order], facts.acts.at[order]
    before = np.flatnonzero(person[1:] == person[:-1])
    start, end = window.seconds
    inside = before[(at[before + 1] >= start) & (at[before + 1] < end)]
    long = inside[at[inside + 1] - at[inside] >= policy.gap_days * DAY]
    found = []
    for row in long.tolist():
        theirs = facts.breaks.where(facts.breaks.person == person[row])
        rested = np.maximum(0, np.minimum(theirs.until, at[row + 1]) - np.maximum(theirs.since, at[row])).sum()
        if at[row + 1] - at[row] - rested >= policy.gap_days * DAY:
            found.append((int(person[row]), int(at[row + 1])))
    return tuple(found)
