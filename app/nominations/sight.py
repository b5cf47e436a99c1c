"""Who sees what of a nomination: one table, and what somebody is to a nomination. Plain values, no database."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import WithJsonSchema

from app.achievements.rules import Policy
from app.nominations.rules import BEFORE_OFFER, Act, State, allowed_from


class Relation(StrEnum):
    """What somebody is to a nomination."""

    nominator = "nominator"
    seconder = "seconder"
    invited = "invited"
    """Asked to second."""
    welcome = "welcome"
    """A member, where the policy opens seconding to the community."""
    nominee = "nominee"
    reporter = "reporter"
    """Has said that it does harm. A nominee who has does not lose sight of it by that; others see no more by it."""
    reviewer = "reviewer"
    steward = "steward"
    """Looks after the community, and has no stake in this one."""


class Part(StrEnum):
    """What there is to see."""

    existence = "existence"
    text = "text"
    """Statement and evidence."""
    nominator = "nominator"
    """Who proposed it."""
    reasons = "reasons"
    """What the seconders say."""
    votes = "votes"
    """Who of the panel said what."""
    feedback = "feedback"
    counts = "counts"


class Sight(StrEnum):
    """How much of it."""

    nothing = "nothing"
    own = "own"
    """What they wrote themselves."""
    pseudonym = "pseudonym"
    full = "full"


_RANK = {sight: rank for rank, sight in enumerate(Sight)}
HARMED = frozenset({Relation.nominee, Relation.reporter})
"""Of somebody who is both: what is held is held for their sake."""
STOPPED = frozenset({State.held, State.withdrawn})
WHILE_HELD = frozenset({Act.withdraw, Act.refuse})
"""What those may ask for who know that it is held and do not look after it."""
SECONDING = frozenset({State.submitted, State.seconded})
WEIGHED = frozenset(State) - {State.under_review, State.needs_info, State.appealed, State.held}
"""States in which no panel is at work: single votes may be read by all who gave one."""

N, OWN, PSEUDONYM, FULL = Sight.nothing, Sight.own, Sight.pseudonym, Sight.full

ALWAYS: Mapping[Relation, Mapping[Part, Sight]] = {
    Relation.nominator: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: FULL, Part.votes: N,
        Part.feedback: FULL, Part.counts: OWN,
    },
    Relation.seconder: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: OWN, Part.votes: N,
        Part.feedback: N, Part.counts: OWN,
    },
    Relation.invited: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: N, Part.votes: N,
        Part.feedback: N, Part.counts: N,
    },
    Relation.welcome: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: N, Part.votes: N,
        Part.feedback: N, Part.counts: N,
    },
    Relation.nominee: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: FULL, Part.votes: N,
        Part.feedback: FULL, Part.counts: N,
    },
    Relation.reporter: dict.fromkeys(Part, N),
    Relation.reviewer: {
        Part.existence: FULL, Part.text: FULL, Part.nominator: FULL, Part.reasons: FULL, Part.votes: FULL,
        Part.feedback: FULL, Part.counts: OWN,
    },
    Relation.steward: dict.fromkeys(Part, FULL),
}  # fmt: skip
"""The table, where nothing in the policy or the state says less; `sees` knows what does."""


def sees(
    relations: Collection[Relation], part: Part, state: State, policy: Policy, *, held_from: State | None = None
) -> Sight:
    """How much of `part` somebody with these relations to it sees; the one that shows most counts.

    A nominee who reported it goes on seeing what they saw, while it is held and where it was ended then.
    """
    if held_from is not None and state in STOPPED and set(relations) >= HARMED:
        state = held_from
    seen = [_one(relation, part, state, policy) for relation in relations]
    return max(seen, key=_RANK.__getitem__, default=N)


def _one(relation: Relation, part: Part, state: State, policy: Policy) -> Sight:
    usual = ALWAYS[relation][part]
    match relation:
        case Relation.nominee:
            return _as_nominee(part, state, policy, usual)
        case Relation.reviewer if part is Part.nominator and policy.review.blind and policy.review.mode == "panel":
            return PSEUDONYM
        case Relation.reviewer if part is Part.votes and state not in WEIGHED:
            return OWN
        case Relation.steward if state is State.draft:
            return N  # a draft is its writer's
        case Relation.welcome if state not in SECONDING:
            return N  # nothing is asked of them any more
        case Relation.invited if part is not Part.existence and state not in SECONDING:
            return N
    return usual


def _as_nominee(part: Part, state: State, policy: Policy, usual: Sight) -> Sight:
    """Before there is an offer only as the policy says; of what is held, nothing until somebody has looked at it."""
    knew = policy.nominee_visibility == "from_submission"
    if state in {State.draft, State.held}:
        return N
    if state in BEFORE_OFFER:
        return usual if knew and part in {Part.existence, Part.text, Part.feedback} else N
    if part is Part.nominator:
        return N if policy.anonymity == "to_nominee" else FULL
    return usual if part is not Part.feedback or knew else N


TOLD_CLOSED = "closed"
StateTold = Annotated[str, WithJsonSchema({"type": "string", "enum": [*(state.value for state in State), TOLD_CLOSED]})]
"""A state as somebody is told it: one of `State`, or `closed`."""


def shown_state(state: State, *, held_from: State | None, was_offered: bool, relations: Collection[Relation]) -> str:
    """The state as somebody is told it.

    Who refused is their own business: others than nominee and stewards hear `closed`, and the same of an offer that
    nobody answered. That a nomination is held, only stewards hear, and a nominee who reported it.
    """
    if Relation.steward in relations or (state is State.held and set(relations) >= HARMED):
        return state.value
    if state is State.held and held_from is not None:
        return held_from.value
    if Relation.nominee in relations:
        return state.value
    if state is State.refused or (state is State.expired and was_offered):
        return TOLD_CLOSED
    return State.under_review.value if state is State.approved else state.value


OPEN_TO: Mapping[Relation, frozenset[Act]] = {
    Relation.nominator: frozenset({Act.edit, Act.submit, Act.merge, Act.withdraw, Act.answer, Act.appeal}),
    Relation.seconder: frozenset({Act.unsecond}),
    Relation.invited: frozenset({Act.second}),
    Relation.welcome: frozenset({Act.second}),
    Relation.nominee: frozenset({Act.accept, Act.refuse, Act.withdraw, Act.answer, Act.appeal}),
    Relation.reporter: frozenset(),
    Relation.reviewer: frozenset({Act.review, Act.ask}),
    Relation.steward: frozenset(Act),
}
"""Who may ask for which step."""


def open_to(relations: Collection[Relation], shown: str) -> list[str]:
    """The steps that somebody with these relations may ask for in the state that they are told, by name."""
    theirs = frozenset[Act]().union(*(OPEN_TO[relation] for relation in relations))
    if Relation.seconder in relations:
        theirs -= {Act.second}
    return [step for step in steps_from(shown) if step in theirs]


def steps_from(shown: str) -> list[str]:
    """The steps that people may ask for in a state as somebody is told it; none of what is `closed`."""
    return allowed_from(State(shown)) if shown in set(State) else []
