"""How much of a kind of work one verification may take, whatever is inside what."""

from collections.abc import Sequence
from typing import Any

import orjson

from badges.documents import Document, types, values_of
from badges.errors import TooLarge

MOST_CREDENTIALS = 100
"""Credentials inside others that one verification looks at, endorsements included."""
MOST_WEIGHT = 12_000
"""Of those credentials together, besides the weight of what was handed in: each is also a part of all around it, so
that the innermost could be gone through five times. A hundred badges in a record in a presentation weigh no more.
"""
MOST_WEIGHT_OF_ENDORSEMENTS = 5_000
"""Of the endorsements among them, likewise: endorsements of endorsements are few and small."""
MOST_CONTEXTS = 24
"""Different lists of contexts in those credentials. Each is combined by itself, which takes as long as judging five
badges; the badges of a hundred issuers have some ten.
"""
MOST_COMBINED_TYPES = 1_000
"""Types of objects that have three and more, for each of which a context may have to be combined with the others."""
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
        handed_in = weight(whole)
        self._weight = Allowance(handed_in + MOST_WEIGHT)
        self._contexts: set[bytes] = set()
        self._types = Allowance(MOST_COMBINED_TYPES)
        self._weight_of_endorsements = Allowance(handed_in + MOST_WEIGHT_OF_ENDORSEMENTS)

    def admit(self, credential: Document) -> None:
        """Returns when the contexts and types of a credential may still be looked at. Raises `TooLarge`."""
        waiting: list[Any] = [credential]
        while waiting:
            here = waiting.pop()
            if isinstance(here, list):
                waiting.extend(each for each in here if isinstance(each, dict | list))
                continue
            if "@context" in here:
                self._contexts.add(orjson.dumps(here["@context"]))
            several = len(types(here))
            if len(self._contexts) > MOST_CONTEXTS or self._types.take(several if several > 2 else 0) < (several > 2):
                raise TooLarge("What was handed in has too many different contexts, or too many types in one place.")
            waiting.extend(each for each in here.values() if isinstance(each, dict | list))

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
    return sum(1 + len(here) // _BYTES_PER_VALUE if isinstance(here, str) else 1 for here in values_of(given))
