"""Use-cases: a member's own addresses, and proof by link that they read them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.kit.addresses import canonical_email
from app.kit.errors import Conflict, Gone, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.address_letters import ask, check_rates, tell
from app.members.addresses import address_of, end, known_address
from app.members.rules import digest
from app.members.service import MemberExists
from app.members.tables import Address, AddressLetter, Community, Member


class NoSuchAddress(NotFound):
    """You have no such address."""

    code = "no-such-address"
    fix = "GET /v1/me/emails lists those that you have."


class AddressProven(Conflict):
    """This address is proven to be yours."""

    code = "address-proven"
    fix = "Nothing needs to be done: it counts as yours."


class AddressUnproven(Conflict):
    """Whether this address is yours is not known yet."""

    code = "address-unproven"
    fix = "Follow the link in the letter to it first; POST /v1/me/emails with the address sends another one."


class AddressFirst(Conflict):
    """This is the address at which you are written to."""

    code = "address-first"
    fix = "Make another one the first before: POST /v1/me/emails/{id}/primary."


class AddressTaken(Conflict):
    """This address counts as another member's."""

    code = "address-taken"
    fix = "If both are you, or it was handed on, ask a steward to take it from the other member first."


class NoSuchProof(NotFound):
    """No address is proven by this link."""

    code = "no-such-proof"
    fix = "Open the link exactly as it stands in the letter."


class ProofOver(Gone):
    """This link has been followed, is too old, or its address was given up."""

    code = "proof-over"
    fix = "POST /v1/me/emails with the address sends another one; GET /v1/me/emails says whether that is needed."


@dataclass(frozen=True)
class Asked:
    """What a link asks: whether this address is this member's."""

    letter: AddressLetter
    address: Address
    member: Member
    community: Community


def add(session: Session, member: UUID, written: str, *, at: Installation, on: Occasion) -> Address:
    """An address that a member says is theirs; it counts once the link of the letter that it is sent was followed.

    Nobody learns here whether it is somebody else's. Raises `AddressProven`, `TooManyProofs`.
    """
    me = _locked(session, member)
    email = canonical_email(written)
    known = known_address(session, me, email)
    if known is not None and known.proven_at is not None:
        raise AddressProven(f"{written} is.")
    address = known or address_of(me, email, at=at, on=on, written=written.strip())
    check_rates(session, address, now=on.now)
    session.add(address)
    session.flush()
    ask(session, address, at=at, on=on)
    _record(session, address, "added", on=on)
    return address


def address_by_id(session: Session, member: UUID, id: UUID, *, lock: bool = False) -> Address:
    """One of a member's addresses. Raises `NoSuchAddress`."""
    chosen = select(Address).where(Address.id == id, Address.member_id == member, col(Address.ended_at).is_(None))
    address = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if address is None:
        raise NoSuchAddress(f"You have no address {id}.")
    return address


def remove(session: Session, member: UUID, id: UUID, *, at: Installation, on: Occasion) -> None:
    """An address is theirs no longer; if it counted as theirs, it is told.

    Raises `NoSuchAddress`, `AddressFirst`.
    """
    me = _locked(session, member)
    address = address_by_id(session, member, id, lock=True)
    if address.email == me.email:
        raise AddressFirst("It is the first of your addresses.")
    if address.valid_since is not None:
        tell(session, address, at=at, on=on)
    end(address, on=on)
    session.add(address)
    _record(session, address, "removed", on=on)


def make_first(session: Session, member: UUID, id: UUID, *, at: Installation, on: Occasion) -> Address:
    """From now on they are written to at this address, and the one before is told. Answers to offers wait a while.

    Raises `NoSuchAddress`, `AddressUnproven`, `MemberExists`.
    """
    me = _locked(session, member)
    address = address_by_id(session, member, id, lock=True)
    if address.valid_since is None:
        raise AddressUnproven("Nobody has followed the link of a letter to it.")
    if address.email == me.email:
        return address
    before = known_address(session, me, me.email) if me.email is not None else None
    if before is not None and before.valid_since is not None:
        tell(session, before, at=at, on=on)
    me.email, me.contact_changed_at, me.version = address.email, on.now, me.version + 1
    try:
        with session.begin_nested():
            session.add(me)
            session.flush()
    except IntegrityError:
        raise MemberExists("Another member of this community has it as their first, and has not proven it.") from None
    on.record(session, me.community_id, "member.changed", me.id, {"fields": ["email"]})
    return address


def asked_by(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> Asked:
    """What the link in a letter asks. Raises `NoSuchProof`, `ProofOver`."""
    chosen = select(AddressLetter).where(AddressLetter.digest == digest(secret))
    letter = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if letter is None:
        raise NoSuchProof("No letter has this link.")
    address = session.get_one(Address, letter.address_id, with_for_update=lock or None)
    too_late = letter.ends_at is None or letter.ends_at <= on.now
    if letter.used_at is not None or too_late or address.ended_at is not None or address.proven_at is not None:
        raise ProofOver("A link proves one address once, within three days.")
    member = session.get_one(Member, letter.member_id)
    return Asked(letter, address, member, session.get_one(Community, letter.community_id))


def prove(session: Session, secret: str, *, on: Occasion) -> Asked:
    """Whoever reads the letter says that the address is the member's: it counts from now on.

    Raises `NoSuchProof`, `ProofOver`, `AddressTaken`.
    """
    asked = asked_by(session, secret, on=on, lock=True)
    asked.letter.used_at = on.now
    address = asked.address
    address.proven_at, address.valid_since = on.now, address.valid_since or on.now
    try:
        with session.begin_nested():
            session.add_all([asked.letter, address])
            session.flush()
    except IntegrityError:
        raise AddressTaken("Another member of this community has shown that they read it.") from None
    _record(session, address, "proven", on=on)
    return asked


def _locked(session: Session, member: UUID) -> Member:
    return session.exec(select(Member).where(Member.id == member).with_for_update(key_share=True)).one()


def _record(session: Session, address: Address, happened: str, *, on: Occasion) -> None:
    on.record(session, address.community_id, f"address.{happened}", address.id, {"member": str(address.member_id)})
