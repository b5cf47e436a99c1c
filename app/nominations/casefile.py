"""A nomination with all that decides what may be done to it: loaded once, locked where it is to change."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlmodel import Session, col, select

from app.achievements import service as achievements
from app.achievements.rules import Policy
from app.achievements.tables import AchievementVersion
from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.members.addresses import claimed_by, held_since
from app.members.people import Person, Standing, people
from app.members.tables import Address, Community, Member
from app.nominations.rules import DECIDED_AGAINST, FIRST, ON_HOLD, State, paused, present, united
from app.nominations.sight import Relation
from app.nominations.tables import Nomination, Nominee, Report, Reviewer, Second

_TOLD = "nominations: told"


class NoSuchNomination(NotFound):
    """There is no such nomination, or none that you may see."""

    code = "no-such-nomination"
    fix = "GET /v1/me/nominations lists those that you have to do with."


@dataclass
class Case:
    """A nomination, whom it is about, who stands behind it, who weighs it, and the policy it is under."""

    session: Session = field(repr=False)
    nomination: Nomination
    community: Community
    version: AchievementVersion
    nominees: list[Nominee]
    seconds: list[Second]
    """In force, oldest first."""
    reviewers: list[Reviewer]
    """Of the present panel, in the order in which they were drawn."""
    earlier: list[Reviewer]
    """Of the panel before, once there was an appeal."""
    people: dict[UUID, Person]
    """Everybody named above who is a member, by id."""
    claimants: frozenset[UUID] = frozenset()
    """Members who say that an address by which somebody was nominated is theirs, and have yet to prove it: that is no
    reason to show them anything, and reason enough not to have them decide."""
    told: frozenset[Relation] | None = None
    """What whoever asked at the door is to it: refusals tell them no more than what they may see. None where nobody
    asked for this nomination: a job, or what follows from another one."""

    @cached_property
    def policy(self) -> Policy:
        """The policy of the version it was submitted under."""
        return achievements.policy_of(self.version)

    @property
    def nominator(self) -> Person:
        """Who proposed it."""
        return self.people[self.nomination.nominator_id]

    def party_ids(self) -> frozenset[UUID]:
        """Nominator, seconders and nominees that are members."""
        nominees = (nominee.member_id for nominee in self.nominees)
        seconders = (second.member_id for second in self.seconds)
        return frozenset({self.nomination.nominator_id, *seconders, *(id for id in nominees if id is not None)})

    def party_identities(self) -> frozenset[UUID]:
        """The persons behind the parties: whoever is linked to one is one."""
        return frozenset(self.people[id].identity for id in self.party_ids() | self.claimants)

    def is_party(self, person: Person) -> bool:
        """Whether somebody, or an identity linked to them, has a stake in how this ends."""
        return person.identity in self.party_identities()

    def nominee_identities(self) -> frozenset[UUID]:
        """The persons behind those nominees that are members."""
        return frozenset(self.people[n.member_id].identity for n in self.nominees if n.member_id is not None)

    def second_of(self, member: UUID | None) -> Second | None:
        """The second of a member, while it is in force."""
        return next((second for second in self.seconds if second.member_id == member), None)

    def reviewer(self, member: UUID | None) -> Reviewer | None:
        """The seat of a member in the present panel."""
        return next((reviewer for reviewer in self.reviewers if reviewer.member_id == member), None)

    def nominee(self, member: UUID | None) -> Nominee | None:
        """The nominee who is this member."""
        return next((n for n in self.nominees if member is not None and n.member_id == member), None)

    def asked(self, member: UUID | None) -> Nominee | None:
        """The same where they may know of it: whoever nothing may be offered to is never told that there is one."""
        nominee = self.nominee(member)
        return None if nominee is None or nominee.barred else nominee

    def has_left(self, nominee: Nominee) -> bool:
        """Whether a nominee was a member and is none any more: nobody is there to answer."""
        return nominee.member_id is not None and self.people[nominee.member_id].standing is Standing.left

    def waited_for(self) -> list[Person]:
        """The members whose breaks stop the present clock: who has to write, to answer or to be asked next."""
        state = self.nomination.state
        if state is State.offered:
            asked = [
                n for n in self.nominees if n.state is State.offered
            ] or self.nominees  # the last is just answering
            ids = [n.member_id for n in asked if n.member_id is not None]
        elif state in {State.draft, State.submitted, State.needs_info}:
            ids = [self.nomination.nominator_id]
        else:
            ids = []
        return [self.people[id] for id in ids]

    def breaks_of(self, person: Person) -> list[tuple[datetime, datetime]]:
        """When nothing is waited for from somebody: their breaks, and while their answer to an offer is not taken."""
        changed = person.contact_changed_at
        held = [(changed, changed + ON_HOLD)] if changed and self.nomination.state is State.offered else []
        return united([*person.absences, *held])

    def deadline(self) -> datetime | None:
        """When the present clock ends, with the breaks of whoever is waited for left out."""
        nomination = self.nomination
        if nomination.deadline is None or nomination.clock_since is None:
            return nomination.deadline
        stopped = [paused(nomination.deadline, nomination.clock_since, self.breaks_of(p)) for p in self.waited_for()]
        return max(stopped, default=nomination.deadline)

    def appeal_ends(self) -> datetime | None:
        """Until when the decision against it may be appealed; None where it may not, as after an appeal."""
        nomination = self.nomination
        if nomination.state not in DECIDED_AGAINST or nomination.panel > FIRST or nomination.decided_at is None:
            return None
        return nomination.decided_at + timedelta(days=self.policy.windows_days.appeal)

    def state(self, now: datetime) -> State:
        """The state at this instant, whether or not the scheduler has come by yet."""
        return present(self.nomination.state, deadline=self.deadline(), now=now)


def nomination_by_id(session: Session, id: str, *, lock: bool = False) -> Nomination:
    """The row as it is now; with `lock`, nobody else decides about it until this transaction ends.

    Raises `NoSuchNomination`.
    """
    known = id_in(id)
    chosen = select(Nomination).where(Nomination.id == known)
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    nomination = session.exec(chosen).one_or_none() if known else None
    if nomination is None:
        raise NoSuchNomination(f"There is no nomination {id}.")
    return nomination


def opened(session: Session, nomination: Nomination, *, now: datetime, and_also: Collection[UUID] = ()) -> Case:
    """The case of a nomination, with everybody in it and `and_also` those whom it is about to concern."""
    of_it = Nominee.nomination_id == nomination.id
    # The door read these before the row was locked: who waited for others to answer or to vote sees what they did.
    anew = {"populate_existing": True}
    nominees = session.exec(select(Nominee).where(of_it).order_by(col(Nominee.id)).execution_options(**anew)).all()
    seconds = session.exec(
        select(Second)
        .where(Second.nomination_id == nomination.id, col(Second.withdrawn_at).is_(None))
        .order_by(col(Second.id))
        .execution_options(**anew)
    ).all()
    seats = session.exec(
        select(Reviewer)
        .where(Reviewer.nomination_id == nomination.id)
        .order_by(col(Reviewer.id))
        .execution_options(**anew)
    ).all()
    _recognise(session, nomination, nominees)
    addresses = [n.fingerprint for n in nominees if n.fingerprint is not None]
    claimants = claimed_by(session, nomination.community_id, addresses) if addresses else frozenset()
    ids = {nomination.nominator_id, *and_also, *claimants}
    ids |= {n.member_id for n in nominees if n.member_id is not None}
    ids |= {second.member_id for second in seconds} | {seat.member_id for seat in seats}
    return Case(
        session=session,
        nomination=nomination,
        community=session.get_one(Community, nomination.community_id),
        version=achievements.version_of(session, nomination.achievement_id, nomination.achievement_version),
        nominees=list(nominees),
        seconds=list(seconds),
        reviewers=[seat for seat in seats if seat.panel == nomination.panel],
        earlier=[seat for seat in seats if seat.panel < nomination.panel],
        people=_everybody(session, nomination.community_id, ids, now=now),
        claimants=claimants,
        told=session.info.get(_TOLD, {}).get(nomination.id),
    )


def tell(session: Session, nomination: UUID, relations: frozenset[Relation]) -> None:
    """From here on in this transaction, what is refused about a nomination is worded for somebody who is this to it."""
    session.info.setdefault(_TOLD, {})[nomination] = relations


def has_reported(case: Case, member: UUID) -> bool:
    """Whether a member has said of this nomination that it does harm."""
    theirs = select(Report.id).where(Report.nomination_id == case.nomination.id, Report.reporter_id == member)
    return case.session.exec(theirs.limit(1)).first() is not None


def is_about(members: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Of a nominee: that it is one of these members, be it by an address that was theirs since they were nominated."""
    its = aliased(Nomination)
    nominated_at = sa.select(col(its.created_at)).where(col(its.id) == Nominee.nomination_id).scalar_subquery()
    theirs, others = aliased(Address), aliased(Address)
    before_them = sa.exists().where(
        col(others.key) == col(Nominee.fingerprint),
        sa.tuple_(col(others.valid_since), col(others.id)) < sa.tuple_(col(theirs.valid_since), col(theirs.id)),
        held_since(others, nominated_at),
    )
    held = sa.exists().where(
        col(theirs.key) == col(Nominee.fingerprint),
        col(theirs.member_id).in_(members),
        held_since(theirs, nominated_at),
        ~before_them,
    )
    by_address = sa.and_(col(Nominee.member_id).is_(None), held)
    return sa.or_(col(Nominee.member_id).in_(members), by_address)


