"""Use-cases: a nominee who would have their badge say it otherwise, and whoever has to agree to that."""

from uuid import UUID

from sqlmodel import Session

from app.kit.errors import Conflict, Forbidden, InvalidTransition
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations.casefile import Case, opened_by_id
from app.nominations.consenting import reword
from app.nominations.rules import Act, State
from app.nominations.stepping import note, require


class NothingProposed(Conflict):
    """Nobody has proposed another narrative, or it was answered."""

    code = "nothing-proposed"
    fix = "Read the nomination again."


def propose_narrative(session: Session, id: str, member: UUID, text: str, *, on: Occasion) -> Case:
    """What a nominee would rather have it say; a newer proposal takes the place of one that nobody has answered.

    Raises `InvalidTransition` for whoever is not, or no more, being asked.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    require(case, Act.refuse, on=on)  # the step that there is while the offer is open, and only then
    nominee = case.asked(member)
    if nominee is None or nominee.state is not State.offered:
        raise InvalidTransition("It is proposed by a nominee who has yet to answer.", allowed=[])
    case.nomination.narrative_proposed = text
    note(case, "narrative_proposed", on=on, nominee=str(nominee.id))
    return case


def answer_narrative(
    session: Session, id: str, member: UUID | None, *, agree: bool, at: Installation, on: Occasion
) -> Case:
    """The nominator, or a steward, agrees to the new words, or does not: then those before stay.

    Agreed, it is a new text: nobody consents to it who read the one before, and who consented to that keeps it. Nobody
    agrees to what they proposed themselves. Raises `InvalidTransition`, `NothingProposed`, `Forbidden`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nomination = case.nomination
    require(case, Act.refuse, on=on)  # the step that there is while the offer is open, and only then
    if member is not None and member in case.people and case.people[member].identity in case.nominee_identities():
        raise Forbidden("A nominee does not agree to what is said of them.", fix="Ask a steward.")
    if nomination.narrative_proposed is None:
        raise NothingProposed("There is no proposal to agree to.")
    if agree:
        nomination.narrative = nomination.narrative_proposed
        nomination.text_version += 1
        reword(case, at=at)
    nomination.narrative_proposed = None
    note(case, "narrative_agreed" if agree else "narrative_kept", on=on)
    return case
