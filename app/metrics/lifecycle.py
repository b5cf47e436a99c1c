"""What a quarter of a community looks like to the rules of maturity."""

from collections.abc import Collection

import numpy as np

from app.metrics import periods
from app.metrics.arrays import chosen, distinct_pairs, firsts
from app.metrics.facts import NEVER, Facts
from app.metrics.formulas import inequality
from app.metrics.formulas.maturity import Quarter
from app.metrics.notes import by_kinds
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import here, present, within
from app.metrics.standing import accepted_in, gifts

CONVENING = ("hosting",)
ANSWERING = ("supporting", "rescuing")


def quarter(
    facts: Facts,
    window: Window,
    policy: Policy,
    *,
    planned: int | None = None,
    chartered: bool = False,
    changing: bool = False,
    convening: Collection[str] = CONVENING,
    answering: Collection[str] = ANSWERING,
) -> Quarter:
    """A quarter, from what was known at its end; `planned` is how many gatherings its rhythm, if any, asks for."""
    facts = facts.until(window.seconds[1])
    acts = within(facts.acts, window)
    active = np.unique(acts.person)
    convened = by_kinds(facts, window, convening)
    held = len(np.unique(acts.contribution[np.isin(acts.kind, _numbers(facts, convening))]))
    given = gifts(facts, accepted_in(facts, window))
    recognisers = np.intersect1d(given.giver, active)
    before = periods.previous(window).seconds
    first = firsts(facts.acts.person, facts.acts.at, facts.people, NEVER)
    newly = (first >= before[0]) & (first < before[1])
    stayed, newcomers = newly & chosen(active, facts.people), int(newly.sum())
    answered = by_kinds(facts, window, answering)
    return Quarter(
        active=len(active),
        members=int(present(facts, window).sum()),
        at_end=int(here(facts, window.seconds[1] - 1).sum()),
        held=held,
        rhythm=rhythm(held, planned),
        leader_share=float(convened.max()) / float(convened.sum()) if convened.any() else None,
        kinds=_in_use(facts, window, policy.k, convening),
        hosting_factor=inequality.absence_factor(convened),
        answering_factor=inequality.absence_factor(answered),
        chartered=chartered,
        changing=changing,
        newcomers=newcomers,
        stayed=int(stayed.sum()),
        recognising=len(recognisers),
        hosts=int((convened > 0).sum()),
        answerers=int((answered > 0).sum()),
    )


def rhythm(held: int, planned: int | None) -> float | None:
    """Which share of the gatherings that were meant to be took place; more than all count as all."""
    return min(1.0, held / planned) if planned else None


def _in_use(facts: Facts, window: Window, k: int, convening: Collection[str]) -> int:
    """How many types of contributions are: made by k people, or ways of convening, which everybody sees."""
    made = within(facts.output, window)
    people = np.bincount(distinct_pairs(made.kind, made.person, facts.people)[0], minlength=len(facts.kinds))
    convened = np.isin(np.arange(len(people)), _numbers(facts, convening)) & (people > 0)
    return int(((people >= k) | convened).sum())


def _numbers(facts: Facts, keys: Collection[str]) -> list[int]:
    return [number for number, kind in enumerate(facts.kinds) if kind.key in keys]
