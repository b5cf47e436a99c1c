"""Use-cases: asking somebody to endorse what is one's own. Who answers by a link is in `invited`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.endorsements import subjects
from app.endorsements.letters import new_link, sealed
from app.endorsements.owning import is_own
from app.endorsements.rules import (
    ASKED_FOR,
    ASKED_PER,
    LETTERS_PER,
    MOST_ASKED,
    MOST_LETTERS,
    REMINDED_AFTER,
    AlreadyAsked,
    BotsDoNotVouch,
    Endorser,
    NotTheirs,
    OwnEndorsement,
    RequestEnded,
    RequestState,
    TooManyRequests,
    is_open,
)
from app.endorsements.subjects import Thing
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.kit import rates
from app.kit.errors import Forbidden, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members import unasked
from app.members.addresses import address_key
from app.members.auth import Caller
from app.members.contacts import Contact
from app.members.people import linked, people, require_present
from app.members.service import member_by_contact, member_named
from app.members.tables import Community, Member


class NoSuchRequest(NotFound):
    """There is no such request, or none that concerns you."""

    code = "no-such-endorsement-request"
    fix = "GET /v1/endorsement-requests lists those that you made and received."


@dataclass(frozen=True)
class Asked:
    """Whom somebody asks: exactly one of `member` (handle or id) and canonical `email`."""

    member: str | None = None
    email: str | None = None
    name: str | None = None


def ask(
    session: Session, thing: Thing, caller: Caller, asked: Asked, message: str | None, *, at: Installation, on: Occasion
) -> EndorsementRequest:
    """Asks somebody to endorse what is the caller's own.

    Who never wants to be asked is not, and it looks like a request that nobody answers. Raises `NotTheirs`,
    `Forbidden`, `NoSuchMember`, `MemberLeft`, `OwnEndorsement`, `BotsDoNotVouch`, `BadgeRevoked`,
    `TooManyRequests`, `AlreadyAsked`.
    """
    if caller.member is None:
        raise Forbidden("Only a person asks.", fix="Use the token of a member.")
    if not subjects.is_owner(thing, caller):
        raise NotTheirs("Only the owner of something asks for it to be endorsed.")
    subjects.check_stands(session, thing)
    # Nobody else counts what they ask meanwhile; nor does who only refers to a member wait.
    session.exec(select(Member).where(Member.id == caller.member).with_for_update(key_share=True)).one()
    member = _member(session, thing.community, asked)
    row = EndorsementRequest(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=thing.community.id,
        subject=thing.subject,
        subject_id=thing.id,
        subject_version=thing.version,
        asker_id=caller.member,
        message=message,
        state=RequestState.open,
        asked_at=on.now,
    )
    row.barred = _is_barred(session, thing, caller.member, member, asked, at=at, now=on.now)
    if asked.email is not None:
        row.fingerprint = address_key(thing.community.id, asked.email, at=at)
        row.sealed = sealed(row, Contact(asked.email, asked.name), at=at)
    else:
        row.member_id = member.id if member is not None else None
    _check_pace(session, row, on.now)
    row.standing = f"{thing.id}:{row.member_id or row.fingerprint}"
    row.remind_at = on.now + REMINDED_AFTER[0]
    if asked.email is not None and not row.barred:
        new_link(row, at=at, on=on)
    _keep(session, row, on=on)
    _record(session, row, "requested", on=on)
    return row


def withdraw(session: Session, id: str, caller: Caller, *, on: Occasion) -> EndorsementRequest:
    """The asker needs it no more. Raises `NoSuchRequest`, `NotTheirs`, `RequestEnded`."""
    row = seen(session, id, caller, now=on.now, lock=True)
    if not is_asker(session, row, caller):
        raise NotTheirs("Only who asked takes a request back.")
    return end(session, row, RequestState.withdrawn, "request_withdrawn", on=on)


def decline(session: Session, id: str, caller: Caller, *, on: Occasion) -> EndorsementRequest:
    """Whoever was asked would rather not; nobody asks them why. Raises as `open_for` does."""
    row = open_for(session, id, caller, on=on, lock=True)
    return end(session, row, RequestState.declined, "request_declined", on=on)


def open_for(session: Session, id: str, caller: Caller, *, on: Occasion, lock: bool = False) -> EndorsementRequest:
    """A request that the caller may answer now. Raises `NoSuchRequest`, `NotTheirs`, `RequestEnded`."""
    row = seen(session, id, caller, now=on.now, lock=lock)
    if row.member_id is None or row.member_id != caller.member:
        raise NotTheirs("Only who was asked answers.")
    if not is_open(row.state, asked_at=row.asked_at, now=on.now):
        raise RequestEnded("It is not open any more.")
    return row


def answered(session: Session, endorsement: Endorsement, *, named: UUID | None, on: Occasion) -> None:
    """Ends the open request that an endorsement by a member answers, whether or not they `named` it.

    Raises `RequestEnded` where the one that they named has ended meanwhile.
    """
    standing = f"{endorsement.subject_id}:{endorsement.member_id}"
    chosen = select(EndorsementRequest).where(EndorsementRequest.standing == standing).with_for_update()
    row = session.exec(chosen.execution_options(populate_existing=True)).one_or_none()
    if row is not None:
        settle(session, row, endorsement, on=on)
    elif named is not None:
        raise RequestEnded("It is not open any more.")


def settle(session: Session, row: EndorsementRequest, endorsement: Endorsement, *, on: Occasion) -> None:
    """A locked request is answered with an endorsement, of which the journal hears by itself."""
    row.state, row.standing, row.ended_at, row.remind_at = RequestState.answered, None, on.now, None
    row.endorsement_id, row.link_sealed = endorsement.id, None
    session.add(row)
    session.flush()


def end(
    session: Session, row: EndorsementRequest, state: RequestState, happened: str, *, on: Occasion
) -> EndorsementRequest:
    """Ends a locked request without an endorsement. Raises `RequestEnded`."""
    if row.state is not RequestState.open:
        raise RequestEnded(f"It is {row.state}.")
    row.state, row.standing, row.ended_at, row.remind_at = state, None, on.now, None
    row.link_sealed = None
    session.add(row)
    session.flush()
    _record(session, row, happened, on=on)
    return row


def hold_given(session: Session, rows: Sequence[EndorsementRequest]) -> None:
    """Locks what was said in answer to these, before anything takes the journal: whoever answers it takes that next."""
    chosen = select(Endorsement.id).where(col(Endorsement.id).in_([row.endorsement_id for row in rows]))
    session.exec(chosen.order_by(col(Endorsement.id)).with_for_update()).all()


def forget_address(session: Session, row: EndorsementRequest) -> Endorsement | None:
    """What somebody from elsewhere said in answer to a request; from now on it is not known by their address either.

    Both are locked.
    """
    given = session.get(Endorsement, row.endorsement_id, populate_existing=True) if row.endorsement_id else None
    if given is None or given.endorser is not Endorser.outsider:
        return None
    given.endorser_key = f"outsider:{given.id}"
    if given.standing is not None:
        given.standing = f"{given.subject_id}:{given.endorser_key}"
    session.add(given)
    return given


def remind(session: Session, row: EndorsementRequest, *, at: Installation, on: Occasion) -> None:
    """Reminds whoever was asked; an address by a new link, since the one before is in its letter alone."""
    row.reminders += 1
    further = REMINDED_AFTER[row.reminders :]
    row.remind_at = row.asked_at + further[0] if further else None
    if row.sealed is not None and not row.barred:
        new_link(row, at=at, on=on)
    session.add(row)
    session.flush()
    _record(session, row, "request_reminded", on=on)


def seen(session: Session, id: str, caller: Caller, *, now: datetime, lock: bool = False) -> EndorsementRequest:
    """A request, for who made it, whose it is about, and who was asked. Raises `NoSuchRequest`."""
    chosen = select(EndorsementRequest).where(EndorsementRequest.id == id_in(id))
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    row = session.exec(chosen).one_or_none()
    is_asked = row is not None and caller.member is not None and row.member_id == caller.member and not row.barred
    if row is None or not (is_asked or is_asker(session, row, caller)):
        raise NoSuchRequest(f"There is no request {id}.")
    return row


def is_asker(session: Session, row: EndorsementRequest, caller: Caller) -> bool:
    """Whether the caller made it, or owns what it is about."""
    return row.asker_id == caller.member or subjects.is_owner(subjects.thing_of(session, row), caller)


def state_of(row: EndorsementRequest, now: datetime) -> RequestState:
    """The state at this instant."""
    over = row.state is RequestState.open and not is_open(row.state, asked_at=row.asked_at, now=now)
    return RequestState.lapsed if over else row.state


def _member(session: Session, community: Community, asked: Asked) -> Member | None:
    """Whom this means, if a member; of an address, who has it."""
    if asked.member is None:
        return member_by_contact(session, community, email=asked.email)
    member = member_named(session, community, asked.member)
    require_present(member)
    return member


def _is_barred(
    session: Session,
    thing: Thing,
    asker: UUID,
    member: Member | None,
    asked: Asked,
    *,
    at: Installation,
    now: datetime,
) -> bool:
    """Whether nobody is to hear of it. Raises `OwnEndorsement` and, for a member by name, `BotsDoNotVouch`."""
    prints = unasked.fingerprints(at, email=asked.email)
    is_bot = False
    if member is not None:
        for each in unasked.accounts(session, member):
            prints += unasked.fingerprints_of(session, each, at=at)
        known = people(session, thing.community.id, {member.id, asker}, now=now)
        is_asker = asker in known and linked(known[member.id], known[asker])
        if is_asker or is_own(session, thing, member, at=at):
            raise OwnEndorsement("What you would have endorsed is their own.")
        is_bot = known[member.id].is_bot
        if is_bot and asked.member is not None:
            raise BotsDoNotVouch(f"{member.handle} is a bot.")
    # Whose an address is, nobody finds out by asking: so a bot's is as silent as that of who never wants to be asked.
    return is_bot or (member is not None and member.left_at is not None) or unasked.is_listed(session, prints)


def _check_pace(session: Session, row: EndorsementRequest, now: datetime) -> None:
    """Raises `TooManyRequests`."""
    asked_at = col(EndorsementRequest.asked_at)
    mine = select(EndorsementRequest.asked_at).where(
        EndorsementRequest.asker_id == row.asker_id, asked_at > now - ASKED_PER
    )
    if wait := rates.wait(session.exec(mine).all(), most=MOST_ASKED, within=ASKED_PER, now=now):
        raise TooManyRequests(f"At most {MOST_ASKED} within a day.", retry_after=wait)
    if row.fingerprint is not None:
        same = select(func.count()).where(
            EndorsementRequest.community_id == row.community_id,
            EndorsementRequest.fingerprint == row.fingerprint,
            asked_at > now - LETTERS_PER,
        )
        if session.exec(same).one() >= MOST_LETTERS:
            wait = int(LETTERS_PER.total_seconds())  # all of it: when others asked is not told
            raise TooManyRequests("This address was asked often enough of late.", retry_after=wait)


def _keep(session: Session, row: EndorsementRequest, *, on: Occasion) -> None:
    """A unique constraint decides which of two requests there is. Raises `AlreadyAsked`."""
    standing = row.standing
    if insert_if_absent(session, row):
        return
    chosen = select(EndorsementRequest).where(EndorsementRequest.standing == standing).with_for_update()
    there = session.exec(chosen).one_or_none()
    if there is not None and there.asked_at + ASKED_FOR <= on.now:
        end(session, there, RequestState.lapsed, "request_lapsed", on=on)
    if there is None or not insert_if_absent(session, row):
        raise AlreadyAsked("One is open.", request_id=str(there.id) if there is not None else None)


def _record(session: Session, row: EndorsementRequest, happened: str, *, on: Occasion) -> None:
    data = {"subject": row.subject.value, "about": str(row.subject_id)}
    on.record(session, row.community_id, f"endorsement.{happened}", row.id, data)
