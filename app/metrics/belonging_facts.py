"""What can be known of belonging without asking: B1, B2. What people feel is asked in surveys, and stands beside it."""

from collections.abc import Callable, Sequence

import numpy as np

from app.metrics.arrays import DAY, Flags, chosen
from app.metrics.facts import Facts
from app.metrics.formulas.graphs import Net
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import here
from app.metrics.standing import accepted, gifts
from app.metrics.telling import Share


def has_reciprocal_tie(facts: Facts, window: Window, policy: Policy) -> Flags:
    """Who helped or recognised somebody that helped or recognised them, within the last year."""
    end = window.seconds[1]
    since = end - policy.covered_days * DAY
    helps = facts.helps.where((facts.helps.at >= since) & (facts.helps.at < end))
    given = gifts(facts, accepted(facts, since, end))
    giver, receiver = np.concatenate((helps.giver, given.giver)), np.concatenate((helps.receiver, given.receiver))
    net = Net.of(giver, receiver, facts.people)
    return chosen(net.source[net.mutual()], facts.people)


def has_recognition(facts: Facts, window: Window, policy: Policy) -> Flags:
    """Who was recognised or recognised somebody, within the last year."""
    end = window.seconds[1]
    got = accepted(facts, end - policy.covered_days * DAY, end)
    return chosen(got.receiver, facts.people) | chosen(gifts(facts, got).giver, facts.people)


def tied(facts: Facts, window: Window, policy: Policy) -> Found:
    """B1."""
    return _share("tied", members_and_tied(facts, window, policy))


def members_and_tied(facts: Facts, window: Window, policy: Policy) -> tuple[Flags, Flags]:
    """Members at the end of a window, and those of them with a tie that goes both ways."""
    who = here(facts, window.seconds[1] - 1)
    return who, who & has_reciprocal_tie(facts, window, policy)


def recognised(facts: Facts, window: Window, policy: Policy) -> Found:
    """B2."""
    return _share("recognised", members_and_recognised(facts, window, policy))


def members_and_recognised(facts: Facts, window: Window, policy: Policy) -> tuple[Flags, Flags]:
    """Members at the end of a window, and those of them who gave or received a recognition."""
    who = here(facts, window.seconds[1] - 1)
    return who, who & has_recognition(facts, window, policy)


def _share(name: str, of: tuple[Flags, Flags]) -> Found:
    members, those = (int(each.sum()) for each in of)
    return Found(members, {name: Share(those, members)})


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("B1", "reciprocal_ties", by_quarter(tied)),
    ("B2", "recognition_given_or_received", by_quarter(recognised)),
)
