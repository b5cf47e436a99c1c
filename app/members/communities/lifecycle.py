"""Use-cases: a community is launched, comes to its end at once or on a day that is known before, and is reopened."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.kit import journal
from app.kit.errors import FieldError, Invalid, InvalidTransition
from app.kit.occasions import Occasion
from app.members.communities import interest
from app.members.phases import BEGINNINGS, NEXT, Phase, Step, allowed, present
from app.members.tables import Community


def launch(session: Session, community: Community, *, on: Occasion) -> Community:
    """A potential community begins, and those who would come are told. Raises `InvalidTransition`."""
    community = _locked(session, community)
    _step(community, Step.launch, now=on.now)
    community.launched_at = on.now
    told = interest.tell(session, community)
    return _changed(session, community, "community.launched", on=on, interested=told)


def archive(session: Session, community: Community, *, on: Occasion) -> Community:
    """Ends a community: all stays readable and verifiable, and nothing new begins. Raises `InvalidTransition`."""
    community = _locked(session, community)
    _step(community, Step.archive, now=on.now)
    community.archived_at = on.now
    community.ends_at = min(community.ends_at or on.now, on.now)
    journal.close(session, community.id, at=community.ends_at, to=BEGINNINGS)
    return _changed(session, community, "community.archived", on=on)


def reopen(session: Session, community: Community, *, on: Occasion) -> Community:
    """Takes the end of a community back. Raises `InvalidTransition`."""
    community = _locked(session, community)
    _step(community, Step.reopen, now=on.now)
    community.ends_at = community.archived_at = None
    journal.close(session, community.id, at=None, to=())
    return _changed(session, community, "community.reopened", on=on)


def end_on(session: Session, community: Community, ends_at: datetime | None, *, on: Occasion) -> Community:
    """Says when a community ends, or with None that no end is known. From that instant on it is archived.

    Raises `InvalidTransition` where it has ended, `Invalid` for an instant that has passed.
    """
    community = _locked(session, community)
    if present(community.phase, community.ends_at, now=on.now) is Phase.archived:
        raise InvalidTransition("It has ended.", allowed=allowed(Phase.archived))
    if ends_at is not None and ends_at <= on.now:
        raise Invalid(errors=[FieldError(pointer="/ends_at", message="lies in the past; archive it to end it now")])
    community.ends_at = ends_at
    journal.close(session, community.id, at=ends_at, to=BEGINNINGS)
    return _changed(session, community, "community.end_set", on=on, ends_at=ends_at.isoformat() if ends_at else None)


def due(session: Session, *, now: datetime, limit: int) -> list[str]:
    """The slugs of communities whose end has come and has not been written down."""
    over = (col(Community.ends_at) <= now, col(Community.phase) != Phase.archived)
    return list(session.exec(select(Community.slug).where(*over).order_by(col(Community.ends_at)).limit(limit)).all())


def end(session: Session, community: Community, *, on: Occasion) -> int:
    """Writes down that a community's end has come; 0 where that is not so, or not any more."""
    community = _locked(session, community)
    if community.phase is Phase.archived or community.ends_at is None or community.ends_at > on.now:
        return 0
    community.phase, community.archived_at = Phase.archived, community.ends_at
    _changed(session, community, "community.archived", on=on)
    return 1


def _locked(session: Session, community: Community) -> Community:
    chosen = select(Community).where(Community.id == community.id).with_for_update(key_share=True)
    return session.exec(chosen.execution_options(populate_existing=True)).one()


def _step(community: Community, step: Step, *, now: datetime) -> None:
    was = present(community.phase, community.ends_at, now=now)
    if (was, step) not in NEXT:
        raise InvalidTransition(f"It is {was}.", allowed=allowed(was))
    community.phase = NEXT[was, step]


def _changed(session: Session, community: Community, type: str, *, on: Occasion, **said: journal.Datum) -> Community:
    session.add(community)
    session.flush()
    on.record(session, community.id, type, community.id, said)
    return community
