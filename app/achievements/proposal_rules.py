"""The life of a proposal, as a table; and who sees it. Plain values, no database."""

from collections.abc import Mapping
from enum import StrEnum

from app.kit.errors import InvalidTransition


class ProposalState(StrEnum):
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


NEXT: Mapping[tuple[ProposalState, Act], ProposalState] = {
    (ProposalState.draft, Act.change): ProposalState.draft,
    (ProposalState.draft, Act.open): ProposalState.discussed,
    (ProposalState.draft, Act.withdraw): ProposalState.withdrawn,
    (ProposalState.discussed, Act.change): ProposalState.discussed,
    (ProposalState.discussed, Act.support): ProposalState.discussed,
    (ProposalState.discussed, Act.adopt): ProposalState.adopted,
    (ProposalState.discussed, Act.decline): ProposalState.declined,
    (ProposalState.discussed, Act.withdraw): ProposalState.withdrawn,
}
"""Every step there is. Nothing is adopted or declined that the community could not discuss."""


_ANEW = "A new attempt is a new proposal."


def after(state: ProposalState, act: Act) -> ProposalState:
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
