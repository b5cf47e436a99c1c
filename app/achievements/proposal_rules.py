"""The life of a proposal, as a table; and who sees it. Plain values, no database."""

from collections.abc import Mapping
from enum import StrEnum

from app.kit.errors import InvalidTransition


class State(StrEnum):
    """Where a proposal is."""

    draft = "draft"
    discussed = "discussed"
    adopted = "adopted"
    declined = "declined"
    withdrawn = "withdrawn"


class Act(StrEnum):
    """What can be done to a proposal."""

    change = "change"
    open = "open"
    support = "support"
    adopt = "adopt"
    decline = "decline"
    withdraw = "withdraw"


NEXT: Mapping[tuple[State, Act], State] = {
    (State.draft, Act.change): State.draft,
    (State.draft, Act.open): State.discussed,
    (State.draft, Act.withdraw): State.withdrawn,
    (State.discussed, Act.change): State.discussed,
    (State.discussed, Act.support): State.discussed,
    (State.discussed, Act.adopt): State.adopted,
    (State.discussed, Act.decline): State.declined,
    (State.discussed, Act.withdraw): State.withdrawn,
}
"""Every step there is. Nothing is adopted or declined that the community could not discuss."""


_ANEW = "A new attempt is a new proposal."


def after(state: State, act: Act) -> State:
    """The state after `act`. Raises `InvalidTransition`, naming what is allowed."""
    try:
        return NEXT[state, act]
    except KeyError:
        allowed = [a.value for now, a in NEXT if now is state]
        may = ", ".join(allowed) or "nothing"
        detail, fix = f"A proposal that is {state} allows {may}, not {act}.", f"{InvalidTransition.fix} {_ANEW}"
        raise InvalidTransition(detail, fix=fix, allowed=allowed) from None


def shown_to(*, opened: bool, proposer: bool, steward: bool) -> bool:
    """Whether somebody of the community may know that this proposal exists: a draft is its proposer's and the
    stewards', also once it is withdrawn."""
    return opened or proposer or steward
