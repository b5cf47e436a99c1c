"""What follows by itself once enough people stand behind a nomination."""

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations import offering, panels
from app.nominations.casefile import Case
from app.nominations.rules import Act, State
from app.nominations.stepping import step
from app.nominations.suspecting import held_as_suspect


def enough(case: Case) -> bool:
    """Whether the seconds suffice: so many, of people of so many affiliations.

    A self-nomination that the policy allows with endorsement takes one in any case.
    """
    policy = case.policy
    needed = policy.min_seconds
    if policy.self_nomination == "allowed_with_endorsement" and case.nominator.identity in case.nominee_identities():
        needed = max(needed, 1)
    affiliations = {second.affiliation for second in case.seconds}
    return len(case.seconds) >= needed and (needed == 0 or len(affiliations) >= policy.min_distinct_affiliations)


def advance(case: Case, *, at: Installation, on: Occasion) -> Case:
    """Takes a locked case as far as it goes by itself.

    What looks like a ring is held once it has enough seconds, and not before: to those who stand behind it, it then
    looks like one that waits for its panel.
    """
    if case.nomination.state is State.submitted and enough(case):
        step(case, Act.suffice, on=on, seconds=len(case.seconds))
    if case.nomination.state is not State.seconded or held_as_suspect(case, on=on):
        return case
    if case.policy.review.mode != "auto_on_seconds":
        return panels.convene(case, on=on)
    case.nomination.decided_at = on.now
    step(case, Act.approve, on=on, seconds=len(case.seconds))
    return offering.offer(case, at=at, on=on)
