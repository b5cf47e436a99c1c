"""Use-cases: breaks, leaving and coming back, emeritus."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.occasions import Occasion
from app.members.people import require_known, require_present
from app.members.rules import Role
from app.members.tables import Absence, Member
from app.members.tenures import end_all
from app.members.tokens import end_tokens

AHEAD = timedelta(days=36_525)
"""How far ahead a break can end: clocks wait for it, and no calendar goes on for ever."""


class MemberPresent(Conflict):
    """The member has not left."""

    code = "member-present"
    fix = "Nothing needs to be done: they are a member."


class BreaksOverlap(Conflict):
    """The member has another break at that time."""

    code = "break-overlaps"
    fix = "End the other break first, or choose other times; GET …/breaks lists them."


class BreakOver(Conflict):
    """The break is over."""

    code = "break-over"
    fix = "Nothing needs to be done: what is over is not changed."


def take_break(session: Session, member: Member, *, since: datetime | None, until: datetime, on: Occasion) -> Absence:
    """A break, from now if `since` is not said. The member's row is locked.

    Raises `MemberLeft`, `BreaksOverlap`, and `Invalid` for times that lie behind, far ahead, or the wrong way round.
    """
    if since is not None and since < on.now:
        raise Invalid(errors=[{"pointer": "/from", "message": "lies in the past; leave it out for now"}])
    begins = since or on.now
    if until <= begins:
        raise Invalid(errors=[{"pointer": "/until", "message": "a break ends after it begins"}])
    if until > on.now + AHEAD:
        raise Invalid(errors=[{"pointer": "/until", "message": "is more than a hundred years ahead"}])
    require_present(member)
    # A break that was called off takes no time, so that nothing overlaps with it.
    others = select(Absence.id).where(
        Absence.community_id == member.community_id,
        Absence.member_id == member.id,
        col(Absence.since) < col(Absence.until),
        col(Absence.since) < until,
        col(Absence.until) > begins,
    )
    if session.exec(others.limit(1)).first() is not None:
        raise BreaksOverlap(f"{member.handle} has another break between {begins:%Y-%m-%d} and {until:%Y-%m-%d}.")
    absence = Absence(id=on.ids.row(), community_id=member.community_id, member_id=member.id, since=begins, until=until)
    session.add(absence)
    data = {"member": str(member.id), "from": begins.isoformat(), "until": until.isoformat()}
    on.record(session, member.community_id, "break.planned", absence.id, data)
    return absence


def break_by_id(session: Session, member: Member, id: UUID) -> Absence:
    """A break of a member. Raises `NotFound`."""
    absence = session.get(Absence, id)
    if absence is None or absence.member_id != member.id:
        raise NotFound(f"{member.handle} has no break {id}.")
    return absence


def end_break(session: Session, member: Member, id: UUID, *, on: Occasion) -> Absence:
    """Ends a break early, or calls it off. The member's row is locked. Raises `NotFound`, `BreakOver`."""
    absence = break_by_id(session, member, id)
    if absence.until <= on.now or absence.until == absence.since:
        raise BreakOver(f"It ended at {absence.until.isoformat()}.")
    absence.until = max(absence.since, on.now)
    session.add(absence)
    on.record(session, member.community_id, "break.ended", absence.id, {"member": str(member.id)})
    return absence


def leave(session: Session, member: Member, *, on: Occasion) -> None:
    """From now on nobody calls with a token of theirs, and they are in no role. The member's row is locked.

    Raises `MemberLeft`. What they earned stays verifiable; name and address are kept.
    """
    require_present(member)
    member.left_at = on.now
    end_tokens(session, member, *Role, on=on)
    end_all(session, member, on=on)
    _changed(session, member, "member.left", on=on)


def come_back(session: Session, member: Member, *, on: Occasion) -> None:
    """A member again, with new tokens once they are made. The member's row is locked.

    Raises `MemberErased`, `MemberPresent`.
    """
    require_known(member)
    if member.left_at is None:
        raise MemberPresent(f"{member.handle} is a member.")
    member.left_at = None
    _changed(session, member, "member.readmitted", on=on)


def honour(session: Session, member: Member, *, on: Occasion) -> None:
    """Makes them emeritus, if they are not. The member's row is locked. Raises `MemberLeft`."""
    require_present(member)
    if member.emeritus_at is None:
        member.emeritus_at = on.now
        _changed(session, member, "member.emeritus", on=on)


def recall(session: Session, member: Member, *, on: Occasion) -> None:
    """Makes them an ordinary member again, if they are emeritus. The member's row is locked. Raises `MemberLeft`."""
    require_present(member)
    if member.emeritus_at is not None:
        member.emeritus_at = None
        _changed(session, member, "member.emeritus_ended", on=on)


def _changed(session: Session, member: Member, type: str, *, on: Occasion) -> None:
    member.version += 1
    session.add(member)
    on.record(session, member.community_id, type, member.id)
