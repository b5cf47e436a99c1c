"""Who could weigh a nomination, nearest to the work first, and what stands between each of them and it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.credentials.rules import Provenance, basis_of
from app.credentials.rules import State as Badge
from app.credentials.tables import Credential, Recipient
from app.members.people import Person, Standing, active_people, people
from app.members.rules import Role
from app.members.tables import Member
from app.members.tenures import seats
from app.nominations.casefile import Case
from app.nominations.conflicts import Stakes, conflicts_of, may_be_drawn
from app.nominations.rules import State
from app.nominations.tables import Nomination, Nominee, Second

RECIPROCAL = timedelta(days=180)
"""How long a recognition makes two people less than strangers to each other."""

SEATED = ("reviewer", "council", "panel")
"""Roles, of those that people hold for a time, in which they weigh nominations."""


@dataclass(frozen=True)
class Candidate:
    """Somebody on whom lots may fall."""

    person: Person
    source: str
    """`steward`, `seat`, `holder` or `member`."""
    disclosed: list[str]
    """Conflicts that they have and that are bearable."""
    until: datetime | None = None
    """When their own term ends."""


def stakes_of(case: Case, *, now: datetime) -> Stakes:
    """What conflicts with this case are measured by."""
    nominees = tuple(case.people[n.member_id] for n in case.nominees if n.member_id is not None)
    return Stakes(
        parties=case.party_identities(),
        nominees=nominees,
        recognised=_recognised(case.session, frozenset(person.id for person in nominees), now=now),
        first_panel=frozenset(case.people[seat.member_id].identity for seat in case.earlier),
    )


def stewards(case: Case, *, now: datetime) -> list[Person]:
    """The stewards of the community, whatever stands between them and the case."""
    of_it = select(Member.id).where(Member.community_id == case.community.id, Member.role == Role.steward)
    return _sorted(people(case.session, case.community.id, case.session.exec(of_it).all(), now=now))


def tiers(case: Case, *, now: datetime) -> Iterator[list[Candidate]]:
    """Those without a conflict, in circles that widen; each is looked up only when it is asked for.

    First who looks after it all or has a seat for this, then who holds the badge, then who has been here long.
    """
    stakes = stakes_of(case, now=now)
    yield _among(stewards(case, now=now), "steward", stakes) + _among_seats(case, stakes, now=now)
    yield _among(_holders(case, now=now), "holder", stakes)
    tenure = timedelta(days=case.policy.min_tenure_days)
    everybody = active_people(case.session, case.community.id, now=now)
    yield _among([person for person in everybody if person.joined_at + tenure <= now], "member", stakes)


def _among_seats(case: Case, stakes: Stakes, *, now: datetime) -> list[Candidate]:
    """Who has a seat for this or for everything, while their term lasts; retired people too, if they have one."""
    scope = str(case.nomination.achievement_id)
    held = seats(case.session, case.community.id, SEATED, now=now, scope=scope)
    by_member = people(case.session, case.community.id, [seat.member_id for seat in held], now=now)
    ends: dict[UUID, datetime | None] = {}
    for seat in held:
        longest = ends.get(seat.member_id, seat.until)
        ends[seat.member_id] = None if seat.until is None or longest is None else max(seat.until, longest)
    asked = [by_member[id] for id in sorted(ends) if by_member[id].role is not Role.steward]
    return [
        Candidate(person, "seat", disclosed=sorted(conflict.value for conflict in conflicts), until=ends[person.id])
        for person in asked
        if may_be_drawn(conflicts := conflicts_of(person, stakes))
    ]


def _among(asked: list[Person], source: str, stakes: Stakes) -> list[Candidate]:
    found = []
    for person in asked:
        conflicts = conflicts_of(person, stakes)
        if person.standing is Standing.active and may_be_drawn(conflicts):
            found.append(Candidate(person, source, disclosed=sorted(c.value for c in conflicts)))
    return found


def _holders(case: Case, *, now: datetime) -> list[Person]:
    """Members who hold this badge, and in force, by others' word: who gives it to themself takes no seat with it."""
    holding = (
        select(Recipient.member_id, Credential.awarded_by)
        .join(Credential, col(Credential.recipient_id) == Recipient.id)
        .where(Credential.achievement_id == case.nomination.achievement_id, Credential.state == Badge.active)
        .where(col(Recipient.member_id).is_not(None))
        .where(or_(col(Credential.valid_until).is_(None), col(Credential.valid_until) > now))
    )
    held = case.session.exec(holding).all()
    ids = [id for id, by in held if id is not None and basis_of(by, id) is not Provenance.self_asserted]
    return _sorted(people(case.session, case.community.id, ids, now=now))


def _recognised(session: Session, nominees: frozenset[UUID], *, now: datetime) -> frozenset[UUID]:
    """Members who stood behind a nominee that accepted lately, or for whom a nominee stood."""
    if not nominees:
        return frozenset()
    accepted = (
        col(Nominee.state).in_([State.accepted, State.issued]),
        col(Nominee.answered_at) > now - RECIPROCAL,
        col(Nominee.member_id).is_not(None),
    )
    nominated = select(Nomination.nominator_id, Nominee.member_id).join(Nominee).where(*accepted)
    seconded = (
        select(Second.member_id, Nominee.member_id)
        .join(Nominee, col(Nominee.nomination_id) == Second.nomination_id)
        .where(*accepted, col(Second.withdrawn_at).is_(None))
    )
    found: set[UUID] = set()
    for chosen, giver in ((nominated, col(Nomination.nominator_id)), (seconded, col(Second.member_id))):
        between = or_(giver.in_(nominees), col(Nominee.member_id).in_(nominees))
        for by, of in session.exec(chosen.where(between)).all():
            found |= {by} if of in nominees else {of} if of is not None else set()
    return frozenset(found)


def _sorted(found: dict[UUID, Person]) -> list[Person]:
    return [found[id] for id in sorted(found)]
