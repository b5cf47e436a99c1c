"""Small communities written down by hand: days count from the first of October 2026, at midnight in UTC."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from app.metrics.arrays import DAY
from app.metrics.facts import (
    NEVER,
    Acts,
    Cites,
    Decisions,
    Depth,
    Facts,
    Gives,
    Helps,
    Kind,
    Members,
    Path,
    Questions,
    Recognitions,
    Spells,
)
from app.metrics.metric import Metric, measure
from app.metrics.periods import Window, parse
from app.metrics.policy import Policy
from app.metrics.results import Result

OCTOBER = parse("2026-10")
TO_OCTOBER = Window(parse("2025-11").start, OCTOBER.end)
"""A year, of which figures that look back over one are told; of October they are not."""
LONG_AGO = -1000.0
KINDS = (
    Kind("attending", Depth.consume, output=False),
    Kind("supporting", Depth.respond, cycles=(3,)),
    Kind("welcoming", Depth.respond, cycles=(1,), care_areas=("love_and_care",)),
    Kind("hosting", Depth.create, cycles=(1,), care_areas=("creating_space",)),
)
ATTENDING, SUPPORTING, WELCOMING, HOSTING = range(4)
THREE = Policy(k=3, rates_from=1)


def at(day: float) -> int:
    """So many days after the first of October began."""
    return OCTOBER.seconds[0] + round(day * DAY) if day < 10**6 else NEVER


def hamlet(
    people: int,
    *,
    joined: Sequence[float] = (),
    left: Sequence[float] = (),
    acts: Iterable[tuple[int, float, int]] = (),
    together: Iterable[tuple[int, int]] = (),
    breaks: Iterable[tuple[int, float, float]] = (),
    belongs: Iterable[tuple[int, int]] = (),
    recognised: Iterable[tuple[int, Sequence[int], float]] = (),
    kind: int = SUPPORTING,
    **more: Any,
) -> Facts:
    """People who joined long ago unless it is said, what they did, and (receiver, givers, day) of recognitions."""
    doings = sorted(acts, key=lambda act: act[1])
    given = sorted(recognised, key=lambda each: each[2])
    since = [*map(at, joined)] + [at(LONG_AGO)] * (people - len(joined))
    until = [*map(at, left)] + [NEVER] * (people - len(left))
    number = {place: place for place in range(len(doings))} | dict(together)
    return Facts(
        ids=tuple(UUID(int=each) for each in range(people)),
        members=Members(np.array(since), np.array(until), np.ones(people, dtype=np.int64)),
        kinds=KINDS,
        channels=("chat", "calls"),
        affiliations=("Tall Tree School", "Harbour Library"),
        acts=Acts.of((who, at(day), what, number[n], n % 2) for n, (who, day, what) in enumerate(doings)),
        breaks=Spells.of((who, 0, at(since), at(until)) for who, since, until in breaks),
        belongs=Spells.of((who, where, at(LONG_AGO), NEVER) for who, where in belongs),
        recognitions=Recognitions.of(
            (who, kind, Path.nomination, at(day), at(day), NEVER, at(day), NEVER) for who, _, day in given
        ),
        gives=Gives.of((row, giver) for row, (_, givers, _) in enumerate(given) for giver in givers),
        **more,
    )


def alike(copies: int, acts: Iterable[tuple[int, float, int]]) -> list[tuple[int, float, int]]:
    """What each did, by so many people instead."""
    return [(copies * who + copy, day, what) for who, day, what in acts for copy in range(copies)]


def helps(*each: tuple[int, int, float]) -> Helps:
    """(giver, receiver, day)."""
    return Helps.of((giver, receiver, at(day), SUPPORTING, 0) for giver, receiver, day in each)


def cites(*each: tuple[int, int]) -> Cites:
    """(recognition, contribution)."""
    return Cites.of(each)


def decisions(*each: tuple[int, float, float, bool]) -> Decisions:
    """(nominee, submitted, decided, approved)."""
    return Decisions.of((who, at(submitted), at(decided), yes) for who, submitted, decided, yes in each)


def questions(*each: tuple[int, float, float]) -> Questions:
    """(asker, asked, answered)."""
    return Questions.of((who, at(asked), at(answered)) for who, asked, answered in each)


def figure(
    metrics: Sequence[Metric], id: str, facts: Facts, window: Window = OCTOBER, policy: Policy = THREE
) -> Result:
    """One figure as it is told; with k as low as it may be."""
    (metric,) = (metric for metric in metrics if metric.id == id)
    (result,) = measure([metric], facts, window, policy)
    return result


def value(metrics: Sequence[Metric], id: str, facts: Facts, window: Window = OCTOBER, policy: Policy = THREE) -> Any:
    """Its value."""
    return figure(metrics, id, facts, window, policy).value
