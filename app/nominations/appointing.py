"""Where lots find nobody without a conflict: a steward appoints, and says openly what there is to say against it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, false, or_, select

from app.kit.errors import Forbidden, Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.addresses import address_key, emails_of
from app.members.people import Person
from app.members.service import NoSuchMember, community_by_slug, member_named
from app.members.tables import Address, Community, Identity, Member
from app.nominations import panels
from app.nominations.candidates import Candidate, stakes_of
from app.nominations.casefile import Case, opened_by_id
from app.nominations.conflicts import Conflict, conflicts_of, hard, may_be_drawn
from app.nominations.refusals import ConflictOfInterest, NobodyMissing, SatBefore, Undisclosed
from app.nominations.rules import Act, State
from app.nominations.stepping import note, require
from app.nominations.tables import GUEST, Seat


@dataclass(frozen=True)
class Guest:
    """Somebody from another community of this installation."""

    community: str
    member: UUID


def appoint(
    session: Session,
    id: str,
    by: UUID | None,
    who: str | Guest,
    disclosed: Collection[Conflict],
    *,
    at: Installation,
    on: Occasion,
) -> Case:
    """Gives an empty seat to somebody whom the lots would not have found; the review begins, or goes on, with them.

    Where none is empty but it waits, it is the seat of who has been silent the longest.

    `by` is the steward; None is the admin. Raises `NoSuchMember`, `NoSuchCommunity`, `NobodyMissing`, `SatBefore`,
    `ConflictOfInterest`, `Undisclosed`, `Forbidden`, `Invalid`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    member = _member(session, case.community, who)
    case = opened_by_id(session, id, now=on.now, and_also=[member.id, *([by] if by else [])])
    _check_steward(case, by, member, on=on)
    silent = panels.silent(case, now=on.now)
    if case.nomination.waiting_since is None or not (panels.empty_seats(case) or silent):
        raise NobodyMissing("This nomination waits for nobody.")
    person = case.people[member.id]
    if isinstance(who, Guest) and _is_one_with_a_party(case, member, at=at):
        raise _conflict([Conflict.party])
    conflicts = _bearable(case, person, disclosed, on=on)
    source = GUEST if isinstance(who, Guest) else "appointed"
    replaced = [] if panels.empty_seats(case) else silent[:1]
    for seat in replaced:
        seat.seat = Seat.replaced
        session.add(seat)
    case = panels.give_seats(case, [Candidate(person, source, [c.value for c in conflicts])], on=on)
    named = [conflict.value for conflict in conflicts]
    seats = [str(seat.id) for seat in replaced]
    note(case, "reviewer_appointed", on=on, reviewer=str(member.id), source=source, disclosed=named, instead_of=seats)
    if case.nomination.state is State.seconded:
        return panels.convene(case, on=on)
    return panels.refill(case, on=on)


def _member(session: Session, community: Community, who: str | Guest) -> Member:
    if isinstance(who, str):
        return member_named(session, community, who)
    theirs = community_by_slug(session, who.community)
    if theirs.id == community.id:
        raise Invalid(errors=[{"pointer": "/guest/community", "message": "is this one: name them as `member`"}])
    found = session.get(Member, who.member)
    if found is None or found.community_id != theirs.id:
        raise NoSuchMember(f"{theirs.slug} has no member {who.member}.")
    return found


def _is_one_with_a_party(case: Case, guest: Member, *, at: Installation) -> bool:
    """Whether a guest is somebody of this nomination under the name they have elsewhere: by address, DID or account."""
    session, parties = case.session, case.party_ids()
    same = [col(Member.did) == guest.did] if guest.did is not None else []
    emails = emails_of(session, guest.id)
    keys = {address_key(case.community.id, email, at=at) for email in emails}
    if any(nominee.fingerprint in keys for nominee in case.nominees):
        return True
    same.append(col(Member.id).in_(select(Address.member_id).where(col(Address.email).in_(emails))))
    mine = select(Identity.platform, Identity.canonical).where(Identity.member_id == guest.id)
    theirs = select(Identity.platform, Identity.canonical).where(col(Identity.member_id).in_(parties))
    if set(session.exec(mine).all()) & set(session.exec(theirs).all()):
        return True
    known = select(Member.id).where(col(Member.id).in_(parties), or_(false(), *same))
    return session.exec(known).first() is not None


def _check_steward(case: Case, by: UUID | None, member: Member, *, on: Occasion) -> None:
    """Raises `ConflictOfInterest` where the steward has one, and `Forbidden` where they appoint themselves."""
    if by is None:
        return
    conflicts = conflicts_of(case.people[by], stakes_of(case, now=on.now))
    if not may_be_drawn(conflicts):
        raise _conflict(conflicts)
    if by == member.id:
        raise Forbidden("Nobody appoints themselves.", fix="Ask another steward, or name somebody else.")


def _bearable(case: Case, person: Person, disclosed: Collection[Conflict], *, on: Occasion) -> list[Conflict]:
    """The conflicts of somebody who may be appointed all the same, each of them disclosed."""
    sat = {case.people[seat.member_id].identity for seat in case.reviewers}
    if person.identity in sat:
        raise SatBefore(f"{person.handle} was asked already.")
    require(case, Act.start_review if case.nomination.state is State.seconded else Act.review, on=on)
    conflicts = conflicts_of(person, stakes_of(case, now=on.now))
    if hard(conflicts):
        raise _conflict(conflicts)
    if missing := sorted(conflicts - frozenset(disclosed)):
        named = [conflict.value for conflict in missing]
        raise Undisclosed(f"Not named: {', '.join(named)}.", conflicts=named)
    return sorted(conflicts | frozenset(disclosed))


def _conflict(conflicts: Collection[Conflict]) -> ConflictOfInterest:
    named = sorted(conflict.value for conflict in conflicts)
    return ConflictOfInterest(f"There is: {', '.join(named)}.", conflicts=named)
