"""To whom people belong, and belonged: kept with dates, since what ended lately still counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from app.kit.occasions import Occasion
from app.kit.prepared import AT_ONCE, Prepared, by_places, places
from app.members.person import STILL_COUNTS, canonical_affiliation
from app.members.tables import Affiliation, Member


def follow(session: Session, member: Member, before: str | None, *, on: Occasion) -> None:
    """Keeps in mind that the affiliation is from now on what the member's row says, and no longer `before`."""
    if member.affiliation == before:
        return
    theirs = select(Affiliation).where(
        Affiliation.community_id == member.community_id, Affiliation.member_id == member.id
    )
    for ended in session.exec(theirs.where(col(Affiliation.until).is_(None))).all():
        ended.until = on.now
        session.add(ended)
    if member.affiliation is not None:
        begun = Affiliation(
            id=on.ids.row(),
            community_id=member.community_id,
            member_id=member.id,
            name=member.affiliation,
            since=on.now,
        )
        session.add(begun)


def counting(
    session: Session, community_id: UUID, among: Collection[UUID] | None, *, now: datetime
) -> dict[UUID, frozenset[str]]:
    """By member, the affiliations of now and of the last 365 days, in the form in which they are compared.

    Of the members `among`, or of all.
    """
    if among is not None and len(among) <= _FEW:
        values = {"community": community_id, "since": now - STILL_COUNTS}
        some = [row for members in by_places("of", among) for row in _OF_FEW.rows(session, values | members)]
        return _by_member(some)
    held = select(Affiliation.member_id, Affiliation.name).where(
        Affiliation.community_id == community_id,
        or_(col(Affiliation.until).is_(None), col(Affiliation.until) > now - STILL_COUNTS),
    )
    if among is not None:
        held = held.where(col(Affiliation.member_id).in_(among))
    return _by_member(session.exec(held).all())


_FEW = 4 * AT_ONCE
"""Members that are asked for by what is compiled once."""
_OF_FEW = Prepared(
    sa.select(col(Affiliation.member_id), col(Affiliation.name)).where(
        col(Affiliation.community_id) == sa.bindparam("community", type_=sa.Uuid()),
        col(Affiliation.member_id).in_(places("of", sa.Uuid())),
        or_(col(Affiliation.until).is_(None), col(Affiliation.until) > sa.bindparam("since")),
    )
)


def _by_member(held: Iterable[tuple[UUID, str]]) -> dict[UUID, frozenset[str]]:
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for member, name in held:
        found[member].add(canonical_affiliation(name))
    return {member: frozenset(names) for member, names in found.items()}
