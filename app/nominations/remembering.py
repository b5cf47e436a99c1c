"""What people wrote about somebody: exported to them (GDPR Art. 15), and erased at their wish (Art. 17).

The journal holds ids and digests only, so that its chain holds after both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.endorsements import remembering as endorsements
from app.kit.occasions import Occasion
from app.nominations import evidence
from app.nominations.casefile import Case, is_about, keep_who, nomination_by_id, opened, opened_by_id
from app.nominations.rules import BEFORE_OFFER, CLOSED, DECIDED_AGAINST, OPEN
from app.nominations.stepping import note
from app.nominations.tables import Nomination, Nominee, Objection, Question, Receipt, Reviewer, Second
from app.nominations.thanks.tables import Thanks


@dataclass(frozen=True)
class Passage:
    """Something that somebody wrote."""

    kind: str
    """`statement`, `narrative`, `second`, `feedback`, `objection`, `question`, `answer`, `appeal`; `thanks`;
    or `endorsement`."""
    of: UUID
    """The nomination, the thanks or the endorsement."""
    text: str
    by: UUID | None
    """The member who wrote it; None where they wrote it unnamed."""
    at: datetime | None


def about(session: Session, member: UUID, *, now: datetime) -> list[Passage]:
    """Everything that was written about a member in nominations, endorsements and thanks, each kind oldest first.

    Of one that is being weighed and of which its policy does not tell them, what was written is given once that has
    ended: who decides is free until then, and afterwards it is theirs to read. Who wrote without their name stays
    unnamed.
    """
    cases = (opened(session, nomination, now=now) for nomination in _of(session, member))
    said = [passage for case in cases if _may_be_told(case, member) for passage in _passages(session, case)]
    said += [
        Passage("endorsement", each.id, each.comment, each.member_id, each.offered_at)
        for each in endorsements.said_of(session, member)
        if each.comment is not None
    ]
    return said + [
        Passage("thanks", thanks.id, thanks.text, thanks.giver_id, thanks.given_at)
        for thanks in _thanks_to(session, member)
        if thanks.text is not None and not thanks.held  # that one is held, neither of the two is told
    ]


def erase(session: Session, member: UUID, *, on: Occasion) -> tuple[list[UUID], list[UUID]]:
    """Takes away what was written about a member in thanks and in nominations that have ended: their ids, and those of
    nominations that are known to them and still open, which end first.

    Signed badges stay as they are: their holder hides or revokes them.
    """
    erased, left = [], []
    about_them = _of(session, member)
    for id in sorted(nomination.id for nomination in about_them):
        # All of them before the journal, which the first erasure takes: who holds one of these may be waiting for it.
        nomination_by_id(session, str(id), lock=True)
    vouched = endorsements.said_of(session, member, lock=True)
    for nomination in about_them:
        case = opened_by_id(session, str(nomination.id), now=on.now, lock=True)
        ended = case.nomination.state in CLOSED and (
            case.nomination.state not in DECIDED_AGAINST or not _can_still_be_appealed(case, on.now)
        )
        if ended and case.nomination.erased_at is None and len(case.nominees) == 1:
            forget(case, on=on)
            erased.append(nomination.id)
        elif not ended and _may_be_told(case, member):
            left.append(nomination.id)
    for thanks in _thanks_to(session, member):
        thanks.text, thanks.url, thanks.hidden_at = None, None, thanks.hidden_at or on.now
        session.add(thanks)
        on.record(session, thanks.community_id, "thanks.erased", thanks.id)
        if not thanks.held:
            erased.append(thanks.id)
    more, waiting = endorsements.erase(session, vouched, on=on)
    return erased + more, left + waiting


def forget(case: Case, *, on: Occasion) -> None:
    """Takes every text out of a nomination that has ended, and what a stranger is known by; one event says so."""
    nomination, session = case.nomination, case.session
    nomination.statement = nomination.narrative = nomination.narrative_proposed = None
    nomination.appeal = nomination.note = nomination.participation = None
    nomination.evidence, nomination.erased_at = [], on.now
    nomination.text_version += 1
    rows: list[Second | Reviewer | Question | Objection | Nominee] = []
    for second in session.exec(select(Second).where(Second.nomination_id == nomination.id)).all():
        second.reason = None
        rows.append(second)
    for reviewer in [*case.reviewers, *case.earlier]:
        reviewer.feedback = reviewer.rubric = None
        rows.append(reviewer)
    for question in session.exec(select(Question).where(Question.nomination_id == nomination.id)).all():
        question.question = question.answer = None
        rows.append(question)
    for objection in session.exec(select(Objection).where(Objection.nomination_id == nomination.id)).all():
        objection.reason = objection.answer = None
        rows.append(objection)
    for nominee in case.nominees:
        unknow(nominee, session.get(Receipt, nominee.id))
        rows.append(nominee)
    session.add_all(rows)
    evidence.forget(session, nomination.id)
    note(case, "erased", on=on)


def forget_strangers(case: Case, *, on: Occasion) -> None:
    """Takes away the addresses by which nominees were named, and leaves what was written; one event says so."""
    for nominee in case.nominees:
        if nominee.by_address:
            unknow(nominee, None)
            case.session.add(nominee)
    note(case, "strangers_forgotten", on=on)


def unknow(nominee: Nominee, receipt: Receipt | None) -> None:
    """Takes away how a nominee was named, what they were asked, and what they consented to."""
    keep_who(nominee)  # whoever has become a member stays a party of it, and is told no more of it than before
    nominee.sealed = nominee.fingerprint = nominee.claim_sealed = nominee.claim_digest = None
    nominee.offered_text = None  # its digest stays: who has the text can still show that it was this one
    if receipt is not None:
        receipt.text = ""  # the same


def _of(session: Session, member: UUID) -> Sequence[Nomination]:
    """Those that are about them, oldest first."""
    about_them = select(Nominee.nomination_id).where(is_about([member]))
    chosen = select(Nomination).where(col(Nomination.id).in_(about_them), col(Nomination.submitted_at).is_not(None))
    return session.exec(chosen.order_by(col(Nomination.row))).all()


def _thanks_to(session: Session, member: UUID) -> Sequence[Thanks]:
    """Those that have words still. Held ones too: they are not theirs to read, but to erase."""
    chosen = select(Thanks).where(Thanks.receiver_id == member, col(Thanks.text).is_not(None))
    return session.exec(chosen.order_by(col(Thanks.id))).all()


def _may_be_told(case: Case, member: UUID) -> bool:
    state = case.nomination.state
    if state in OPEN and case.asked(member) is None:
        return False  # nothing may be offered to them
    if case.policy.nominee_visibility == "from_submission":
        return True
    return state not in BEFORE_OFFER or state not in OPEN


def _can_still_be_appealed(case: Case, now: datetime) -> bool:
    decided = case.nomination.decided_at
    return decided is not None and now < decided + timedelta(days=case.policy.windows_days.appeal)


def _passages(session: Session, case: Case) -> Iterator[Passage]:
    nomination = case.nomination
    unnamed = case.policy.anonymity == "to_nominee"
    nominator = None if unnamed else nomination.nominator_id
    for text in (nomination.statement or {}).values():
        yield Passage("statement", nomination.id, text, nominator, nomination.submitted_at)
    if nomination.narrative:
        yield Passage("narrative", nomination.id, nomination.narrative, None, nomination.decided_at)
    if nomination.appeal:
        yield Passage("appeal", nomination.id, nomination.appeal, None, nomination.decided_at)
    for second in case.seconds:
        if second.reason:
            by = second.member_id if second.publish else None
            yield Passage("second", nomination.id, second.reason, by, second.at)
    for reviewer in [*case.earlier, *case.reviewers]:
        if reviewer.feedback:
            yield Passage("feedback", nomination.id, reviewer.feedback, None, reviewer.voted_at)
    yield from _thread(session, nomination.id)


def _thread(session: Session, nomination: UUID) -> Iterator[Passage]:
    """What was asked, answered and objected."""
    for question in session.exec(select(Question).where(Question.nomination_id == nomination)).all():
        if question.question:
            yield Passage("question", nomination, question.question, None, question.at)
        if question.answer:
            yield Passage("answer", nomination, question.answer, None, question.answered_at)
    for objection in session.exec(select(Objection).where(Objection.nomination_id == nomination)).all():
        if objection.reason:
            yield Passage("objection", nomination, objection.reason, None, objection.at)
        if objection.answer:
            yield Passage("answer", nomination, objection.answer, None, objection.answered_at)
