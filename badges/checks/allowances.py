"""How much of a kind of work one verification may take, whatever is inside what."""

from collections.abc import Sequence
from typing import Any

from badges.documents import BADGE_LIMITS

MOST_CREDENTIALS = 100
"""Credentials inside others that one verification looks at, endorsements included."""
MOST_WEIGHT = 15_000
"""Of those credentials together, besides the weight of what was handed in: each is also a part of all around it, so
that the innermost could be gone through five times. A hundred badges in a record in a presentation weigh no more.
"""


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

    def take(self, given: Sequence[Any]) -> int:
        """How many of these credentials may be looked at, from the first on."""
        granted = self._credentials.take(len(given))
        for n, each in enumerate(given[:granted]):
            wanted = weight(each)
            if self._weight.take(wanted) < wanted:
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
            found += len(here) // BADGE_LIMITS.bytes_per_value
    return found
