"""Who is counted in a window, and in which groups they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from app.metrics.arrays import Flags, Ints, chosen, distinct_pairs
from app.metrics.facts import NEVER, Acts, Facts, Spells
from app.metrics.formulas import activity
from app.metrics.formulas.survival import Curve
from app.metrics.periods import Window
from app.metrics.telling import Heads, Part, Split, Times, Tree, Wait

UNSTATED = ""
"""The name of the group of those who belong nowhere that is known."""


def within(acts: Acts, window: Window) -> Acts:
    """What was done in a window."""
    start, end = window.seconds
    return acts.where((acts.at >= start) & (acts.at < end))


def present(facts: Facts, window: Window) -> Flags:
    """Who was a member for some of a window, or did something in it; without those who paused, or had left and came
    back later, through all of it.

    Records reach back behind memberships: what somebody did before they joined was done.
    """
    start, end = window.seconds
    member = (facts.members.joined < end) & (facts.members.left > start)
    did = chosen(within(facts.acts, window).person, facts.people)
    for spells in (facts.breaks, facts.gone):
        away = spells.where((spells.since <= start) & (spells.until >= end))
        member &= ~chosen(away.person, facts.people)
    return member | did


def done_by(person: Ints) -> Times:
    """What people did, of which each row names one."""
    each = np.bincount(person)
    return Times(len(person), int((each > 0).sum()), int(each.max(initial=0)))


def acts_in(window: Window, at: Ints, person: Ints) -> Times:
    """What people did in a window."""
    start, end = window.seconds
    return done_by(person[(at >= start) & (at < end)])


def person_days(facts: Facts, window: Window) -> Times:
    """On how many days people did something, each day counting once for each of them."""
    person, day = facts.once("person_days", lambda: activity.daily(facts.acts.person, facts.acts.at))
    return acts_in(window, day, person)


def here(facts: Facts, at: int) -> Flags:
    """Who was a member at an instant, breaks or not; who had left by then and came back later was none."""
    gone = facts.gone.where((facts.gone.since <= at) & (facts.gone.until > at))
    return (facts.members.joined <= at) & (facts.members.left > at) & ~chosen(gone.person, facts.people)


def paused(breaks: Spells, since: Ints, until: int) -> Ints:
    """For each person the seconds of announced breaks, which do not overlap, from their own `since` to `until`."""
    seconds = np.minimum(breaks.until, until) - np.maximum(breaks.since, since[breaks.person])
    found = np.zeros(len(since), dtype=np.int64)
    np.add.at(found, breaks.person, np.maximum(0, seconds))
    return found


def median_wait(curve: Curve, waits: Ints) -> Tree:
    """The median, which rests on those who had been watched for as long."""
    median = curve.median
    return None if median is None else Wait(float(median), int((waits >= median).sum()))


@dataclass(frozen=True, eq=False)
class Grouping:
    """People in named groups, of which they may be in several: each person and group once."""

    names: tuple[str, ...]
    person: Ints
    group: Ints
    among: int

    @classmethod
    def of(cls, names: tuple[str, ...], person: Ints, group: Ints, among: int) -> "Grouping":
        """From any pairs."""
        return cls(names, *distinct_pairs(person, group, len(names)), among)

    def sizes(self) -> dict[str, int]:
        """How many people are in each group."""
        counted = np.bincount(self.group, minlength=len(self.names))
        return dict(zip(self.names, counted.tolist(), strict=True))

    def members(self, names: Collection[str]) -> Flags:
        """Who is in any of the groups named."""
        wanted = np.array([name in names for name in self.names] or [False])
        return chosen(self.person[wanted[self.group]], self.among)

    def together(self, names: Collection[str]) -> int:
        """How many people are in any of the groups named."""
        return int(self.members(names).sum())

    def split(self, in_all: int, *, named: bool = True) -> Split:
        """The people of each group as a number, and as a share of `in_all`."""

        def told(names: Collection[str]) -> Mapping[str, Tree]:
            people = self.together(names)
            return {"people": Heads(people), "share": Part(people, in_all)}

        # Names that stand only for people are not told where nobody is left behind them.
        sizes = {name: size for name, size in self.sizes().items() if named or size}
        return Split(sizes, told, self.together, named=named)


def by_affiliation(facts: Facts, window: Window, who: Flags) -> Grouping:
    """People by where they belonged during any of a window; those of whom nothing is known apart."""
    start, end = window.seconds
    then = facts.belongs.where((facts.belongs.since < end) & (facts.belongs.until > start))
    then = then.where(who[then.person])
    nowhere = np.flatnonzero(who & ~chosen(then.person, facts.people))
    names = (*facts.affiliations, UNSTATED)
    person = np.concatenate((then.person, nowhere))
    group = np.concatenate((then.what, np.full(len(nowhere), len(names) - 1)))
    return Grouping.of(names, person, group, facts.people)


def main_affiliation(facts: Facts, at: int) -> Ints:
    """For each person the latest begun of the affiliations they have at an instant; -1 of whom none is known."""
    then = facts.belongs.where((facts.belongs.since <= at) & (facts.belongs.until > at))
    order = np.lexsort((then.what, then.since))
    found = np.full(facts.people, -1, dtype=np.int64)
    found[then.person[order]] = then.what[order]
    return found


def ever(at: Ints) -> Flags:
    """Which of these instants are one."""
    return at < NEVER
