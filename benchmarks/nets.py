"""Nets that everybody knows, and communities drawn from a seed, as facts: networkx brings the one, the tests the other.

What a tie stands for is said of each. All of it happens in one quarter; everybody has been there long before.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import networkx as nx
import numpy as np

from app.metrics.arrays import DAY
from app.metrics.facts import NEVER, NONE, Acts, Depth, Facts, Gives, Helps, Kind, Members, Path, Recognitions
from app.metrics.periods import parse

QUARTER = parse("2026-Q3")
KINDS = (Kind("co_creating", Depth.create), Kind("supporting", Depth.respond))
_MADE, _HELPED = range(2)
Tie = tuple[str, str, int]
"""Two who are tied, and how often."""


def nets() -> Iterator[tuple[str, Facts]]:
    """Each with what it is."""
    karate = nx.karate_club_graph()
    named = ((str(one), str(other), int(of["weight"])) for one, other, of in karate.edges(data=True))
    yield "Zachary's karate club: each tie a recognition and help both ways", recognising(named)
    medici = nx.florentine_families_graph()
    married = ((str(one), str(other), 1) for one, other in medici.edges())
    yield "Families of Florence: each marriage a recognition and help both ways", recognising(married)
    davis = nx.davis_southern_women_graph()
    women = [name for name, side in davis.nodes(data="bipartite") if side == 0]
    yield (
        "Women of Natchez: each gathering something done by all who came",
        together([sorted(map(str, davis[event])) for event in sorted(set(davis) - set(women))]),
    )
    hugo = nx.les_miserables_graph()
    scenes = [sorted((str(one), str(two))) for one, two, of in hugo.edges(data=True) for _ in range(int(of["weight"]))]
    yield "Les Misérables: each scene that two share something they did together", together(scenes)


def recognising(ties: Iterable[Tie]) -> Facts:
    """Whoever is tied recognises and helps the other, and the other them, so often."""
    all = list(ties)
    names = sorted({name for one, other, _ in all for name in (one, other)})
    number = {name: place for place, name in enumerate(names)}
    ends = [(number[one], number[other]) for one, other, often in all for _ in range(often)]
    pairs = [pair for one, other in ends for pair in ((one, other), (other, one))]
    gifts = [(giver, receiver, _day(place), place) for place, (giver, receiver) in enumerate(pairs)]
    return Facts(
        *_people(len(names)),
        kinds=KINDS,
        acts=Acts.of((giver, when, _HELPED, place, NONE) for giver, _, when, place in gifts),
        helps=Helps.of((giver, receiver, when, _HELPED, place) for giver, receiver, when, place in gifts),
        recognitions=Recognitions.of(
            (receiver, _HELPED, Path.thanks, when, when, NEVER, NEVER, NEVER) for _, receiver, when, _ in gifts
        ),
        gives=Gives.of((place, giver) for giver, _, _, place in gifts),
    )


def together(doings: Sequence[Sequence[str]]) -> Facts:
    """Each done by several."""
    names = sorted({name for doers in doings for name in doers})
    number = {name: place for place, name in enumerate(names)}
    return Facts(
        *_people(len(names)),
        kinds=KINDS,
        acts=Acts.of(
            (number[who], _day(place), _MADE, place, NONE) for place, doers in enumerate(doings) for who in doers
        ),
    )


def _people(many: int) -> tuple[tuple[UUID, ...], Members]:
    since = np.full(many, QUARTER.seconds[0] - 400 * DAY)
    members = Members(since, np.full(many, NEVER), np.zeros(many, dtype=np.int64))
    return tuple(UUID(int=each) for each in range(many)), members


def _day(place: int) -> int:
    """Spread over the quarter, in order."""
    start, end = QUARTER.seconds
    return start + min(place * 900, end - start - 1)
