"""What the time does to communities: those whose end has come are archived, and who would have come is forgotten."""

from datetime import datetime
from uuid import UUID

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job, one_by_one
from app.kit.occasions import Occasion
from app.members.communities import farewells, interest, lifecycle
from app.members.service import community_by_slug

AT_ONCE = 50


def end(runtime: Runtime, now: datetime) -> int:
    """Writes down which communities have ended; how many."""
    on = Occasion(actor="system", now=now, ids=runtime.ids)

    def ended(slug: str) -> int:
        with runtime.writing() as session:
            return lifecycle.end(session, community_by_slug(session, slug), on=on)

    with read_session(runtime.engine) as session:
        found = lifecycle.due(session, now=now, limit=AT_ONCE)
    return one_by_one(found, ended)


def forget(runtime: Runtime, now: datetime) -> int:
    """Forgets of those who would come whom there is no reason to know of any more; how many."""
    with runtime.writing() as session:
        return interest.forget(session, on=Occasion(actor="system", now=now, ids=runtime.ids))


def say_farewell(runtime: Runtime, now: datetime) -> int:
    """Says what was prepared for the end of communities that have ended; how much."""
    on = Occasion(actor="system", now=now, ids=runtime.ids)

    def said(community: UUID) -> int:
        with runtime.writing() as session:
            return farewells.say(session, community, on=on)

    with read_session(runtime.engine) as session:
        found = farewells.waiting(session, now=now)
    return one_by_one(found, said)


JOBS = (Job("end communities", end), Job("say farewell", say_farewell), Job("forget who would come", forget))
