"""Who there is to count: read from the members of a community, each person once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.naming import in_batches
from app.contributions.tables import Uncounted
from app.kit.journal import Event
from app.members.links import bots, one_person
from app.members.person import canonical_affiliation
from app.members.tables import Absence, Affiliation, Member
from app.metrics.facts import NEVER, Members, Spells
from app.metrics.periods import instant

_CAME_AND_WENT: Final = ("member.left", "member.readmitted")


@dataclass(frozen=True, eq=False)
class Registry:
    """People, in the order in which they joined, and the row of each of their memberships."""

    ids: tuple[UUID, ...]
    members: Members
    gone: Spells
    rows: Mapping[UUID, int]

    @property
    def counted(self) -> Mapping[UUID, int]:
        """The rows of those only who want to be counted."""
        return {id: row for id, row in self.rows.items() if self.members.counted[row]}


def registry(session: Session, community: UUID) -> Registry:
    """Everybody who is or was a member; without bots.

    Who does not want to be counted under one of their memberships is not counted under any.
    """
    columns = (Member.id, Member.joined_at, Member.left_at)
    found = session.execute(sa.select(*map(col, columns)).where(col(Member.community_id) == community)).all()
    same_as, before = one_person(session, community, None), _before(session, [id for id, _, _ in found])
    persons = defaultdict[UUID, list[tuple[int, int]]](list)
    for id, joined, left in found:
        persons[same_as.get(id, id)] += _stays(instant(joined), before.get(id, ()), _or_never(left))
    of_bots = {same_as.get(id, id) for id in bots(session, community, None)}
    theirs = select(Uncounted.member_id).join(Member).where(Member.community_id == community)
    uncounted = {same_as.get(id, id) for id in session.exec(theirs).all()}
    people = sorted((min(stays)[0], person) for person, stays in persons.items() if person not in of_bots)
    ids = tuple(person for _, person in people)
    row = {person: number for number, person in enumerate(ids)}
    return Registry(
        ids,
        Members.of((joined, max(left for _, left in persons[one]), one not in uncounted) for joined, one in people),
        Spells.of((number, 0, *gap) for person, number in row.items() for gap in _gaps(persons[person])),
        {id: row[same_as.get(id, id)] for id, _, _ in found if same_as.get(id, id) in row},
    )


def _before(session: Session, members: Sequence[UUID]) -> dict[UUID, list[int]]:
    """When members who came back had left and did so, by turns: the journal knows."""
    said = defaultdict[UUID, list[int]](list)
    for few in in_batches(members):
        chosen = sa.select(col(Event.subject), col(Event.occurred_at)).where(
            col(Event.subject).in_([str(member) for member in few]), col(Event.type).in_(_CAME_AND_WENT)
        )
        for subject, at in session.execute(chosen.order_by(col(Event.seq))).all():
            said[UUID(subject)].append(instant(at))
    return {member: turns for member, turns in said.items() if len(turns) > 1}


def _stays(joined: int, turns: Sequence[int], left: int) -> Iterator[tuple[int, int]]:
    """From when to when somebody was a member, who left and came back by `turns`."""
    back = turns[1::2]
    return zip((joined, *back), (*turns[0 : 2 * len(back) : 2], left), strict=True)


def _gaps(stays: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """From when to when somebody who came back was in none of their memberships."""
    (_, until), *later = sorted(stays)
    for joined, left in later:
        if until < joined:
            yield until, joined
        until = max(until, left)


def breaks(session: Session, community: UUID, rows: Mapping[UUID, int]) -> Spells:
    """The breaks that people announced, those that overlap as one."""
    columns = (Absence.member_id, Absence.since, Absence.until)
    found = session.execute(sa.select(*map(col, columns)).where(col(Absence.community_id) == community)).all()
    return joined_up((rows[id], 0, instant(since), instant(until)) for id, since, until in found if id in rows)


def affiliations(session: Session, community: UUID, rows: Mapping[UUID, int]) -> tuple[tuple[str, ...], Spells]:
    """To whom people belonged: the names, each as it was written first, and when it was so."""
    columns = (Affiliation.member_id, Affiliation.name, Affiliation.since, Affiliation.until)
    found = session.execute(sa.select(*map(col, columns)).where(col(Affiliation.community_id) == community)).all()
    spelled = defaultdict[str, list[tuple[int, str]]](list)
    for id, name, since, _ in found:
        if id in rows:
            spelled[canonical_affiliation(name)].append((instant(since), name))
    number = {name: place for place, name in enumerate(sorted(spelled))}
    return tuple(min(spelled[name])[1] for name in number), joined_up(
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
