"""What is known of people, for milestones: each thing read when a rule first asks for it, and once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from app.contributions import kinds as types
from app.contributions import reading, taxonomy
from app.contributions.rules import Loop
from app.contributions.tables import Uncounted
from app.credentials.rules import State
from app.credentials.service import state_of
from app.credentials.tables import Credential, Recipient
from app.kit.installation import Installation
from app.kit.prepared import Prepared, by_places, places
from app.members.affiliations import counting
from app.members.links import accounts_of
from app.members.tables import Identity, Member
from app.members.unasked import fingerprints_of, is_listed
from app.milestones.rules import AcrossAffiliations, Gates, Holds, PeopleHelped, Rule
from app.milestones.tables import HELD_ALREADY, TRIES, Attainment, Stage
from app.milestones.weighing import Deed, Facts, Kind, since_when, types_of

MOST_DEEDS = 10_000
"""Contributions of one person and type that are looked at: the newest in the window, as many as a rule can ask for."""


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
    # 1. Who is one person, and all their memberships.
    persons: dict[UUID, list[UUID]] = {}
    for member, person in sorted(accounts_of(session, community, members).items()):
        persons.setdefault(person, []).append(member)
    all = [member for same in persons.values() for member in same]
    rows = {row[0]: row[1:] for some in by_places("id", all) for row in _MEMBERS.rows(session, some)}
    # 2. Of bots nothing counts, nor of who does not want it under one of their memberships.
    found = []
    for person, same in sorted(persons.items()):
        here = [member for member in same if member in rows and rows[member][1] is None]
        if here and not any(rows[member][2] for member in same if member in rows):
            joined = min(rows[member][0] for member in here)
            counts = not any(rows[member][3] for member in same if member in rows)
            found.append(Known(person, tuple(same), here[0], joined, counts))
    return found


_BOT = sa.exists().where(
    col(Identity.community_id) == col(Member.community_id),
    col(Identity.member_id) == col(Member.id),
    col(Identity.is_bot),
)
_MEMBERS = Prepared(
    sa.select(
        col(Member.id),
        col(Member.joined_at),
        col(Member.left_at),
        _BOT.label("is_bot"),
        sa.exists().where(col(Uncounted.member_id) == col(Member.id)).label("is_uncounted"),
    ).where(col(Member.id).in_(places("id", sa.Uuid())))
)


def is_never_added(session: Session, person: Known, *, at: Installation) -> bool:
    """Whether they never want to be recognised here, under any of their memberships."""
    members = [session.get_one(Member, one) for one in person.members]
    return any(is_listed(session, fingerprints_of(session, member, at=at)) for member in members)


class Reader:
    """Reads what some rules ask of one person at one instant: one read of what they did serves all of them."""

    def __init__(
        self,
        session: Session,
        community: UUID,
        person: Known,
        now: datetime,
        rules: Collection[Rule],
        *,
        before: UUID | None = None,
    ) -> None:
        """`before` is the row of an attainment: it, and those after it, are as if they were not."""
        self._session = session
        self._community = community
        self._person = person
        self._now = now
        self._rules = rules
        self._before = before

    def facts(self, rule: Rule, series: UUID) -> Facts:
        """As `rule`, one of those, needs them."""
        return Facts(
            joined_at=self._person.joined_at,
            counts=self._person.counts,
            now=self._now,
            deeds=partial(self._deeds, with_people=needs_people(rule)),
            held=self._held if any(isinstance(one, Holds) for one in rule.all_of) else {},
            kinds=self._kinds,
            met_at=self._met.get(series),
        )

    @cached_property
    def _kinds(self) -> Mapping[str, Kind]:
        return kinds(self._session, self._community)

    @cached_property
    def _met(self) -> dict[UUID, datetime]:
        """When they met each series the last time, under any of their memberships."""
        met: dict[UUID, datetime] = {}
        for some in by_places("member", self._person.members):
            for series, at, row in _MET.rows(self._session, some):
                if self._before is None or row < self._before:
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
    def _done(self) -> list[reading.Done]:
        if not self._person.counts:
            return []
        return reading.newest_done(
            self._session,
            self._community,
            self._person.members,
            types=sorted(types_of(self._rules, self._kinds)),
            since=since_when(self._rules, self._now),
            most=MOST_DEEDS,
        )

    @cached_property
    def _plain_deeds(self) -> list[Deed]:
        return [self._deed(done, _NOBODY, None) for done in self._done]

    @cached_property
    def _deeds_with_people(self) -> list[Deed]:
        """With whom, or for whom, each was done; and whether one of them belongs elsewhere, where a rule asks that."""
        others, affiliations = self._others(), dict[UUID, frozenset[str]]()
        if any(isinstance(one, AcrossAffiliations) for rule in self._rules for one in rule.all_of):
            asked = {*self._person.members}.union(*others.values())
            affiliations = counting(self._session, self._community, asked, now=self._now)
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
        members = reading.members_of(self._session, self._community, ids)
        all = {member for of in members.values() for member in of}
        persons = accounts_of(self._session, self._community, all)
        return {id: {persons[member] for member in members.get(id, ())} - {self._person.id} for id in ids}

    def _deed(self, done: reading.Done, others: frozenset[UUID], abroad: bool | None) -> Deed:
        kind = self._kinds.get(done.type)
        loop = done.loop or (Loop.inner if kind is None else kind.loop)
        return Deed(done.contribution, done.type, loop, done.occurred_at, others, abroad)


_NOBODY = frozenset[UUID]()
_MET = Prepared(
    sa.select(col(Attainment.series), col(Attainment.met_at), col(Attainment.row)).where(
        col(Attainment.member_id).in_(places("member", sa.Uuid())),
        or_(
            col(Attainment.stage) != sa.literal_column(f"'{Stage.passed_over.value}'"),
            col(Attainment.reason) == sa.literal_column(f"'{HELD_ALREADY}'"),
            col(Attainment.tries) >= sa.literal_column(str(TRIES)),
        ),
    )
)


def needs_people(rule: Rule) -> bool:
    """Whether a rule asks for whom, or with whom, something was done: that takes most of the reading."""
    of_people = rule.gates.distinct_people != Gates().distinct_people or rule.gates.most_for_one != Gates().most_for_one
    return of_people or any(isinstance(one, PeopleHelped | AcrossAffiliations) for one in rule.all_of)


def kinds(session: Session, community: UUID) -> Mapping[str, Kind]:
    """What each type of contribution of the community is; read once a transaction."""
    remembered: dict[UUID, Mapping[str, Kind]] = session.info.setdefault(kinds, {})
    if community not in remembered:
        own = {key: _kind(kind) for key, kind in types.own(session, community).items()}
        remembered[community] = {**_shipped(), **own} if own else _shipped()
    return remembered[community]


@cache
def _shipped() -> Mapping[str, Kind]:
    return {key: _kind(kind) for key, kind in taxonomy.shipped().items()}


def _kind(kind: taxonomy.Kind) -> Kind:
    return Kind(kind.mode, frozenset(kind.cycles), frozenset(kind.care_areas), kind.loop)


def _abroad(own: frozenset[str], others: Collection[UUID], affiliations: Mapping[UUID, frozenset[str]]) -> bool | None:
    """Whether one of the others belongs to none of one's own; None unless that is known of both sides."""
    told = [theirs for other in others if (theirs := affiliations.get(other))]
    return any(own.isdisjoint(theirs) for theirs in told) if own and told else None
