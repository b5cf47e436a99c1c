"""How much of a kind of work one verification may take, whatever is inside what."""

from collections.abc import Sequence
from typing import Any

MOST_CREDENTIALS = 100
"""Credentials inside others that one verification looks at, endorsements included."""
MOST_WEIGHT = 12_000
"""Of those credentials together, besides the weight of what was handed in: each is also a part of all around it, so
that the innermost could be gone through five times. A hundred badges in a record in a presentation weigh no more.
"""
MOST_WEIGHT_OF_ENDORSEMENTS = 5_000
"""Of the endorsements among them, likewise: endorsements of endorsements are few and small."""
_BYTES_PER_VALUE = 60
"""Of a token; it takes less to judge one than a document with canonicalising proofs."""


class Allowance:
    """A number of things that is used up, so that badges within badges cannot multiply the work."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, wanted: int) -> int:
        """How many of as many as are `wanted` may be looked at."""
        granted = min(wanted, self._left)
        self._left -= granted
        return granted


class Inside:
    """How much of what is inside a badge may still be looked at, in one verification."""

    def __init__(self, whole: Any) -> None:
        self._credentials = Allowance(MOST_CREDENTIALS)
        self._weight = Allowance(weight(whole) + MOST_WEIGHT)
        self._weight_of_endorsements = Allowance(weight(whole) + MOST_WEIGHT_OF_ENDORSEMENTS)

    def take(self, given: Sequence[Any], *, endorsements: bool = False) -> int:
        """How many of these credentials may be looked at, from the first on."""
        allowances = [self._weight, self._weight_of_endorsements] if endorsements else [self._weight]
        granted = self._credentials.take(len(given))
        for n, each in enumerate(given[:granted]):
            wanted = weight(each)
            if any(allowance.take(wanted) < wanted for allowance in allowances):
                return n
        return granted


def weight(given: Any) -> int:
    """The values in a document, and those that its texts could hold, for a token is a text and holds a document."""
    waiting, found = [given], 0
    while waiting:
        here = waiting.pop()
        found += 1
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, str):
            found += len(here) // _BYTES_PER_VALUE
    return found
