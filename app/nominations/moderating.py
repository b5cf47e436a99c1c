"""Use-cases of those who look after a community: holding what is said to do harm, hearing reports, letting go on."""

from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.paging import Slice, Window, page
from app.nominations import settling
from app.nominations.advancing import advance
from app.nominations.casefile import Case, has_reported, opened_by_id
from app.nominations.refusals import BotsMayNot
from app.nominations.rules import NEXT, Act, State
from app.nominations.stepping import note, require, step
from app.nominations.tables import Report


class Category(StrEnum):
    """What is wrong with a nomination."""

    harassment = "harassment"
    doxxing = "doxxing"
    false_evidence = "false_evidence"
    purchased = "purchased"
    coercion = "coercion"
    spam = "spam"
    other = "other"


class NoSuchReport(NotFound):
    """This nomination has no such report."""

    code = "no-such-report"
    fix = "GET …/reports lists them."


def hold(session: Session, id: str, reason: str, *, on: Occasion) -> Case:
    """Stops a nomination and its clock until somebody has looked. Raises `InvalidTransition`."""
    case = opened_by_id(session, id, now=on.now, lock=True)
    require(case, Act.hold, on=on)
    case.nomination.note = reason
    step(case, Act.hold, on=on)
    return case


def release(session: Session, id: str, words: str | None, *, at: Installation, on: Occasion) -> Case:
    """Lets it go on where it was, with the time that was left. Raises `InvalidTransition`."""
    case = opened_by_id(session, id, now=on.now, lock=True)
    require(case, Act.release, on=on)
    case.nomination.note = words
    step(case, Act.release, on=on)
    if case.nomination.state is State.offered:
        settling.catch_up(case, on=on)
    return advance(case, at=at, on=on)


def report(session: Session, id: str, by: UUID, category: Category, text: str, *, on: Occasion) -> Report:
    """Somebody says that a nomination does harm: it is held at once, where that is possible.

    A person's second report of the same is kept but holds nothing: else one could stop for good what was looked at and
    let go on. Raises `BotsMayNot`, `InvalidTransition` for a draft, which nobody else sees.
    """
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=[by])
    if case.people[by].is_bot:
        raise BotsMayNot("The reporter is a bot.")
    if case.nomination.state is State.draft:
        require(case, Act.hold, on=on)
    is_first = not has_reported(case, by)
    row = Report(
        id=on.ids.row(), nomination_id=case.nomination.id, reporter_id=by, category=category, text=text, at=on.now
    )
    session.add(row)
    # Who reported stands in the report alone: the journal is read by more than those who may read that.
    unnamed = replace(on, actor="system")
    if is_first and (case.state(on.now), Act.hold) in NEXT:
        step(case, Act.hold, on=unnamed, report=str(row.id))
    else:
        note(case, "reported", on=unnamed, report=str(row.id))
    return row


def reports(session: Session, nomination: UUID, window: Window, *, by: UUID | None = None) -> Slice[Report]:
    """What was reported of a nomination, or what somebody did, newest first."""
    rows = select(Report).where(Report.nomination_id == nomination)
    if by is not None:
        rows = rows.where(Report.reporter_id == by)
    return page(session, rows, window, by=[col(Report.id)], newest_first=True)


def report_of(session: Session, nomination: UUID, id: str, *, by: UUID | None = None) -> Report:
    """One of them. Raises `NoSuchReport`."""
    known = id_in(id)
    row = session.get(Report, known) if known else None
    if row is None or row.nomination_id != nomination or by not in {None, row.reporter_id}:
        raise NoSuchReport(f"There is no report {id} of this nomination.")
    return row
