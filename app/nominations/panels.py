"""Who weighs a nomination: seats are given by lot among people without a conflict, and every draw can be repeated."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.nominations.candidates import Candidate, stakes_of, stewards, tiers
from app.nominations.casefile import Case, opened, opened_by_id
from app.nominations.conflicts import ABSENT, Conflict, Stakes, conflicts_of, hard, may_be_drawn
from app.nominations.lots import drawn, pseudonym
from app.nominations.rules import RETRIES, Act, State, window
from app.nominations.stepping import note, step
from app.nominations.tables import ACTIVE, Reviewer, Seat


@dataclass(frozen=True)
class Draw:
    """On whom the lots fell, and all that is needed to draw them again."""

    chosen: list[Candidate]
    logged: dict[str, Datum]
    """For the journal: `seed`, `tier`, `pool` and `drawn`."""


def size_of(case: Case) -> int:
    """How many seats its panel has."""
    review = case.policy.review
    return review.panel_size if review.mode == "panel" else 1


def quorum_of(case: Case) -> int:
    """How many approvals approve."""
    review = case.policy.review
    return review.quorum if review.mode == "panel" else 1


def sitting(case: Case) -> list[Reviewer]:
    """The seats that count."""
    return [seat for seat in case.reviewers if seat.seat in ACTIVE]


def empty_seats(case: Case) -> int:
    """How many are still to be filled."""
    return max(size_of(case) - len(sitting(case)), 0)


def silent(case: Case, *, now: datetime) -> list[Reviewer]:
    """The seats of those who have said nothing in all the time that a review has, the longest first."""
    time = window(State.under_review, case.policy)
    seats = [seat for seat in case.reviewers if seat.seat is Seat.assigned and time and seat.at + time <= now]
    return sorted(seats, key=lambda seat: (seat.at, seat.id))


def free_stewards(case: Case, *, on: Occasion) -> list[UUID]:
    """Stewards who could decide this alone, since nothing stands between them and the case."""
    stakes, gone = stakes_of(case, now=on.now), _seen_before(case)
    found = stewards(case, now=on.now)
    return [p.id for p in found if p.identity not in gone and may_be_drawn(conflicts_of(p, stakes))]


def convene(case: Case, *, on: Occasion) -> Case:
    """Gives a seconded nomination its panel, and the review begins; or it waits until there is somebody suitable.

    Where one steward decides, no lots are drawn: it begins if there is one who may.
    """
    if case.policy.review.mode == "single_steward":
        if not sitting(case) and not free_stewards(case, on=on):
            return wait(case, 1, on=on)
        return _begin(case, {}, on=on)
    missing = empty_seats(case)
    draw = lots(case, missing, on=on)
    if len(draw.chosen) < missing:
        return wait(case, missing - len(draw.chosen), on=on)
    case = give_seats(case, draw.chosen, on=on)
    return _begin(case, draw.logged, on=on)


def refill(case: Case, *, on: Occasion) -> Case:
    """Gives the empty seats of a panel at work to others, as far as there are any; else it waits for them."""
    if case.policy.review.mode == "single_steward":
        if not sitting(case) and not free_stewards(case, on=on):
            return wait(case, 1, on=on)
        return _found(case, on=on)
    missing = empty_seats(case)
    draw = lots(case, missing, on=on)
    if draw.chosen:
        case = give_seats(case, draw.chosen, on=on)
        note(case, "reviewers_drawn", on=on, was=None, panel=case.nomination.panel, **draw.logged)
    if len(draw.chosen) < missing:
        return wait(case, missing - len(draw.chosen), on=on)
    return _found(case, on=on)


def make_room(case: Case, seats: list[Reviewer], *, on: Occasion) -> int:
    """Takes these seats, as far as there are others for them once every empty one has somebody; how many."""
    empty = empty_seats(case)
    others = len(lots(case, empty + len(seats), on=on).chosen) - empty if seats else 0
    for seat in seats[: max(others, 0)]:
        seat.seat = Seat.replaced
        case.session.add(seat)
    return max(others, 0)


def unseat(case: Case, *, on: Occasion) -> bool:
    """Takes the seats of those who may not weigh it by now, with what they said; whether there were any.

    Whoever was drawn without a conflict may have one since: they are found to be one person with a party, declare a
    tie, leave. A seat that has ended is worth nothing any more, but for a verdict that was given in time.
    """
    stakes = stakes_of(case, now=on.now)
    gone = [(seat, why) for seat in sitting(case) if (why := _against(case, seat, stakes, on))]
    for seat, _ in gone:
        seat.seat, seat.verdict = Seat.replaced, None
        case.session.add(seat)
    if gone:
        itself = replace(on, actor="system")  # whoever votes next has not done it
        seats, reasons = [str(seat.id) for seat, _ in gone], sorted({each for _, why in gone for each in why})
        note(case, "reviewers_replaced", on=itself, panel=case.nomination.panel, seats=seats, reasons=reasons)
    return bool(gone)


def retry_waiting(session: Session, id: str, *, on: Occasion) -> Case:
    """Looks again for whom a nomination waits, and whether those who weigh it still may and can.

    One that waits for nobody, and whose panel may stay, is left as it is for an hour.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nomination = case.nomination
    nomination.retry_at = on.now + RETRIES
    session.add(nomination)
    match nomination.state:
        case State.seconded if nomination.waiting_since is not None:
            return convene(case, on=on)
        case State.under_review | State.appealed:
            if unseat(case, on=on) or nomination.waiting_since is not None:
                make_room(case, silent(case, now=on.now) if nomination.waiting_since is not None else [], on=on)
                return refill(case, on=on)
    return case


