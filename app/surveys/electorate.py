"""Who is asked, to whom they may say that they belong, and how many of them are likely to answer."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.kit.suppression import shown
from app.members.people import active_people
from app.members.person import Person, canonical_affiliation
from app.members.tables import Community, Member
from app.surveys.rules import ELSEWHERE
from app.surveys.service import results_of
from app.surveys.tables import Wave, WaveState


@dataclass(frozen=True)
class Expected:
    """What a wave that opened now would have, roughly."""

    people: int
    """Whoever is told lists the members anyway."""
    answers: int
    """0 where so few answered the last time that nobody is told how many."""


def electorate(session: Session, community: UUID, *, now: datetime) -> list[Person]:
    """Whoever may answer, each person once, by id: no bots, nor minors for whom nobody has agreed."""
    people = [
        person
        for person in active_people(session, community, now=now)
        if not person.is_bot and (person.guardian_agreed or not person.minor)
    ]
    return sorted({person.identity: person for person in reversed(people)}.values(), key=lambda person: person.id)


def affiliations(people: Sequence[Person], *, k: int) -> list[str]:
    """What can be given as an affiliation: none that fewer than k of these people have, nor one that could be found
    out by subtraction. Fewer than two would tell nothing."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        name = person.affiliation or ""
        written[canonical_affiliation(name)][name] += 1
    found = shown({name: spellings.total() for name, spellings in written.items()}, k=k)
    named = [max(sorted(written[name]), key=written[name].__getitem__) for name in found.groups if name]
    offered = sorted(named) + ([ELSEWHERE] if found.hidden or "" in found.groups else [])
    return offered if len(offered) > 1 else []


def expected(session: Session, community: Community) -> Expected:
    """As many of the people there are as answered the last time, as that is told; everybody, where no wave has been
    counted yet."""
    there = select(func.count()).where(Member.community_id == community.id, col(Member.left_at).is_(None))
    people = session.exec(there).one()
    counted = select(Wave).where(Wave.community_id == community.id, Wave.state == WaveState.closed)
    last = session.exec(counted.order_by(col(Wave.closes_on).desc()).limit(1)).first()
    if last is None or not last.invited:
        return Expected(people, people)
    return Expected(people, round(people * (results_of(last)["n"] or 0) / last.invited))
