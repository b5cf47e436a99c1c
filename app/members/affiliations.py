"""To whom people belong, and belonged: kept with dates, since what ended lately still counts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.kit.occasions import Occasion
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
    held = select(Affiliation.member_id, Affiliation.name).where(
        Affiliation.community_id == community_id,
        or_(col(Affiliation.until).is_(None), col(Affiliation.until) > now - STILL_COUNTS),
    )
    if among is not None:
        held = held.where(col(Affiliation.member_id).in_(among))
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for member, name in session.exec(held).all():
        found[member].add(canonical_affiliation(name))
    return {member: frozenset(names) for member, names in found.items()}
