"""Which records of uptake count: plain values, no database."""

from datetime import datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(days=1)
"""By how much a date may lie ahead: dates come without a time zone, too."""


class PlaceKind(StrEnum):
    """Where something was taken up."""

    community = "community"
    organisation = "organisation"


class State(StrEnum):
    """How far a record has come."""

    recorded = "recorded"
    verified = "verified"
    withdrawn = "withdrawn"


def state_of(verified_at: datetime | None, withdrawn_at: datetime | None) -> State:
    """The state of a record."""
    if withdrawn_at is not None:
        return State.withdrawn
    return State.recorded if verified_at is None else State.verified


def counts(state: State, evidence_digest: str | None) -> bool:
    """Whether it counts: somebody else has looked at evidence for it."""
    return state is State.verified and evidence_digest is not None


def flaws(
    *, happened_at: datetime, url: str | None, digest: str | None, place: str | None, here: str, now: datetime
) -> list[tuple[str, str]]:
    """What is wrong with a record, as (JSON pointer, reason).

    `place` is a community of this installation, if it is one, `here` the one that records.
    """
    found = []
    if happened_at > now + TOLERANCE:
        found.append(("/happened_at", "is still to come"))
    if (url is None) is not (digest is None):
        missing = "/evidence_url" if url is None else "/evidence_digest"
        found.append((missing, "evidence is an address, and the digest of what stands there"))
    if place == here:
        found.append(("/place_community", "uptake is by another community, or by an organisation"))
    return found
