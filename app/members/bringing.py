"""Use-cases: who brought a member is written down as they join, told to whoever it is, and taken away again."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.occasions import Occasion
from app.members.people import require_present
from app.members.tables import Invited, Member


def brought(session: Session, member: Member, inviter: Member, *, on: Occasion) -> None:
    """A member who joins just now was brought by another, whose row is locked. Raises `MemberLeft`."""
    require_present(inviter)
    session.add(Invited(member_id=member.id, inviter_id=inviter.id, said_at=on.now))
    session.flush()
    on.record(session, member.community_id, "member.inviter_named", member.id, {"inviter": str(inviter.id)})


def take_away(session: Session, member: Member, *, on: Occasion) -> None:
    """It is not said any more who brought a member. The member's row is locked."""
    said = session.get(Invited, member.id)
    if said is not None:
        session.delete(said)
        session.flush()
        on.record(session, member.community_id, "member.inviter_taken_away", member.id)


def inviters(session: Session, members: Collection[UUID]) -> dict[UUID, UUID]:
    """By member, who brought them."""
    chosen = select(Invited.member_id, Invited.inviter_id).where(col(Invited.member_id).in_(members))
    return dict(session.exec(chosen).all())


def invitees(session: Session, inviters: Collection[UUID]) -> list[UUID]:
    """Whom these members brought."""
    return list(session.exec(select(Invited.member_id).where(col(Invited.inviter_id).in_(inviters))).all())
