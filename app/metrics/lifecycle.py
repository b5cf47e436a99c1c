"""What a quarter of a community looks like to the rules of maturity."""

from collections.abc import Collection

import numpy as np

from app.kit.suppression import enough, share
from app.metrics import periods
from app.metrics.arrays import chosen, firsts
from app.metrics.facts import NEVER, Facts
from app.metrics.formulas import inequality
from app.metrics.formulas.maturity import Quarter
from app.metrics.notes import by_kinds
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import here, within
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
    """A quarter, from what was known at its end; `planned` is how many gatherings its rhythm, if any, asks for.

    Whether newcomers stayed is seen of k of them at least, so that the stage tells of no single one.
    """
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
        members=int((here(facts, window.seconds[1] - 1) | chosen(active, facts.people)).sum()),
        held=held,
        rhythm=rhythm(held, planned),
        leader_share=float(convened.max()) / float(convened.sum()) if convened.any() else None,
        kinds=len(np.unique(within(facts.output, window).kind)),
        retention=share(int(stayed.sum()), newcomers) if enough(newcomers, k=policy.k) else None,
        hosting_factor=inequality.absence_factor(convened),
        answering_factor=inequality.absence_factor(answered),
        recognisers=share(len(recognisers), len(active)) if enough(len(active), k=policy.k) else None,
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


def _numbers(facts: Facts, keys: Collection[str]) -> list[int]:
    return [number for number, kind in enumerate(facts.kinds) if kind.key in keys]
