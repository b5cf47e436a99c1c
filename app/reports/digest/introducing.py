"""Use-case: agreeing to be greeted by name in the week in which one joined, or not."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.tables import Member
from app.metrics.periods import Window
from app.reports.digest.tables import Introduction


def agreed_since(session: Session, member: UUID) -> datetime | None:
    """Since when a member agrees; None where they have not said so."""
    row = session.get(Introduction, member)
    return row.agreed_at if row is not None else None


def agree(session: Session, member: UUID, *, on: Occasion) -> datetime:
    """They may be named; since when that is so."""
    if insert_if_absent(session, Introduction(member_id=member, agreed_at=on.now)):
        _record(session, member, "agreed", on)
    return agreed_since(session, member) or on.now


def withdraw(session: Session, member: UUID, *, on: Occasion) -> None:
    """They may not be named any more, in no week."""
    if session.exec(delete(Introduction).where(col(Introduction.member_id) == member)).rowcount:
        _record(session, member, "withdrawn", on)


def introduced(community: UUID) -> SelectOfScalar[Member]:
    """The members who may be named: minors are not, whatever they say, nor is who has left."""
    rows = select(Member).join(Introduction, col(Introduction.member_id) == Member.id)
    return rows.where(Member.community_id == community, col(Member.left_at).is_(None), col(Member.minor).is_(False))


def newcomers(community: UUID, week: Window) -> SelectOfScalar[Member]:
    """Those of them who joined in a week."""
    joined = (col(Member.joined_at) >= week.start, col(Member.joined_at) < week.end)
    return introduced(community).where(*joined).order_by(col(Member.joined_at), col(Member.id))


def _record(session: Session, member: UUID, happened: str, on: Occasion) -> None:
    community = session.get_one(Member, member).community_id
    on.record(session, community, f"introduction.{happened}", member)
