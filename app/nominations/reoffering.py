"""Use-case: an offer that nobody answered in time, made once more."""

from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit.errors import InvalidTransition
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.people import Standing
from app.nominations import evidence, offering
from app.nominations.casefile import Case, opened, opened_by_id
from app.nominations.nominees import carried_over
from app.nominations.refusals import AlreadyNominated, NobodyToAsk, NothingKept, ReofferedAlready
from app.nominations.rules import State
from app.nominations.settling import lapse
from app.nominations.stepping import note
from app.nominations.tables import ACTIVE, Block, Nomination, Nominee, Reoffer, Reviewer, Second
from app.nominations.twins import take_keys

Said = TypeVar("Said", Second, Reviewer)
ONCE = "An offer that nobody answered is made again once."


def reoffer(session: Session, id: str, *, at: Installation, on: Occasion) -> Case:
    """A new nomination that takes up one whose offer expired where it stood when that was made; the old one stays.

    It holds the same words, seconds and verdicts, was decided when the old one was, and is offered at once to those
    who did not answer (state table: an expired offer is made again once). Who refused, has left, or will not be
    nominated by this nominator is not asked.

    Raises `InvalidTransition`, `ReofferedAlready`, `NothingKept`, `NobodyToAsk`, `AlreadyNominated`.
    """
    original = opened_by_id(session, id, now=on.now, lock=True)
    _check(original, on)
    if original.nomination.state is State.offered:
        lapse(original, on=replace(on, actor="system"))  # the scheduler has yet to come by
    nomination = _copied(original, at=at, on=on)
    if not insert_if_absent(session, Reoffer(original_id=original.nomination.id, nomination_id=nomination.id)):
        raise ReofferedAlready(ONCE)
    case = opened(session, nomination, now=on.now)
    twin = take_keys(case, since=nomination.submitted_at or on.now)
    if twin is not None:
        raise AlreadyNominated(
            "There is an open nomination for the same.", fix="Let that one come to its end.", nomination_id=str(twin)
        )
    note(case, "reoffered", on=on, previous=str(original.nomination.id))
    return offering.offer(case, at=at, on=on)


def _check(original: Case, on: Occasion) -> None:
    """Whether its offer has expired, was not made again, and can be."""
    nomination = original.nomination
    if original.state(on.now) is not State.expired or nomination.decided_at is None:
        raise InvalidTransition("Only an offer that nobody answered in time is made again.", allowed=[])
    made = sa.or_(col(Reoffer.original_id) == nomination.id, col(Reoffer.nomination_id) == nomination.id)
    if original.session.exec(select(Reoffer).where(made)).first() is not None:
        raise ReofferedAlready(ONCE)
    forgotten = any(nominee.member_id is None and nominee.sealed is None for nominee in original.nominees)
    if nomination.erased_at is not None or forgotten:
        # Of a team too: a name that is not known any more cannot be kept out of the badges of the others.
        raise NothingKept("What was written, or by what somebody is known whom it is about, was erased.")
    if not any(_may_be_asked(original, nominee) for nominee in original.nominees):
        raise NobodyToAsk("Nobody whom it is about may be asked again.")


def _may_be_asked(original: Case, nominee: Nominee) -> bool:
    if nominee.state is State.refused:
        return False
    if nominee.member_id is None:
        return True
    block = original.session.get(Block, (nominee.member_id, original.nomination.nominator_id))
    return block is None and original.people[nominee.member_id].standing is not Standing.left


def _copied(original: Case, *, at: Installation, on: Occasion) -> Nomination:
    """All that counts, in rows of its own: as it was approved, and not yet offered."""
    old, session = original.nomination, original.session
    new = Nomination(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=old.community_id,
        achievement_id=old.achievement_id,
        achievement_version=old.achievement_version,
        nominator_id=old.nominator_id,
        state=State.approved,
        version=0,
        statement=old.statement,
        evidence=old.evidence,
        participation=old.participation,
        text_version=old.text_version,
        narrative=old.narrative,
        panel=old.panel,
        previous_id=old.id,
        created_at=on.now,
        submitted_at=old.submitted_at,
        decided_at=old.decided_at,
    )
    session.add(new)
    session.flush()
    for nominee in original.nominees:
        row = carried_over(nominee, new.id, at=at, on=on)
        if not _may_be_asked(original, nominee):
            row.state, row.answered_at = State.refused, row.answered_at or on.now
        session.add(row)
    for second in original.seconds:
        session.add(_again(Second, second, new, on))
    for seat in original.reviewers:
        if seat.seat in ACTIVE:
            session.add(_again(Reviewer, seat, new, on))
    session.flush()
    evidence.carry_over(session, old.id, new.id)
    return new


def _again(table: type[Said], row: Said, new: Nomination, on: Occasion) -> Said:
    """The same said of the new nomination, when it was said of the old one."""
    said = row.model_dump(exclude={"id", "nomination_id"})
    return table(**said, id=on.ids.row(), nomination_id=new.id)
