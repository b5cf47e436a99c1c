"""Use-cases of those who stand behind a nomination: invited, seconding, taking it back."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, select

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.people import Person, Standing
from app.members.person import canonical_affiliation
from app.members.rules import Role
from app.nominations.advancing import advance, enough
from app.nominations.casefile import Case, opened, opened_by_id
from app.nominations.refusals import (
    AlreadySeconded,
    BotsMayNot,
    Departed,
    LinkedIdentity,
    MayNotSecond,
    SelfSecond,
    ThinReason,
)
from app.nominations.rules import Act, State, is_thin
from app.nominations.stepping import note, require, step
from app.nominations.tables import Invitation, Second


def invite(session: Session, id: str, members: Sequence[UUID], *, by: UUID | None, on: Occasion) -> Case:
    """Asks people to second; from then on they see the statement. Asking again changes nothing.

    Who is linked to a party, or has the address by which a nominee was named, is invited like others, and refused when
    they second: the nominator does not learn of it here. Raises `InvalidTransition` once seconds are no longer taken,
    `SelfSecond`, `BotsMayNot`, `Departed`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=members)
    require(case, Act.second, on=on)
    fresh = []
    for member in members:
        _check_person(case, case.people[member], inviting=True)
        if insert_if_absent(
            session, Invitation(nomination_id=case.nomination.id, member_id=member, invited_by=by, at=on.now)
        ):
            fresh.append(str(member))
    if fresh:
        note(case, "invited", on=on, invited=fresh)
    return case


def second(
    session: Session, id: str, member: UUID, reason: str, *, publish: bool, at: Installation, on: Occasion
) -> Case:
    """Stands behind a nomination, with a reason of one's own.

    Raises `InvalidTransition`, `SelfSecond`, `LinkedIdentity`, `BotsMayNot`, `MayNotSecond`, `AlreadySeconded`,
    `ThinReason`.
    """
    # The row is locked from here: of many who second at once each sees all before them, and one of them is the quorum.
    case = opened_by_id(session, id, now=on.now, lock=True, and_also=[member])
    invited = session.get(Invitation, (case.nomination.id, member)) is not None
    case = add(case, member, reason, publish=publish, invited=invited, on=on)
    return advance(case, at=at, on=on)


def add(case: Case, member: UUID, reason: str, *, publish: bool, invited: bool, on: Occasion) -> Case:
    """One more second of a locked case; the case with it. Raises as `second` does."""
    session = case.session
    require(case, Act.second, on=on)
    if member not in case.people:
        case = opened(session, case.nomination, now=on.now, and_also=[member])
    person = case.people[member]
    _check_person(case, person)
    if person.identity in case.party_identities() and case.second_of(person.id) is None:
        raise LinkedIdentity(f"{person.handle} and a party of this nomination are known to be one person.")
    _check_role(case, person, invited=invited)
    _check_reason(reason)
    _write(case, person, reason, publish=publish, on=on)
    with_it = opened(session, case.nomination, now=on.now)
    step(with_it, Act.second, on=on, seconds=len(with_it.seconds))
    return with_it


def take_back(session: Session, id: str, member: UUID, *, on: Occasion) -> Case:
    """Withdraws one's second; a nomination that no longer has enough collects again.

    Raises `InvalidTransition`, `MayNotSecond` where there is none.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    require(case, Act.unsecond, on=on)
    mine = case.second_of(member)
    if mine is None:
        raise MayNotSecond("You have not seconded this nomination.")
    mine.withdrawn_at = on.now
    session.add(mine)
    session.flush()
    without = opened(session, case.nomination, now=on.now)
    step(without, Act.unsecond, on=on, seconds=len(without.seconds))
    if without.nomination.state is State.seconded and not enough(without):
        step(without, Act.fall_short, on=on)
    return without


def _check_person(case: Case, person: Person, *, inviting: bool = False) -> None:
    """Who may stand behind it at all."""
    if person.standing is Standing.left:
        raise Departed(f"{person.handle} has left the community.")
    if person.is_bot:
        raise BotsMayNot(f"{person.handle} is a bot.")
    nominee = case.nominee(person.id)
    unsaid = inviting and nominee is not None and nominee.by_address
    if person.id == case.nomination.nominator_id or (nominee is not None and not unsaid):
        raise SelfSecond(f"{person.handle} is a party of this nomination.")


def _check_role(case: Case, person: Person, *, invited: bool) -> None:
    if case.reviewer(person.id) is not None:
        raise MayNotSecond("Who weighs a nomination does not stand behind it.")
    if case.policy.seconder_role == "steward" and person.role is not Role.steward:
        raise MayNotSecond("Its policy takes the seconds of stewards.")
    if case.policy.seconding == "invited" and not invited:
        raise MayNotSecond("Its policy takes the seconds of those who were invited.")


def _check_reason(reason: str) -> None:
    if is_thin(reason):
        raise ThinReason("The reason says too little.")


def _write(case: Case, person: Person, reason: str, *, publish: bool, on: Occasion) -> None:
    affiliation = canonical_affiliation(person.affiliation) if person.affiliation else f"self:{person.identity}"
    row = Second(
        id=on.ids.row(), nomination_id=case.nomination.id, member_id=person.id, reason=reason, affiliation=affiliation,
        publish=publish, at=on.now,
    )  # fmt: skip
    if insert_if_absent(case.session, row):
        return
    mine = (Second.nomination_id == case.nomination.id, Second.member_id == person.id)
    earlier = case.session.exec(select(Second).where(*mine)).one()
    if earlier.withdrawn_at is None:
        raise AlreadySeconded("Your second is there.")
    earlier.reason, earlier.affiliation, earlier.publish = reason, affiliation, publish
    earlier.at, earlier.withdrawn_at = on.now, None
    case.session.add(earlier)
    case.session.flush()
