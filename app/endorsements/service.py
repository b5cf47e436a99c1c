"""Use-cases: endorsing, and what is asked of an endorsement everywhere. What comes of it is in `answering`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.credentials.tables import Credential
from app.endorsements import signing, subjects
from app.endorsements.own import Given, said
from app.endorsements.owning import is_own
from app.endorsements.rules import (
    MOST,
    PER,
    STANDING,
    Act,
    AlreadyEndorsed,
    BotsDoNotVouch,
    Endorser,
    MinorsDoNotVouch,
    OwnEndorsement,
    Signer,
    TooManyEndorsements,
    after,
    present,
)
from app.endorsements.rules import (
    EndorsementState as State,
)
from app.endorsements.subjects import Thing
from app.endorsements.tables import Endorsement
from app.kit import rates
from app.kit.errors import Forbidden, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.auth import Caller
from app.members.dids import proven
from app.members.people import people
from app.members.tables import Community, Member


class NoSuchEndorsement(NotFound):
    """There is no such endorsement, or none that you may see."""

    code = "no-such-endorsement"
    fix = "GET /v1/endorsements lists those that you gave and received."


@dataclass(frozen=True)
class Words:
    """What somebody says in favour of something."""

    comment: str | None
    skills: list[str]
    for_community: bool = False
    """Whether a steward speaks for the community."""
    given: Given | None = None
    """Instead of a comment: what the endorser signed."""


@dataclass(frozen=True)
class By:
    """Who endorses."""

    endorser: Endorser
    key: str
    """Them, in one word."""
    name: str
    member: UUID | None
    """Who wrote it, where that is a member."""
    signing: UUID
    """The community that signs, if they do not themselves."""


def new(thing: Thing, by: By, comment: str | None, skills: list[str], *, on: Occasion) -> Endorsement:
    """The row of an endorsement that is offered now; `offer` keeps it."""
    return Endorsement(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=thing.community.id,
        subject=thing.subject,
        subject_id=thing.id,
        subject_version=thing.version,
        endorser=by.endorser,
        endorser_key=by.key,
        standing=f"{thing.id}:{by.key}",
        member_id=by.member,
        signing_id=by.signing,
        name=by.name,
        comment=comment,
        skills=skills,
        state=State.offered,
        signed_by=Signer.community,
        offered_at=on.now,
    )


def endorse(
    session: Session, thing: Thing, caller: Caller, words: Words, *, at: Installation, on: Occasion
) -> Endorsement:
    """Offers an endorsement to the owner of a thing.

    Raises `Forbidden`, what `check_own` and `own.said` raise, `BadgeRevoked`, `TooManyEndorsements`, `AlreadyEndorsed`.
    """
    if caller.member is None or caller.community is None:
        raise Forbidden("Only a person endorses.", fix="Use the token of a member.")
    # Nobody else counts what they give meanwhile; nor does who only refers to a member wait.
    member = session.exec(select(Member).where(Member.id == caller.member).with_for_update(key_share=True)).one()
    check_own(session, thing, member, at=at, now=on.now)
    subjects.check_stands(session, thing)
    if not words.for_community:
        by = By(Endorser.member, str(caller.member), member.name, caller.member, caller.community)
    elif caller.stewards(caller.community):
        name = session.get_one(Community, caller.community).name
        by = By(Endorser.community, str(caller.community), name, caller.member, caller.community)
    else:
        raise Forbidden("Only a steward speaks for a community.")
    _check_pace(session, by.key, on.now)
    endorsement = new(thing, by, words.comment, words.skills, on=on)
    if words.given is not None:
        about, dids = subjects.pinned(session, thing, at=at).id, proven(session, member.id)
        own_words = said(words.given, about=about, dids=dids, public_url=at.public_url)
        endorsement.signed_by, endorsement.given = Signer.endorser, words.given.text
        endorsement.comment, endorsement.ends_at = own_words.comment, own_words.ends
    offer(session, endorsement, on=on)
    return endorsement


def offer(session: Session, endorsement: Endorsement, *, on: Occasion) -> None:
    """Keeps a new endorsement; a unique constraint decides which of two by one endorser there is.

    Raises `AlreadyEndorsed`.
    """
    if not insert_if_absent(session, endorsement):
        _let_lapse(session, endorsement.standing, on=on)
        if not insert_if_absent(session, endorsement):
            there = session.exec(select(Endorsement.id).where(Endorsement.standing == endorsement.standing)).first()
            raise AlreadyEndorsed("One of yours is open or in force.", endorsement_id=str(there) if there else None)
    record(session, endorsement, "offered", on=on)


@dataclass(frozen=True)
class Spoken:
    """What somebody has said of a recipient already, to be shown with their name."""

    member: UUID
    name: str
    words: str
    at: datetime


def flow_in(
    session: Session, credential: Credential, spoken: Sequence[Spoken], *, at: Installation, on: Occasion
) -> None:
    """Endorses a credential that was just signed with what was said before, and signs its next edition with all of it.

    Nobody is asked once more: those who said it agreed to be named, and the recipient to have it said.
    """
    thing = subjects.of_credential(session, credential)
    endorsements = []
    for each in spoken:
        by = By(Endorser.member, str(each.member), each.name, each.member, credential.community_id)
        endorsement = new(thing, by, each.words, [], on=on)
        endorsement.state, endorsement.offered_at, endorsement.answered_at = State.accepted, each.at, on.now
        session.add(endorsement)
        session.flush()
        signing.sign(session, endorsement, at=at, on=on)
        endorsements.append(endorsement)
    if endorsements:
        signing.renew(session, endorsements[0], at=at, on=on)
        for endorsement in endorsements:
            record(session, endorsement, "accepted", on=on)


def endorsement_by_id(session: Session, id: str) -> Endorsement:
    """Raises `NoSuchEndorsement`."""
    known = id_in(id)
    found = session.get(Endorsement, known) if known else None
    if found is None:
        raise NoSuchEndorsement(f"There is no endorsement {id}.")
    return found


def locked(session: Session, id: UUID) -> Endorsement:
    """The row as it is now, with nobody else deciding about it until this transaction ends."""
    chosen = select(Endorsement).where(Endorsement.id == id).with_for_update()
    return session.exec(chosen.execution_options(populate_existing=True)).one()


def state_of(endorsement: Endorsement, now: datetime) -> State:
    """The state at this instant."""
    return present(endorsement.state, offered_at=endorsement.offered_at, now=now)


def is_endorser(endorsement: Endorsement, caller: Caller) -> bool:
    """Whether the caller gave it: in person, or as a steward for their community, or for whoever has no token."""
    if endorsement.endorser is not Endorser.member:
        return caller.stewards(endorsement.signing_id)
    return caller.member is not None and caller.member == endorsement.member_id


def check_own(session: Session, thing: Thing, member: Member, *, at: Installation, now: datetime) -> None:
    """Nobody vouches for what is theirs, under whichever account; no steward for their community or what it awards; nor
    does a bot, nor a minor. Raises `OwnEndorsement`, `BotsDoNotVouch`, `MinorsDoNotVouch`."""
    if people(session, member.community_id, {member.id}, now=now)[member.id].is_bot:
        raise BotsDoNotVouch(f"{member.handle} is a bot.")
    if member.minor:
        raise MinorsDoNotVouch(f"{member.handle} is not of age.")
    if is_own(session, thing, member, at=at):
        raise OwnEndorsement("What you would vouch for is your own.")


def _check_pace(session: Session, key: str, now: datetime) -> None:
    since = select(Endorsement.offered_at).where(Endorsement.endorser_key == key, Endorsement.offered_at > now - PER)
    if wait := rates.wait(session.exec(since).all(), most=MOST, within=PER, now=now):
        raise TooManyEndorsements(f"At most {MOST} within a day.", retry_after=wait)


def _let_lapse(session: Session, standing: str | None, *, on: Occasion) -> None:
    """An offer whose time is over does not stand in the way of a new one."""
    chosen = select(Endorsement).where(Endorsement.standing == standing).with_for_update()
    found = session.exec(chosen).one_or_none()
    if found is not None and state_of(found, on.now) is State.lapsed:
        found.state, found.standing = State.lapsed, None
        session.add(found)
        session.flush()


def move(endorsement: Endorsement, act: Act, on: Occasion) -> None:
    """Takes one step of a locked endorsement. Raises `InvalidTransition`."""
    endorsement.state = after(state_of(endorsement, on.now), act)
    endorsement.version += 1
    if endorsement.state not in STANDING:
        endorsement.standing = endorsement.given = None


def record(session: Session, endorsement: Endorsement, happened: str, *, on: Occasion) -> None:
    """Tells the journal."""
    data = {"subject": endorsement.subject.value, "about": str(endorsement.subject_id)}
    on.record(session, endorsement.community_id, f"endorsement.{happened}", endorsement.id, data)
