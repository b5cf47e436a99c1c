"""Where credit flows that is minted at contributions: CredRank, as SourceCred computes it.

Credit is minted at contributions, by their weight, and flows to whoever made them and to what they build on. People
stand in the graph once an epoch: from there part is paid out, part goes to the same person's epochs before and after,
and the rest back to what they made. Every node leaks a part. So less is paid out than is minted.
"""

from dataclasses import dataclass

import numpy as np

from app.metrics.arrays import Floats, Ints, summed

STEADY = 1e-12


@dataclass(frozen=True)
class Flow:
    """Which part of what arrives goes where (the defaults are SourceCred's)."""

    leak: float = 0.1
    """From every node (alpha)."""
    payout: float = 0.4
    """From a person's epoch to the person (beta)."""
    forward: float = 0.1
    """From a person's epoch to their next (gamma)."""
    back: float = 0.1


@dataclass(frozen=True, eq=False)
class Work:
    """What was made: by contribution how much it mints; who made it, in which epoch; and what builds on what."""

    mint: Floats
    contribution: Ints
    person: Ints
    epoch: Ints
    source: Ints
    """Contributions that build on, or praise, those in `target`."""
    target: Ints


def cred(work: Work, people: int, epochs: int, flow: Flow = Flow()) -> Floats:
    """What each person is paid out, of as much as all contributions mint; nothing where nothing is minted."""
    minted = float(work.mint.sum())
    if minted == 0 or people == 0:
        return np.zeros(people)
    count, slots = len(work.mint), people * epochs
    slot = count + work.person * epochs + work.epoch
    source, target, share = _edges(work, slot, count, epochs, slots, flow)
    seed = np.zeros(count + slots)
    seed[:count] = work.mint / minted
    here = seed.copy()
    # What leaks and is paid out starts anew where it is minted: what is paid out of one round is the answer.
    while True:
        moved = summed(target, here[source] * share, count + slots)
        further = moved + seed * (1.0 - float(moved.sum()))
        if float(np.abs(further - here).sum()) < STEADY:
            break
        here = further
    paid: Floats = further[count:].reshape(people, epochs).sum(axis=1) * flow.payout
    started = 1.0 - float(moved.sum())
    return minted * paid / started


def _edges(work: Work, slot: Ints, count: int, epochs: int, slots: int, flow: Flow) -> tuple[Ints, Ints, Floats]:
    """From where to where which part flows; what finds no way on starts anew."""
    place = np.arange(slots)
    later, earlier = place[(place + 1) % epochs > 0], place[place % epochs > 0]
    source = np.concatenate((work.contribution, work.source, slot, count + later, count + earlier))
    target = np.concatenate((slot, work.target, work.contribution, count + later + 1, count + earlier - 1))
    out = np.bincount(np.concatenate((work.contribution, work.source)), minlength=count)
    made = np.bincount(slot, minlength=count + slots)
    rest = 1.0 - flow.leak - flow.payout - flow.forward - flow.back
    share = np.concatenate(
        (
            (1.0 - flow.leak) / out[work.contribution],
            (1.0 - flow.leak) / out[work.source],
            rest / made[slot],
            np.full(len(later), flow.forward),
            np.full(len(earlier), flow.back),
        )
    )
    return source, target, share
