"""Communities drawn from a seed, with what is to be found in them planted: everybody is fictional."""

from uuid import UUID

import numpy as np

from app.metrics.arrays import DAY, Floats, Ints
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
    Questions,
    Recognitions,
    Spells,
    Uptakes,
)
from app.metrics.periods import parse

KINDS = (
    Kind("attending", Depth.consume, output=False, cycles=(1,)),
    Kind("speaking", Depth.consume, cycles=(1,)),
    Kind("supporting", Depth.respond, cycles=(3,)),
    Kind("welcoming", Depth.respond, cycles=(1,), care_areas=("love_and_care",)),
    Kind("documenting", Depth.respond, cycles=(2,), care_areas=("managing_knowledge",)),
    Kind("reviewing", Depth.respond, cycles=(2,)),
    Kind("hosting", Depth.create, cycles=(1,), care_areas=("creating_space",)),
    Kind("co_creating", Depth.create, cycles=(2,)),
)
ATTENDING, SUPPORTING = 0, 2
RING = (3, 4, 5, 6)
"""Recognise each other, and hardly anybody else."""
UNSUNG = 2
"""Does as much as anybody and is never recognised."""
START, END = parse("2024").seconds[0], parse("2026-10").seconds[1]


def community(people: int, acts: int, recognitions: int, *, seed: int = 20_261_122) -> Facts:
    """One in a hundred makes most, nine in a hundred some, the others are there: from 2024 to October 2026."""
    draw = np.random.Generator(np.random.PCG64(seed))
    joined = np.sort(draw.integers(START - 700 * DAY, END, people))
    joined[: len(RING) + 3] = START - 700 * DAY
    left = np.where(draw.random(people) < 0.1, joined + draw.integers(30 * DAY, 900 * DAY, people), NEVER)
    left[: len(RING) + 3] = NEVER
    eager = _weights(people)
    person = draw.choice(people, acts, p=eager)
    begun = np.maximum(joined[person], START)
    until = np.minimum(left[person], END)
    at = begun + (draw.random(acts) * np.maximum(1, until - begun)).astype(np.int64)
    # Those who are only there attend; the others do anything.
    kind = np.where(eager[person] < 1 / people, ATTENDING, draw.integers(0, len(KINDS), acts))
    order = np.lexsort((person, at))
    person, at, kind = person[order], at[order], kind[order]
    contribution = np.cumsum(draw.random(acts) > 0.05) - 1
    at = at[np.searchsorted(contribution, contribution)]  # what several did together was done at one time
    given, gives, cites = _recognitions(draw, person, at, contribution, recognitions, eager)
    helping = np.flatnonzero(kind == SUPPORTING)
    decided = max(1, recognitions // 10)
    submitted = draw.integers(START, END - 30 * DAY, decided)
    return Facts(
        ids=tuple(UUID(int=number) for number in range(people)),
        members=Members(joined, left, np.ones(people, dtype=np.int64)),
        kinds=KINDS,
        channels=("chat", "forum", "calls"),
        affiliations=("Tall Tree School", "Harbour Library", "Quiet Works"),
        belongs=Spells(*_belonging(draw, people, joined)),
        acts=Acts(person, at, kind, contribution, draw.integers(0, 3, acts)),
        helps=Helps(
            person[helping], draw.integers(0, people, len(helping)), at[helping], kind[helping], contribution[helping]
        ),
        recognitions=given,
        gives=gives,
        cites=cites,
        decisions=Decisions(
            draw.choice(people, decided, p=eager),
            submitted,
            submitted + draw.integers(DAY, 30 * DAY, decided),
            (draw.random(decided) < 0.8).astype(np.int64),
        ),
        questions=_questions(draw, people, max(1, acts // 100)),
        uptakes=Uptakes(
            draw.integers(0, people, decided), submitted, draw.integers(0, 2, decided), draw.integers(0, 2, decided)
        ),
        uncounted=np.full(people // 100, START),
    )


def _weights(people: int) -> Floats:
    """How likely each person is to do the next thing; those who do most joined at any time."""
    part = np.arange(people) % 100
    part[: len(RING) + 3] = 0
    each: Floats = np.where(part == 0, 50.0, np.where(part < 10, 5.0, 0.5))
    return each / float(each.sum())


def _recognitions(
    draw: np.random.Generator, person: Ints, at: Ints, contribution: Ints, count: int, eager: Floats
) -> tuple[Recognitions, Gives, Cites]:
    people = len(eager)
    cited = draw.integers(0, len(person), count)
    receiver = person[cited]
    accepted = np.minimum(END - 1, at[cited] + draw.integers(DAY, 40 * DAY, count))
    giver = draw.choice(people, count, p=eager)
    # Every fiftieth is from the ring to itself; what the unsung member did is put down to somebody else.
    ringed = np.arange(count) % 50 == 0
    receiver = np.where(ringed, np.array(RING)[np.arange(count) // 50 % 4], receiver)
    giver = np.where(ringed, np.array(RING)[(np.arange(count) // 50 + 1 + np.arange(count) // 200 % 3) % 4], giver)
    giver = np.where(~ringed & np.isin(giver, RING), 0, giver)
    receiver = np.where(receiver == UNSUNG, UNSUNG + 7, receiver)
    giver = np.where(giver == receiver, (giver + 1) % people, giver)
    offered = accepted - DAY
    refused = draw.random(count) < 0.05
    never = np.full(count, NEVER, dtype=np.int64)
    given = Recognitions(
        receiver,
        draw.integers(0, len(KINDS), count),
        draw.integers(0, 4, count),
        offered,
        np.where(refused, NEVER, accepted),
        np.where(refused, accepted, NEVER),
        np.where(refused, NEVER, accepted),
        never,
    )
    rows = np.arange(count)
    second = draw.choice(people, count, p=eager)
    second = np.where(np.isin(second, RING), 0, second)
    return (
        given,
        Gives(np.concatenate((rows, rows[::3])), np.concatenate((giver, second[::3]))),
        Cites(rows, contribution[cited]),
    )


def _belonging(draw: np.random.Generator, people: int, joined: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    belongs = np.flatnonzero(np.arange(people) % 5 > 0)
    what = draw.choice(3, len(belongs), p=[0.6, 0.3, 0.1])
    return belongs, what, joined[belongs], np.full(len(belongs), NEVER, dtype=np.int64)


def _questions(draw: np.random.Generator, people: int, count: int) -> Questions:
    asked = np.sort(draw.integers(START, END, count))
    waited = draw.exponential(2 * DAY, count).astype(np.int64)
    return Questions(draw.integers(0, people, count), asked, np.where(draw.random(count) < 0.8, asked + waited, NEVER))
