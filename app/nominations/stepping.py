"""The one place where the state of a nomination changes: table, clock and journal, in the transaction of the act."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from app.kit.errors import InvalidTransition
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.nominations.casefile import Case
from app.nominations.rules import BY_ITSELF, CLOSED, Act, Clock, State, after, allowed_from
from app.nominations.sight import WHILE_HELD, Relation, open_to, shown_state, steps_from
from app.nominations.tables import OpenKey, Outcome, Question, Report

HAPPENED: dict[Act, str] = {
    Act.edit: "edited",
    Act.submit: "submitted",
    Act.merge: "merged",
    Act.second: "seconded",
    Act.unsecond: "second_withdrawn",
    Act.suffice: "sufficed",
    Act.fall_short: "fell_short",
    Act.start_review: "review_started",
    Act.review: "reviewed",
    Act.ask: "info_requested",
    Act.answer: "info_answered",
    Act.go_on: "info_missing",
    Act.approve: "decided",
    Act.postpone: "decided",
    Act.decline: "decided",
    Act.appeal: "appealed",
    Act.offer: "offered",
    Act.bar: "closed",
    Act.accept: "accepted",
    Act.refuse: "refused",
    Act.issue: "issued",
    Act.withdraw: "withdrawn",
    Act.hold: "held",
    Act.release: "released",
    Act.expire: "expired",
}
"""What the journal calls each act, after `nomination.`"""


def step(case: Case, act: Act, *, on: Occasion, **said: Datum) -> State:
    """Takes the step, if the table has it: state, version, clock, journal; `said` goes into the event besides.

    The row has to be locked (`casefile.opened_by_id(lock=True)`). Raises `InvalidTransition`.
    """
    nomination, session = case.nomination, case.session
    was = require(case, act, on=on)
    if act is Act.hold:
        nomination.held_from, nomination.held_left = was, _seconds_left(case, on)
    nomination.state = after(was, act, held_from=nomination.held_from)
    if nomination.state is not was or (act is Act.edit and was is State.draft):
        _set_clock(case, act, on)
    if act is Act.release:
        nomination.held_from = nomination.held_left = None
    if was is State.held:
        _settle_reports(case)
    if act in {Act.fall_short, Act.approve} or nomination.state in CLOSED:
        nomination.waiting_since = None
    if nomination.state in CLOSED:
        nomination.closed_at = on.now
        session.exec(delete(OpenKey).where(col(OpenKey.nomination_id) == nomination.id))
    # What follows by itself is nobody's: the last voter or seconder did not do it.
    note(case, HAPPENED[act], on=replace(on, actor="system") if act in BY_ITSELF else on, was=was, **said)
    return nomination.state


def note(case: Case, happened: str, *, on: Occasion, was: State | None = None, **said: Datum) -> None:
    """Writes down what changed without a step of the table, as `step` does: one version, one event."""
    nomination = case.nomination
    nomination.version += 1
    case.session.add(nomination)
    case.session.flush()
    data: dict[str, Datum] = {
        "from": (was or nomination.state).value,
        "to": nomination.state.value,
        "version": nomination.version,
        "deadline": nomination.deadline.isoformat() if nomination.deadline else None,
        "text_version": nomination.text_version,
        "policy_version": nomination.achievement_version,
        **said,
    }
    on.record(case.session, case.community.id, f"nomination.{happened}", nomination.id, data)


def require(case: Case, act: Act, *, on: Occasion) -> State:
    """The state in which `act` is about to be taken. Raises `InvalidTransition` where it cannot be, also by now.

    A deadline that has passed counts at once: the scheduler may not have come by yet; what went unanswered by then goes
    on before the act. Whoever asked at a door, and does
    not look after it, is told of the state that they see and of the steps that are theirs.
    """
    try:
        _check(case, act, now=on.now)
    except InvalidTransition:
        if _in_the_know(case):
            raise
        raise _as_told(case, act, now=on.now) from None
    if act is not Act.go_on and _went_unanswered(case, on.now):
        go_on(case, on=on)
    return case.nomination.state


def go_on(case: Case, *, on: Occasion) -> None:
    """What a reviewer asked was not answered in time: the review goes on without."""
    open_ones = select(Question).where(
        Question.nomination_id == case.nomination.id, col(Question.answered_at).is_(None)
    )
    questions = case.session.exec(open_ones).all()
    for question in questions:
        question.answered_at = on.now
        case.session.add(question)
    step(case, Act.go_on, on=on, unanswered=len(questions))


def _settle_reports(case: Case) -> None:
    """What was held was looked at, or taken back: those who reported it see what came of it."""
    outcome = Outcome.withdrawn if case.nomination.state is State.withdrawn else Outcome.went_on
    open_ones = select(Report).where(Report.nomination_id == case.nomination.id, col(Report.outcome).is_(None))
    for report in case.session.exec(open_ones).all():
        report.outcome = outcome
        case.session.add(report)


def _went_unanswered(case: Case, now: datetime) -> bool:
    return case.nomination.state is State.needs_info and case.state(now) is State.under_review


def _in_the_know(case: Case) -> bool:
    return case.told is None or Relation.steward in case.told


def _check(case: Case, act: Act, *, now: datetime) -> None:
    """Raises `InvalidTransition`, in words for those who may know all."""
    stored, held_from = case.nomination.state, case.nomination.held_from
    if case.state(now) is State.expired and stored is not State.expired and act is not Act.expire:
        raise InvalidTransition(
            "The time for this is over: the nomination has expired.",
            allowed=allowed_from(State.expired),
        )
    goes_on = act is not Act.go_on and _went_unanswered(case, now)
    after(State.under_review if goes_on else stored, act, held_from=held_from)
    if stored is State.held and held_from is not None and not _in_the_know(case):
        after(held_from, act)  # who is not told that it is held can do no more by it


def _as_told(case: Case, act: Act, *, now: datetime) -> InvalidTransition:
    """The refusal in the words of somebody who sees a part of it."""
    nomination, told = case.nomination, case.told or frozenset()
    shown = shown_state(
        case.state(now),
        held_from=nomination.held_from,
        was_offered=nomination.decided_at is not None,
        relations=told,
    )
    allowed = open_to(told, shown)
    if shown == State.held and nomination.held_from is not None:
        allowed = [may for may in open_to(told, nomination.held_from) if may in WHILE_HELD]
    if act in steps_from(shown):
        return InvalidTransition("This cannot be done at the moment.", allowed=[may for may in allowed if may != act])
    may = ", ".join(allowed) or "nothing"
    return InvalidTransition(f"This nomination is {shown}, and allows you {may}.", allowed=allowed)


def _set_clock(case: Case, act: Act, on: Occasion) -> None:
    """A new clock for the state that was entered; what was held goes on with what was left."""
    nomination = case.nomination
    left = None
    if act is Act.release and nomination.held_left is not None:
        left = timedelta(seconds=nomination.held_left)
    clock = Clock.started(nomination.state, case.policy, on.now, left=left)
    nomination.clock_since = clock.since if clock else None
    nomination.deadline = clock.deadline if clock else None
    nomination.remind_at = clock.remind_at if clock else None


def _seconds_left(case: Case, on: Occasion) -> int | None:
    """Until the deadline as it is by now: breaks that have moved it are left out of what is left."""
    deadline = case.deadline()
    return None if deadline is None else max(0, int((deadline - on.now).total_seconds()))