def ask_again(case: Case, *, on: Occasion) -> None:
    """The text has changed: verdicts were about another one, and are asked for again."""
    for seat in sitting(case):
        if seat.seat is Seat.voted:
            seat.seat, seat.verdict, seat.voted_at = Seat.assigned, None, None
            seat.feedback, seat.rubric, seat.checked = None, None, []
            case.session.add(seat)


def lots(case: Case, k: int, *, on: Occasion) -> Draw:
    """Draws `k` people who had no seat in this panel yet; fewer where there are not so many without a conflict.

    A wider circle is asked only where those before cannot fill the seats; the lots then fall among all of them.
    """
    gone, pool, tier = _seen_before(case), dict[UUID, Candidate](), 0
    for tier, circle in enumerate(tiers(case, now=on.now), start=1):  # noqa: B007  the last one that was asked
        for candidate in circle:
            if candidate.person.identity not in gone:
                pool.setdefault(candidate.person.identity, candidate)
        if len(pool) >= k:
            break
    by_id = {str(candidate.person.id): candidate for candidate in pool.values()}
    seed = on.ids.secret()
    ids = drawn(seed, by_id, k)
    return Draw([by_id[id] for id in ids], {"seed": seed, "tier": tier, "pool": sorted(by_id), "drawn": ids})


def give_seats(case: Case, chosen: list[Candidate], *, on: Occasion) -> Case:
    """Gives them seats in the present panel, under names that say nothing of who they are; the case with them."""
    session, nomination = case.session, case.nomination
    nomination.panel = nomination.panel or 1
    of_it = select(func.count()).where(col(Reviewer.nomination_id) == nomination.id)
    taken = session.exec(of_it).one()
    for number, candidate in enumerate(chosen, start=taken):
        row = Reviewer(
            id=on.ids.row(),
            nomination_id=nomination.id,
            panel=nomination.panel,
            member_id=candidate.person.id,
            pseudonym=pseudonym(number),
            source=candidate.source,
            disclosed=candidate.disclosed,
            seat=Seat.assigned,
            at=on.now,
            until=candidate.until,
            checked=[],
        )
        session.add(row)
    session.flush()
    return opened(session, nomination, now=on.now)


def wait(case: Case, missing: int, *, on: Occasion) -> Case:
    """Nobody suitable: that is said once, and the nomination waits; for an hour before it is looked for again."""
    case.nomination.retry_at = on.now + RETRIES
    case.session.add(case.nomination)
    if case.nomination.waiting_since is None:
        case.nomination.waiting_since = on.now
        note(case, "escalated", on=replace(on, actor="system"), missing=missing)
    return case


def _against(case: Case, seat: Reviewer, stakes: Stakes, on: Occasion) -> list[str]:
    """Why a seat does not count any more."""
    ended = seat.seat is Seat.assigned and seat.until is not None and on.now >= seat.until
    conflicts = hard(conflicts_of(case.people[seat.member_id], stakes) - ABSENT)
    away = seat.seat is Seat.assigned and _is_away(case, seat, on)
    reasons = {"seat-ended": ended, Conflict.on_break.value: away}
    return [*(conflict.value for conflict in conflicts), *(reason for reason, is_so in reasons.items() if is_so)]


def _is_away(case: Case, seat: Reviewer, on: Occasion) -> bool:
    """Whether they are on a break from which they come back when the time is over."""
    until = case.nomination.deadline
    absences = case.people[seat.member_id].absences
    return until is not None and any(begin <= on.now < end and end >= until for begin, end in absences)


def _begin(case: Case, logged: dict[str, Datum], *, on: Occasion) -> Case:
    case.nomination.panel = case.nomination.panel or 1
    case.nomination.waiting_since = None
    step(case, Act.start_review, on=on, panel=case.nomination.panel, **logged)
    return case


def _found(case: Case, *, on: Occasion) -> Case:
    """No seat is empty. While somebody is silent in theirs whom nobody could replace, it waits all the same."""
    if case.nomination.waiting_since is not None and not silent(case, now=on.now):
        case.nomination.waiting_since = None
        note(case, "reviewers_found", on=on)
    return case


def _seen_before(case: Case) -> frozenset[UUID]:
    """The persons who have, or had, a seat in the present panel."""
    return frozenset(case.people[seat.member_id].identity for seat in case.reviewers)
