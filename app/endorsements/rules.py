"""The life of an endorsement as a table. Plain values, no database."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.kit.errors import Conflict, Forbidden, InvalidTransition, TooMany

OPEN_FOR = timedelta(days=90)
"""So long an endorsement waits for an answer."""
MOST, PER = 20, timedelta(days=1)
"""So many may somebody offer in so long."""
MOST_EDITIONS, EDITIONS_PER = 40, timedelta(days=1)
"""So many editions of one badge may its owner have signed in so long."""
ASKED_FOR = timedelta(days=30)
"""So long a request waits for an answer."""
REMINDED_AFTER = (timedelta(days=7), timedelta(days=21))
"""When whoever was asked is reminded of it."""
MOST_ASKED, ASKED_PER = 10, timedelta(days=1)
"""So many may somebody ask in so long."""
MOST_LETTERS, LETTERS_PER = 3, timedelta(days=30)
"""So many requests of one community reach one address in so long."""
WATCHED_EVERY = timedelta(days=1)
"""How often it is asked whether an endorser has revoked what they signed themselves."""
FORGOTTEN_AFTER = timedelta(days=60)
"""How long after a request has ended it is known whose address was asked."""


class Subject(StrEnum):
    """What can be endorsed."""

    credential = "credential"
    achievement = "achievement"
    issuer = "issuer"


class Endorser(StrEnum):
    """As whom somebody endorses."""

    member = "member"
    community = "community"
    """A steward, for the whole community."""
    outsider = "outsider"
    """Somebody from elsewhere who was asked, and whose address is proven."""


class Signer(StrEnum):
    """Whose key signs it."""

    community = "community"
    """On the endorser's behalf, and it says so."""
    endorser = "endorser"


class EndorsementState(StrEnum):
    """Where an endorsement is in its life; `lapsed` comes with time alone."""

    offered = "offered"
    accepted = "accepted"
    declined = "declined"
    taken_down = "taken_down"
    """Accepted, and later not shown any more by whom it is about; it stays the endorser's word."""
    withdrawn = "withdrawn"
    lapsed = "lapsed"


class RequestState(StrEnum):
    """Where a request to endorse is; `lapsed` comes with time alone."""

    open = "open"
    answered = "answered"
    """With an endorsement."""
    declined = "declined"
    withdrawn = "withdrawn"
    lapsed = "lapsed"


class Act(StrEnum):
    """What can be done to an endorsement."""

    accept = "accept"
    decline = "decline"
    withdraw = "withdraw"


NEXT: Mapping[tuple[EndorsementState, Act], EndorsementState] = {
    (EndorsementState.offered, Act.accept): EndorsementState.accepted,
    (EndorsementState.offered, Act.decline): EndorsementState.declined,
    (EndorsementState.offered, Act.withdraw): EndorsementState.withdrawn,
    (EndorsementState.accepted, Act.decline): EndorsementState.taken_down,
    (EndorsementState.accepted, Act.withdraw): EndorsementState.withdrawn,
    (EndorsementState.taken_down, Act.accept): EndorsementState.accepted,
    (EndorsementState.taken_down, Act.withdraw): EndorsementState.withdrawn,
}
"""Every step there is. The owner of what is endorsed accepts and declines, the endorser withdraws."""

SIGNED = frozenset({EndorsementState.accepted, EndorsementState.taken_down})
"""States in which a signed endorsement is in force."""
STANDING = frozenset({EndorsementState.offered, *SIGNED})
"""States in which the same endorser does not endorse the same thing once more."""


class AlreadyEndorsed(Conflict):
    """You endorse this already."""

    code = "already-endorsed"
    fix = "Withdraw the one named in `endorsement_id` first, if you want to say something else."


class BadgeRevoked(Conflict):
    """The badge was revoked: nobody vouches for it any more."""

    code = "badge-revoked"
    fix = "Say it of what stands: of another badge of theirs, or of the achievement."


class OwnEndorsement(Forbidden):
    """Nobody vouches for what is their own."""

    code = "own-endorsement"
    fix = "Ask somebody who saw what you did: POST /v1/endorsement-requests."


class NotTheirs(Forbidden):
    """That is somebody else's to say."""

    code = "not-yours-to-say"
    fix = "The owner of what is endorsed accepts or declines, and the endorser withdraws."


class BotsDoNotVouch(Forbidden):
    """Bots vouch for nobody."""

    code = "bot-endorsement"
    fix = "Let a person do it, with a token of their own."


class MinorsDoNotVouch(Forbidden):
    """Minors vouch for nobody: it would be public, in their name, and signed."""

    code = "minor-endorsement"
    fix = "Thank them, or second a nomination: neither says who you are outside of the community."


class EndorsementOver(Conflict):
    """The time is over for which its endorser signed it."""

    code = "endorsement-over"
    fix = "Ask its endorser to sign it anew."


class DoesNotFit(Conflict):
    """What its endorser signed cannot stand in one badge with what is there."""

    code = "endorsement-does-not-fit"
    fix = "Ask its endorser to sign it anew, under an id that nothing else in the badge has."


class TooManyEndorsements(TooMany):
    """You have endorsed as much as one person may within a day."""

    code = "too-many-endorsements"


class TooManyEditions(TooMany):
    """This badge was signed anew as often as it may be within a day."""

    code = "too-many-editions"


class AlreadyAsked(Conflict):
    """You have asked them for this already."""

    code = "already-asked"
    fix = "Wait for their answer, or withdraw the request named in `request_id` first."


class RequestEnded(Conflict):
    """This request has ended."""

    code = "request-ended"
    fix = "What was asked in it can be asked anew, or said without being asked: POST /v1/endorsements."


class TooManyRequests(TooMany):
    """You have asked as much, or them as often, as is allowed."""

    code = "too-many-endorsement-requests"


def after(state: EndorsementState, act: Act) -> EndorsementState:
    """The state after `act`. Raises `InvalidTransition`, naming what is allowed."""
    try:
        return NEXT[state, act]
    except KeyError:
        allowed = [a.value for now, a in NEXT if now is state]
        may = ", ".join(allowed) or "nothing"
        raise InvalidTransition(f"An endorsement that is {state} allows {may}, not {act}.", allowed=allowed) from None


def is_open(state: RequestState, *, asked_at: datetime, now: datetime) -> bool:
    """Whether a request still waits for its answer (half-open: at the instant it is over)."""
    return state is RequestState.open and now < asked_at + ASKED_FOR


def present(state: EndorsementState, *, offered_at: datetime, now: datetime) -> EndorsementState:
    """The state with what time alone has done to it (half-open: at the instant it is over)."""
    return EndorsementState.lapsed if state is EndorsementState.offered and now >= offered_at + OPEN_FOR else state
