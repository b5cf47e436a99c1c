"""Who is one person with whom, who is a bot, and who is tied to whom: read for many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.kit.prepared import AT_ONCE, Prepared, by_places, places
from app.members.person import TieKind
from app.members.tables import Identity, Tie

_FEW = 4 * AT_ONCE
"""Members that are asked for by what is compiled once; of more, one statement that names them all takes less."""


def one_person(session: Session, community_id: UUID, among: Collection[UUID] | None) -> dict[UUID, UUID]:
    """By member, the smallest id of all members who are the same person, over any number of accounts.

    Of the members `among`, or of all; whoever is missing has no account here, and is nobody but themself.
    """
    found: dict[UUID, UUID] = {}
    for one, reached in _reached(session, community_id, among):
        found[one] = min(found.get(one, one), reached)
    return found


def accounts_of(session: Session, community_id: UUID, among: Collection[UUID]) -> dict[UUID, UUID]:
    """Who each of these members is, and each further member who is the same person: the same ids as `one_person`."""
    persons, others = {member: member for member in among}, defaultdict[UUID, set[UUID]](set)
    for one, reached in _reached(session, community_id, among):
        others[one].add(reached)
    for one, same in others.items():
        persons |= dict.fromkeys({one, *same}, min(one, *same))
    return persons


def _reached(session: Session, community_id: UUID, among: Collection[UUID] | None) -> list[tuple[UUID, UUID]]:
    """Each of the members `among`, or of all, with every member who is the same person, over any number of accounts."""
    values: dict[str, Any] = {"community": community_id}
    if among is None:
        return [(one, other) for one, other in session.connection().execute(_reach("all"), values)]
    if len(among) > _FEW:
        values["among"] = list(among)
        return [(one, other) for one, other in session.connection().execute(_reach("many"), values)]
    return [
        (one, other)
        for some in by_places("among", among)
        for one, other in _reach_of_few().rows(session, values | some)
    ]


@cache
def _reach_of_few() -> Prepared:
    return Prepared(_reach("few"))


@cache
def _reach(of: Literal["all", "many", "few"]) -> sa.Select[Any]:
    """The statement of `_reached`, made once: that takes SQLAlchemy several times what its execution does."""
    own, theirs = aliased(Identity), aliased(Identity)
    member, community = col(Identity.member_id), sa.bindparam("community", type_=sa.Uuid())
    both: Any = (member.label("member"), member.label("reached"))
    accounts = sa.select(*both).where(col(Identity.community_id) == community)
    if of != "all":
        few = places("among", sa.Uuid())
        accounts = accounts.where(member.in_(few if of == "few" else sa.bindparam("among", expanding=True)))
    reach = accounts.cte("reach", recursive=True)
    further = (
        sa.select(reach.c.member, col(theirs.member_id))
        .join(own, sa.and_(col(own.community_id) == community, col(own.member_id) == reach.c.reached))
        .join(
            theirs,
            sa.and_(
                col(theirs.community_id) == community,
                col(theirs.platform) == own.platform,
                col(theirs.canonical) == own.canonical,
            ),
        )
    )
    reach = reach.union(further)  # each pair once, so that circles come to an end
    return sa.select(reach.c.member, reach.c.reached)


def bots(session: Session, community_id: UUID, among: Collection[UUID] | None) -> frozenset[UUID]:
    """Members with an account that is a bot's. Of the members `among`, or of all."""
    known = select(Identity.member_id).where(Identity.community_id == community_id, col(Identity.is_bot))
    if among is not None:
        known = known.where(col(Identity.member_id).in_(among))
    return frozenset(session.exec(known).all())


def ties(
    session: Session, community_id: UUID, among: Collection[UUID] | None
) -> dict[UUID, Mapping[UUID, frozenset[TieKind]]]:
    """By member, the ties in force, by the other member. Of the members `among`, or of all."""
    known = select(Tie).where(Tie.community_id == community_id, col(Tie.until).is_(None))
    if among is not None:
        known = known.where(or_(col(Tie.first_id).in_(among), col(Tie.second_id).in_(among)))
    found: defaultdict[UUID, defaultdict[UUID, set[TieKind]]] = defaultdict(lambda: defaultdict(set))
    for tie in session.exec(known).all():
        found[tie.first_id][tie.second_id].add(tie.kind)
        found[tie.second_id][tie.first_id].add(tie.kind)
    return {one: {other: frozenset(kinds) for other, kinds in of.items()} for one, of in found.items()}
