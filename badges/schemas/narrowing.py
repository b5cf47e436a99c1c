"""The part of a document in which its errors are looked for.

The validator says in half a millisecond whether a large document conforms; but it makes all errors before it tells the
first, and of a list of 12,000 numbers that takes a second and 100 MB. Where errors begin is soon found by asking again,
and those after so many values are not made.
"""

from collections.abc import Callable
from typing import Any

from badges.documents import values_in

MOST_VALUES = 1_000
"""In which errors are looked for, from where the first lies."""

_KEPT = {"@context": 16, "type": 16, "verifiableCredential": 1}
"""Items that are left of these lists, of which the schemas ask what they contain. They ask nothing of other lists."""


def narrowed(document: Any, conforms: Callable[[Any], bool]) -> Any:
    """The beginning of a document that does not conform, with its first errors; a document of few values whole.

    Only lists end sooner, so whatever is left has the pointer that it has in the whole.
    """
    fitting, faulty = 0, values_in(document)
    if faulty <= MOST_VALUES:
        return document
    while faulty - fitting > MOST_VALUES // 2:
        middle = (fitting + faulty) // 2
        if conforms(_Beginning(middle).of(document)):
            fitting = middle
        else:
            faulty = middle
    return _Beginning(fitting + MOST_VALUES).of(document)


class _Beginning:
    """As many values of a document as there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room

    def of(self, value: Any, kept: int = 0) -> Any:
        self._room -= 1
        if isinstance(value, dict):
            return {name: self.of(child, _KEPT.get(name, 0)) for name, child in value.items()}
        if not isinstance(value, list):
            return value
        items: list[Any] = []
        for item in value:
            if self._room <= 0 and len(items) >= kept:
                break
            items.append(self.of(item))
        return items
