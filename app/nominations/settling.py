"""What an offer comes to, by answers or without: where its nominees are, there the nomination is."""

from dataclasses import replace

from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.nominations.casefile import Case
from app.nominations.consenting import forget_participation
from app.nominations.nominees import let_go
from app.nominations.rules import Act, State, settled
from app.nominations.stepping import note, step
from app.nominations.tables import Nominee

_WITHOUT = frozenset({State.refused, State.expired, State.withdrawn})
"""Where the offer of one of them has ended without a consent that stands."""


def settle(case: Case, *, on: Occasion, **said: Datum) -> None:
    """Brings the nomination to where its nominees are.

    What those took part in goes who did not answer, or said no: they never agreed to have it told.
    """
    let_go(case.nominees)
    for nominee in case.nominees:
        if nominee.state in _WITHOUT:
            forget_participation(nominee)
            case.session.add(nominee)
    outcome = settled(nominee.state for nominee in case.nominees if nominee.state is not None)
    was = case.nomination.state
    if was is State.offered and outcome is not None:
        act = {State.refused: Act.refuse, State.expired: Act.expire}.get(outcome, Act.accept)
        step(case, act, on=on, **said)
    if case.nomination.state is State.accepted and outcome is State.issued:
        step(case, Act.issue, on=on, **said)
    if was is State.accepted and outcome in {State.refused, State.expired}:
        step(case, Act.bar, on=on, **said)
    if case.nomination.state is was:
        note(case, "answered", on=on, was=was, **said)


def lapse(case: Case, *, on: Occasion) -> Case:
    """The time of a locked offer is over: who has not answered does not stand in the way of those who have."""
    for nominee in case.nominees:
        if nominee.state is State.offered:
            nominee.state, nominee.claim_sealed = State.expired, None
            case.session.add(nominee)
    outcome = settled(n.state for n in case.nominees if n.state is not None)
    if outcome in {State.accepted, State.issued, State.refused}:
        case.nomination.deadline = None  # it is not the whole that has run out
    settle(case, on=on)
    return case


def leave(case: Case, *, on: Occasion) -> None:
    """The offers to those who have left end as if nobody had answered; nobody is blamed for that."""
    for nominee in case.nominees:
        if nominee.state is State.offered and case.has_left(nominee):
            nominee.state = State.withdrawn
            case.session.add(nominee)
    settle(case, on=on)


def catch_up(case: Case, *, on: Occasion) -> None:
    """Brings an offer that was held to where its nominees are: one who reported it may have refused meanwhile."""
    if settled(nominee.state for nominee in case.nominees if nominee.state is not None) is not None:
        settle(case, on=replace(on, actor="system"))  # whoever lets it go on has not answered it


def take_back(case: Case, nominee: Nominee, *, on: Occasion) -> None:
    """A consent ends before its badge was signed: nothing is, and to everybody else it is as if they had refused."""
    nominee.state = State.refused
    case.session.add(nominee)
    settle(case, on=on)
