"""Who hears what of nominations. Whoever may not see one does not hear of it, neither now nor when it is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.credentials.rules import State as Credit
from app.credentials.rules import Visibility
from app.credentials.service import state_of
from app.credentials.tables import Credential
from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.auth import Caller
from app.members.people import active_people
from app.members.rules import Role
from app.members.tables import Member
from app.nominations.answering import mailed_to
from app.nominations.casefile import Case, NoSuchNomination, opened
from app.nominations.consenting import tells_participation
from app.nominations.doors import Seen, known_as, seen
from app.nominations.rules import State
from app.nominations.sight import SECONDING, Relation
from app.nominations.tables import ACTIVE, GUEST, Nomination, Nominee, Report, Seat
from app.notifications.hearing import Telling, Topic, Words, call, looking
from app.notifications.wording import ANSWERED_BY, DISCREET, NO_LONGER, PARTICIPATION, SAYS, VERDICTS

RELATIONS: Mapping[str, frozenset[Relation]] = {
    "nominator": frozenset({Relation.nominator}),
    "seconder": frozenset({Relation.seconder}),
    "invited": frozenset({Relation.invited}),
    "nominee": frozenset({Relation.nominee}),
    "aware": frozenset({Relation.nominee}),
    "reporter": frozenset({Relation.reporter}),
    "reviewer": frozenset({Relation.reviewer}),
    "drawn": frozenset({Relation.reviewer}),
    "appointed": frozenset({Relation.reviewer}),
    "steward": frozenset({Relation.steward}),
    "decider": frozenset({Relation.steward}),
    "bound": frozenset(Relation),
}
"""One of what somebody has to be to a nomination to hear of it in a part, also at the time of reading."""

_WAITED_FOR: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"nominator"}),
    "submitted": frozenset({"nominator"}),
    "seconded": frozenset({"steward"}),
    "under_review": frozenset({"reviewer", "decider"}),
    "needs_info": frozenset({"nominator", "aware"}),
    "held": frozenset({"steward"}),
    "offered": frozenset({"nominee"}),
    "appealed": frozenset({"reviewer", "decider"}),
}
"""By whose clock runs, in which parts people are reminded."""
_BY_HAND = frozenset({"appointed", GUEST})
"""How those came to their seat on whom no lot fell."""
_PRESSING = frozenset({"nomination.reminded", "nomination.overdue"})


def _audience(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    id = id_in(event.subject)
    nomination = session.get(Nomination, id) if id else None
    if nomination is None or (event.type in _PRESSING and part not in _WAITED_FOR[event.data["clock"]]):
        return []
    return _MEMBERS[part](opened(session, nomination, now=now), event, now)


def _words(session: Session, event: Event, telling: Telling) -> Words | None:
    hearer = telling.hearer
    found = _seen_by(session, event.subject, hearer.member_id, telling.now)
    if found is None or not RELATIONS[hearer.part] & found.relations or _is_done(event, found):
        return None
    what = (hearer.type.removeprefix("nomination."), hearer.part)
    if what == ("invited", "invited") and Relation.seconder in found.relations:
        return None  # they have done what they were asked
    its = f"{telling.public_url}/v1/nominations/{event.subject}"
    link = f"{its}/offer" if hearer.part == "nominee" else its
    steps, page = [looking(link)], None
    text = _text(event, found, telling)
    if what in ANSWERED_BY and _is_asked_still(what, event, found, telling.now):
        nominee = found.case.asked(found.member) if hearer.part == "nominee" else None
        if nominee is not None:
            text += PARTICIPATION if tells_participation(nominee) else ""
            page = mailed_to(found.case.session, nominee, at=telling.at)
        answer = ANSWERED_BY[what]
        for placeholder in ("question", "objection"):
            answer = answer.replace(placeholder.upper(), str(event.data.get(placeholder)))
        steps.append(f"Answer with it: {call('POST', its)}/{answer}")
    return Words(text, link, quoted=_why(what, found.case), next="\n".join(steps), page=page)


def _text(event: Event, found: Seen, telling: Telling) -> str:
    case, hearer = found.case, telling.hearer
    what = (hearer.type.removeprefix("nomination."), hearer.part)
    about = case.nominees
    if what in NO_LONGER and not _is_open(found, telling.now):
        return NO_LONGER[what]
    if what[0] == "issued":
        about = [nominee for nominee in case.nominees if _says_so(case.session, nominee, telling.now)]
        if not about:
            return DISCREET[hearer.part]
    # Of another state than the one it came to, the clock says nothing here; and of a hold nobody else is told.
    until = case.deadline() if case.nomination.state.value == event.data.get("to") else None
    return SAYS[what].format(
        whom=_named(found, about, telling),
        what=case.version.name,
        who=_seconder(case, event),
        verdict=VERDICTS.get(str(event.data.get("to")), "").format(appeal=_appeal(case, telling.now)),
        until=_by(until, telling.now),
    )


def _by(end: datetime | None, now: datetime) -> str:
    return f", until {end.day} {end:%B %Y}" if end is not None and end > now else ""


def _why(what: tuple[str, str], case: Case) -> str | None:
    """Why it was withdrawn, for whoever proposed it."""
    is_told = what == ("withdrawn", "nominator") and case.nomination.state is State.withdrawn
    return case.nomination.note if is_told else None


def _appeal(case: Case, now: datetime) -> str:
    """That there is something to be done about a decision, while there is."""
    by = _by(case.appeal_ends(), now)
    return f". You may appeal once{by}" if by else ""


def _seen_by(session: Session, id: str, member_id: UUID, now: datetime) -> Seen | None:
    """The nomination as this member would see it, if they asked."""
    member = session.get_one(Member, member_id)
    caller = Caller(str(member.id), member.role, member.community_id, member.id, frozenset())
    try:
        return seen(session, id, caller, now=now)
    except NoSuchNomination:
        return None


def _is_done(event: Event, found: Seen) -> bool:
    """Whether somebody would be reminded of what has been done meanwhile."""
    if event.type not in _PRESSING:
        return False
    seat, nominee = found.case.reviewer(found.member), found.case.nominee(found.member)
    return (
        found.case.nomination.state.value != event.data["clock"]
        or (seat is not None and seat.seat is not Seat.assigned)
        or (event.data["clock"] == "offered" and nominee is not None and nominee.state is not State.offered)
    )


def _is_asked_still(what: tuple[str, str], event: Event, found: Seen, now: datetime) -> bool:
    """Whether it is still as it was when they were asked."""
    if what[0] == "decided" and not _appeal(found.case, now):
        return False
    return _is_open(found, now) if what in NO_LONGER else found.case.state(now).value == event.data.get("to")


def _is_open(found: Seen, now: datetime) -> bool:
    """Whether what the caller was asked can still be answered."""
    nominee, state = found.case.nominee(found.member), found.case.state(now)
    return state in SECONDING if nominee is None else nominee.state is State.offered and state is State.offered


def _says_so(session: Session, nominee: Nominee, now: datetime) -> bool:
    """Whether others may know that somebody has the badge."""
    credential = session.get(Credential, nominee.credential_id) if nominee.credential_id else None
    return (
        credential is not None
        and credential.visibility is not Visibility.private
        and state_of(credential, now) is Credit.active
    )


def _named(found: Seen, nominees: list[Nominee], telling: Telling) -> str:
    names = [known_as(found, n, at=telling.at, now=telling.now) or "somebody named by address" for n in nominees]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _seconder(case: Case, event: Event) -> str:
    second = case.second_of(id_in(event.actor))
    return case.people[second.member_id].name if second is not None else "Somebody"


def _nominator(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [case.nomination.nominator_id]


def _seconders(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [second.member_id for second in case.seconds]


def _invited(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [UUID(member) for member in event.data["invited"]]


def _nominees(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [n.member_id for n in case.nominees if n.member_id and n.state is State.offered and not n.barred]


def _aware(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    knew = case.policy.nominee_visibility == "from_submission"
    return [n.member_id for n in case.nominees if n.member_id is not None and knew and not n.barred]


def _reporters(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    """Who had reported what was held, when it was decided what becomes of it."""
    if event.data["from"] != State.held.value:
        return []
    of_it = select(Report.reporter_id).where(Report.nomination_id == case.nomination.id).distinct()
    return [id for id in case.session.exec(of_it).all() if id is not None]


def _reviewers(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [seat.member_id for seat in case.reviewers if seat.seat in ACTIVE]


def _drawn(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    return [UUID(member) for member in event.data.get("drawn", [])]


def _appointed(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    """Whom a steward gave a seat; once there is something to weigh, and not while others are still looked for."""
    if event.type == "nomination.review_started":
        return [seat.member_id for seat in case.reviewers if seat.seat in ACTIVE and seat.source in _BY_HAND]
    return [UUID(event.data["reviewer"])] if event.data["to"] != State.seconded.value else []


def _stewards(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    """Those without a stake in it."""
    return [id for id, relations in _known_to_stewards(case, now).items() if Relation.steward in relations]


def _bound(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    """Stewards who know of it and have a stake in it, or weigh it, where there is no other: they can ask the admin."""
    known = _known_to_stewards(case, now)
    return [] if any(Relation.steward in relations for relations in known.values()) else known


def _known_to_stewards(case: Case, now: datetime) -> dict[UUID, frozenset[Relation]]:
    """The stewards who know of it, and what each is to it."""
    session = case.session
    stewards = [p.id for p in active_people(session, case.community.id, now=now) if p.role is Role.steward]
    found = {id: _seen_by(session, str(case.nomination.id), id, now) for id in stewards}
    return {id: as_seen.relations for id, as_seen in found.items() if as_seen is not None}


def _deciders(case: Case, event: Event, now: datetime) -> Iterable[UUID]:
    """Stewards, where one of them decides alone."""
    return _stewards(case, event, now) if case.policy.review.mode == "single_steward" else []


_MEMBERS: Mapping[str, Callable[[Case, Event, datetime], Iterable[UUID]]] = {
    "nominator": _nominator,
    "seconder": _seconders,
    "invited": _invited,
    "nominee": _nominees,
    "aware": _aware,
    "reporter": _reporters,
    "reviewer": _reviewers,
    "drawn": _drawn,
    "appointed": _appointed,
    "steward": _stewards,
    "bound": _bound,
    "decider": _deciders,
}

TOPIC = Topic(_audience, _words)
