"""The life of a credential as a table, and who may see one. Plain values, no database."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.kit.errors import Conflict, InvalidTransition
from app.members.rules import Onlooker


class State(StrEnum):
    """Where a credential is in its life; `lapsed` and `expired` come with time alone."""

    offered = "offered"
    active = "active"
    refused = "refused"
    lapsed = "lapsed"
    suspended = "suspended"
    revoked = "revoked"
    expired = "expired"


class Act(StrEnum):
    """What can be done to a credential."""

    accept = "accept"
    refuse = "refuse"
    revoke = "revoke"
    suspend = "suspend"
    reinstate = "reinstate"


class Visibility(StrEnum):
    """Who sees an accepted credential besides its recipient and the stewards."""

    private = "private"
    community = "community"
    public = "public"


class Cause(StrEnum):
    """Why a credential is revoked, in a word that programs compare."""

    mistaken = "mistaken"
    """Meant for somebody else, or given twice."""
    untrue = "untrue"
    """What it says did not happen."""
    purchased = "purchased"
    """Somebody paid for it."""


class Provenance(StrEnum):
    """On whose word a credential rests, from one's own to several people's (Open Recognition)."""

    self_asserted = "self_asserted"
    """The recipient says so."""
    peer_recognised = "peer_recognised"
    """Peers nominated, seconded and decided."""
    steward_issued = "steward_issued"
    """A steward, or a platform that the community trusts, awarded it."""
    endorsed = "endorsed"
    """Somebody vouches for it besides, signed, and still does."""


BY_NOMINATION = "nomination"
"""As `awarded_by`: peers recognised somebody."""

NEXT: Mapping[tuple[State, Act], State] = {
    (State.offered, Act.accept): State.active,
    (State.offered, Act.refuse): State.refused,
    (State.active, Act.revoke): State.revoked,
    (State.active, Act.suspend): State.suspended,
    (State.suspended, Act.reinstate): State.active,
    (State.suspended, Act.revoke): State.revoked,
    (State.expired, Act.revoke): State.revoked,
}
"""Every step there is. An offer is withdrawn by letting it lapse; a revoked credential stays so for ever."""

SIGNED = frozenset({State.active, State.suspended, State.revoked, State.expired})
"""States in which a signed credential exists."""


class CannotSuspend(Conflict):
    """Credentials of this achievement can be revoked, not suspended."""

    code = "cannot-suspend"
    fix = (
        'Set the achievement\'s policy to {"status": "suspension"}; credentials awarded from then on can be suspended.'
    )


_ANEW = "A new award is a new credential."


def after(state: State, act: Act, *, can_suspend: bool = True) -> State:
    """The state after `act`. Raises `InvalidTransition`, naming what is allowed to who can or cannot be suspended."""
    try:
        return NEXT[state, act]
    except KeyError:
        allowed = [a.value for now, a in NEXT if now is state and (can_suspend or a is not Act.suspend)]
        may = ", ".join(allowed) or "nothing"
        detail, fix = f"A credential that is {state} allows {may}, not {act}.", f"{InvalidTransition.fix} {_ANEW}"
        raise InvalidTransition(detail, fix=fix, allowed=allowed) from None


def stated(reason: str | None, cause: Cause | None) -> str | None:
    """Why it is not in force, as it is told to whoever verifies it."""
    return f"{cause}: {reason}" if cause is not None else reason


def present(state: State, *, offer_ends: datetime | None, valid_until: datetime | None, now: datetime) -> State:
    """The state with what time alone has done to it (deadlines are half-open: at the instant it is over)."""
    outlived = valid_until is not None and now >= valid_until
    if state is State.offered and (outlived or (offer_ends is not None and now >= offer_ends)):
        return State.lapsed
    return State.expired if state is State.active and outlived else state


def basis_of(awarded_by: str, recipient: UUID | None) -> Provenance:
    """On whose word a credential was issued; `recipient` is the member, if it is one."""
    if awarded_by == BY_NOMINATION:
        return Provenance.peer_recognised
    return Provenance.self_asserted if awarded_by == str(recipient) else Provenance.steward_issued


def shown_to(looks: Onlooker, visibility: Visibility, state: State) -> bool:
    """Whether an onlooker may know that this credential exists.

    Before acceptance only the recipient and the stewards do; afterwards as the recipient chose.
    """
    return looks.in_full or (state in SIGNED and is_open(visibility, looks))


def is_open(visibility: Visibility, looks: Onlooker) -> bool:
    """Whether an onlooker sees what its owner shows to these."""
    return looks.in_full or visibility is Visibility.public or (visibility is Visibility.community and looks.fellow)
