"""Use-cases: tenures, who is in which role from when to when, and the seats that these are worth at an instant."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.members.people import require_present
from app.members.person import Seat
from app.members.tables import Community, Member, Tenure

__all__ = ["Seat", "begin", "change_end", "end_all", "seats", "tenure_by_id", "tenure_held"]


class TenuresOverlap(Conflict):
    """The member is in this role at that time already."""

    code = "tenure-overlaps"
    fix = "End the other tenure first, or choose other times; GET …/tenures lists them."


class TenureOver(Conflict):
    """The tenure has ended."""

    code = "tenure-over"
    fix = "What is over is not changed; a new tenure can begin."


def begin(
    session: Session,
    member: Member,
    *,
    role: str,
    scope: str | None,
    since: datetime | None,
    until: datetime | None,
    on: Occasion,
) -> Tenure:
    """A member in a role: from now if `since` is not said, open-ended without `until`. The member's row is locked.

    May lie in the past, so that what was is on record. Raises `TenuresOverlap`, `MemberLeft` for one that has not ended
    yet, and `Invalid` for times that are the wrong way round.
    """
    begins = since or on.now
    if until is not None and until <= begins:
        raise Invalid(errors=[{"pointer": "/to", "message": "a tenure ends after it begins"}])
    if until is None or until > on.now:
        require_present(member)
    tenure = Tenure(
        id=on.ids.row(),
        community_id=member.community_id,
        member_id=member.id,
        role=role,
        scope=scope,
        since=begins,
        until=until,
    )
    _require_free(session, tenure)
    session.add(tenure)
    data: dict[str, Datum] = {"member": str(member.id), "role": role, "scope": scope, "from": begins.isoformat()}
    data["to"] = until.isoformat() if until else None
    on.record(session, member.community_id, "tenure.began", tenure.id, data)
    return tenure


def tenure_by_id(session: Session, community: Community, id: UUID) -> Tenure:
    """Raises `NotFound`."""
    tenure = session.get(Tenure, id)
    if tenure is None or tenure.community_id != community.id:
        raise NotFound(f"{community.slug} has no tenure {id}.")
    return tenure


def tenure_held(session: Session, community: Community, id: UUID) -> Tenure:
    """A tenure that nobody else changes meanwhile, nor any other of its member's. Raises `NotFound`."""
    tenure = tenure_by_id(session, community, id)
    session.exec(select(Member).where(Member.id == tenure.member_id).with_for_update()).one()
    session.refresh(tenure)
    return tenure


def change_end(session: Session, tenure: Tenure, until: datetime, *, on: Occasion) -> None:
    """Has a tenure end at `until`. It is held. Raises `TenureOver`, `TenuresOverlap`, `Invalid`."""
    if until <= tenure.since:
        raise Invalid(errors=[{"pointer": "/to", "message": "a tenure ends after it begins"}])
    if tenure.until is not None and tenure.until <= on.now:
        raise TenureOver(f"It ended at {tenure.until.isoformat()}.")
    tenure.until = until
    _require_free(session, tenure)
    _ended(session, [tenure], on=on)


def end_all(session: Session, member: Member, *, on: Occasion) -> None:
    """Ends what a member is in, and calls off what they were to be in. The member's row is locked."""
    theirs = select(Tenure).where(
        Tenure.community_id == member.community_id,
        Tenure.member_id == member.id,
        or_(col(Tenure.until).is_(None), col(Tenure.until) > on.now),
    )
    lasting = session.exec(theirs.order_by(col(Tenure.id))).all()
    for tenure in lasting:
        tenure.until = max(tenure.since, on.now)
    _ended(session, lasting, on=on)


def seats(
    session: Session, community_id: UUID, roles: Collection[str], *, now: datetime, scope: str | None
) -> list[Seat]:
    """Who is in one of `roles` at `now`: for everything, or for `scope` if one is named. Oldest tenure first."""
    held = select(Tenure).where(
        Tenure.community_id == community_id,
        col(Tenure.role).in_(roles),
        col(Tenure.since) <= now,
        or_(col(Tenure.until).is_(None), col(Tenure.until) > now),
    )
    everything = col(Tenure.scope).is_(None)
    held = held.where(everything if scope is None else or_(everything, Tenure.scope == scope))
    found = session.exec(held.order_by(col(Tenure.since), col(Tenure.id))).all()
    return [Seat(each.member_id, each.role, each.scope, each.until, each.id) for each in found]


def _require_free(session: Session, tenure: Tenure) -> None:
    """Raises `TenuresOverlap`. What was called off takes no time, so that nothing overlaps with it."""
    others = select(Tenure.id).where(
        Tenure.id != tenure.id,
        Tenure.community_id == tenure.community_id,
        Tenure.member_id == tenure.member_id,
        Tenure.role == tenure.role,
        col(Tenure.scope).is_(None) if tenure.scope is None else Tenure.scope == tenure.scope,
        or_(
            col(Tenure.until).is_(None),
            (col(Tenure.until) > tenure.since) & (col(Tenure.until) > col(Tenure.since)),
        ),
    )
    if tenure.until is not None:
        others = others.where(col(Tenure.since) < tenure.until)
    with session.no_autoflush:
        if session.exec(others.limit(1)).first() is not None:
            raise TenuresOverlap(f"They are {tenure.role} already for some of that time.")


def _ended(session: Session, tenures: Collection[Tenure], *, on: Occasion) -> None:
    for tenure in tenures:
        tenure.version += 1
        session.add(tenure)
        until = tenure.until.isoformat() if tenure.until else None
        data = {"member": str(tenure.member_id), "role": tenure.role, "scope": tenure.scope, "to": until}
        on.record(session, tenure.community_id, "tenure.ended", tenure.id, data)
