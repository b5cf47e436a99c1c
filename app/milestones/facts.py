"""What is known of people, for milestones: each thing read when a rule first asks for it, and once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.contributions import kinds as types
from app.contributions import reading
from app.contributions.rules import Loop
from app.credentials.rules import State
from app.credentials.service import state_of
from app.credentials.tables import Credential, Recipient
from app.kit.installation import Installation
from app.members.affiliations import counting
from app.members.links import accounts_of, bots
from app.members.tables import Community, Member
from app.members.unasked import fingerprints_of, is_listed
from app.milestones.rules import AcrossAffiliations, Gates, Holds, PeopleHelped, Rule
from app.milestones.tables import HELD_ALREADY, Attainment, Stage
from app.milestones.weighing import Deed, Facts, Kind


@dataclass(frozen=True)
class Known:
    """A person, with all their memberships of a community."""

    id: UUID
    """The smallest id of these."""
    members: tuple[UUID, ...]
    here: UUID
    """The membership in which they are reached: the first of those that have not ended."""
    joined_at: datetime
    counts: bool
    """Whether what they do is to be counted."""


def known(session: Session, community: UUID, members: Collection[UUID]) -> list[Known]:
    """The persons whom these members are, each once, by id. Bots, and who has left, are nobody."""
    # 1. Who is one person, and their memberships that have not ended.
    persons: dict[UUID, list[UUID]] = {}
    for member, person in sorted(accounts_of(session, community, members).items()):
        persons.setdefault(person, []).append(member)
    all = [member for same in persons.values() for member in same]
    chosen = select(Member).where(col(Member.id).in_(all), col(Member.left_at).is_(None))
    rows = {member.id: member for member in session.exec(chosen).all()}
    # 2. Of bots nothing counts, nor of who does not want it under one of their memberships.
    are_bots, left_out = bots(session, community, all), reading.uncounted(session, all)
    found = []
    for person, same in sorted(persons.items()):
        here = [rows[member] for member in same if member in rows]
        if here and are_bots.isdisjoint(same):
            joined, counts = min(member.joined_at for member in here), left_out.isdisjoint(same)
            found.append(Known(person, tuple(same), here[0].id, joined, counts))
    return found


def is_never_added(session: Session, person: Known, *, at: Installation) -> bool:
    """Whether they never want to be recognised here, under any of their memberships."""
    members = [session.get_one(Member, one) for one in person.members]
    return any(is_listed(session, fingerprints_of(session, member, at=at)) for member in members)


class Reader:
    """Reads what rules ask of one person at one instant."""

    def __init__(
        self, session: Session, community: Community, person: Known, now: datetime, *, before: UUID | None = None
    ) -> None:
        """`before` is the row of an attainment: it, and those after it, are as if they were not."""
        self._session = session
        self._community = community
        self._person = person
        self._now = now
        self._before = before

    def facts(self, rule: Rule, series: UUID) -> Facts:
        """As `rule` needs them."""
        return Facts(
            joined_at=self._person.joined_at,
            counts=self._person.counts,
            now=self._now,
            deeds=partial(self._deeds, with_people=needs_people(rule)),
            held=self._held if any(isinstance(one, Holds) for one in rule.all_of) else {},
            kinds=kinds(self._session, self._community),
            met_at=self._met.get(series),
        )

    @cached_property
    def _met(self) -> dict[UUID, datetime]:
        """When they met each series the last time, under any of their memberships."""
        theirs = select(Attainment.series, Attainment.met_at).where(
            col(Attainment.member_id).in_(self._person.members),
            or_(Attainment.stage != Stage.passed_over, Attainment.reason == HELD_ALREADY),
        )
        if self._before is not None:
            theirs = theirs.where(col(Attainment.row) < self._before)
        met: dict[UUID, datetime] = {}
        for series, at in self._session.exec(theirs).all():
            met[series] = max(at, met.get(series, at))
        return met

    @cached_property
    def _held(self) -> dict[UUID, UUID]:
        theirs = (
            select(Credential)
            .join(Recipient, col(Recipient.id) == Credential.recipient_id)
            .where(col(Recipient.member_id).in_(self._person.members))
        )
        rows = self._session.exec(theirs).all()
        return {row.achievement_id: row.id for row in rows if state_of(row, self._now) is State.active}

    def _deeds(self, *, with_people: bool) -> Sequence[Deed]:
        return self._deeds_with_people if with_people else self._plain_deeds

    @cached_property
    def _done(self) -> list[reading.Deed]:
        newest_first = reading.credited(self._session, self._community.id, self._person.members)
        return newest_first[::-1]

    @cached_property
    def _plain_deeds(self) -> list[Deed]:
        return [self._deed(done, frozenset(), None) for done in self._done]

    @cached_property
    def _deeds_with_people(self) -> list[Deed]:
        """With whom, or for whom, each was done; and whether one of them belongs elsewhere."""
        others = self._others()
        affiliations = self._affiliations({other for of in others.values() for other in of})
        own = frozenset[str]().union(*(affiliations.get(member, frozenset()) for member in self._person.members))
        return [
            self._deed(
                done, frozenset(others[done.contribution]), _abroad(own, others[done.contribution], affiliations)
            )
            for done in self._done
        ]

    def _others(self) -> dict[UUID, set[UUID]]:
        """By contribution, the persons beside this one."""
        ids = [done.contribution for done in self._done]
        members = reading.members_of(self._session, self._community.id, ids)
        all = {member for of in members.values() for member in of}
        persons = accounts_of(self._session, self._community.id, all)
        return {id: {persons[member] for member in members.get(id, ())} - {self._person.id} for id in ids}

    def _affiliations(self, others: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
        asked = {*others, *self._person.members}
        return counting(self._session, self._community.id, asked, now=self._now)

    def _deed(self, done: reading.Deed, others: frozenset[UUID], abroad: bool | None) -> Deed:
        kind = kinds(self._session, self._community).get(done.type)
        loop = done.loop or (Loop.inner if kind is None else Loop(kind.loop))
        return Deed(done.contribution, done.type, loop, done.occurred_at, others, abroad)


def needs_people(rule: Rule) -> bool:
    """Whether a rule asks for whom, or with whom, something was done: that takes most of the reading."""
    of_people = rule.gates.distinct_people != Gates().distinct_people or rule.gates.most_for_one != Gates().most_for_one
    return of_people or any(isinstance(one, PeopleHelped | AcrossAffiliations) for one in rule.all_of)


def kinds(session: Session, community: Community) -> Mapping[str, Kind]:
    """What each type of contribution of the community is; read once a transaction."""
    remembered: dict[UUID, Mapping[str, Kind]] = session.info.setdefault(kinds, {})
    if community.id not in remembered:
        remembered[community.id] = {
            key: Kind(kind.mode, frozenset(kind.cycles), frozenset(kind.care_areas), kind.loop)
            for key, kind in types.known(session, community).items()
        }
    return remembered[community.id]


def _abroad(own: frozenset[str], others: Collection[UUID], affiliations: Mapping[UUID, frozenset[str]]) -> bool | None:
    """Whether one of the others belongs to none of one's own; None unless that is known of both sides."""
    told = [theirs for other in others if (theirs := affiliations.get(other))]
    return any(own.isdisjoint(theirs) for theirs in told) if own and told else None
