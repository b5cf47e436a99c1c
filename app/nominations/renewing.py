"""Use-case: another link for somebody whose letter was lost."""

from datetime import timedelta

from sqlmodel import Session, col, select

from app.kit import rates
from app.kit.errors import InvalidTransition, TooMany
from app.kit.installation import Installation
from app.kit.journal import Event
from app.kit.occasions import Occasion
from app.nominations.casefile import Case, opened_by_id
from app.nominations.offering import new_link
from app.nominations.rules import Act, State
from app.nominations.stepping import note, require

PATIENCE = timedelta(hours=1)
"""Between two letters about the same offer: nobody is badgered into an answer."""


class TooManyLetters(TooMany):
    """The last letter about this left a short while ago."""

    code = "too-many-letters"
    fix = "Wait the seconds named in Retry-After; mail can be slow."


def renew_links(session: Session, id: str, *, at: Installation, on: Occasion) -> Case:
    """A new letter with a new link for all who were named by an address and have yet to answer; those before it end.

    Whoever asks for it is not told whether anybody was left to write to: who has answered is not theirs to know. Raises
    `InvalidTransition` where nobody was named by an address, `TooManyLetters`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    require(case, Act.refuse, on=on)  # the step that there is while the offer is open, and only then
    if not any(nominee.by_address for nominee in case.nominees):
        raise InvalidTransition("Nobody was named by an address, to answer by a link.", allowed=[])
    sent = select(Event.occurred_at).where(
        Event.subject == str(case.nomination.id), Event.type == "nomination.link_renewed"
    )
    last = session.exec(sent.order_by(col(Event.seq).desc()).limit(1)).first()
    since = last or case.nomination.clock_since
    if since is not None and (wait := rates.seconds_until(since + PATIENCE, on.now)):
        raise TooManyLetters("One letter an hour is enough.", retry_after=wait)
    waited_for = [n for n in case.nominees if n.sealed is not None and n.state is State.offered]
    for nominee in waited_for:
        new_link(case, nominee, at=at, on=on)
        session.add(nominee)
    note(case, "link_renewed", on=on, letters=len(waited_for))
    return case
