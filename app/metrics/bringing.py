"""Use-case: how many of those whom somebody brought have contributed, for them alone. No names, and no rank."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.contributions.reading import contributors, uncounted
from app.members.bringing import invitees
from app.members.links import accounts_of


def contributing(session: Session, community: UUID, inviters: Collection[UUID], *, until: datetime) -> int:
    """How many people whom `inviters`, who are one person, brought did something before `until`.

    Each counts once, over all memberships; nobody who does not want to be counted, and nobody who brought themself.
    """
    persons = accounts_of(session, community, invitees(session, inviters))
    left_out = {persons[member] for member in uncounted(session, list(persons))}
    left_out |= {persons[member] for member in inviters if member in persons}
    did = contributors(session, community, list(persons), until=until)
    return len({persons[member] for member in did} - left_out)
