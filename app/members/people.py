"""What is known of people, read whole: a few statements, however many are asked about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.members.person import Person, Standing, TieKind, canonical_affiliation, linked
from app.members.tables import Member

__all__ = ["Person", "Standing", "TieKind", "active_people", "linked", "people"]

_NAMED_AT_ONCE = 500
"""Beyond this many ids a whole community is read, since databases bound the parameters of a statement."""


def people(session: Session, community_id: UUID, ids: Collection[UUID], *, now: datetime) -> dict[UUID, Person]:
    """Those of `ids` who are, or were, members of the community, by id."""
    members = select(Member).where(Member.community_id == community_id)
    if len(ids) <= _NAMED_AT_ONCE:
        members = members.where(col(Member.id).in_(ids))
    wanted = set(ids)
    return {person.id: person for person in _known(session.exec(members).all()) if person.id in wanted}


def active_people(session: Session, community_id: UUID, *, now: datetime) -> list[Person]:
    """Everybody who has not left, of any role, in the order in which they were added."""
    members = session.exec(select(Member).where(Member.community_id == community_id).order_by(col(Member.id))).all()
    return _known(members)


def _known(members: Sequence[Member]) -> list[Person]:
    return [
        Person(
            id=member.id,
            handle=member.handle,
            name=member.name,
            role=member.role,
            joined_at=member.joined_at,
            standing=Standing.active,
            is_bot=False,
            minor=False,
            guardian_agreed=False,
            affiliation=member.affiliation,
            affiliations=frozenset({canonical_affiliation(member.affiliation)} if member.affiliation else ()),
            identity=member.id,
            ties={},
            absences=(),
            contact_changed_at=None,
        )
        for member in members
    ]
