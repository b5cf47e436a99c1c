"""At the door of a nomination: who is calling, what they are to it, and whether it exists for them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends
from sqlmodel import Session, col, select

from app.achievements.tables import AchievementVersion
from app.kit.errors import Forbidden
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.members.auth import Caller, Holding, HoldingIn, InPerson, SignedIn
from app.members.rules import Role, Scope
from app.nominations.casefile import Case, NoSuchNomination, has_reported, is_about, nomination_by_id, opened, tell
from app.nominations.nominees import contact_of
from app.nominations.refusals import NotAPerson
from app.nominations.rules import BEFORE_OFFER, DECIDED_AGAINST, OPEN, State
from app.nominations.sight import HARMED, SECONDING, STOPPED, WEIGHED, Part, Relation, Sight, sees
from app.nominations.tables import ACTIVE, GUEST, Invitation, Nomination, Nominee, Report, Reviewer, Second

Participant = Annotated[Caller, Depends(HoldingIn(Scope.nominations_write))]
"""Somebody of the community in the path who may nominate."""
Oneself = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]
Myself = Annotated[Caller, Depends(InPerson())]
"""The same, in what is for their eyes alone."""
Desk = Annotated[Caller, Depends(HoldingIn(Scope.nominations_write, "a steward of the community"))]
Nominating = Annotated[Caller, Depends(Holding(Scope.nominations_write))]

# The same gates, named for those whom the use-case behind lets pass.
Writing = Annotated[Caller, Depends(Holding(Scope.nominations_write, "its nominator"))]
Leading = Annotated[Caller, Depends(Holding(Scope.nominations_write, "its nominator, or a steward without a stake"))]
Asked = Annotated[
    Caller, Depends(Holding(Scope.nominations_write, "who was asked to, or everybody where the policy opens it"))
]
Seconding = Annotated[Caller, Depends(Holding(Scope.nominations_write, "who seconded it"))]
Weighing = Annotated[Caller, Depends(Holding(Scope.nominations_write, "who sits on its panel"))]
Answering = Annotated[Caller, Depends(Holding(Scope.nominations_write, "its nominator, or a nominee who knows of it"))]
Objecting = Annotated[
    Caller,
    Depends(Holding(Scope.nominations_write, "its nominator, another of its panel, or a steward without a stake")),
]
Nominated = Annotated[Caller, Depends(Holding(Scope.nominations_write, "its nominee, in person"))]
LookingAfter = Annotated[Caller, Depends(Holding(Scope.nominations_write, "a steward without a stake in it"))]
Hearing = Annotated[Caller, Depends(SignedIn("a steward without a stake in it; and who reported it, of their own"))]
Inspecting = Annotated[Caller, Depends(SignedIn("a steward without a stake in it, and who sits on its panel"))]
Concerned = Annotated[Caller, Depends(SignedIn("everybody who may see it"))]
Ending = Annotated[Caller, Depends(SignedIn("its nominator, a nominee who knows of it, or a steward without a stake"))]


NAMES_KEPT = OPEN | DECIDED_AGAINST | {State.draft}
"""States in which everybody whom a nomination is about is kept known alike."""


@dataclass(frozen=True)
class Seen:
    """A nomination, and what the caller is to it."""

    case: Case
    relations: frozenset[Relation]
    member: UUID | None
    """Who the caller is."""

    def sees(self, part: Part, now: datetime) -> Sight:
        """How much of a part the caller sees."""
        case = self.case
        return sees(self.relations, part, case.state(now), case.policy, held_from=case.nomination.held_from)


def is_named_to(found: Seen, nominee: Nominee) -> bool:
    """Whether the viewer is told which member a nominee is: for the price of a nomination nobody finds out whose an
    address is."""
    told = found.relations & {Relation.steward, Relation.reviewer} or nominee.member_id == found.member
    return bool(told) or not nominee.by_address or nominee.state in {State.accepted, State.issued}


def known_as(found: Seen, nominee: Nominee, *, at: Installation, now: datetime) -> str | None:
    """The name of a nominee: a member's own, for whoever is told who it is; else the one that the nominator wrote.

    That one only while it says nothing: what is kept of whoever refused goes before what is kept of who was silent.
    """
    if nominee.member_id is not None and is_named_to(found, nominee):
        return found.case.people[nominee.member_id].name
    nomination = found.case.nomination
    is_made_again = nomination.decided_at is not None and nomination.decided_at < nomination.created_at
    if found.case.state(now) not in NAMES_KEPT or is_made_again:
        return None
    contact = contact_of(nominee, at=at)
    return contact.name if contact is not None else None


def person_of(caller: Caller) -> UUID:
    """Who is calling, in person. Raises `NotAPerson`."""
    if caller.member is None:
        raise NotAPerson("The token has no owner who is a member.")
    return caller.member


def having(relations: Collection[Relation], found: Seen) -> Seen:
    """Whoever sees a nomination but has another part in it is told so. Raises `Forbidden`."""
    if found.relations & frozenset(relations):
        return found
    who = " or ".join("a steward" if each is Relation.steward else f"its {each}" for each in sorted(relations))
    raise Forbidden(f"This is for {who} to do.", fix="Use the token of whoever that is.")


def seen(session: Session, id: str, caller: Caller, *, now: datetime, community: UUID | None = None) -> Seen:
    """A nomination as the caller may know it. For whoever may not, it takes one look, as where there is none.

    From then on what is refused about it is worded for what the caller is to it. Raises `NoSuchNomination`.
    """
    chosen = select(Nomination).where(Nomination.id == id_in(id), readable(caller))
    if community is not None:
        chosen = chosen.where(Nomination.community_id == community)
    nomination = session.exec(chosen).one_or_none()
    found = seen_row(session, nomination, caller, now=now) if nomination is not None else None
    if found is None:
        raise NoSuchNomination(f"There is no nomination {id}.")
    tell(session, found.case.nomination.id, found.relations)
    return found


def locked(found: Seen, *, now: datetime) -> Seen:
    """The same as it is from here on, since nobody else decides about it: of two who mean to change it one waits."""
    session = found.case.session
    nomination = nomination_by_id(session, str(found.case.nomination.id), lock=True)
    also = [found.member] if found.member is not None else []
    return replace(found, case=opened(session, nomination, now=now, and_also=also))


def seen_row(session: Session, nomination: Nomination, caller: Caller, *, now: datetime) -> Seen | None:
    """The same of a row that `readable` let through; None where the whole table says otherwise after all."""
    case = opened(session, nomination, now=now, and_also=[caller.member] if caller.member else [])
    found = Seen(case, relations_of(case, caller), caller.member)
    return found if found.sees(Part.existence, now) is not Sight.nothing else None


def relations_of(case: Case, caller: Caller) -> frozenset[Relation]:
    """What the caller is to a nomination. Whoever has a stake in it does not look after it, steward or not."""
    if caller.role is Role.platform:
        return frozenset()
    if not caller.within(case.community.id):
        return _as_guest(case, caller.member)
    person = case.people.get(caller.member) if caller.member else None
    found = set() if person is None else _in_person(case, person.id)
    party = person is not None and case.is_party(person)
    if person is not None and not party and case.policy.seconding == "community":
        found.add(Relation.welcome)
    blind = case.policy.review.mode == "panel" and case.policy.review.blind
    at_work = Relation.reviewer in found and blind and case.nomination.state not in WEIGHED
    if caller.stewards(case.community.id) and not party and not at_work:
        found.add(Relation.steward)
    return frozenset(found)


def _as_guest(case: Case, member: UUID | None) -> frozenset[Relation]:
    """Of somebody from another community: nothing, unless they were asked to weigh this very nomination."""
    seat = case.reviewer(member)
    sits = seat is not None and seat.source == GUEST and seat.seat in ACTIVE
    return frozenset({Relation.reviewer}) if sits else frozenset()


def _in_person(case: Case, member: UUID) -> set[Relation]:
    found = set()
    if member == case.nomination.nominator_id:
        found.add(Relation.nominator)
    if case.asked(member) is not None:
        found.add(Relation.nominee)
    if has_reported(case, member):
        found.add(Relation.reporter)
    if case.second_of(member) is not None:
        found.add(Relation.seconder)
    seat = case.reviewer(member)
    if seat is not None and seat.seat in ACTIVE:
        found.add(Relation.reviewer)
    if case.session.get(Invitation, (case.nomination.id, member)) is not None:
        found.add(Relation.invited)
    return found


def readable(caller: Caller) -> sa.ColumnElement[bool]:
    """The nominations of which the caller may know, as far as the database can tell: `sight` decides what they see."""
    if caller.role is Role.platform:
        return sa.false()
    looked_after = sa.and_(_not_a_draft(), _in_community(caller)) if _is_steward(caller) else sa.false()
    if caller.member is None:
        return looked_after
    concerned = mine_as(caller, frozenset(Relation) - HARMED)
    about_me = mine_as(caller, frozenset({Relation.nominee}))
    told = sa.or_(
        col(Nomination.state).not_in(BEFORE_OFFER),
        sa.and_(
            col(Nomination.state).not_in([State.draft, State.held]), _policy("nominee_visibility", "from_submission")
        ),
    )
    stopped = sa.and_(col(Nomination.state).in_(STOPPED), col(Nomination.held_from).is_not(None))
    told = sa.or_(told, sa.and_(stopped, mine_as(caller, frozenset({Relation.reporter}))))
    barred = sa.exists().where(
        col(Nominee.nomination_id) == col(Nomination.id), col(Nominee.barred), is_about([caller.member])
    )
    known_to_me = sa.or_(sa.and_(told, ~barred), col(Nomination.nominator_id) == caller.member)
    return sa.and_(sa.or_(looked_after, concerned, about_me), sa.or_(~about_me, known_to_me))


def mine_as(caller: Caller, relations: Collection[Relation]) -> sa.ColumnElement[bool]:
    """The nominations in which the caller is one of these in person, whether or not they may know of it yet."""
    mine, its = caller.member, col(Nomination.id)
    clauses: dict[Relation, sa.ColumnElement[bool]] = {
        Relation.nominator: col(Nomination.nominator_id) == mine,
        Relation.seconder: sa.exists().where(
            col(Second.nomination_id) == its, col(Second.member_id) == mine, col(Second.withdrawn_at).is_(None)
        ),
        Relation.reporter: sa.exists().where(col(Report.nomination_id) == its, col(Report.reporter_id) == mine),
        Relation.reviewer: sa.exists().where(
            col(Reviewer.nomination_id) == its,
            col(Reviewer.member_id) == mine,
            col(Reviewer.seat).in_(ACTIVE),
        ),
        Relation.invited: sa.exists().where(col(Invitation.nomination_id) == its, col(Invitation.member_id) == mine),
        Relation.welcome: sa.and_(
            col(Nomination.state).in_(SECONDING), _in_community(caller), _policy("seconding", "community")
        ),
        Relation.nominee: sa.exists().where(
            col(Nominee.nomination_id) == its, is_about([mine] if mine is not None else [])
        ),
    }
    return sa.or_(sa.false(), *(clause for relation, clause in clauses.items() if relation in relations))


def _is_steward(caller: Caller) -> bool:
    return caller.role in {Role.admin, Role.steward}


def _in_community(caller: Caller) -> sa.ColumnElement[bool]:
    return sa.true() if caller.community is None else col(Nomination.community_id) == caller.community


def _not_a_draft() -> sa.ColumnElement[bool]:
    return col(Nomination.state) != State.draft


def _policy(field: str, value: str) -> sa.ColumnElement[bool]:
    """Whether the policy that counts for a nomination says so."""
    return sa.exists().where(
        col(AchievementVersion.achievement_id) == Nomination.achievement_id,
        col(AchievementVersion.number) == Nomination.achievement_version,
        sa.type_coerce(col(AchievementVersion.policy), sa.JSON)[field].as_string() == value,
    )
