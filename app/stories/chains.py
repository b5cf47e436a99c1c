"""Things that lead to each other, as plain values: which come before which, and which hang together."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def behind(start: Iterable[T], leads_to: Mapping[T, Iterable[T]]) -> set[T]:
    """Everything that is reached from `start`, which is among it."""
    reached, waiting = set[T](), list(start)
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting += leads_to.get(at, ())
    return reached


def together(things: Iterable[T], leads_to: Mapping[T, Iterable[T]]) -> list[frozenset[T]]:
    """The things in groups, each of those that hang together in whichever direction, in the order of `things`."""
    among = dict.fromkeys(things)
    either_way: dict[T, set[T]] = {one: set() for one in among}
    for one in among:
        for other in leads_to.get(one, ()):
            if other in among:
                either_way[one].add(other)
                either_way[other].add(one)
    found, placed = list[frozenset[T]](), set[T]()
    for one in among:
        if one not in placed:
            group = frozenset(behind([one], either_way))
            found.append(group)
            placed |= group
    return found
