"""Who may report what, and in whose name."""

from uuid import UUID

from app.contributions.rules import BY_MEMBERS, Fault
from app.contributions.tables import Contribution
from app.kit.errors import Forbidden, Invalid, Unprocessable
from app.members.auth import Caller
from app.members.rules import Role

OURS = (BY_MEMBERS, "source:")
"""How sources begin that nobody else speaks for."""


class NotRecorded(Unprocessable):
    """What was reported cannot be recorded."""

    code = "contribution-refused"
    fix = "Correct what `detail` names; `reason` is its code. Nothing was recorded."

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail, reason=fault.code)


def source_of(caller: Caller, wanted: str | None) -> str:
    """From where a report is known that the caller makes; members speak for themselves.

    So that nobody has what another source will say taken for known already. Raises `Forbidden`, `Invalid`.
    """
    if caller.role is Role.member:
        if wanted is not None:
            raise Forbidden("What a member reports is known from themself; leave the source out.")
        return f"{BY_MEMBERS}{caller.member}"
    if wanted is not None and wanted.startswith(OURS):
        message = f"may not begin with {' or '.join(OURS)}"
        raise Invalid(errors=[{"pointer": "/source", "message": message}])
    return wanted or "api"


def require_hold(caller: Caller, row: Contribution) -> None:
    """Stewards correct everything, members and platforms what they reported themselves. Raises `Forbidden`."""
    if not caller.stewards(row.community_id) and row.recorded_by != caller.actor:
        raise Forbidden("A contribution is corrected by who reported it, or by a steward.")


def only_with(caller: Caller) -> UUID | None:
    """Who has to have done what the caller reports: themself, of a member; None where it may be anybody."""
    return caller.member if caller.role is Role.member else None
