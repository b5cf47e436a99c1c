"""What a round-up holds: which things it tells of, never their words. Plain values, no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.kit.suppression import USUAL_K, at_least, enough

MOST = 200
"""Things of one kind that a round-up names."""
LOOKS_BACK = timedelta(days=31)
"""Weeks that ended longer ago get no round-up any more."""
NEWS_FOR = timedelta(days=9)
"""So long after its end a week is news."""
PROMPTS_OVER = timedelta(weeks=13)
"""What stewards are prompted about is looked for in so much time up to the end of the week."""


@dataclass(frozen=True)
class Named:
    """Things of one kind, by their ids, in the order in which they are told; and how many there are besides."""

    ids: tuple[UUID, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, ids: Sequence[UUID]) -> "Named":
        """All of these, as far as a round-up names them."""
        return cls(tuple(ids[:MOST]), max(0, len(ids) - MOST))


@dataclass(frozen=True)
class Contents:
    """What a week's round-up tells of. Kept as it is: what is taken back later goes missing, and nothing is added."""

    recognitions: Named = Named()
    stories: Named = Named()
    gatherings: Named = Named()
    asked: Named = Named()
    answered: Named = Named()
    newcomers: Named = Named()
    """Members who joined and agree to be named."""
    to_second: tuple[UUID, ...] = ()
    """Nominations that everybody in the community may second."""
    open_needs: int = 0
    joined: int | None = None
    """How many joined at least, as the figures of the week say; None where those say nothing of it."""
    returned: int | None = None
    """How many at least were active again after an absence; None where they are fewer than k."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened of which anybody could be told; what only waits is nothing that happened."""
        happened = (self.recognitions, self.stories, self.gatherings, self.asked, self.answered, self.newcomers)
        return not (any(named.ids for named in happened) or self.joined or self.returned)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            name: {"ids": [str(id) for id in value.ids], "more": value.more}
            if isinstance(value, Named)
            else [str(id) for id in value]
            if isinstance(value, tuple)
            else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Contents":
        """What was kept."""
        return cls(**{name: _read(value) for name, value in kept.items()})


def _read(value: Any) -> Any:
    match value:
        case {"ids": ids, "more": more}:
            return Named(tuple(UUID(id) for id in ids), more)
        case list():
            return tuple(UUID(id) for id in value)
    return value


@dataclass(frozen=True)
class Prompts:
    """What stewards alone are told, by counts and codes: it names nobody, so that nobody is looked at by the way."""

    since: datetime
    until: datetime
    unsung: int | None = None
    """How many at least did far more than they were recognised for.

    None of few, whom only a look for a purpose shows."""
    stagnant: tuple[str, ...] = ()
    """What looks stagnant, as codes."""
    new: tuple[str, ...] = field(default=())
    """Those of them that did not look so the week before: each is raised once."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Prompts":
        """What was kept."""
        since, until = datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["until"])
        return cls(since, until, kept["unsung"], tuple(kept["stagnant"]), tuple(kept["new"]))


STAGNANT = {
    "nobody-new": "Nobody contributed for the first time in the last sixty days.",
    "leans-on-one": "One person holds more than half of the gatherings.",
}
"""What a steward is asked to look at, by its code."""


def stagnant(*, nobody_new: bool, leans_on_one: bool) -> tuple[str, ...]:
    """As codes."""
    found = {"nobody-new": nobody_new, "leans-on-one": leans_on_one}
    return tuple(code for code, holds in found.items() if holds)


def raised(now: Sequence[str], before: Sequence[str] | None) -> tuple[str, ...]:
    """What stewards are asked to look at, given what looked so the week before."""
    return tuple(code for code in now if code not in (before or ()))


def told(people: int, *, k: int = USUAL_K) -> int | None:
    """How many they are at least, if they are enough."""
    return at_least(people, k=k) if enough(people, k=k) else None
