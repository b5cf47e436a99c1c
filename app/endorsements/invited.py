"""Use-cases of whoever was asked by a letter: the link proves that they read the letters to the address."""

from dataclasses import dataclass, field

from sqlmodel import Session, select

from app.endorsements import requests, service, subjects
from app.endorsements.letters import contact_of
from app.endorsements.owning import is_own_address
from app.endorsements.rules import Endorser, OwnEndorsement, RequestState, is_open
from app.endorsements.service import By
from app.endorsements.subjects import Thing
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.kit.errors import Gone, Invalid, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.rules import digest
from app.members.service import member_by_contact
from app.members.tables import Member, NeverAdd
from app.members.unasked import fingerprints


class NoSuchInvitation(NotFound):
    """Nobody is asked for anything by this link."""

    code = "no-such-invitation"
    fix = "Open the link exactly as it was sent to you; a later letter has another one."


class InvitationOver(Gone):
    """This link was used, or what it asked for has ended."""

    code = "invitation-over"
    fix = "Ask whoever asked you for a new one, if you still want to say something."


@dataclass(frozen=True)
class Answer:
    """What somebody says who was asked by a letter."""

    endorses: bool
    name: str | None = None
    comment: str | None = None
    skills: list[str] = field(default_factory=list)
    never_add: bool = False
    """With a refusal: never to be asked again, by anybody here."""


def asked_by(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> EndorsementRequest:
    """The open request behind a link. Raises `NoSuchInvitation`, `InvitationOver`."""
    chosen = select(EndorsementRequest).where(EndorsementRequest.link_digest == digest(secret))
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    row = session.exec(chosen).one_or_none()
    if row is None:
        raise NoSuchInvitation("No request has this link.")
    if not is_open(row.state, asked_at=row.asked_at, now=on.now) or row.sealed is None:
        raise InvitationOver("A link answers one request once, while it is open.")
    return row


def answer(
    session: Session, secret: str, given: Answer, *, at: Installation, on: Occasion
) -> tuple[EndorsementRequest, Endorsement | None]:
    """What somebody answers by a link, once.

    Raises what `asked_by` and `service.check_own` raise, `Invalid`, `BadgeRevoked`, `AlreadyEndorsed`.
    """
    row = asked_by(session, secret, on=on, lock=True)
    contact = contact_of(row, at=at)
    email = contact.email if contact is not None else None
    if not given.endorses:
        if given.never_add:
            for print in fingerprints(at, email=email):
                insert_if_absent(session, NeverAdd(fingerprint=print, at=on.now))
        return requests.end(session, row, RequestState.declined, "request_declined", on=on), None
    missing = [name for name, value in (("name", given.name), ("comment", given.comment)) if value is None]
    if missing or given.never_add:
        wrong = [(name, "is needed to endorse") for name in missing]
        wrong += [("never_add", "goes with a refusal")] if given.never_add else []
        raise Invalid(errors=[{"pointer": f"/{name}", "message": message} for name, message in wrong])
    thing = subjects.thing_of(session, row)
    subjects.check_stands(session, thing)
    member = member_by_contact(session, thing.community, email=email) if email is not None else None
    if member is not None:
        service.check_own(session, thing, member, at=at, now=on.now)
    if email is not None and is_own_address(session, thing, email, at=at):
        raise OwnEndorsement("What you would vouch for is your own.")
    by = _by(row, thing, given.name, member)
    endorsement = service.new(thing, by, given.comment, given.skills, on=on)
    service.offer(session, endorsement, on=on)
    requests.settle(session, row, endorsement, on=on)
    return row, endorsement


def _by(row: EndorsementRequest, thing: Thing, name: str | None, member: Member | None) -> By:
    """The member whose address it is by now, or somebody from elsewhere."""
    if member is not None and member.left_at is None:
        return By(Endorser.member, str(member.id), member.name, member.id, thing.community.id)
    return By(Endorser.outsider, f"address:{row.fingerprint}", name or "", None, thing.community.id)
