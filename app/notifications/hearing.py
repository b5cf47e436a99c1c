"""What a kind of events has to say of itself before anybody is told of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.kit.installation import Installation
from app.kit.journal import Event

AT_ONCE = 500
"""Members that one statement asks about: databases bound the parameters of a statement."""


@dataclass(frozen=True)
class Hearer:
    """Somebody who hears of an event."""

    member_id: UUID
    part: str
    """In which part, such as `recipient`."""
    type: str
    """As what: the event's own type, or another where that would say more than they may know."""


@dataclass(frozen=True)
class Telling:
    """The occasion of telling: whom, in which part and as what, and when."""

    hearer: Hearer
    now: datetime
    at: Installation

    @property
    def public_url(self) -> str:
        """The service's address."""
        return self.at.public_url


@dataclass(frozen=True)
class Words:
    """What somebody is told."""

    text: str
    """One sentence or two, also the subject of a mail."""
    link: str
    """Where more of it is."""
    quoted: str | None = None
    """What somebody wrote to them, for the body of a mail."""
    body: str | None = None
    """All of it, for the body of a mail."""
    next: str | None = None
    """What to do now, where `link` is for programs: the calls by which it is looked at, and answered."""
    page: str | None = None
    """For the mail alone, where whoever opens it answers without a token: theirs and nobody else's."""


def looking(link: str) -> str:
    """How somebody looks at what only they may see."""
    return f"Look at it with your token: {call('GET', link)}"


def call(method: str, link: str) -> str:
    """A call as a mail says it: by its path, since whoever opened its address with a browser would be shown nothing."""
    return f"{method} /v1/{link.partition('/v1/')[2]}"


@dataclass(frozen=True)
class Topic:
    """A kind of events."""

    audience: Callable[[Session, Event, str, datetime], Iterable[UUID]]
    """The members who have this part in this event."""
    words: Callable[[Session, Event, Telling], Words | None]
    """What is said of it. None where it is not to be told, or not to them, any more."""
