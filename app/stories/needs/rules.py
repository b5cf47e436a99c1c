"""The life of a need: plain values, no database."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID


class NeedKind(StrEnum):
    """What somebody needs."""

    question = "question"
    topic = "topic"
    """Something that should be talked about."""


class NeedState(StrEnum):
    """How far it has come."""

    open = "open"
    answered = "answered"
    captured = "captured"
    """Answered, and the answer stands where others find it."""
    withdrawn = "withdrawn"


class Act(StrEnum):
    """What can be done to it."""

    answer = "answer"
    capture = "capture"
    reopen = "reopen"
    change = "change"
    withdraw = "withdraw"


NEXT: Mapping[tuple[NeedState, Act], NeedState] = {
    (NeedState.open, Act.answer): NeedState.answered,
    (NeedState.open, Act.change): NeedState.open,
    (NeedState.open, Act.withdraw): NeedState.withdrawn,
    (NeedState.answered, Act.capture): NeedState.captured,
    (NeedState.answered, Act.reopen): NeedState.open,
    (NeedState.captured, Act.reopen): NeedState.open,
}

CREDITED = {Act.answer: "supporting", Act.capture: "curating"}
"""By which type of contribution whoever did it is credited."""


def allowed(state: NeedState) -> list[Act]:
    """What can be done next."""
    return [act for (at, act) in NEXT if at is state]


def may_not_be_credited(credited: UUID, *, askers: Collection[UUID], caller: UUID | None) -> str | None:
    """Why somebody is not credited; None where they may be. `askers` are all memberships of the person who asked."""
    if credited in askers:
        return "whoever asked is not credited for it"
    if credited == caller:
        return "nobody credits themself: let whoever asked say it, or another steward"
    return None
