"""Who there is to count: read from the members of a community, each person once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.tables import Uncounted
from app.members.links import bots, one_person
from app.members.person import canonical_affiliation
from app.members.rules import Role
from app.members.tables import Absence, Affiliation, Member
from app.metrics.facts import NEVER, Members, Spells
from app.metrics.periods import instant


@dataclass(frozen=True, eq=False)
class Registry:
    """People who count, in the order in which they joined, and the row of each of their memberships."""

    ids: tuple[UUID, ...]
    members: Members
    rows: Mapping[UUID, int]
    not_counted: int
    """How many people do not want to be counted."""


def registry(session: Session, community: UUID) -> Registry:
    """Everybody who is or was a member; without bots, and those who do not want to be counted.

    Who does not want it under one of their memberships is not counted under any.
    """
    columns = (Member.id, Member.joined_at, Member.left_at, Member.role)
    found = session.execute(sa.select(*map(col, columns)).where(col(Member.community_id) == community)).all()
    same_as = one_person(session, community, None)
    persons = defaultdict[UUID, list[tuple[UUID, int, int, bool]]](list)
    for id, joined, left, role in found:
        persons[same_as.get(id, id)].append((id, instant(joined), _or_never(left), role is Role.steward))
    of_bots = {same_as.get(id, id) for id in bots(session, community, None)}
    theirs = select(Uncounted.member_id).join(Member).where(Member.community_id == community)
    uncounted = {same_as.get(id, id) for id in session.exec(theirs).all()} - of_bots
    counted = sorted(
        (min(joined for _, joined, _, _ in same), person)
        for person, same in persons.items()
        if person not in of_bots and person not in uncounted
    )
    rows = {id: row for row, (_, person) in enumerate(counted) for id, _, _, _ in persons[person]}
    members = Members.of(
        (
            joined,
            max(left for _, _, left, _ in persons[person]),
            any(steward and left == NEVER for _, _, left, steward in persons[person]),
        )
        for joined, person in counted
    )
    return Registry(tuple(person for _, person in counted), members, rows, len(uncounted))


def breaks(session: Session, community: UUID, rows: Mapping[UUID, int]) -> Spells:
    """The breaks that people announced, those that overlap as one."""
    columns = (Absence.member_id, Absence.since, Absence.until)
    found = session.execute(sa.select(*map(col, columns)).where(col(Absence.community_id) == community)).all()
    return joined_up((rows[id], 0, instant(since), instant(until)) for id, since, until in found if id in rows)


def affiliations(session: Session, community: UUID, rows: Mapping[UUID, int]) -> tuple[tuple[str, ...], Spells]:
    """To whom people belonged: the names, each as it is written most often, and when it was so."""
    columns = (Affiliation.member_id, Affiliation.name, Affiliation.since, Affiliation.until)
    found = session.execute(sa.select(*map(col, columns)).where(col(Affiliation.community_id) == community)).all()
    spelled = defaultdict[str, Counter[str]](Counter)
    for id, name, _, _ in found:
        if id in rows:
            spelled[canonical_affiliation(name)][name] += 1
    number = {name: place for place, name in enumerate(sorted(spelled))}
    names = tuple(max(sorted(spelled[name]), key=spelled[name].__getitem__) for name in number)
    return names, joined_up(
        (rows[id], number[canonical_affiliation(name)], instant(since), _or_never(until))
        for id, name, since, until in found
        if id in rows
    )


def joined_up(spells: Iterable[tuple[int, int, int, int]]) -> Spells:
    """Of (person, what, since, until): those of one person and thing that touch or overlap as one, no empty ones."""
    found = list[list[int]]()
    for person, what, since, until in sorted(spells):
        if until <= since:
            continue
        if found and found[-1][:2] == [person, what] and since <= found[-1][3]:
            found[-1][3] = max(found[-1][3], until)
        else:
            found.append([person, what, since, until])
    return Spells.of(tuple(each) for each in found)


def _or_never(when: datetime | None) -> int:
    return NEVER if when is None else instant(when)
