"""The lists of revoked badges that one verification has opened: each is read, proven and expanded once.

Many entries may name one list, and a list may be small on its way and large when it is opened: without this, 75 kB of
endorsements, each with eight entries, would keep a processor busy for a quarter of a minute.
"""

from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from badges.checks.reading import Secured
from badges.documents import as_list, values_in
from badges.errors import BadgeError, TooLarge
from badges.reports import Check
from badges.status import LARGEST, StatusList

MOST_BYTES = LARGEST
"""What all lists of bits of one verification may expand to. Lists of the usual length have 16 KB."""

MOST_PROVEN = 10_000
"""JSON values in the lists whose proofs canonicalise them, counted for each proof. However long it is, a list has
thirty: what could hold a processor up are other statements in a document that calls itself a list."""
LEAST_PROVEN = 200
"""Values that a list counts for at least, since few can also be made costly."""

Made = TypeVar("Made")


class Decode(Protocol):
    """How the bits of a kind of list are read. Raises `NotConformant`, `Unreadable` or `TooLarge`."""

    def __call__(self, text: str, *, largest: int) -> StatusList:
        """The list in an `encodedList` that may expand to `largest` bytes."""
        ...


class Lists:
    """What has been opened so far; `room` are the bytes that lists may still expand to, `proven` the values that may
    still be canonicalised.
    """

    def __init__(self, room: int = MOST_BYTES, proven: int = MOST_PROVEN) -> None:
        self._room = room
        self._proven = proven
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes the first time that `key` is asked for; a refusal (`BadgeError`) is raised each time."""
        if key not in self._made:
            try:
                self._made[key] = make()
            except BadgeError as error:
                self._made[key] = error.anew()
        made: Made | BadgeError = self._made[key]
        if isinstance(made, BadgeError):
            raise made.anew()
        return made

    def expand(self, text: str, decode: Decode) -> StatusList:
        """The bits of a list, as long as there is room. What does not fit has taken as much room as it was given."""
        largest = min(LARGEST, self._room)
        try:
            bits = decode(text, largest=largest)
        except TooLarge:
            self._room -= largest
            raise
        self._room -= len(bits.bits)
        return bits

    def prove(self, listing: Secured, proof: Callable[[Secured], Check]) -> Check:
        """The `proof` of a list, as long as there is room for what canonicalising it costs. Raises `TooLarge`."""
        if listing.jws is None:  # a token is verified as the text that it is
            cost = max(LEAST_PROVEN, values_in(listing.document)) * len(as_list(listing.document.get("proof")))
            if cost > self._proven:
                raise TooLarge("Together, the lists hold more than is looked at in one verification.")
            self._proven -= cost
        return proof(listing)
