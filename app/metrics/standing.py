"""Recognitions as they stand in a window, and the net that they make: what recognition and influence start from."""

from dataclasses import dataclass

import numpy as np

from app.metrics.arrays import DAY, Flags, Floats, Ints, firsts
from app.metrics.facts import NEVER, Facts
from app.metrics.formulas.graphs import Net
from app.metrics.periods import Window
from app.metrics.policy import Policy


@dataclass(frozen=True, eq=False)
class Recognised:
    """The recognitions that were accepted in a window and stand: by row, who received each."""

    row: Ints
    receiver: Ints

    def per_person(self, people: int) -> Ints:
        """How many each person received."""
        return np.bincount(self.receiver, minlength=people)


def accepted(facts: Facts, start: int, end: int) -> Recognised:
    """Those accepted from `start` on and before `end`, and not taken back since."""
    given = facts.recognitions
    rows = np.flatnonzero((given.accepted >= start) & (given.accepted < end) & (given.revoked == NEVER))
    return Recognised(rows, given.receiver[rows])


def accepted_in(facts: Facts, window: Window) -> Recognised:
    """Those of a window."""
    return accepted(facts, *window.seconds)


@dataclass(frozen=True, eq=False)
class Gifts:
    """Who recognised whom, and when it was accepted: once for each who nominated or seconded."""

    giver: Ints
    receiver: Ints
    at: Ints


def gifts(facts: Facts, of: Recognised) -> Gifts:
    """Of these recognitions, in the order of time; nobody gives to themself."""
    wanted = np.zeros(len(facts.recognitions), dtype=np.bool_)
    wanted[of.row] = True
    given = facts.gives.where(wanted[facts.gives.recognition])
    receiver = facts.recognitions.receiver[given.recognition]
    at = facts.recognitions.accepted[given.recognition]
    others = given.giver != receiver
    order = np.lexsort((receiver[others], given.giver[others], at[others]))
    return Gifts(given.giver[others][order], receiver[others][order], at[others][order])


def weights(of: Gifts, now: int, policy: Policy) -> Floats:
    """What each weighs: half after the half-life, and 1/(1 + c) when the same gave to the same c times before.

    Two who recognise each other again and again so come to weigh little more than two who did once.
    """
    fresh: Floats = np.exp2(-(now - of.at) / (policy.half_life_days * DAY))
    return fresh / (1.0 + earlier_alike(of.giver, of.receiver))


def earlier_alike(one: Ints, other: Ints) -> Ints:
    """For each row how many before it have the same two."""
    order = np.lexsort((np.arange(len(one)), other, one))
    place = np.arange(len(one))
    first = (np.diff(one[order], prepend=-1) != 0) | (np.diff(other[order], prepend=-1) != 0)
    starts = np.maximum.accumulate(np.where(first, place, 0))
    found = np.empty(len(one), dtype=np.int64)
    found[order] = place - starts
    return found


def recognition_net(facts: Facts, window: Window, policy: Policy) -> Net:
    """Who recognised whom in the year up to the end of a window, weighed."""
    end = window.seconds[1]
    all = gifts(facts, accepted(facts, end - policy.covered_days * DAY, end))
    return Net.of(all.giver, all.receiver, facts.people, weights(all, end, policy))


@dataclass(frozen=True, eq=False)
class Contacts:
    """That two people had to do with each other, each pair and time once for each of the two."""

    one: Ints
    other: Ints
    at: Ints

    def net(self, people: int) -> Net:
        """With how often as the weight."""
        return Net.of(self.one, self.other, people)

    def last(self, net: Net) -> Ints:
        """For each tie of that net when it was last alive."""
        key = net.source * max(1, net.people) + net.target
        found = np.zeros(len(key), dtype=np.int64)
        np.maximum.at(found, np.searchsorted(key, self.one * max(1, net.people) + self.other), self.at)
        return found


def contacts(facts: Facts, start: int, end: int, policy: Policy) -> Contacts:
    """Help, recognition, and what a few did together, in a span of time."""
    helps = facts.helps.where((facts.helps.at >= start) & (facts.helps.at < end))
    helps = helps.where(helps.giver != helps.receiver)
    given = gifts(facts, accepted(facts, start, end))
    one, other, at = _together(facts, start, end, policy.team_most)
    ones = np.concatenate((helps.giver, given.giver, one))
    others = np.concatenate((helps.receiver, given.receiver, other))
    when = np.concatenate((helps.at, given.at, at))
    return Contacts(np.concatenate((ones, others)), np.concatenate((others, ones)), np.concatenate((when, when)))


def _together(facts: Facts, start: int, end: int, most: int) -> tuple[Ints, Ints, Ints]:
    """Each two of those who did one contribution together, if they were few."""
    acts = facts.acts.where((facts.acts.at >= start) & (facts.acts.at < end))
    both = np.unique(acts.contribution * max(1, facts.people) + acts.person)
    what, who = both // max(1, facts.people), both % max(1, facts.people)
    size = np.bincount(what)
    ones, others, when = [], [], []
    for apart in range(1, max(2, most)):
        pair = np.flatnonzero(what[apart:] == what[:-apart])
        pair = pair[size[what[pair]] <= most]
        ones.append(who[pair])
        others.append(who[pair + apart])
        when.append(facts.done_at[what[pair]])
    return np.concatenate(ones), np.concatenate(others), np.concatenate(when)


def points(facts: Facts, start: int, end: int) -> Ints:
    """How many things each person made or gave in a span of time."""
    made = facts.output
    return np.bincount(made.person[(made.at >= start) & (made.at < end)], minlength=facts.people)


def since(facts: Facts) -> Ints:
    """Since when each person has been around: whoever did something before they joined is no newcomer then."""

    def found() -> Ints:
        began = firsts(facts.acts.person, facts.acts.at, facts.people, NEVER)
        return np.minimum(facts.members.joined, began)

    return facts.once(since, found)


def is_new(facts: Facts, at: Ints, person: Ints, days: int) -> Flags:
    """Whether each of these people was a newcomer at each of these instants."""
    return at - since(facts)[person] < days * DAY