def keep_who(nominee: Nominee) -> None:
    """From now on a nominee is the member whom `opened` found, whatever address they take later."""
    if nominee.member_id is not None:
        flag_modified(nominee, "member_id")


def _recognise(session: Session, nomination: Nomination, nominees: Collection[Nominee]) -> None:
    """Who was nominated by an address and has become a member with it is that member, wherever the case is looked at.

    Nothing is written, so that it holds for readers too. It is the first whose the address was since then, also once
    they have given it up: nobody gets rid of a stake by a new address.
    """
    unknown = {n.fingerprint: n for n in nominees if n.member_id is None and n.fingerprint is not None}
    if not unknown:
        return
    known = {n.member_id for n in nominees}
    theirs = (
        select(Address.key, Address.member_id)
        .where(Address.community_id == nomination.community_id, col(Address.key).in_(unknown))
        .where(held_since(Address, nomination.created_at))
        .order_by(col(Address.valid_since), col(Address.id))
    )
    for key, member in session.exec(theirs).all():
        nominee = unknown.pop(key, None) if key is not None else None
        if nominee is not None and member not in known:  # nobody is two nominees of one nomination
            set_committed_value(nominee, "member_id", member)
            known.add(member)


def _everybody(session: Session, community: UUID, ids: Collection[UUID], *, now: datetime) -> dict[UUID, Person]:
    """These people by id; reviewers may be guests from other communities of this installation."""
    known = people(session, community, ids, now=now)
    guests = [id for id in ids if id not in known]
    if guests:
        theirs = select(Member.community_id).where(col(Member.id).in_(guests)).distinct()
        for other in session.exec(theirs).all():
            known |= people(session, other, guests, now=now)
    return known


def opened_by_id(
    session: Session, id: str, *, now: datetime, lock: bool = False, and_also: Collection[UUID] = ()
) -> Case:
    """The case of this nomination. Raises `NoSuchNomination`."""
    return opened(session, nomination_by_id(session, id, lock=lock), now=now, and_also=and_also)
