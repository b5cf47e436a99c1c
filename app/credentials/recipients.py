"""Who is recognised: found again by member, email address or DID, and named in public by an opaque id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from app.credentials.rules import Visibility
from app.credentials.tables import Credential, Recipient
from app.kit.errors import Busy
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows, insert_if_absent
from app.members import service as members
from app.members.addresses import valid_emails
from app.members.dids import proven
from app.members.tables import Community, Member


@dataclass(frozen=True)
class Named:
    """How an award names its recipient: exactly one of `member` (handle or id), canonical `email`, `did`."""

    member: str | None = None
    email: str | None = None
    did: str | None = None
    name: str | None = None


_IN_COMMUNITY = select(Recipient).where(Recipient.community_id == bindparam("community"))
_BY_MEMBER = PreparedRows(Recipient, _IN_COMMUNITY.where(Recipient.member_id == bindparam("value")))
_BY_EMAIL = PreparedRows(Recipient, _IN_COMMUNITY.where(Recipient.email_fingerprint == bindparam("value")))
_BY_DID = PreparedRows(Recipient, _IN_COMMUNITY.where(Recipient.did == bindparam("value")))


def recipient_named(
    session: Session, community: Community, named: Named, *, at: Installation, on: Occasion
) -> Recipient:
    """The recipient, known or new; an address or DID that is a member's means that member.

    Two awards may name somebody new at once: a unique constraint lets one of them win, and the other finds the winner.
    Raises `NoSuchMember`.
    """
    member = _member(session, community, named)
    for _ in range(2):
        found = _known(session, community, member, named, at=at)
        if found is not None:
            return _become(session, found, member)
        made = _of_member(community, member, on) if member else _stranger(community, named, at=at, on=on)
        if insert_if_absent(session, made):
            return made
    raise Busy("Another request was naming the same recipient.")


def recipient_known(session: Session, community: Community, named: Named, *, at: Installation) -> Recipient | None:
    """The recipient as an award would leave them, if they were recognised before. Keeps nothing.

    Raises `NoSuchMember`.
    """
    member = _member(session, community, named)
    found = _known(session, community, member, named, at=at)
    if found is None or member is None:
        return found
    return Recipient(**found.model_dump() | _as(member))


def contacts_of(session: Session, member: Member, *, at: Installation) -> Sequence[Recipient]:
    """Those who were named by an address or a DID that is this member's by now, and have not become them yet."""
    community = session.get_one(Community, member.community_id)
    prints = [fingerprint(community, email, at=at) for email in valid_emails(session, member.id)]
    dids = [*proven(session, member.id), *([member.did] if member.did else [])]
    named = or_(col(Recipient.email_fingerprint).in_(prints), col(Recipient.did).in_(dids))
    theirs = select(Recipient).where(Recipient.community_id == community.id, col(Recipient.member_id).is_(None), named)
    return session.exec(theirs.order_by(col(Recipient.id))).all()


def name_of(session: Session, recipient: Recipient) -> str | None:
    """The recipient's name as people say it."""
    if recipient.member_id is None:
        return recipient.name
    return session.get_one(Member, recipient.member_id).name


def is_minor(session: Session, recipient: Recipient) -> bool:
    """Whether this is a member who is not of age: nothing of theirs gets a public page."""
    return recipient.member_id is not None and session.get_one(Member, recipient.member_id).minor


def visibility_of(session: Session, credential: Credential) -> Visibility:
    """Who sees a credential now: what its recipient chose, but nobody else as long as they are known as a minor."""
    minor = is_minor(session, session.get_one(Recipient, credential.recipient_id))
    return Visibility.private if minor else credential.visibility


def public_among(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of these credentials of which `visibility_of` says that everybody sees them, found at once."""
    chosen = (
        select(Credential.id)
        .join(Recipient, col(Recipient.id) == Credential.recipient_id)
        .outerjoin(Member, col(Member.id) == Recipient.member_id)
        .where(
            col(Credential.id).in_(ids),
            Credential.visibility == Visibility.public,
            col(Member.minor).is_not(True),
        )
    )
    return set(session.exec(chosen).all())


def subject_of(session: Session, recipient: Recipient) -> str:
    """What public documents call the recipient: their DID if they have one, else their urn:uuid; no address (T23)."""
    member = session.get_one(Member, recipient.member_id) if recipient.member_id else None
    return (member.did if member else recipient.did) or recipient.subject_id


def fingerprint(community: Community, email: str, *, at: Installation) -> str:
    """The keyed hash by which somebody is found again who is known by an address."""
    return at.vault.fingerprint(email, bound_to=f"recipient/{community.id}")


def _member(session: Session, community: Community, named: Named) -> Member | None:
    if named.member is not None:
        return members.member_named(session, community, named.member)
    return members.member_by_contact(session, community, email=named.email, did=named.did)


def _known(
    session: Session, community: Community, member: Member | None, named: Named, *, at: Installation
) -> Recipient | None:
    """By membership, else by DID or an address that counts as theirs."""

    def found_by(statement: PreparedRows[Recipient], value: Any) -> Recipient | None:
        return statement.first(session, {"community": community.id, "value": value}) if value is not None else None

    if member is not None and (found := found_by(_BY_MEMBER, member.id)) is not None:
        return found
    emails = valid_emails(session, member.id) if member is not None else [named.email] if named.email else []
    prints = [(_BY_EMAIL, fingerprint(community, email, at=at)) for email in emails]
    for statement, value in [*prints, (_BY_DID, member.did if member is not None else named.did)]:
        found = found_by(statement, value)
        if found is not None:
            return found
    return None


def _become(session: Session, found: Recipient, member: Member | None) -> Recipient:
    """Who was known by an address or a DID and has joined since becomes that member, with all that they were given.

    From then on the membership alone says who they are: an address that a member gave up may be somebody else's next.
    """
    if member is not None and found.member_id is None:
        found.sqlmodel_update(_as(member))
        session.add(found)
    return found


def _as(member: Member) -> dict[str, Any]:
    """What is kept of a recipient who is a member."""
    return {"member_id": member.id, "name": None, "did": None, "email_fingerprint": None, "email_sealed": None}


def _of_member(community: Community, member: Member, on: Occasion) -> Recipient:
    return Recipient(
        id=on.ids.row(), community_id=community.id, member_id=member.id, subject_id=f"urn:uuid:{on.ids.public()}"
    )


def _stranger(community: Community, named: Named, *, at: Installation, on: Occasion) -> Recipient:
    id = on.ids.row()
    return Recipient(
        id=id,
        community_id=community.id,
        name=named.name,
        did=named.did,
        email_fingerprint=fingerprint(community, named.email, at=at) if named.email else None,
        email_sealed=at.vault.seal(named.email.encode(), bound_to=f"recipient/{id}") if named.email else None,
        subject_id=f"urn:uuid:{on.ids.public()}",
    )
