"""The life of a nomination as a table, its clocks, and what its journal says of it. Plain values, no database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.achievements.rules import Policy
from app.kit.errors import InvalidTransition


class State(StrEnum):
    """Where a nomination is in its life; the same words say where each of several nominees is with their offer."""

    draft = "draft"
    submitted = "submitted"
    seconded = "seconded"
    under_review = "under_review"
    needs_info = "needs_info"
    held = "held"
    approved = "approved"
    not_yet = "not_yet"
    declined = "declined"
    offered = "offered"
    accepted = "accepted"
    issued = "issued"
    refused = "refused"
    withdrawn = "withdrawn"
    expired = "expired"
    merged = "merged"
    appealed = "appealed"


class Act(StrEnum):
    """What can be done to a nomination. Those of `BY_ITSELF` follow from what people do, or from the time."""

    edit = "edit"
    submit = "submit"
    merge = "merge"
    second = "second"
    unsecond = "unsecond"
    suffice = "suffice"
    fall_short = "fall_short"
    start_review = "start_review"
    review = "review"
    ask = "ask"
    answer = "answer"
    go_on = "go_on"
    approve = "approve"
    postpone = "postpone"
    decline = "decline"
    appeal = "appeal"
    offer = "offer"
    bar = "bar"
    accept = "accept"
    refuse = "refuse"
    issue = "issue"
    withdraw = "withdraw"
    hold = "hold"
    release = "release"
    expire = "expire"


BY_ITSELF = frozenset(
    {Act.suffice, Act.fall_short, Act.start_review, Act.go_on, Act.approve, Act.postpone, Act.decline, Act.offer,
     Act.bar, Act.issue, Act.expire}
)  # fmt: skip
"""Steps that nobody asks for by name: a refusal does not offer them."""

NEXT: Mapping[tuple[State, Act], State] = {
    (State.draft, Act.edit): State.draft,
    (State.draft, Act.submit): State.submitted,
    (State.draft, Act.merge): State.merged,
    (State.draft, Act.withdraw): State.withdrawn,
    (State.draft, Act.expire): State.expired,
    (State.submitted, Act.second): State.submitted,
    (State.submitted, Act.unsecond): State.submitted,
    (State.submitted, Act.suffice): State.seconded,
    (State.submitted, Act.withdraw): State.withdrawn,
    (State.submitted, Act.hold): State.held,
    (State.submitted, Act.expire): State.expired,
    (State.seconded, Act.second): State.seconded,
    (State.seconded, Act.unsecond): State.seconded,
    (State.seconded, Act.fall_short): State.submitted,
    (State.seconded, Act.start_review): State.under_review,
    (State.seconded, Act.approve): State.approved,  # where seconds suffice (`auto_on_seconds`)
    (State.seconded, Act.withdraw): State.withdrawn,
    (State.seconded, Act.hold): State.held,
    (State.under_review, Act.review): State.under_review,
    (State.under_review, Act.ask): State.needs_info,
    (State.under_review, Act.approve): State.approved,
    (State.under_review, Act.postpone): State.not_yet,
    (State.under_review, Act.decline): State.declined,
    (State.under_review, Act.withdraw): State.withdrawn,
    (State.under_review, Act.hold): State.held,
    (State.needs_info, Act.edit): State.needs_info,
    (State.needs_info, Act.answer): State.under_review,
    (State.needs_info, Act.go_on): State.under_review,
    (State.needs_info, Act.withdraw): State.withdrawn,
    (State.needs_info, Act.hold): State.held,
    (State.not_yet, Act.appeal): State.appealed,
    (State.declined, Act.appeal): State.appealed,
    (State.appealed, Act.review): State.appealed,
    (State.appealed, Act.approve): State.approved,
    (State.appealed, Act.decline): State.declined,
    (State.appealed, Act.withdraw): State.withdrawn,
    (State.appealed, Act.hold): State.held,
    (State.approved, Act.offer): State.offered,
    (State.approved, Act.bar): State.refused,
    (State.offered, Act.accept): State.accepted,
    (State.offered, Act.refuse): State.refused,
    (State.offered, Act.hold): State.held,
    (State.offered, Act.expire): State.expired,
    (State.accepted, Act.accept): State.accepted,  # signing failed, and is tried again
    (State.accepted, Act.issue): State.issued,
    (State.accepted, Act.bar): State.refused,  # the consent was taken back before it was signed
    (State.held, Act.withdraw): State.withdrawn,
}
"""Every step there is but one: `release` leads from `held` back to where it was held."""

OPEN = frozenset(
    {State.submitted, State.seconded, State.under_review, State.needs_info, State.held, State.approved, State.offered,
     State.accepted, State.appealed}
)  # fmt: skip
"""States in which a nomination stands in the way of another one for the same."""

DECIDED_AGAINST = frozenset({State.not_yet, State.declined})
CLOSED = frozenset(State) - OPEN - {State.draft}
"""States in which nothing goes on; what was decided against may be appealed, once."""

FIRST, FINAL = 1, 2
"""The panels that weigh a nomination, by number."""

BEFORE_OFFER = frozenset(State) - {State.offered, State.accepted, State.issued, State.refused}


def after(state: State, act: Act, *, held_from: State | None = None) -> State:
    """The state after `act`. Raises `InvalidTransition`, naming the steps that people may take from here."""
    if (state, act) == (State.held, Act.release) and held_from is not None:
        return held_from
    if (state, act) in NEXT:
        return NEXT[state, act]
    allowed = allowed_from(state)
    may = ", ".join(allowed) or "nothing"
    raise InvalidTransition(f"A nomination that is {state} allows {may}.", allowed=allowed)


def allowed_from(state: State) -> list[str]:
    """The steps that people may ask for in a state, as a refusal names them."""
    steps = [act.value for now, act in NEXT if now is state and act not in BY_ITSELF]
    return [*steps, Act.release.value] if state is State.held else steps


SHORTEST_REASON = 20
FEWEST_WORDS = 3


def is_thin(words: str) -> bool:
    """Whether somebody who gives these as their reason says next to nothing."""
    different = set(re.findall(r"\w+", words.casefold()))
    return len(words) < SHORTEST_REASON or len(different) < FEWEST_WORDS


DRAFT_IDLE = timedelta(days=60)
SECONDED_WAIT = timedelta(days=7)
HELD_WAIT = timedelta(days=14)
ON_HOLD = timedelta(hours=72)
"""How long offers wait after an address or DID became another: whoever lost it has time to notice."""
RETRIES = timedelta(hours=1)
"""How long what could not be done rests: reviewers that were not found, a badge that could not be signed."""
REMIND_AFTER = 0.8
"""Of a window, after which who is waited for is reminded."""


def window(state: State, policy: Policy) -> timedelta | None:
    """How long a nomination may stay in a state; None where no clock runs."""
    days = policy.windows_days
    return {
        State.draft: DRAFT_IDLE,
        State.submitted: timedelta(days=days.second),
        State.seconded: SECONDED_WAIT,
        State.under_review: timedelta(days=days.review),
        State.needs_info: timedelta(days=days.info),
        State.held: HELD_WAIT,
        State.offered: timedelta(days=days.offer),
        State.appealed: timedelta(days=days.review),
    }.get(state)


class Lapse(StrEnum):
    """What follows when the clock of a state has run out."""

    expire = "expire"
    go_on = "go_on"
    reassign = "reassign"
    remind = "remind"


ON_LAPSE: Mapping[State, Lapse] = {
    State.draft: Lapse.expire,
    State.submitted: Lapse.expire,
    State.offered: Lapse.expire,
    State.needs_info: Lapse.go_on,
    State.under_review: Lapse.reassign,
    State.appealed: Lapse.reassign,
    State.seconded: Lapse.remind,
    State.held: Lapse.remind,
}


@dataclass(frozen=True)
class Clock:
    """One running window: half-open, at the instant of its end it is over."""

    since: datetime
    deadline: datetime
    remind_at: datetime

    @classmethod
    def started(cls, state: State, policy: Policy, now: datetime, *, left: timedelta | None = None) -> "Clock | None":
        """The clock of a state entered now, or resumed with what was `left` of it; None where no clock runs."""
        span = window(state, policy)
        if span is None:
            return None
        span = span if left is None else left
        return cls(since=now, deadline=now + span, remind_at=now + span * REMIND_AFTER)


def paused(deadline: datetime, since: datetime, breaks: Iterable[tuple[datetime, datetime]]) -> datetime:
    """The deadline with the breaks of whoever is waited for left out: a break, [from, until), stops the clock.

    `breaks` do not overlap, oldest first. One that begins when the time is over already changes nothing.
    """
    for begin, end in breaks:
        stopped = max(begin, since)
        if stopped < deadline and end > stopped:
            deadline += end - stopped
    return deadline


def united(breaks: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same time as spans that do not overlap, oldest first."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(breaks):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def present(state: State, *, deadline: datetime | None, now: datetime) -> State:
    """The state with what time alone has done to it, whether or not the scheduler has come by yet."""
    if deadline is None or now < deadline:
        return state
    lapse = ON_LAPSE.get(state)
    if lapse is Lapse.expire:
        return State.expired
    return State.under_review if lapse is Lapse.go_on else state


def settled(answers: Iterable[State]) -> State | None:
    """Where a nomination stands once each of its nominees does; None while somebody's answer is open.

    Who refused, did not answer or is not asked any more does not stand in the way of the others.
    """
    given = [State.expired if state is State.withdrawn else state for state in answers]
    if any(state in {State.offered, State.held} for state in given):
        return None
    for outcome in (State.accepted, State.issued, State.expired, State.refused):
        if outcome in given:
            return outcome
    return None


def period_of(policy: Policy, now: datetime) -> str:
    """The period in which what can be earned again is earned once: `2026`, `2026Q4`, or nothing."""
    if policy.period == "year":
        return f"{now.year}"
    return f"{now.year}Q{(now.month + 2) // 3}" if policy.period == "quarter" else ""


def replayed(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the journal alone says of a nomination: its state, version and deadline after these events, in order.

    Raises `ValueError` where an event does not begin where the one before ended: then something went unrecorded.
    """
    known: dict[str, Any] = {}
    for event in events:
        if "to" not in event:
            continue
        if known.get("state", event["from"]) != event["from"] or known.get("version", 0) + 1 != event["version"]:
            raise ValueError(f"the journal goes from {known} to {dict(event)}")
        known = {"state": event["to"], "version": event["version"], "deadline": event["deadline"]}
    return known
