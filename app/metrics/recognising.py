"""What is recognised, whose work it is, and how long it takes: R0 to R5, R7, R12."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from app.metrics.arrays import DAY, Flags, Ints, chosen, distinct_pairs, firsts
from app.metrics.facts import NEVER, NONE, Depth, Facts, Path
from app.metrics.formulas import equity, inequality
from app.metrics.formulas.survival import kaplan_meier
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import adding, ever, median_wait, within
from app.metrics.results import Reason
from app.metrics.standing import accepted, accepted_in, is_new, points
from app.metrics.telling import Adds, Heads, Json, Rests, Share, Split, Tree

UNTYPED = ""
"""What recognises no certain type of contribution."""
UNSUNG = -1.0
"""Standardised difference from what one would expect, from which on somebody's work goes unsung."""


def recognitions(facts: Facts, window: Window, policy: Policy) -> Found:
    """R0."""
    given = facts.recognitions
    value: dict[str, Tree] = {}
    for name, at in (
        ("accepted", given.accepted),
        ("refused", given.refused),
        ("issued", given.issued),
    ):
        value[name] = adding(window, at, given.receiver, apart=name != "accepted")
    done = accepted_in(facts, window)
    whole = "/accepted", _accepted(facts, window)
    value["kinds"] = _kinds(facts, window, whole, of_coarser=True)
    value["paths"] = _paths(facts, window, whole)
    return Found(len(np.unique(done.receiver)), value)


def _accepted(facts: Facts, window: Window, those: Flags | None = None) -> Adds:
    """How many stand; if so said, of these."""
    given = facts.recognitions
    standing = (given.revoked == NEVER) if those is None else those & (given.revoked == NEVER)
    return adding(window, given.accepted[standing], given.receiver[standing])


def _kinds(facts: Facts, window: Window, whole: tuple[str, Adds], *, of_coarser: bool) -> Split:
    """By the type of contribution that is recognised: how many, and of how many people."""
    done = accepted_in(facts, window)
    kind = facts.recognitions.kind[done.row]
    number = {each.key: place for place, each in enumerate(facts.kinds)} | {UNTYPED: NONE}
    counts = {key: int((kind == place).sum()) for key, place in number.items()}
    sizes = {key: len(np.unique(done.receiver[kind == number[key]])) for key in counts}

    def together(names: Collection[str]) -> int:
        return len(np.unique(done.receiver[np.isin(kind, [number[name] for name in names])]))

    def told(names: Collection[str]) -> Mapping[str, Json]:
        return {"recognitions": sum(counts[name] for name in names), "people": together(names)}

    def follows(names: Collection[str]) -> Mapping[str, Json]:
        return _coarser(facts, {name: counts[name] for name in names}) if of_coarser else _even(facts, counts, names)

    def adds(name: str) -> Adds:
        return _accepted(facts, window, facts.recognitions.kind == number[name])

    return Split(sizes, told, together, adds=adds, number="recognitions", whole=whole, follows=follows)


def _coarser(facts: Facts, counts: Mapping[str, int]) -> Mapping[str, Json]:
    """How many by depth, cycle and area of care, of the types that are told."""

    def by(labels: Callable[[int], Sequence[str]]) -> dict[str, Json]:
        found: dict[str, int] = {}
        for place, kind in enumerate(facts.kinds):
            for label in labels(place):
                found[label] = found.get(label, 0) + counts.get(kind.key, 0)
        return {label: count for label, count in found.items() if count}

    return {
        "by_depth": by(lambda place: (Depth(facts.kinds[place].depth).name,)),
        "by_cycle": by(lambda place: [str(cycle) for cycle in facts.kinds[place].cycles]),
        "by_care_area": by(lambda place: facts.kinds[place].care_areas),
    }


def _even(facts: Facts, counts: Mapping[str, int], names: Collection[str]) -> Mapping[str, Json]:
    told = np.array([counts[name] for name in names if name != UNTYPED], dtype=np.int64)
    of_care = sum(counts[kind.key] for kind in facts.kinds if kind.care_areas and kind.key in names)
    return {
        "evenness": inequality.evenness(told),
        "care_share": of_care / int(told.sum()) if told.any() else None,
    }


def _paths(facts: Facts, window: Window, whole: tuple[str, Adds]) -> Split:
    done = accepted_in(facts, window)
    path = facts.recognitions.path[done.row]
    sizes = {each.name: len(np.unique(done.receiver[path == each])) for each in Path}

    def rows(names: Collection[str]) -> Ints:
        return np.flatnonzero(np.isin(path, [Path[name] for name in names]))

    def together(names: Collection[str]) -> int:
        return len(np.unique(done.receiver[rows(names)]))

    def told(names: Collection[str]) -> Mapping[str, Json]:
        return {"recognitions": len(rows(names)), "people": together(names)}

    def adds(name: str) -> Adds:
        return _accepted(facts, window, facts.recognitions.path == Path[name])

    return Split(sizes, told, together, adds=adds, number="recognitions", whole=whole)


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
    return Found(len(got), value, None if recognised else Reason.nothing_happened)


def coverage(facts: Facts, window: Window, policy: Policy) -> Found:
    """R2."""
    expected, covered = (int(each.sum()) for each in expected_and_covered(facts, window, policy))
    return Found(expected, {"covered": Share(covered, expected), "least_contributions": policy.covered_points})


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
    got = accepted_in(facts, window)
    value: Tree = {"unsung": Heads(count), "share": Share(count, people)}
    return Found(people, value, None if len(got.row) else Reason.nothing_happened)


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
    people, newcomers = len(np.unique(made.person)), len(np.unique(made.person[new_at_work]))
    found = equity.parity(int(new_at_award.sum()), len(got.row), int(new_at_work.sum()), len(made))
    value: Tree = {
        "parity": Rests(found, min(newcomers, people - newcomers)),
        "newcomer_days": policy.newcomer_days,
    }
    return Found(people, value)


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
    # The very groups of R0, so that what is hidden in the one is hidden in the other.
    total = _accepted(facts, window)
    kinds = _kinds(facts, window, ("/accepted", total), of_coarser=False)
    return Found(len(np.unique(got.receiver)), {"accepted": total, "kinds": kinds})


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
    return Found(len(whose), {"median_days": float(np.median(days)) if len(days) else None})


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("R0", "recognitions", recognitions),
    ("R1", "recognition_concentration", concentration),
    ("R2", "coverage", by_quarter(coverage, expected_and_covered)),
    ("R3", "unsung_gap", unsung),
    ("R4", "newcomer_parity", newcomer_parity),
    ("R5", "time_to_first_recognition", by_quarter(first_recognition, beginners_of_a_year)),
    ("R7", "type_evenness", type_evenness),
    ("R12", "time_from_contribution_to_recognition", recognition_lag),
)
