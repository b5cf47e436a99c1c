"""One appeal against a decision: a fresh panel weighs it once more, and its word is final."""

from datetime import timedelta

from sqlmodel import Session

from app.kit.occasions import Occasion
from app.nominations import panels
from app.nominations.casefile import Case, opened, opened_by_id
from app.nominations.refusals import AlreadyNominated, AppealedAlready, AppealTooLate, ThinArgument
from app.nominations.rules import FINAL, Act, is_thin
from app.nominations.stepping import require, step
from app.nominations.twins import take_keys


def appeal(session: Session, id: str, argument: str, *, on: Occasion) -> Case:
    """Brings what was decided against before people who had no part in that. It waits where there are none.

    Raises `InvalidTransition`, `AppealedAlready`, `AppealTooLate`, `AlreadyNominated`, `ThinArgument`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nomination = case.nomination
    require(case, Act.appeal, on=on)
    if nomination.panel >= FINAL:
        raise AppealedAlready("This decision is that of the second panel.")
    decided, submitted = nomination.decided_at or on.now, nomination.submitted_at or on.now
    until = decided + timedelta(days=case.policy.windows_days.appeal)
    if on.now >= until:
        raise AppealTooLate(f"It could be appealed until {until.isoformat()}.")
    twin = take_keys(case, since=submitted)
    if twin is not None:
        raise AlreadyNominated(
            "There is an open nomination for the same by now.",
            fix="Wait for what comes of that one: this may be appealed as long as there is time.",
            nomination_id=str(twin),
        )
    if is_thin(argument):
        raise ThinArgument("The argument says too little.")
    nomination.appeal, nomination.panel = argument, FINAL
    nomination.closed_at = nomination.decided_at = None
    step(case, Act.appeal, on=on)
    return panels.refill(opened(session, nomination, now=on.now), on=on)
