"""What is known of people, read whole: a few statements, however many are asked about."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.errors import Conflict
from app.members.absences import begun, standing_of
from app.members.affiliations import counting
from app.members.links import bots, one_person, ties
from app.members.person import Person, Standing, TieKind, linked
from app.members.tables import Member

__all__ = [
    "Person",
    "Standing",
    "TieKind",
    "active_people",
    "linked",
    "people",
    "require_known",
    "require_present",
]

_NAMED_AT_ONCE = 500
"""Beyond this many ids a whole community is read, since databases bound the parameters of a statement."""


class MemberLeft(Conflict):
    """The member has left the community."""

    code = "member-left"
    fix = "Who wants to come back is brought back by a steward: POST …/members/{m}/return."


class MemberErased(Conflict):
    """What was kept of this member has been erased."""

    code = "member-erased"
    fix = "Nobody takes their place, nor gets what they earned. Add whoever comes back as a new member."


def people(session: Session, community_id: UUID, ids: Collection[UUID], *, now: datetime) -> dict[UUID, Person]:
    """Those of `ids` who are, or were, members of the community, by id."""
    among = frozenset(ids)
    if not among:
        return {}
    known = _known(session, community_id, among if len(among) <= _NAMED_AT_ONCE else None, now=now)
    return {person.id: person for person in known if person.id in among}


def active_people(session: Session, community_id: UUID, *, now: datetime) -> list[Person]:
    """Everybody who has not left, of any role, in the order in which they were added."""
    return [person for person in _known(session, community_id, None, now=now) if person.standing is not Standing.left]


def require_present(member: Member) -> None:
    """Raises `MemberLeft`."""
    if member.left_at is not None:
        raise MemberLeft(f"{member.handle} has left.")


def require_known(member: Member) -> None:
    """Raises `MemberErased`."""
    if member.erased_at is not None:
        raise MemberErased(f"{member.handle} stands for somebody of whom nothing is kept.")


def _known(session: Session, community_id: UUID, among: Collection[UUID] | None, *, now: datetime) -> list[Person]:
    """The members `among`, or all."""
    chosen = select(Member).where(Member.community_id == community_id)
    if among is not None:
        chosen = chosen.where(col(Member.id).in_(among))
    members = session.exec(chosen.order_by(col(Member.id))).all()
    affiliations = counting(session, community_id, among, now=now)
    absences = begun(session, community_id, among, now=now)
    identities = one_person(session, community_id, among)
    are_bots, tied = bots(session, community_id, among), ties(session, community_id, among)
    return [
        Person(
            id=member.id,
            handle=member.handle,
            name=member.name,
            role=member.role,
            joined_at=member.joined_at,
            standing=standing_of(member, absences.get(member.id, ()), now=now),
            is_bot=member.id in are_bots,
            minor=member.minor,
            guardian_agreed=member.guardian_agreed,
            affiliation=member.affiliation,
            affiliations=affiliations.get(member.id, frozenset()),
            identity=identities.get(member.id, member.id),
            ties=tied.get(member.id, {}),
            absences=absences.get(member.id, ()),
            contact_changed_at=member.contact_changed_at,
        )
        for member in members
    ]
